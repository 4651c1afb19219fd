"""Bars in memory: the columns of one instrument, and the one door by which files become bars.

`read_bars` maps a CSV or Parquet file to a `BarTable` that is sorted, unique, possible and placed in time, or raises
`DataRefused`, which names the row, what is wrong there and what to do. Nothing is repaired, filled or re-sorted.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.runtime.feeds.bar_spans import DAY_NS, Spans, Stamp, check_order, place_instants, place_sessions
from stratc.runtime.feeds.bar_values import PRICES, read_values
from stratc.runtime.feeds.buffers import view
from stratc.runtime.feeds.days import check_inside_days, joined_days, stamped_days
from stratc.runtime.feeds.file_times import read_times, session_dates
from stratc.runtime.feeds.provenance import Provenance, provenance_of
from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.feeds.table_file import read_table
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.record import record
from stratc.runtime.model.session import OWN_DAY, Calendar, calendar

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BarTable", "DataRefused", "Stamp", "read_bars", "session_calendar"]

VALUES: Final = (*PRICES, "volume")


@record
class BarTable:
    """The bars of one instrument in order of time; all columns have the same length, without nulls (NaN: unknown).

    `opens_ns` and `closes_ns` are int64 UTC nanoseconds, the prices and `volume` float64. `digest` is the SHA-256 of
    the canonical content. `outside_session` counts the bars that a regular session left out, `unknown_values` the
    fields that the file leaves empty (of the volume only where the file has such a column).
    `open_interest` is a future's, None where the file has none.
    """

    symbol: str
    interval_ns: int
    opens_ns: pl.Series
    closes_ns: pl.Series
    open: pl.Series
    high: pl.Series
    low: pl.Series
    close: pl.Series
    volume: pl.Series
    digest: str
    source: str
    licence: str
    synthetic: bool
    outside_session: int
    unknown_values: int
    notes: tuple[str, ...]
    open_interest: pl.Series | None = None

    def __len__(self) -> int:
        return len(self.closes_ns)


def session_calendar(instrument: Instrument, *, regular_session: bool) -> Calendar:
    """The calendar whose sessions a strategy on this instrument means."""
    return calendar(instrument.regular_calendar if regular_session else instrument.calendar)


def read_bars(
    path: Path,
    *,
    instrument: Instrument,
    interval_ns: int | None,
    timezone: str | None,
    stamp: Stamp,
    columns: Mapping[str, str],
    regular_session: bool,
    volume_needed: bool,
) -> BarTable:
    """The bars in a CSV or Parquet file; raises `DataRefused`.

    `columns` maps our names (time, open, high, low, close, volume) to the file's where they differ. `interval_ns` None
    takes the file's own. `regular_session` leaves out bars that do not lie wholly inside the regular hours.
    """
    import polars as pl

    source = path.name
    frame = read_table(path, columns=columns)
    if volume_needed and "volume" not in frame.columns:
        message = "there is no column `volume`, and the strategy reads the volume"
        raise DataRefused("D016", message, source=source, row=None, remedy="map it with `--columns volume=NAME`")
    sessions = session_calendar(instrument, regular_session=regular_session)
    times = _times(frame.get_column("time"), sessions, timezone=timezone, stamp=stamp, source=source)
    check_order(times, source=source)
    values = read_values(frame, price_floor=_price_floor(instrument), source=source)
    joins = OWN_DAY in sessions.name and interval_ns == DAY_NS and times.dtype != pl.Date
    spans = _place(times, sessions, interval_ns=None if joins else interval_ns, stamp=stamp, source=source)
    said: tuple[str, ...] = ()
    if OWN_DAY in sessions.name and times.dtype != pl.Date:
        check_inside_days(spans, sessions, source=source)
    if joins:
        joined = joined_days(spans, values, sessions, source=source)
        spans, values, said = joined.spans, joined.values, joined.notes()
        times = spans.opens.cast(pl.Datetime("ns", "UTC"))
    kept = _kept(times, spans, sessions, regular_session=regular_session, source=source)
    counted = values.filter(kept).select(name for name in VALUES if name in frame.columns)
    return _table(
        instrument.symbol,
        spans,
        values,
        kept,
        provenance_of(path),
        said,
        unknown_values=sum(int(column.is_nan().sum()) for column in counted),
    )


def _times(column: pl.Series, sessions: Calendar, *, timezone: str | None, stamp: Stamp, source: str) -> pl.Series:
    """Instants, or the dates of daily bars; days of one's own are known by the instants at which they begin."""
    times = read_times(column, timezone=timezone, source=source)
    if OWN_DAY in sessions.name:
        return stamped_days(times, sessions, stamp=stamp, source=source)
    return session_dates(times, sessions)


def _price_floor(instrument: Instrument) -> float:
    """Crude oil settled at -37.63 in April 2020: only futures and contracts on them may have such a price."""
    return -math.inf if instrument.kind in (InstrumentKind.FUTURE, InstrumentKind.CFD) else 0.0


def _place(times: pl.Series, sessions: Calendar, *, interval_ns: int | None, stamp: Stamp, source: str) -> Spans:
    import polars as pl

    if times.dtype == pl.Date:
        return place_sessions(times, sessions, interval_ns=interval_ns, source=source)
    return place_instants(times, sessions, interval_ns=interval_ns, stamp=stamp, source=source)


def _kept(times: pl.Series, spans: Spans, sessions: Calendar, *, regular_session: bool, source: str) -> pl.Series:
    import polars as pl

    if regular_session:
        if not spans.inside.any():
            message = f"none of the {len(times):,} bars lies inside a session of `{sessions.name}`"
            remedy = "check the time zone and the stamp, or leave out `regular session`"
            raise DataRefused("D015", message, source=source, row=None, remedy=remedy)
        return spans.inside
    if times.dtype == pl.Date and not spans.inside.all():
        row = (spans.inside.arg_min() or 0) + 1
        message = f"{times[row - 1]} is no session of `{sessions.name}`, so the bar has neither open nor close"
        remedy = "remove the row, or name the instrument's calendar in `instruments.toml`"
        raise DataRefused("D018", message, source=source, row=row, remedy=remedy)
    return pl.repeat(value=True, n=len(times), eager=True, dtype=pl.Boolean)


def _table(
    symbol: str,
    spans: Spans,
    values: pl.DataFrame,
    kept: pl.Series,
    origin: Provenance,
    said: tuple[str, ...],
    *,
    unknown_values: int,
) -> BarTable:
    import polars as pl

    bars = values.with_columns(spans.opens.alias("opens_ns"), spans.closes.alias("closes_ns")).filter(kept).rechunk()
    left_out, off_hours = len(kept) - bars.height, int((~spans.inside & kept).sum())
    across = int((spans.across & ~kept).sum())
    remarks = (
        (left_out, f"{left_out:,} bars that are not wholly inside a regular session are left out"),
        (
            across,
            f"{across:,} of these began before a session's open and ended after it: use bars that start at the open",
        ),
        (off_hours, f"{off_hours:,} bars lie outside of the sessions of the instrument's calendar"),
        (unknown_values, f"{unknown_values:,} values are missing and count as unknown"),
    )
    return BarTable(
        symbol=symbol,
        interval_ns=spans.interval_ns,
        opens_ns=bars.get_column("opens_ns"),
        closes_ns=bars.get_column("closes_ns"),
        open=bars.get_column("open"),
        high=bars.get_column("high"),
        low=bars.get_column("low"),
        close=bars.get_column("close"),
        volume=bars.get_column("volume"),
        digest=content_digest(symbol, spans.interval_ns, bars.select(pl.col("opens_ns", "closes_ns", *VALUES))),
        source=origin.source,
        licence=origin.licence,
        synthetic=origin.synthetic,
        outside_session=left_out,
        unknown_values=unknown_values,
        open_interest=bars.get_column("open_interest") if "open_interest" in bars.columns else None,
        notes=(*origin.notes, *said, *(words for count, words in remarks if count)),
    )


def content_digest(symbol: str, interval_ns: int, bars: pl.DataFrame) -> str:
    """SHA-256 over the symbol, the interval and the columns in their order as little-endian 8-byte values."""
    hasher = hashlib.sha256(f"bars 1\n{symbol}\n{interval_ns}\n{bars.height}\n{','.join(bars.columns)}\n".encode())
    for column in bars:
        hasher.update(view(column))
    return hasher.hexdigest()
