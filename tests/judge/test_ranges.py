"""What `--set` may choose counts in verdicts and bounds: a proof at the defaults alone would be false."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from stratc.compiler.ir.nodes import BoundUnit, CapKind
from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.amounts import interval, multiple_of_equity
from stratc.compiler.judge.bounds import bounds_of, sheet_of
from stratc.compiler.judge.limits import caps_of
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.remedies import Clause, with_clause
from stratc.compiler.judge.watch import Watch
from stratc.compiler.workbench.running import with_inputs
from stratc.runtime.executor.terms import AccountKind
from tests.judge.strategies import account_of, program_of

PACKS = load_packs()
HEAD = 'strategy "Ranges"\ntrade   SPY on 30 min, regular session\naccount margin USD\n\n'
LEAVE = "\nrule leave\n  when not flat and bars_held >= 2\n  then exit all\n"
MARGIN = "us.finra.intraday_margin"

pytestmark = pytest.mark.fast


def text(inputs: str, entry: str, limits: str = "") -> str:
    return f"{HEAD}{inputs}\nrule enter\n  when flat and close > open\n  then {entry}\n{LEAVE}{limits}\n"


def status(source: str) -> Status:
    judged = judge(program_of(source), account_of("margin"), date(2026, 7, 1), PACKS, fast=True)
    return next(verdict.status for verdict in judged.verdicts if verdict.rule == MARGIN)


def test_the_nearest_stop_distance_that_an_input_allows_bounds_a_risk():
    entry = "buy risking 1% of equity\n       stop loss at close * (1 - d)"
    assert status(text("input d = 5% in 4%..5%", entry, "stop distance at least d")) is Status.PROVED
    assert status(text("input d = 5% in 0.1%..5%", entry, "stop distance at least d")) is not Status.PROVED


def test_two_factors_below_nought_make_a_large_size():
    sized = "buy a * b * equity"
    assert status(text("input a = 90% in 0%..90%\ninput b = 90% in 0%..90%", sized)) is Status.PROVED
    assert status(text("input a = 90% in -1000%..90%\ninput b = 90% in -1000%..90%", sized)) is not Status.PROVED


def test_a_loss_below_nought_is_no_size_that_equity_bounds():
    """A negative share of an equity below nought is an amount above it."""
    assert status(text("input a = 90% in -100%..90%", "buy a of equity")) is not Status.PROVED


@pytest.mark.parametrize(
    ("amount", "multiple"),
    [
        ("50% of equity", "0.5"),
        ("equity / 4", "0.25"),
        ("equity / d", "0.5"),
        ("min(30% of equity, 5_000 USD)", "0.3"),
        ("max(30% of equity, 5_000 USD)", None),
        ("50% of equity + 10% of equity", "0.6"),
        ("50% of equity - 10% of equity", None),
        ("-1 * -5 * equity", "5.0"),
        ("n of equity", None),
        ("fixed of equity", "0.9"),
    ],
)
def test_multiples_of_equity(amount, multiple):
    inputs = "input n = 1x in -2x..2x\ninput d = 4 in 2..8\ninput fixed = 90%"
    program = program_of(text(inputs, f"buy {amount}"))
    [entry] = [intent for rule in program.rules for intent in rule.intents if hasattr(intent, "amount")]
    found = multiple_of_equity(program, entry.amount.node)
    assert (None if found is None else str(float(found))) == multiple


def test_an_input_without_a_range_keeps_its_value():
    program = program_of(
        text("input n = 5\ninput m = 5 in 2..9", "buy 10 shares\n       stop loss at lowest(low, n) - 1 USD")
    )
    with pytest.raises(ValueError, match="`n` has no range"):
        with_inputs(program, {"n": 0.0})
    assert with_inputs(program, {"m": 9.0}).inputs[1].default == 9.0


def test_the_cap_on_orders_bounds_openings_and_exits_come_beside():
    turn = "rule down\n  when not short and close < open\n  then reverse and short 10 shares\n"
    turn += "rule up\n  when not long and close > open\n  then reverse and buy 10 shares\n"
    halt = "halt at drawdown 10% of peak equity, flatten, until released\n"
    program = program_of(f"{HEAD}{turn}cap orders 1 per second\n{halt}")
    bounds = bounds_of(sheet_of(program, AccountKind.MARGINED, None), None, ())
    assert bounds.orders_per_second_max == 4  # one opening, the exits of both turns, and the halt's


def test_the_tighter_of_a_cap_and_a_remedy_binds():
    program = program_of(text("", "buy 10 shares", "cap leverage 2x"))
    looser = Clause(text="", kind=CapKind.LEVERAGE, bound=9.0, unit=BoundUnit.RATIO, sessions=0)
    assert caps_of(with_clause(program, looser)).leverage == 2.0
    assert interval(program, program.caps[0].bound).high == 2


CRYPTO_BESIDE = text("", "buy 10% of equity", "cap day_trades 3 per 5 sessions").replace(
    "SPY on 30 min, regular session", "SPY, BTC/USD on 30 min"
)
DAY_TRADER = "us.finra.pattern_day_trader"
SATURDAY, WEEKEND = 20_638, (0, 1, 7, 8, 14)  # from 2026-07-04 on
FRIDAY, MONDAY, FIVE_DAYS = SATURDAY - 1, SATURDAY + 16, (0, 1, 2, 3, 4)


def old_regime(source: str):
    account = account_of("margin", broker='day_trading_regime = "pattern_day_trader"')
    return judge(program_of(source), account, date(2026, 7, 1), PACKS, fast=True)


def test_sessions_of_a_coin_are_no_business_days():
    verdicts = {each.rule: each.status for each in old_regime(CRYPTO_BESIDE).verdicts}
    assert verdicts[DAY_TRADER] is Status.GUARDED
    verdicts = {each.rule: each.status for each in old_regime(CRYPTO_BESIDE.replace(", BTC/USD", ", QQQ")).verdicts}
    assert verdicts[DAY_TRADER] is Status.PROVED


def test_a_weekend_of_a_coin_does_not_age_business_days_of_a_share():
    [observer] = [each for each in old_regime(CRYPTO_BESIDE).guards if each.rule == DAY_TRADER]
    watch = Watch([observer], armed=1)
    watch.seed("day_trade", 0, 3)
    before = watch.machines[0].values()
    assert sum(before) == 3
    watch.observe_new_day(SimpleNamespace(day_of=[FRIDAY, -1], row=0), 0)  # where the run begins
    for day in WEEKEND:
        watch.observe_new_day(SimpleNamespace(day_of=[FRIDAY, SATURDAY + day], row=0), 1)
    assert watch.machines[0].values() == before
    for day in FIVE_DAYS:
        assert watch.machines[0].values() == before
        watch.observe_new_day(SimpleNamespace(day_of=[MONDAY + day, MONDAY + day], row=0), 0)
    assert sum(watch.machines[0].values()) == 0
