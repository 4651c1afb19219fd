"""From tables of bars to one market: merged in order of time, each row with its session's date and its place in it.

Assumes tables that `runtime.feeds.bars` read, in the order of the strategy's `trade` line. A session ends, for an
instrument, with the bar that its close comes with, by the calendar; where that bar is missing, with the next session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stratc.runtime.engine.codes import (
    ROW_DAY_SHIFT,
    ROW_INSTRUMENT_SHIFT,
    ROW_MOMENT_END,
    ROW_SESSION_END,
    ROW_SESSION_START,
)
from stratc.runtime.executor.market import Market, MarketRoll
from stratc.runtime.feeds.bars import BarTable
from stratc.runtime.feeds.clock import clock_columns
from stratc.runtime.feeds.continuous import PRICES, Continuous
from stratc.runtime.feeds.merge import Timeline, merge
from stratc.runtime.model.clock import SecondsToSessionEnd, TradingDate
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.session import Calendar

if TYPE_CHECKING:
    import polars as pl


def market_of(
    instruments: tuple[Instrument, ...],
    tables: Sequence[BarTable],
    calendars: Sequence[Calendar],
    contracts: Sequence[Continuous | None] = (),
) -> tuple[Market, Timeline]:
    """The market, and the timeline that puts the columns of single tables (clocks) into the order of its rows.

    `contracts`: of each table, the contracts that it was made of; None where it was read as it is.
    """
    timeline = merge(tables)
    marks = [_marks(table, calendar) for table, calendar in zip(tables, calendars, strict=True)]
    rows = spread(marks, timeline) + timeline.instrument * (1 << ROW_INSTRUMENT_SHIFT)
    rows = rows + timeline.last_of_moment * ROW_MOMENT_END
    market = Market(
        instruments=instruments,
        opens_ns=spread([table.opens_ns for table in tables], timeline),
        closes_ns=timeline.closes_ns,
        open=spread([table.open for table in tables], timeline),
        high=spread([table.high for table in tables], timeline),
        low=spread([table.low for table in tables], timeline),
        close=spread([table.close for table in tables], timeline),
        volume=spread([table.volume for table in tables], timeline),
        rows=rows,
        price_max=tuple(_price_max(table) for table in tables),
        signals=_signals(tables, contracts, timeline),
        rolls=tuple(sorted(_rolls(contracts, timeline), key=lambda roll: (roll.row, roll.instrument))),
    )
    return market, timeline


def _signals(
    tables: Sequence[BarTable], contracts: Sequence[Continuous | None], timeline: Timeline
) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series] | None:
    """What strategies read, in the order of the rows; None where no table differs from it."""
    if not any(found is not None and found.signals is not None for found in contracts):
        return None
    sources = [
        table if found is None or found.signals is None else found.signals
        for table, found in zip(tables, contracts, strict=True)
    ]
    opened, high, low, close = (spread([getattr(source, name) for source in sources], timeline) for name in PRICES)
    return opened, high, low, close


def _rolls(contracts: Sequence[Continuous | None], timeline: Timeline) -> Iterator[MarketRoll]:
    """Every turn of every root at the row of its bar."""
    import polars as pl

    for instrument, found in enumerate(contracts):
        if found is None or not found.turns:
            continue
        rows = pl.select(pl.int_range(len(timeline.instrument))).to_series().filter(timeline.instrument == instrument)
        for turn in found.turns:
            yield MarketRoll(
                instrument=instrument,
                row=-1 if turn.bar < 0 else rows[turn.bar],
                day=turn.day,
                old=turn.old,
                new=turn.new,
                old_close=turn.old_close,
                new_close=turn.new_close,
                shift_ticks=turn.shift_ticks,
                scale=turn.scale,
                why=turn.why,
            )


def spread(columns: Sequence[pl.Series], timeline: Timeline) -> pl.Series:
    """One column a table, put into the order of the timeline's rows."""
    if len(columns) == 1:
        return columns[0]
    import polars as pl

    starts = pl.Series([0, *(len(column) for column in columns)], dtype=pl.Int64).cum_sum()
    at = starts.gather(timeline.instrument) + timeline.bar
    return pl.concat([column.alias("") for column in columns], rechunk=True).gather(at)


def _marks(table: BarTable, calendar: Calendar) -> pl.Series:
    """Date and session bits of a table's bars, packed as `engine.columns.pack_row` packs them."""
    import polars as pl

    clocks = clock_columns(table.opens_ns, table.closes_ns, calendar, (TradingDate(), SecondsToSessionEnd()))
    date, left = clocks[TradingDate()], clocks[SecondsToSessionEnd()]
    starts = (date != date.shift(1)).fill_null(value=True).cast(pl.Int64)
    over_before = (left.shift(1) <= 0).fill_null(value=False) & (starts == 0)
    ends = ((left <= 0) & ~over_before).cast(pl.Int64)
    return date * (1 << ROW_DAY_SHIFT) + starts * ROW_SESSION_START + ends * ROW_SESSION_END


def _price_max(table: BarTable) -> float:
    """The largest known price, without sign; 0.0 where none is known."""
    import polars as pl

    prices = (table.open, table.high, table.low, table.close)
    found = [pl.Series(column).abs().fill_nan(None).max() for column in prices]
    return max((float(price) for price in found if isinstance(price, float)), default=0.0)
