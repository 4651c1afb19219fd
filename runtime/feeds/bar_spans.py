"""Spans of bars: from their times to when each bar opens and closes, in UTC nanoseconds.

The time of an intraday bar is its open or, where declared, its close; a date is a session, whose hours the calendar
knows. A bar whose nominal end lies beyond its session's end, or in its pause, ends there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.refusal import DataRefused, first_row
from stratc.runtime.feeds.search import count_before, count_up_to
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import date_of, days_since_epoch

if TYPE_CHECKING:
    import polars as pl

DAY_NS: Final = 86_400_000_000_000


class Stamp(StrEnum):
    """Which end of an intraday bar its time names."""

    OPEN = "open"
    CLOSE = "close"


@record
class Spans:
    """When bars open and close, whether they lie wholly `inside` a session, and whether they go `across` its open."""

    interval_ns: int
    opens: pl.Series
    closes: pl.Series
    inside: pl.Series
    across: pl.Series


def check_order(times: pl.Series, *, source: str) -> None:
    """Refuses rows that are out of order or have the same time as the row before."""
    steps = times.to_physical().cast(int).diff()
    row = first_row(steps == 0)
    if row is not None:
        message = f"the time {times[row - 1]} is there twice, in rows {row - 1} and {row}"
        raise DataRefused("D012", message, source=source, row=row, remedy="keep one of the two rows")
    row = first_row(steps < 0)
    if row is not None:
        message = f"the time {times[row - 1]} comes after {times[row - 2]} in row {row - 1}"
        raise DataRefused("D011", message, source=source, row=row, remedy="sort the file by time, oldest first")


def place_sessions(dates: pl.Series, calendar: Calendar, *, interval_ns: int | None, source: str) -> Spans:
    """Daily bars: each date's session says when its bar opens and closes; `inside` is false where there is none."""
    import polars as pl

    if interval_ns not in (None, DAY_NS):
        message = f"the rows are dates, daily bars, but bars of {interval_words(interval_ns or 0)} are asked for"
        raise DataRefused("D014", message, source=source, row=None, remedy="give intraday bars, or write `on 1 day`")
    _check_covered(calendar, days_since_epoch(dates[0]), days_since_epoch(dates[-1]), source)
    days = dates.cast(pl.Int32).cast(pl.Int64)
    known = pl.Series(calendar.dates, dtype=pl.Int64)
    index = count_before(calendar.dates, days).clip(0, len(known) - 1)
    if len(dates) > 2 and (index.diff().slice(1) > 1).all():
        message = "no two rows are of sessions in a row: these are no daily bars"
        raise DataRefused(
            "D014", message, source=source, row=None, remedy="give daily bars; longer ones are made from them"
        )
    opens = pl.Series(calendar.opens_ns, dtype=pl.Int64).gather(index)
    closes = pl.Series(calendar.closes_ns, dtype=pl.Int64).gather(index)
    has_session = known.gather(index) == days
    return Spans(interval_ns=DAY_NS, opens=opens, closes=closes, inside=has_session, across=has_session & False)


def place_instants(
    times: pl.Series, calendar: Calendar, *, interval_ns: int | None, stamp: Stamp, source: str
) -> Spans:
    """Intraday bars: opened or closed at their stamp, cut at the end (stamp close: at the start) of their session, and
    of the pause in it."""
    import polars as pl

    stamps = times.to_physical().cast(pl.Int64)
    interval = _interval(stamps, interval_ns, stamp, source)
    _check_covered(calendar, stamps[0] // DAY_NS, stamps[-1] // DAY_NS, source)
    starts = pl.Series(calendar.starts_ns, dtype=pl.Int64)
    ends = pl.Series(calendar.ends_ns, dtype=pl.Int64)
    # The stretch that trades at the stamp, or was last: a start counts for the bar it begins, not for the one it ends.
    opened = count_up_to if stamp is Stamp.OPEN else count_before
    index = (opened(calendar.starts_ns, stamps) - 1).clip(0)
    start, end = starts.gather(index), ends.gather(index)
    frame = pl.DataFrame({"at": stamps, "start": start, "end": end}).select(*_edges(stamp, interval))
    opens, closes = frame.get_column("opens"), frame.get_column("closes")
    begun = starts.gather((count_before(calendar.starts_ns, closes) - 1).clip(0))
    return Spans(
        interval_ns=interval,
        opens=opens,
        closes=closes,
        inside=(opens >= start) & (closes <= end),
        across=(opens < begun) & (begun < closes),
    )


def interval_words(interval_ns: int) -> str:
    """An interval in the words of a strategy's header."""
    seconds, rest = divmod(interval_ns, 1_000_000_000)
    if rest:
        return f"{interval_ns} ns"
    for name, size in (("day", 86_400), ("hour", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def _edges(stamp: Stamp, interval: int) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    at, start, end = pl.col("at"), pl.col("start"), pl.col("end")
    if stamp is Stamp.OPEN:
        cut = pl.when(at < end).then(pl.min_horizontal(at + interval, end)).otherwise(at + interval)
        return at.alias("opens"), cut.alias("closes")
    # The last bar of a session may be shorter than the others: it opens where the one before it closed.
    before = at.shift(1).fill_null(at - interval)
    full = pl.max_horizontal(at - interval, before)
    cut = pl.when((at > start) & (at <= end)).then(pl.max_horizontal(full, start)).otherwise(full)
    return cut.alias("opens"), at.alias("closes")


def _interval(stamps: pl.Series, declared: int | None, stamp: Stamp, source: str) -> int:
    steps = stamps.diff().slice(1)
    if not len(steps):
        if declared is None:
            message = "one row does not show how long its bar is"
            raise DataRefused("D014", message, source=source, row=1, remedy="declare the interval")
        return declared
    smallest = steps.min() if stamp is Stamp.OPEN else steps.mode().min()
    found = int(smallest) if isinstance(smallest, int) else 0
    if declared not in (None, found):
        row = (first_row(steps == found) or 0) + 1
        message = (
            f"the bars are {interval_words(found)} apart, but bars of {interval_words(declared or 0)} are asked for"
        )
        remedy = f"write `on {interval_words(found)}`, or give a file of the right bars"
        raise DataRefused("D014", message, source=source, row=row, remedy=remedy)
    return found


def _check_covered(calendar: Calendar, first: int, last: int, source: str) -> None:
    if calendar.covers(date_of(first)) and calendar.covers(date_of(last)):
        return
    message = (
        f"the bars go from {date_of(first)} to {date_of(last)}, but the calendar `{calendar.name}` is known only from "
        f"{calendar.first} to {calendar.last}"
    )
    raise DataRefused("D017", message, source=source, row=None, remedy="leave out the bars outside these dates")
