"""Account profiles: what is said is kept exactly, what is silent is an assumption, what is wrong is said by key."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from stratc.runtime.model.account import AccountType, ClientClass, DayTradingRegime, ProfileRefused, read_account

pytestmark = pytest.mark.fast

SMALL = '[account]\ntype = "margin"\ncurrency = "USD"\n'
FULL = """
[account]
type = ["margin", "futures"]
currency = "USD"
equity = 8_000
cash = 1_234.56
settled_cash = 1_000
unsettled = [{ amount = 234.56, on = 2026-06-03 }]
positions = [{ symbol = "IBM", quantity = 10, cost = 150.25, opened_on = 2026-01-05 }]
holder = "individual"
client_class = "retail"
residence = "US"
permissions = ["equities", "shorting"]
owner = "self"

[broker]
name = "example-broker"
legal_entity = "US"
day_trading_regime = [{ is = "pattern_day_trader" }, { from = 2026-09-01, is = "intraday_margin" }]
six_percent_exception = false
netting = "fifo"
borrow = "easy"
borrow_rate = 3
margin_rate = 8.25
do_not_reduce = false
commissions = { per_share = 0.005, minimum = 1, maximum_percent = 1 }
slippage = { ticks = 1, bps = 0.5 }

[history]
source = "broker"
as_of = 2026-06-02
day_trades = [2026-05-28, 2026-06-01]

[other_accounts]
same_owner = []
"""


def test_everything_that_is_said_is_kept() -> None:
    profile = read_account(FULL)
    assert profile.types == (AccountType.MARGIN, AccountType.FUTURES)
    assert (profile.equity, profile.cash) == (Decimal(8000), Decimal("1234.56"))
    assert (profile.unsettled[0].amount, profile.unsettled[0].on) == (Decimal("234.56"), date(2026, 6, 3))
    assert profile.positions[0].cost == Decimal("150.25")
    assert profile.tax_residence == "US"
    assert profile.history.day_trades == (date(2026, 5, 28), date(2026, 6, 1))
    assert profile.broker.commissions is not None
    assert profile.broker.commissions.per_share == Decimal("0.005")
    assert profile.broker.slippage is not None
    assert profile.broker.slippage.bps == Decimal("0.5")
    assert profile.other_accounts.same_owner == ()
    assert profile.assumptions == ()


def test_the_regime_is_dated() -> None:
    profile = read_account(FULL)
    assert profile.regime_on(date(2026, 8, 31)) is DayTradingRegime.PATTERN_DAY_TRADER
    assert profile.regime_on(date(2026, 9, 1)) is DayTradingRegime.INTRADAY_MARGIN
    one_word = read_account(SMALL + '[broker]\nday_trading_regime = "intraday_margin"')
    assert one_word.regime_on(date(1999, 1, 1)) is DayTradingRegime.INTRADAY_MARGIN
    assert read_account(SMALL).regime_on(date(2026, 9, 1)) is None
    later = read_account(SMALL + '[broker]\nday_trading_regime = [{ from = 2026-09-01, is = "intraday_margin" }]')
    assert later.regime_on(date(2026, 8, 31)) is None


def test_silence_is_strict_and_listed() -> None:
    profile = read_account(SMALL)
    assert (profile.equity, profile.settled_cash, profile.broker.commissions) == (None, None, None)
    assert profile.client_class is ClientClass.RETAIL
    assert profile.permissions == ()
    words = "\n".join(profile.assumptions)
    for key in ("equity", "holder", "client class", "residence", "permissions", "settled cash", "legal entity"):
        assert key in words
    assert "no day-trading regime is stated: the broker is taken to count day trades" in words
    assert len(profile.assumptions) == len(set(profile.assumptions)) == 19


# The file, and a problem that must be among those named.
BAD = [
    ("", "`account` is missing"),
    ("x =", "the account profile is not valid TOML"),
    ('[account]\ntype = "cash"', "`account.currency` is missing"),
    (SMALL + "equty = 1", "unknown key `account.equty`; did you mean `equity`?"),
    (SMALL + "[brokr]", "unknown key `brokr`; did you mean `broker`?"),
    (SMALL + "[broker]\ncommission = {}", "unknown key `broker.commission`; did you mean `commissions`?"),
    (SMALL + "[broker]\ncommissions = { per_shar = 1 }", "`broker.commissions.per_shar`; did you mean `per_share`?"),
    (SMALL + "equity = -1", "`account.equity` is `-1`: input should be greater than or equal to 0"),
    (SMALL + "equity = nan", "`account.equity` is `NaN`"),
    (SMALL + "equity = true", "`account.equity` is `True`"),
    (SMALL + 'residence = "usa"', "`account.residence` is `usa`"),
    (SMALL + 'holder = "trust"', "allowed are `individual`, `joint`, `ira`, `entity`, `pool`"),
    (SMALL.replace("margin", "margn"), "did you mean `margin`?"),
    (SMALL.replace('"margin"', "[]"), "`account.type` is `[]`"),
    (SMALL + '[broker]\nday_trading_regime = "pdt"', "allowed are `pattern_day_trader`, `intraday_margin`"),
    (SMALL + '[broker]\nday_trading_regime = [{ frm = 2026-01-01, is = "intraday_margin" }]', "did you mean `from`?"),
    (SMALL + '[history]\nday_trades = ["2026-13-01"]', "`history.day_trades[1]` is `2026-13-01`"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_bad_profiles(text: str, problem: str) -> None:
    with pytest.raises(ProfileRefused) as caught:
        read_account(text)
    assert problem in "\n".join(caught.value.problems)


def test_regime_spans_must_rise() -> None:
    spans = '{ from = 2026-09-01, is = "intraday_margin" }, { from = 2026-08-01, is = "pattern_day_trader" }'
    with pytest.raises(ProfileRefused, match="rising `from` dates"):
        read_account(SMALL + f"[broker]\nday_trading_regime = [{spans}]")


def test_importing_the_model_loads_nothing_heavy() -> None:
    code = (
        "import sys, stratc.runtime.model.account, stratc.runtime.model.instrument, stratc.runtime.model.session, "
        "stratc.runtime.feeds.bars, stratc.runtime.feeds.clock, stratc.runtime.feeds.merge\n"
        "print([name for name in ('pydantic', 'polars', 'numpy', 'exchange_calendars') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
