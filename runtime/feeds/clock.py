"""Clock columns: from the open and close times of an instrument's bars to what compiled code asks of time.

Each request of `runtime.model.clock` becomes one int64 column, computed for all bars at once. The bars must be in
order, must not overlap, and must lie inside the calendar's table (`OutsideCalendar` otherwise). No value depends on a
price, and none on the time of a later bar except a schedule's flag, which stands on the last bar that had closed when
the moment came: a live run knows that bar at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, assert_never

from stratc.runtime.feeds.moments import nominal_next_close, occurrences, scheduled
from stratc.runtime.feeds.search import count_before
from stratc.runtime.model.clock import (
    BEGUN,
    ENDED,
    INSIDE,
    BarOfSession,
    DayOfMonth,
    DayOfWeek,
    DaysToNextSession,
    HigherBar,
    Month,
    Request,
    Schedule,
    ScheduleKind,
    SecondOfDay,
    SecondOfSession,
    SecondsToSessionEnd,
    SessionOf,
    SessionsLeftIn,
    SessionSoFar,
    SessionStart,
    TradingDate,
    TradingDay,
    Window,
    WindowKind,
)
from stratc.runtime.model.places import places
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import NS_PER_SECOND, local_date

if TYPE_CHECKING:
    import polars as pl


class OutsideCalendar(ValueError):
    """Bars of a time that the instrument's calendar has no table for."""


@record
class Placed:
    """Bars placed in their sessions: `day` is each bar's session number in `calendar`; see `clock_columns`."""

    opens: pl.Series
    closes: pl.Series
    day: pl.Series
    calendar: Calendar
    until_ns: int
    nominal: bool

    def of_session(self, values: Iterable[int]) -> pl.Series:
        """A column of the calendar's sessions, read at each bar's session."""
        import polars as pl

        return pl.Series(values, dtype=pl.Int64).gather(self.day)


def clock_columns(
    opens_ns: pl.Series,
    closes_ns: pl.Series,
    calendar: Calendar,
    requests: Iterable[Request],
    *,
    until_ns: int = 0,
    nominal: bool = False,
) -> Mapping[Request, pl.Series]:
    """One int64 column, as long as the bars, for each request; raises `OutsideCalendar`.

    `until_ns` is how far time has gone, where other instruments have later bars than the last of these. `nominal`: what
    is scheduled is due by the nominal close of the next bar, as in a run that followed the wall clock.
    """
    placed = _place(opens_ns, closes_ns, calendar, until_ns=until_ns, nominal=nominal)
    return {request: _column(request, placed).alias(type(request).__name__) for request in requests}


def _place(opens: pl.Series, closes: pl.Series, calendar: Calendar, *, until_ns: int, nominal: bool) -> Placed:
    day = count_before(calendar.rolls_ns, closes)
    if len(closes) and not (
        calendar.covers(local_date(closes[0] - 1, calendar.zone)) and day[-1] < len(calendar.dates)
    ):
        raise OutsideCalendar(
            f"bars from {local_date(closes[0], 'UTC')} to {local_date(closes[-1], 'UTC')} are not all inside the "
            f"calendar `{calendar.name}`, which goes from {calendar.first} to {calendar.last}"
        )
    return Placed(opens=opens, closes=closes, day=day, calendar=calendar, until_ns=until_ns, nominal=nominal)


def _column(request: Request, bars: Placed) -> pl.Series:
    match request:
        case TradingDay():
            return bars.day
        case TradingDate():
            return bars.of_session(bars.calendar.dates)
        case SecondOfDay(zone=zone):
            return _second_of_day(bars, zone)
        case SecondOfSession():
            return (bars.closes - bars.of_session(bars.calendar.opens_ns)) // NS_PER_SECOND
        case SecondsToSessionEnd():
            return (bars.of_session(bars.calendar.closes_ns) - bars.closes) // NS_PER_SECOND
        case BarOfSession():
            return _bar_of_session(bars)
        case SessionStart():
            return _flag(_bar_of_session(bars) == 1)
        case DayOfWeek() | DayOfMonth() | Month():
            return _date_part(request, bars)
        case SessionOf(period=period):
            return _known(bars.of_session(places(bars.calendar, period).numbers), request, bars)
        case SessionsLeftIn(period=period):
            return _known(bars.of_session(places(bars.calendar, period).left), request, bars)
        case DaysToNextSession():
            dates = bars.calendar.dates
            return _known(bars.of_session((*(b - a for a, b in pairwise(dates)), -1)), request, bars)
        case Window(kind=kind):
            return _window(kind, bars)
        case Schedule(kind=kind):
            return _schedule(kind, bars)
        case _:
            assert_never(request)


def _known(column: pl.Series, request: Request, bars: Placed) -> pl.Series:
    """The column, where the table knows it of every bar; raises `OutsideCalendar`."""
    if len(column) and column.min() == -1:
        raise OutsideCalendar(unknown_place(request, bars.calendar))
    return column


def unknown_place(request: Request, calendar: Calendar) -> str:
    """Why a place in a period is not known, in words."""
    return (
        f"the calendar `{calendar.name}` goes from {calendar.first} to {calendar.last}: {type(request).__name__} is "
        "not known of bars in a period that it cuts"
    )


def _flag(condition: pl.Series) -> pl.Series:
    import polars as pl

    return condition.cast(pl.Int64)


def _second_of_day(bars: Placed, zone: str) -> pl.Series:
    import polars as pl

    local = bars.closes.cast(pl.Datetime("ns", "UTC")).dt.convert_time_zone(zone).dt
    return local.hour().cast(pl.Int64) * 3600 + local.minute().cast(pl.Int64) * 60 + local.second().cast(pl.Int64)


def _date_part(request: DayOfWeek | DayOfMonth | Month, bars: Placed) -> pl.Series:
    import polars as pl

    dates = bars.of_session(bars.calendar.dates).cast(pl.Int32).cast(pl.Date).dt
    match request:
        case DayOfWeek():
            return dates.weekday().cast(pl.Int64)
        case DayOfMonth():
            return dates.day().cast(pl.Int64)
        case Month():
            return dates.month().cast(pl.Int64)
        case _:
            assert_never(request)


def _bar_of_session(bars: Placed) -> pl.Series:
    import polars as pl

    inside = _flag(bars.closes > bars.of_session(bars.calendar.opens_ns))
    frame = pl.DataFrame({"day": bars.day, "inside": inside})
    return frame.select(pl.col("inside").cum_sum().over("day")).to_series()


def _window(kind: WindowKind, bars: Placed) -> pl.Series:
    import polars as pl

    if not len(bars.closes):
        return bars.closes
    found = occurrences(kind, bars.calendar, bars.opens[0], bars.closes[-1])
    starts, ends = pl.Series(found.starts_ns, dtype=pl.Int64), pl.Series(found.ends_ns, dtype=pl.Int64)
    current = count_before(found.starts_ns, bars.closes) - 1
    exists = current >= 0
    start, end = starts.gather(current.clip(0)), ends.gather(current.clip(0))
    begun = current != current.shift(1, fill_value=-1)
    if isinstance(kind, HigherBar):
        # What the data hold of the first one may be a part only.
        begun = begun & ((pl.int_range(len(current), eager=True) > 0) | (bars.opens <= start))
    inside = (bars.opens >= start) & (bars.closes <= end)
    ended = exists if isinstance(kind, SessionSoFar) else bars.closes >= end
    return _flag(exists) * (_flag(begun) * BEGUN + _flag(inside) * INSIDE + _flag(ended) * ENDED)


def _schedule(kind: ScheduleKind, bars: Placed) -> pl.Series:
    import polars as pl

    if not len(bars.closes):
        return bars.closes
    if bars.nominal:
        return _due_nominally(kind, bars)
    last = bars.closes[-1]
    limit = max(nominal_next_close(bars.opens[-1], last, bars.calendar) or last + 1, bars.until_ns)
    edges = pl.concat([bars.closes.rename("edge"), pl.Series("edge", [limit], dtype=pl.Int64)])
    due_before = count_before(scheduled(kind, bars.calendar, bars.closes[0], limit), edges)
    return _flag(due_before.diff().slice(1) > 0)


def _due_nominally(kind: ScheduleKind, bars: Placed) -> pl.Series:
    """Of each bar, whether a moment lies before the nominal close of the next."""
    import polars as pl

    spans = zip(bars.opens.to_list(), bars.closes.to_list(), strict=True)
    limits = [nominal_next_close(opened, closed, bars.calendar) or closed + 1 for opened, closed in spans]
    moments = scheduled(kind, bars.calendar, bars.closes[0], limits[-1])
    return _flag(count_before(moments, pl.Series(limits, dtype=pl.Int64)) > count_before(moments, bars.closes))
