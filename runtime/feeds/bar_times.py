"""Times of bars: from what a file writes to when each bar opens and closes, in UTC nanoseconds.

A time with an offset is taken as it is, one without needs a declared zone, and a date is a session, whose hours the
calendar knows. A bar whose nominal end lies beyond its session's end, ends with the session.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.feeds.search import count_before, count_up_to
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import UnknownZone, date_of, days_since_epoch, zone_of

if TYPE_CHECKING:
    import polars as pl

DAY_NS: Final = 86_400_000_000_000
DATE_ONLY: Final = r"^\d{4}-?\d{2}-?\d{2}$"
DIGITS_ONLY: Final = r"^\d{9,19}$"
OFFSET: Final = r"[+-]\d{2}:?\d{2}$"
# Epoch times by their number of digits: seconds, milliseconds, microseconds, nanoseconds.
EPOCH_SCALES: Final = ((11, 1_000_000_000), (14, 1_000_000), (17, 1_000), (20, 1))


class Stamp(StrEnum):
    """Which end of an intraday bar its time names."""

    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """When bars open and close; `kept` marks the rows that have a session, where rows without one may be left out."""

    interval_ns: int
    opens: pl.Series
    closes: pl.Series
    kept: pl.Series


def read_times(column: pl.Series, *, timezone: str | None, source: str) -> pl.Series:
    """The times as a `Date` column (sessions) or as a UTC `Datetime` column; raises `DataRefused`."""
    import polars as pl

    if column.dtype == pl.String:
        column = _parse_text(column.str.strip_chars(), source)
    elif column.dtype.is_integer():
        column = _from_epoch(column)
    row = first_row(column.is_null())
    if row is not None:
        raise DataRefused("D008", "the time is missing", source=source, row=row, remedy="remove or repair the row")
    if column.dtype == pl.Date:
        return column
    if not isinstance(column.dtype, pl.Datetime):
        message = f"the time column holds {column.dtype}, no times"
        raise DataRefused("D008", message, source=source, row=None, remedy="map the right column to `time`")
    instants = column.cast(pl.Datetime("ns", column.dtype.time_zone))
    if column.dtype.time_zone is not None:
        return instants.dt.convert_time_zone("UTC")
    if (instants.dt.date().cast(pl.Datetime("ns")) == instants).all():
        return instants.dt.date()
    return _localize(instants, timezone, source)


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
    """Daily bars: each date's session says when its bar opens and closes; `kept` is false where there is none."""
    import polars as pl

    if interval_ns not in (None, DAY_NS):
        message = f"the rows are dates, daily bars, but bars of {minutes(interval_ns or 0)} are asked for"
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
    return Spans(interval_ns=DAY_NS, opens=opens, closes=closes, kept=known.gather(index) == days)


def place_instants(
    times: pl.Series, calendar: Calendar, *, interval_ns: int | None, stamp: Stamp, source: str
) -> Spans:
    """Intraday bars: opened or closed at their stamp, cut at the end (stamp close: at the start) of their session."""
    import polars as pl

    stamps = times.to_physical().cast(pl.Int64)
    interval = _interval(stamps, interval_ns, stamp, source)
    _check_covered(calendar, stamps[0] // DAY_NS, stamps[-1] // DAY_NS, source)
    starts = pl.Series(calendar.opens_ns, dtype=pl.Int64)
    ends = pl.Series(calendar.closes_ns, dtype=pl.Int64)
    # The session that is open at the stamp, or was last: an open counts for the bar it begins, not for the one it ends.
    opened = count_up_to if stamp is Stamp.OPEN else count_before
    index = (opened(calendar.opens_ns, stamps) - 1).clip(0)
    start, end = starts.gather(index), ends.gather(index)
    frame = pl.DataFrame({"at": stamps, "start": start, "end": end}).select(
        *_edges(stamp, interval), inside=(pl.col("at") >= pl.col("start")) & (pl.col("at") <= pl.col("end"))
    )
    opens, closes = frame.get_column("opens"), frame.get_column("closes")
    return Spans(interval_ns=interval, opens=opens, closes=closes, kept=(opens >= start) & (closes <= end))


def minutes(interval_ns: int) -> str:
    """An interval in the words of a strategy's header."""
    seconds, rest = divmod(interval_ns, 1_000_000_000)
    if rest:
        return f"{interval_ns} ns"
    for name, size in (("day", 86_400), ("hour", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def first_row(faults: pl.Series) -> int | None:
    """The first row, counted from 1, at which a condition is true."""
    import polars as pl

    true = faults.fill_null(value=False).cast(pl.Boolean)
    return None if not true.any() else (true.arg_max() or 0) + 1


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
        message = f"the bars are {minutes(found)} apart, but bars of {minutes(declared or 0)} are asked for"
        remedy = f"write `on {minutes(found)}`, or give a file of the right bars"
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


def _parse_text(column: pl.Series, source: str) -> pl.Series:
    import polars as pl

    sample = next((value for value in column if value), "")
    if column.str.contains(DATE_ONLY).all():
        parsed = column.str.replace_all("-", "").str.to_date("%Y%m%d", strict=False)
    elif column.str.contains(DIGITS_ONLY).all():
        return _from_epoch(column.cast(pl.Int64))
    else:
        text = column.str.replace("T", " ", literal=True).str.replace("Z$", "+00:00")
        parsed = text.str.to_datetime(_format(sample.replace("T", " ").replace("Z", "+00:00")), strict=False)
    row = first_row(parsed.is_null())
    if row is not None:
        message = f"`{column[row - 1] or ''}` is no time that can be read, or written otherwise than the rows before"
        remedy = "write all times alike, as 2024-03-08, 2024-03-08 09:30 or 2024-03-08T09:30:00-05:00"
        raise DataRefused("D008", message, source=source, row=row, remedy=remedy)
    return parsed


def _format(sample: str) -> str:
    offset = "%:z" if re.search(OFFSET, sample) and ":" in sample else ""
    clock = re.sub(OFFSET, "", sample) if offset else sample
    seconds = "%H:%M:%S%.f" if clock.count(":") == 2 else "%H:%M"
    date = "%Y-%m-%d" if "-" in clock[:8] else "%Y%m%d"
    return f"{date} {seconds}{offset}"


def _from_epoch(column: pl.Series) -> pl.Series:
    import polars as pl

    largest = column.max()
    digits = len(str(largest))
    scale = next((scale for limit, scale in EPOCH_SCALES if digits < limit), 1)
    return (column.cast(pl.Int64) * scale).cast(pl.Datetime("ns", "UTC"))


def _localize(local: pl.Series, timezone: str | None, source: str) -> pl.Series:
    if timezone is None:
        message = f"the times, such as {local[0]}, have no offset and no time zone is declared"
        remedy = "say where their clock hangs, as in `--timezone America/New_York`"
        raise DataRefused("D009", message, source=source, row=1, remedy=remedy)
    try:
        zone_of(timezone)
    except UnknownZone as problem:
        raise DataRefused(
            "D009", str(problem), source=source, row=None, remedy="name a zone of the IANA base"
        ) from problem
    placed = local.dt.replace_time_zone(timezone, ambiguous="null", non_existent="null")
    row = first_row(placed.is_null())
    if row is not None:
        message = f"the clocks in {timezone} change at {local[row - 1]}: this local time comes twice or never"
        raise DataRefused(
            "D010", message, source=source, row=row, remedy="export the times with their offset, or in UTC"
        )
    return placed.dt.convert_time_zone("UTC")


def session_dates(times: pl.Series, calendar: Calendar) -> pl.Series:
    """Instants that are all midnight on the market's clock and days apart are dates; any other column is as it was."""
    import polars as pl

    if times.dtype == pl.Date or len(times) < 2:
        return times
    local = times.dt.convert_time_zone(calendar.zone).dt.replace_time_zone(None)
    smallest = times.to_physical().diff().min()
    if isinstance(smallest, int) and smallest >= DAY_NS - 3_600_000_000_000:
        dates = local.dt.date()
        return dates if (dates.cast(pl.Datetime("ns")) == local).all() else times
    return times
