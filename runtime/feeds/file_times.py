"""Times in files: from what a file writes to a column of dates or of UTC instants.

A time with an offset is taken as it is, and so is a count of seconds or milliseconds since 1970; a time without one
needs a declared zone. Dates stay dates: they name sessions. All times of a file must be written alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.refusal import DataRefused, first_row
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import UnknownZone, zone_of

if TYPE_CHECKING:
    import polars as pl

DAY_LEAST_NS: Final = 82_800_000_000_000  # the day on which the clocks jump ahead has 23 hours
DATE_ONLY: Final = r"^\d{4}-?\d{2}-?\d{2}$"
DIGITS_ONLY: Final = r"^\d{9,19}$"
OFFSET: Final = r"[+-]\d{2}:?\d{2}$"
# Epoch times by their number of digits: seconds, milliseconds, microseconds, nanoseconds.
EPOCH_SCALES: Final = ((11, 1_000_000_000), (14, 1_000_000), (17, 1_000), (20, 1))


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


def session_dates(times: pl.Series, calendar: Calendar) -> pl.Series:
    """Instants that are all midnight on the market's clock and days apart are dates; any other column is as it was."""
    import polars as pl

    if times.dtype == pl.Date or len(times) < 2:
        return times
    local = times.dt.convert_time_zone(calendar.zone).dt.replace_time_zone(None)
    smallest = times.to_physical().diff().min()
    if isinstance(smallest, int) and smallest >= DAY_LEAST_NS:
        dates = local.dt.date()
        return dates if (dates.cast(pl.Datetime("ns")) == local).all() else times
    return times


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
