"""Made-up markets: plans of sessions → bars on the real calendar.

A plan says of each session how its price moves: a shape, how far, and the gap before it. Bars follow the strategy's own
interval inside the hours that its instruments trade, so that windows and schedules of the strategy mean what they mean
on real data. The same plan gives the same bars, always.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge.rig import MadeBar
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session, calendar

NS: Final = 1_000_000_000
START_PRICES: Final = {
    InstrumentKind.EQUITY: 100.0,
    InstrumentKind.FOREX: 1.25,
    InstrumentKind.CRYPTO: 20_000.0,
    InstrumentKind.FUTURE: 4_000.0,
    InstrumentKind.CFD: 100.0,
    InstrumentKind.INDEX: 100.0,
}
JPY_PRICE: Final = 150.0


class Shape(StrEnum):
    """How a session's price moves, from its open."""

    FLAT = "flat"
    UP = "up"
    DOWN = "down"
    BREAKOUT_UP = "breakout up"  # a quiet fifth, then up for good
    BREAKOUT_DOWN = "breakout down"
    FAILED_UP = "failed up"  # up after a quiet fifth, then all the way down
    FAILED_DOWN = "failed down"
    DIP = "dip"  # down, then up beyond the open
    PEAK = "peak"
    CHOP = "chop"


# Corners of each shape: fractions of the session and of the amplitude.
CORNERS: Final = {
    Shape.FLAT: ((0.0, 0.0), (1.0, 0.0)),
    Shape.UP: ((0.0, 0.0), (1.0, 1.0)),
    Shape.DOWN: ((0.0, 0.0), (1.0, -1.0)),
    Shape.BREAKOUT_UP: ((0.0, 0.0), (0.2, 0.0), (0.5, 1.0), (1.0, 1.2)),
    Shape.BREAKOUT_DOWN: ((0.0, 0.0), (0.2, 0.0), (0.5, -1.0), (1.0, -1.2)),
    Shape.FAILED_UP: ((0.0, 0.0), (0.2, 0.0), (0.4, 0.5), (0.7, -1.0), (1.0, -1.0)),
    Shape.FAILED_DOWN: ((0.0, 0.0), (0.2, 0.0), (0.4, -0.5), (0.7, 1.0), (1.0, 1.0)),
    Shape.DIP: ((0.0, 0.0), (0.4, -1.0), (1.0, 0.8)),
    Shape.PEAK: ((0.0, 0.0), (0.4, 1.0), (1.0, -0.8)),
    Shape.CHOP: ((0.0, 0.0), (0.15, 0.6), (0.3, -0.6), (0.45, 0.6), (0.6, -0.6), (0.75, 0.6), (0.9, -0.6), (1.0, 0.0)),
}
# Half the height of the smallest bar, so that ranges are never empty.
WIGGLE: Final = 0.0004


@record
class SessionPlan:
    """One session: its shape, its amplitude and the gap before it, both as fractions of the price."""

    shape: Shape
    amplitude: float
    gap: float


QUIET: Final = SessionPlan(shape=Shape.FLAT, amplitude=0.0, gap=0.0)


@record
class Stage:
    """Where plans are played: the sessions on which all instruments trade; the first `quiet` only warm up."""

    program: Program
    instruments: tuple[Instrument, ...]
    sessions: tuple[tuple[Session, ...], ...]
    quiet: int

    @property
    def bars_per_session(self) -> int:
        return sum(len(list(spans(self.program, each))) for each in self.sessions[0]) if self.sessions else 0


def set_stage(program: Program, instruments: Sequence[Instrument], as_of: date, horizon: int) -> Stage | None:
    """Sessions from a day on, with enough before it to warm up; None where the calendar has too few."""
    kept = [calendar(each.regular_calendar if program.regular_session else each.calendar) for each in instruments]
    days = _common_days(kept, as_of, horizon)
    if len(days) < horizon:
        return None
    live = [_of_day(kept, day) for day in days]
    per_session = len(list(spans(program, live[0][0])))
    quiet = -(-program.warmup // max(per_session, 1)) if program.warmup > 1 else 0
    before: list[tuple[Session, ...]] = []
    day = days[0]
    while len(before) < quiet:
        earlier = kept[0].previous_session(day)
        if earlier is None:
            return None
        day = earlier.date
        if all(each.session(day) is not None for each in kept):
            before.insert(0, _of_day(kept, day))
    return Stage(program=program, instruments=tuple(instruments), sessions=(*before, *live), quiet=quiet)


def _common_days(kept: Sequence[Calendar], as_of: date, horizon: int) -> list[date]:
    """The first days from `as_of` on that are sessions of every calendar."""
    found: list[date] = []
    session = kept[0].session(as_of) or kept[0].next_session(as_of)
    while session is not None and len(found) < horizon:
        if all(each.session(session.date) is not None for each in kept):
            found.append(session.date)
        session = kept[0].next_session(session.date)
    return found


def _of_day(kept: Sequence[Calendar], day: date) -> tuple[Session, ...]:
    return tuple(session for each in kept if (session := each.session(day)) is not None)


def spans(program: Program, session: Session) -> Iterator[tuple[int, int]]:
    """The open and close of each bar of a session; one bar where the interval is a day or more."""
    if program.interval_seconds >= DAY_SECONDS:
        yield session.open_ns, session.close_ns
        return
    step = program.interval_seconds * NS
    for start, end in session.stretches:
        for opens in range(start, end, step):
            yield opens, min(opens + step, end)


def make_bars(stage: Stage, plans: Sequence[SessionPlan]) -> tuple[MadeBar, ...]:
    """The bars of all instruments in order of their closes; instruments move alike."""
    bars: list[MadeBar] = []
    whole = [QUIET] * stage.quiet + list(plans)
    for index, instrument in enumerate(stage.instruments):
        price = start_price(instrument)
        for plan, sessions in zip(whole, stage.sessions, strict=False):
            price *= 1 + plan.gap
            made = list(_session_bars(stage.program, index, sessions[index], plan, price, instrument.tick))
            bars += made
            price = made[-1].bar.close
    order = sorted(range(len(bars)), key=lambda row: (bars[row].bar.close_ns, bars[row].instrument))
    return tuple(bars[row] for row in order)


def start_price(instrument: Instrument) -> float:
    return JPY_PRICE if instrument.quote == "JPY" else START_PRICES[instrument.kind]


def _session_bars(
    program: Program, index: int, session: Session, plan: SessionPlan, price: float, tick: Decimal
) -> Iterator[MadeBar]:
    length = session.close_ns - session.open_ns
    for open_ns, close_ns in spans(program, session):
        at = [(open_ns - session.open_ns) / length, (close_ns - session.open_ns) / length]
        inside = [corner for corner, _ in CORNERS[plan.shape] if at[0] < corner < at[1]]
        values = [price * (1 + plan.amplitude * height(plan.shape, moment)) for moment in (*at, *inside)]
        open_, close = values[0], values[1]
        top, bottom = max(values) * (1 + WIGGLE), min(values) * (1 - WIGGLE)
        bar = Bar(
            open_ns=open_ns,
            close_ns=close_ns,
            open=on_grid(open_, tick),
            high=on_grid(max(top, open_, close), tick),
            low=on_grid(min(bottom, open_, close), tick),
            close=on_grid(close, tick),
            volume=1_000_000.0,
        )
        yield MadeBar(instrument=index, bar=bar)


def on_grid(price: float, tick: Decimal) -> float:
    """The nearest price that the instrument can trade at, at least one tick."""
    ticks = max(round(Decimal(price) / tick), 1)
    return float(ticks * tick)


def height(shape: Shape, moment: float) -> float:
    """The shape's height at a fraction of the session, between its corners on straight lines."""
    corners = CORNERS[shape]
    for (start, low), (end, high) in pairwise(corners):
        if moment <= end:
            return low + (high - low) * (moment - start) / (end - start)
    return corners[-1][1]
