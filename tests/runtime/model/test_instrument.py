"""Symbols become instruments with the right units; unknown ones and bad files are explained."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stratc.runtime.model.instrument import InstrumentKind, QuantityUnit, futures, identify, markets, reason_unknown
from stratc.runtime.model.instrument_file import load_instruments
from stratc.runtime.model.session import CALENDARS, FUTURES_GROUPS, STOCK_MARKETS
from stratc.runtime.model.toml_problems import ProfileRefused

pytestmark = pytest.mark.fast

# Symbol: kind, currency, tick, pip, unit, step, multiplier, calendar, regular calendar.
KNOWN = [
    ("SPY", "equity", "USD", "0.01", None, "shares", "1", "1", "XNYS", "XNYS"),
    ("BRK.B", "equity", "USD", "0.01", None, "shares", "1", "1", "XNYS", "XNYS"),
    ("EUR/USD", "forex", "USD", "0.00001", "0.0001", "units", "1", "1", "FX", "FX"),
    ("USD/JPY", "forex", "JPY", "0.001", "0.01", "units", "1", "1", "FX", "FX"),
    ("BTC/USDT", "crypto", "USDT", "0.01", None, "coins", "0.00001", "1", "CRYPTO", "CRYPTO"),
    ("DOGE/USDT", "crypto", "USDT", "0.00001", None, "coins", "0.01", "1", "CRYPTO", "CRYPTO"),
    ("ES", "future", "USD", "0.25", None, "contracts", "1", "50", "CME_GLOBEX", "CME_DAY"),
    ("NQ", "future", "USD", "0.25", None, "contracts", "1", "20", "CME_GLOBEX", "CME_DAY"),
    ("CL", "future", "USD", "0.01", None, "contracts", "1", "1000", "CME_ENERGY", "CME_ENERGY"),
    ("ZN", "future", "USD", "0.015625", None, "contracts", "1", "1000", "CME_RATES", "CME_RATES"),
    ("6E", "future", "USD", "0.00005", None, "contracts", "1", "125000", "CME_FX", "CME_FX"),
    ("GC", "future", "USD", "0.1", None, "contracts", "1", "100", "CME_METALS", "CME_METALS"),
    ("ZC", "future", "USD", "0.25", None, "contracts", "1", "50", "CME_GRAINS", "CME_GRAINS"),
    ("LE", "future", "USD", "0.025", None, "contracts", "1", "400", "CME_LIVESTOCK", "CME_LIVESTOCK"),
    ("MBT", "future", "USD", "5", None, "contracts", "1", "0.1", "CME_CRYPTO", "CME_CRYPTO"),
    ("VOD.L", "equity", "GBP", "0.01", None, "shares", "1", "0.01", "XLON", "XLON"),
    ("SHOP.TO", "equity", "CAD", "0.01", None, "shares", "1", "1", "XTSE", "XTSE"),
    ("SAP.DE", "equity", "EUR", "0.001", None, "shares", "1", "1", "XETR", "XETR"),
    ("7203.T", "equity", "JPY", "0.1", None, "shares", "1", "1", "XTKS", "XTKS"),
    ("0700.HK", "equity", "HKD", "0.001", None, "shares", "1", "1", "XHKG", "XHKG"),
    ("INFY.NS", "equity", "INR", "0.01", None, "shares", "1", "1", "XNSE", "XNSE"),
]


def test_every_market_and_group_has_its_calendar() -> None:
    named = {terms["calendar"] for terms in markets().values()} | {"XNYS"}
    assert named == set(STOCK_MARKETS)
    assert {found.calendar for found in futures().values()} == set(FUTURES_GROUPS) - {"CME_DAY"}


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row[0])
def test_known(row: tuple[str, ...]) -> None:
    symbol, kind, currency, tick, pip, unit, step, multiplier, hours, regular = row
    found = identify(symbol)
    assert found is not None
    assert (found.symbol, found.kind, found.currency) == (symbol, InstrumentKind(kind), currency)
    assert (found.tick, found.pip) == (Decimal(tick), None if pip is None else Decimal(pip))
    assert (found.quantity_unit, found.quantity_step) == (QuantityUnit(unit), Decimal(step))
    assert (found.multiplier, found.calendar, found.regular_calendar) == (Decimal(multiplier), hours, regular)


UNKNOWN = [
    ("spy", "write `SPY`"),
    ("EURUSD", "`EUR/USD`"),
    ("eurusd", "`EUR/USD`"),
    ("EUR/", "not a pair"),
    ("USD/USD", "not a pair"),
    ("TOOLONG", "instruments.toml"),
    ("", "empty"),
    ("S PY", "no US ticker"),
    ("VOD.QQ", "no stock market is known by the suffix `.QQ` (there are .L, .TO"),
    ("7203.T.X", "no US ticker"),
]


@pytest.mark.parametrize(("symbol", "words"), UNKNOWN)
def test_unknown(symbol: str, words: str) -> None:
    assert identify(symbol) is None
    assert words in reason_unknown(symbol)


def test_every_root_has_possible_terms() -> None:
    for root, found in futures().items():
        assert identify(root) is found
        assert found.tick > 0
        assert found.multiplier > 0
        assert found.regular_calendar in CALENDARS
        assert "as of" in found.source


def test_a_file_adds_and_overrides() -> None:
    own = load_instruments(
        '["SPY"]\nround_lot = 1\n["ES"]\nkind = "equity"\ncurrency = "USD"\ntick = "0.01"\ncalendar = "XNYS"\n'
        '["DE40"]\nkind = "cfd"\ncurrency = "EUR"\ntick = 0.1\ncalendar = "24/7"\nleverage_factor = -2\n'
    )
    spy, energy, dax = (identify(symbol, own) for symbol in ("SPY", "ES", "DE40"))
    assert spy is not None
    assert energy is not None
    assert dax is not None
    assert (spy.round_lot, spy.tick) == (Decimal(1), Decimal("0.01"))
    assert "instruments file (round_lot)" in spy.source
    assert (energy.kind, energy.multiplier, energy.quantity_unit) == (
        InstrumentKind.EQUITY,
        Decimal(1),
        QuantityUnit.SHARES,
    )
    assert (dax.tick, dax.leverage_factor, dax.regular_calendar) == (Decimal("0.1"), Decimal(-2), "24/7")
    assert identify("QQQ", own) == identify("QQQ")


BAD = [
    ('["DE40"]\nkind = "cdf"', '["DE40"]: `kind` is `cdf`, which is not allowed; did you mean `cfd`?'),
    ('["SPY"]\ncalendar = "XNY"', "did you mean `XNYS`?"),
    ('["SPY"]\ntck = 1', "unknown key `tck`; did you mean `tick`?"),
    ('["SPY"]\ntick = 0', "`tick` is `0`: input should be greater than 0"),
    ('["DE40"]\nkind = "cfd"', "`currency` is missing"),
    ("SPY = 3", "each instrument is a table"),
    ("[", "not valid TOML"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_bad_files(text: str, words: str) -> None:
    with pytest.raises(ProfileRefused) as caught:
        load_instruments(text)
    assert words in "\n".join(caught.value.problems)


def test_all_problems_at_once() -> None:
    with pytest.raises(ProfileRefused) as caught:
        load_instruments('["SPY"]\ntick = 0\npip = "x"\n["QQQ"]\nnothing = 1')
    assert len(caught.value.problems) == 3
