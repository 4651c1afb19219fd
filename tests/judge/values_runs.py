"""Runs on markets whose every price is within a gap of the close before, and what the account is worth after each bar.

Prices are made of a seed and like the edges of what is allowed; they lie on the tick, inside of the gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.market import Stage, set_stage, spans
from stratc.compiler.judge.rig import MadeBar, Run, frame_of, set_up
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.sizes import read_shape
from stratc.compiler.judge.values.model import Model, model_of
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine import asked
from stratc.runtime.engine.codes import BUY, SELL
from stratc.runtime.executor.terms import LimitFill, Terms, terms_of
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import identify
from tests.judge.strategies import account_of

FIRST_DAY = date(2026, 11, 20)
HEAD = 'rule made_up "made up"\n  in force from 2000-01-01\n  '


def terms_for(broker: str = "") -> Terms:
    return terms_of(account_of(broker=broker), Decimal(30_000), LimitFill.TOUCH)


def model_for(program: Program, broker: str = "") -> Model:
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    return model_of(program, read_shape(program), terms_for(broker), instruments, one_calendar=True)


def observer_for(rule: str, program: Program) -> Observer:
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    places = tuple(range(len(instruments)))
    setting = Setting(facts={}, day=date(2026, 7, 1), instruments=instruments, applies=places)
    statements, problems = parse_block(HEAD + rule, 0)
    assert not problems, problems
    observer, problems = compile_rule("made_up", statements, setting)
    assert observer is not None, [problem.diagnostic().message for problem in problems]
    return observer


def run_within(
    program: Program, watch: Watch, gap: Fraction, chance: Random, *, sessions: int = 8, broker: str = ""
) -> Run:
    """A run that is set up and not driven yet."""
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    stage = set_stage(program, instruments, FIRST_DAY, sessions)
    bars = _bars(stage, float(gap), chance)
    return set_up(program, instruments, bars, frame_of(program, instruments, bars), terms_for(broker), watch)


def driven(made: Run) -> Run:
    for session in range(len(made.ends)):
        made.drive(session)
    return made


def worth(made: Run, i: int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Of an instrument what is held long, what works to buy, what is held short, what works to sell, in money."""
    book = made.book
    money = int(book.quanta_per_money)
    unit = Fraction(int(book.mark[i]) * int(book.tick_value[i]), money)
    held = int(book.position[i])
    return (
        max(held, 0) * unit,
        _entries(made, i, BUY) * unit,
        max(-held, 0) * unit,
        _entries(made, i, SELL) * unit,
    )


def _entries(made: Run, i: int, side: int) -> int:
    """Lots of the entries that work on a side; exits are no part of it."""
    book = made.book
    held = max(int(book.position[i]), 0) if side == BUY else max(-int(book.position[i]), 0)
    return int(asked.side_lots(book, i, side)) - held


def _bars(stage: Stage, gap: float, chance: Random) -> Sequence[MadeBar]:
    bars: list[MadeBar] = []
    for index, instrument in enumerate(stage.instruments):
        tick = float(instrument.tick)
        close, drift, left = 400.0, 0.0, 0
        for sessions in stage.sessions:
            for opens, closes in spans(stage.program, sessions[index]):
                if left == 0:
                    drift, left = chance.choice((-1.0, -1.0, -0.5, 0.0, 0.5, 1.0)), chance.randrange(1, 12)
                left -= 1
                low, high = ceil(close * (1 - gap) / tick - 1e-9), floor(close * (1 + gap) / tick + 1e-9)

                def at(share: float, low: int = low, high: int = high, tick: float = tick) -> float:
                    return min(max(round(low + (high - low) * share), low), high) * tick

                ends = [at(chance.choice((0.0, 1.0, chance.random()))), at(_near(drift, chance))]
                reach = [at(chance.choice((0.0, 0.5, chance.random()))), at(chance.choice((1.0, 0.5, chance.random())))]
                made = Bar(
                    open_ns=opens,
                    close_ns=closes,
                    open=round(ends[0], 2),
                    high=round(max(*ends, *reach), 2),
                    low=round(min(*ends, *reach), 2),
                    close=round(ends[1], 2),
                    volume=1_000_000.0,
                )
                bars.append(MadeBar(instrument=index, bar=made))
                close = made.close
    order = sorted(range(len(bars)), key=lambda row: (bars[row].bar.close_ns, bars[row].instrument))
    return tuple(bars[row] for row in order)


def _near(drift: float, chance: Random) -> float:
    """A place in the bar's room: with the drift, often at its edge."""
    return min(max((1 + drift) / 2 + chance.gauss(0.0, 0.25), 0.0), 1.0) if chance.random() < 0.5 else (1 + drift) / 2
