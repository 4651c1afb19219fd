"""Hostile markets for strategies of which something is proved: gaps, long bars, sessions without bars, splits, the end.

Everything is made of a seed. Bars lie on the real calendar, half days included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge.market import Stage, on_grid, set_stage, spans
from stratc.compiler.judge.rig import MadeBar, Run, frame_of, set_up
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine import facts
from stratc.runtime.executor.terms import LimitFill, terms_of
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.zone import days_since_epoch
from tests.judge.strategies import account_of

# The days before Thanksgiving: a holiday and a half day lie among the first sessions.
FIRST_DAY = date(2026, 11, 20)
SESSIONS = 10
SPLIT, END = 1, 3


def every_bar(bar: MadeBar) -> bool:
    return True


def hostile_run(
    program: Program,
    watch: Watch,
    chance: Random,
    *,
    eventful: bool,
    kept: Callable[[MadeBar], bool] = every_bar,
) -> Run:
    """One run to its end, watched; with splits and an end of an instrument where it is `eventful`; bars may be left
    out."""
    instruments = tuple(identify(symbol) for symbol in program.instruments)
    stage = set_stage(program, instruments, FIRST_DAY, SESSIONS)
    bars = tuple(filter(kept, _bars(stage, chance)))
    terms = terms_of(account_of(), Decimal(30_000), chance.choice((LimitFill.TOUCH, LimitFill.THROUGH)))
    made = set_up(program, instruments, bars, frame_of(program, instruments, bars), terms, watch)
    assert isinstance(made.strategy, InterpretedStrategy)
    if eventful:
        facts.set_events(made.book, _events(stage, chance))
    for session in range(len(made.ends)):
        made.drive(session)
    return made


def _events(stage: Stage, chance: Random) -> list[int]:
    """A split, a reverse split that leaves less than a share of a position, and the end of the first instrument."""
    days = sorted(chance.sample([days_since_epoch(each[0].date) for each in stage.sessions[stage.quiet + 1 :]], 3))
    ratios = ((3, 2), (1, 10_000))
    rows = [(0, day, SPLIT, *ratio, 0, 0) for day, ratio in zip(days, ratios, strict=False)]
    return [number for row in (*rows, (0, days[2], END, 0, 0, 10_000, 0)) for number in row]


def _bars(stage: Stage, chance: Random) -> Sequence[MadeBar]:
    bars: list[MadeBar] = []
    wild = chance.choice((0.002, 0.01, 0.03))
    for index, instrument in enumerate(stage.instruments):
        price = 100.0
        for sessions in stage.sessions:
            price *= 1 + chance.choice((0.0, 0.0, 0.0, 0.04, -0.04, 0.12, -0.12))
            for opens, closes in spans(stage.program, sessions[index]):
                if chance.random() < 0.03:
                    continue  # a bar that is missing
                ends = sorted(price * (1 + chance.gauss(0.0, wild)) for _ in range(4))
                inside = [price, price * (1 + chance.gauss(0.0, wild / 2))]
                tick = instrument.tick
                bars.append(
                    MadeBar(
                        instrument=index,
                        bar=Bar(
                            open_ns=opens,
                            close_ns=closes,
                            open=on_grid(inside[0], tick),
                            high=on_grid(max(*ends, *inside), tick),
                            low=on_grid(min(*ends, *inside), tick),
                            close=on_grid(inside[1], tick),
                            volume=1_000_000.0,
                        ),
                    )
                )
                price = inside[1] * (1 + chance.choice((0.0, 0.0, 0.0, wild, -wild)))
    order = sorted(range(len(bars)), key=lambda row: (bars[row].bar.close_ns, bars[row].instrument))
    return tuple(bars[row] for row in order)
