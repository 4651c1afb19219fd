"""Orders that outlive their session: what is told of them, and the hole that they were in the day-trade guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.market import SessionPlan, Shape, make_bars, set_stage
from stratc.compiler.judge.rig import frame_of
from stratc.compiler.judge.rulefile import read_rule_file
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.watch import Watch
from stratc.runtime.executor import market as markets
from stratc.runtime.executor.backtest import run_backtest
from stratc.runtime.executor.terms import LimitFill, terms_of
from stratc.runtime.model.instrument import identify
from tests.judge.strategies import account_of, program_of

AS_OF = date(2026, 7, 1)
PDT = next(rule for pack in load_packs() for rule in pack.rules if rule.id == "us.finra.pattern_day_trader")
WORKS_ON = " or count of lasting not yet done > 0"
# An entry rests in QQQ for days, while SPY is bought and sold many times a day.
LASTING = """strategy "Lasting"
trade   SPY, QQQ on 30 min, regular session
account margin USD

rule rest for QQQ
  when flat and on_order <= 0 shares
  then buy 10 shares at limit close * 0.9 good for 100 bars

rule churn for SPY
  when flat
  then buy 40 shares

rule leave
  when long
  then exit all
"""


def armed_run(statements, equity: int = 25_010):
    """Two days: SPY loses a few cents a bar, so that the account is poor on the second; QQQ falls to its limit then."""
    program, account = program_of(LASTING), account_of(equity=str(equity))
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    setting = Setting(facts=account_facts(account, AS_OF, "margin"), day=AS_OF, instruments=instruments, applies=(0, 1))
    observer, problems = compile_rule("rule", statements, setting)
    assert observer is not None, problems
    watch = Watch([observer], armed=1)
    stage = set_stage(program, instruments, AS_OF, 2)
    bars = make_bars(stage, [SessionPlan(shape=next(iter(Shape)), amplitude=0.0, gap=0.0)] * 2)
    frame = frame_of(program, instruments, bars)
    last, given, falling = max(frame.days), [], 100.0
    for made, day, ends in zip(bars, frame.days, frame.ends, strict=True):
        falling -= 0.1 if made.instrument == 0 else 0.0
        price = falling if made.instrument == 0 else 85.0 if day == last else 100.0
        bar = replace(made.bar, open=price, high=price, low=price, close=price)
        given.append(markets.PlacedBar(instrument=made.instrument, day=day, bar=bar, ends_session=ends))
    steps = [float(step or 0) for each in instruments for step in (each.tick, each.pip, each.point, each.multiplier)]
    run_backtest(
        markets.market(instruments, given),
        terms_of(account, Decimal(equity), LimitFill.THROUGH),
        caps_of(program),
        halts_of(program),
        rules=tuple(rule.name for rule in program.rules),
        planned_flows=0,
        make_strategy=lambda columns: InterpretedStrategy(program, columns, [], [], steps, watch),
    )
    return watch


def without(*parts: str):
    text, _, guard = PDT.text.partition("guard at opening order")
    for part in parts:
        assert part in guard
        guard = guard.replace(part, "", 1)
    return read_rule_file(PDT.name, f"{text}guard at opening order{guard}").statements


def test_an_entry_of_yesterday_broke_the_rule_with_the_guard_armed():
    """What the guard was before: it looked at the order's own life, and not at what already worked."""
    watch = armed_run(without(WORKS_ON))
    told = watch.happenings[watch.breaches[0].happening]
    assert (told.kind, told.instrument) == (EventKind.FILL_CLOSING, 1)


def test_day_trades_are_refused_while_such_an_entry_works():
    watch = armed_run(PDT.statements)
    assert watch.breaches == []
    refused = next(each for each in watch.happenings if each.denied_by)
    assert refused.instrument == 0
    closed = [each for each in watch.happenings if each.kind is EventKind.FILL_CLOSING]
    assert any(each.instrument == 1 for each in closed)  # the entry filled, and its exit was never refused


COUNTED = """rule made_up "made up"
  in force from 2000-01-01
  define {name}: event opening order where {where}
  never count of {name} not yet done > 2
"""


def counted(where: str, name: str = "lasting"):
    setting = Setting(facts={}, day=AS_OF, instruments=(identify("SPY"),), applies=(0,))
    return compile_rule("made_up", parse_block(COUNTED.format(where=where, name=name), 0)[0], setting)


@pytest.mark.parametrize("where", ["order outlives session", "not order outlives session", "order.outlives_session"])
def test_orders_that_work_are_counted_by_how_long_they_live(where):
    observer, _ = counted(where)
    assert observer is not None
    (register,) = observer.registers
    assert register.up is not None
    assert register.down is not None
    assert register.up.where == register.down.where is not None


@pytest.mark.parametrize("where", ["order.buys", "order outlives session and price > 1", "order.quantity > 5"])
def test_what_may_be_another_when_the_order_is_done_is_not_counted(where):
    observer, problems = counted(where)
    assert observer is None
    assert "`not yet done` of anything but orders" in problems[0].diagnostic().message
