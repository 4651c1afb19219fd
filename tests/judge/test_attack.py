"""No false proof: strategies whose rules are called proved are run on hostile markets, and the tripwires stay silent.

Prices gap, trend and chop; nothing that a proof assumes is broken but by less than it says it bears.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.market import SessionPlan, Shape, make_bars, set_stage
from stratc.compiler.judge.rig import frame_of, set_up
from stratc.compiler.judge.search import Chance
from stratc.compiler.judge.watch import Watch
from stratc.runtime.executor.terms import LimitFill, terms_of
from stratc.runtime.model.instrument import identify
from tests.judge.strategies import CHURN, FOREX, PYRAMID, SWING, SWING_STOP, account_of, program_of

AS_OF = date(2026, 7, 1)
SESSIONS, RUNS = 12, 30
PACKS = load_packs()
HEAD = 'strategy "Attack"\ntrade   SPY on 30 min, regular session\naccount margin USD\n\n'
LEAVE = "rule leave\n  when not flat and bars_held >= 3\n  then exit all\ncap leverage 1.5x\n"
BOTH_SIDES_REST = f"""{HEAD}rule a
  when not short and close > open
  then buy 50% of equity at limit low
       good for 30 bars
rule b
  when not long and close < open
  then short 50% of equity at limit high
       good for 30 bars
{LEAVE}"""
ONE_OF_LIMITS = f"""{HEAD}rule a
  when flat
  then one of
         buy at limit low, stop loss at low * 0.98
         short at limit high, stop loss at high * 1.02
       risking 1% of equity, at most 150% of equity
{LEAVE}"""
PROVED = (
    (SWING, "margin"),
    (SWING + "\ncap position 90.2% of equity, then reduce\n", "margin"),
    (SWING_STOP + "\nkeep at least 1 session\n", "margin"),
    (SWING_STOP + "\ncap leverage 0.902x, then reduce\nkeep at least 1 session\n", "margin"),
    (SWING_STOP + "\ncap leverage 0.902x, then reduce\ncap day_trades 3 per 5 sessions\n", "margin"),
    (SWING_STOP + "\ncap day_trades 3 per 5 sessions\n", "margin"),
    (CHURN + "\ncap leverage 1.8x\ncap day_trades 3 per 5 sessions\n", "margin"),
    (CHURN + "\ncap leverage 3x\nkeep at least 1 session\n", "margin"),
    (PYRAMID + "\ncap leverage 0.8x\nkeep at least 1 session\n", "margin"),
    (BOTH_SIDES_REST, "margin"),
    (ONE_OF_LIMITS, "margin"),
    (FOREX.format(pair="EUR/USD", size="49x"), "forex"),
)


def plans(chance: Chance) -> list[SessionPlan]:
    return [
        SessionPlan(
            shape=list(Shape)[chance.below(len(Shape))],
            amplitude=(0.002, 0.01, 0.03, 0.08)[chance.below(4)],
            gap=(0.0, 0.0, 0.01, -0.01, 0.1, -0.1)[chance.below(6)],
        )
        for _ in range(SESSIONS)
    ]


@pytest.mark.parametrize(("text", "kind"), PROVED)
def test_what_is_proved_is_never_broken(text, kind):
    program, account = program_of(text), account_of(kind)
    judged = judge(program, account, AS_OF, PACKS, fast=True)
    proved = {verdict.rule for verdict in judged.verdicts if verdict.status is Status.PROVED}
    # What rests on memory alone only watches too, proved or not.
    tripwires = tuple(each for each in judged.tripwires if each.rule in proved)
    assert proved == {each.rule for each in tripwires} != set()
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    stage, chance, fills = set_stage(program, instruments, AS_OF, SESSIONS), Chance(3), 0
    for _ in range(RUNS):
        bars = make_bars(stage, plans(chance))
        watch = Watch(tripwires, armed=0)
        terms = terms_of(account, Decimal(30_000), LimitFill.TOUCH)
        made = set_up(program, instruments, bars, frame_of(program, instruments, bars), terms, watch)
        for session in range(len(made.ends)):
            made.drive(session)
        fills += sum(1 for happening in watch.happenings if happening.lots)
        assert [tripwires[breach.observer].rule for breach in watch.breaches] == []
    assert fills > RUNS
