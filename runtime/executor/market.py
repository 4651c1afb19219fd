"""A market to run on: instruments and the rows of their merged bars, ready for the engine.

`market` maps bars in order of their closes to a `Market`; `runtime.executor.timeline` makes one of whole tables.
Prices are float64 numbers, NaN where unknown; a row's date is that of its session.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum
from math import inf
from typing import TYPE_CHECKING

from stratc.runtime.engine.codes import ROW_MOMENT_END, ROW_SESSION_END, ROW_SESSION_START
from stratc.runtime.engine.columns import pack_row
from stratc.runtime.executor.conversion import Conversion
from stratc.runtime.executor.interest import Interest
from stratc.runtime.executor.scale import NO_CONVERSION
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    import polars as pl


class EventKind(IntEnum):
    """What happens to an instrument. Codes as in the engine."""

    SPLIT = 1
    DIVIDEND = 2
    END = 3
    BORROW = 4


@record
class Event:
    """What becomes effective for an instrument before the trading of `day` (days since 1970-01-01).

    A split makes `new` units of `old` ones; a dividend pays `amount` a unit; an end closes every unit at `amount`. A
    borrow allows `amount` units (None: any number) at `rate_percent` of their value a year, and to locate one costs
    `locate_fee`.
    """

    instrument: int
    day: int
    kind: EventKind
    new: int = 1
    old: int = 1
    amount: Decimal | None = None
    rate_percent: Decimal = Decimal(0)
    locate_fee: Decimal = Decimal(0)


@record
class Market:
    """Parallel columns, one row a bar of one instrument, in order of closes, then of `instruments`.

    `rows` are packed by `engine.columns.pack_row`; the last row of a moment carries ROW_MOMENT_END. `price_max` is the
    largest price of each instrument, without sign. A column is a list, an `array` of its type, or a polars column.
    `conversion` has the rates of other currencies than the account's, `interest` what is earned or paid overnight
    (None: nothing is known of it). `events` are what happens to instruments, in order of day.
    `signals` are open, high, low and close as a strategy reads them, None where they are the prices themselves.
    """

    instruments: tuple[Instrument, ...]
    opens_ns: Sequence[int] | pl.Series
    closes_ns: Sequence[int] | pl.Series
    open: Sequence[float] | pl.Series
    high: Sequence[float] | pl.Series
    low: Sequence[float] | pl.Series
    close: Sequence[float] | pl.Series
    volume: Sequence[float] | pl.Series
    rows: Sequence[int] | pl.Series
    price_max: tuple[float, ...]
    conversion: Conversion = NO_CONVERSION
    interest: Interest | None = None
    signals: tuple[pl.Series, pl.Series, pl.Series, pl.Series] | None = None
    rolls: tuple[MarketRoll, ...] = ()
    events: tuple[Event, ...] = ()


@record
class MarketRoll:
    """A future's contract gives way at this row to the next (`new` None: it is left), see `feeds.continuous.Turn`.

    A row of -1 lies before the first: it only says on which scale the strategy's prices begin.
    """

    instrument: int
    row: int
    day: date
    old: str
    new: str | None
    old_close: float
    new_close: float
    shift_ticks: int
    scale: float
    why: str


@record
class PlacedBar:
    """A bar of the instrument with that index, in the session of `day` (days since 1970-01-01).

    `ends_session`: the session's close, which the calendar knows, comes with it. That no later bar of the day follows
    would be known only afterwards.
    """

    instrument: int
    day: int
    bar: Bar
    ends_session: bool


def steps_of(instruments: Iterable[Instrument]) -> list[float]:
    """Tick, pip and point in price units (0 for none) and the money of 1.0 of price a unit, of each instrument."""
    return [float(step or 0) for each in instruments for step in (each.tick, each.pip, each.point, each.multiplier)]


def market(instruments: tuple[Instrument, ...], bars: Iterable[PlacedBar]) -> Market:
    """The market of these bars, which may come in any order."""
    placed = sorted(bars, key=lambda found: (found.bar.close_ns, found.instrument))
    return Market(
        instruments=instruments,
        opens_ns=array("q", [found.bar.open_ns for found in placed]),
        closes_ns=array("q", [found.bar.close_ns for found in placed]),
        open=array("d", [found.bar.open for found in placed]),
        high=array("d", [found.bar.high for found in placed]),
        low=array("d", [found.bar.low for found in placed]),
        close=array("d", [found.bar.close for found in placed]),
        volume=array("d", [found.bar.volume for found in placed]),
        rows=array("q", _rows(placed)),
        price_max=tuple(_price_max(placed, index) for index in range(len(instruments))),
    )


def _rows(placed: Sequence[PlacedBar]) -> list[int]:
    """Packed rows: a moment ends where the close changes, a session where the calendar says so."""
    next_close, rows = None, []
    for found in reversed(placed):
        flags = ROW_MOMENT_END if found.bar.close_ns != next_close else 0
        flags |= ROW_SESSION_END if found.ends_session else 0
        rows.append(pack_row(found.day, found.instrument, flags))
        next_close = found.bar.close_ns
    rows.reverse()
    return _with_starts(placed, rows)


def _with_starts(placed: Sequence[PlacedBar], rows: list[int]) -> list[int]:
    """The same rows with ROW_SESSION_START on each instrument's first bar of a date."""
    before: dict[int, int] = {}
    for index, found in enumerate(placed):
        rows[index] |= ROW_SESSION_START if before.get(found.instrument) != found.day else 0
        before[found.instrument] = found.day
    return rows


def _price_max(placed: Sequence[PlacedBar], index: int) -> float:
    """The largest known price of an instrument, without sign; a NaN is larger than nothing."""
    largest = 0.0
    for found in placed:
        if found.instrument == index:
            for price in (found.bar.open, found.bar.high, found.bar.low, found.bar.close):
                largest = abs(price) if largest < abs(price) < inf else largest
    return largest
