"""The clock of one bar after another: what `runtime.feeds.clock` computes for columns, for paper and live runs.

The two agree on every bar (a property test), given that the close of the next bar is known. Live, it is not: a schedule
is then due if its moment lies before the nominal close of the next bar, and a session that goes on without bars is the
business of the executor's timer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import assert_never

from stratc.runtime.feeds.clock import OutsideCalendar, unknown_place
from stratc.runtime.feeds.moments import nominal_next_close, occurrences, scheduled
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
from stratc.runtime.model.session import Calendar, Session
from stratc.runtime.model.zone import NS_PER_SECOND, days_since_epoch, local_date, second_of_day


@record
class PlacedBar:
    """A bar in its session; the previous one is all the memory that the next row needs."""

    open_ns: int
    close_ns: int
    session: Session
    bar_of_session: int


def place_bar(open_ns: int, close_ns: int, calendar: Calendar, *, previous: PlacedBar | None) -> PlacedBar:
    """The bar in its session, counted after the previous one; raises `OutsideCalendar`."""
    session = calendar.trading_day_of(close_ns)
    if session is None or not calendar.covers(local_date(close_ns - 1, calendar.zone)):
        raise OutsideCalendar(f"a bar of {local_date(close_ns, 'UTC')} is not inside the calendar `{calendar.name}`")
    before = previous.bar_of_session if previous is not None and previous.session == session else 0
    number = before + (close_ns > session.open_ns)
    return PlacedBar(open_ns=open_ns, close_ns=close_ns, session=session, bar_of_session=number)


def ends_session(bar: PlacedBar, *, previous: PlacedBar | None) -> bool:
    """Whether the session's close comes with this bar: the first of its session that closes then or later."""
    if bar.close_ns < bar.session.close_ns:
        return False
    return previous is None or previous.session != bar.session or previous.close_ns < bar.session.close_ns


def clock_row(
    bar: PlacedBar,
    calendar: Calendar,
    requests: Iterable[Request],
    *,
    previous: PlacedBar | None,
    next_close_ns: int | None,
) -> Mapping[Request, int]:
    """The value of each request at one bar; `next_close_ns` is None where the next bar is not known yet."""
    limit = next_close_ns or nominal_next_close(bar.open_ns, bar.close_ns, calendar) or bar.close_ns + 1
    return {request: _value(request, bar, calendar, previous, limit) for request in requests}


def _value(request: Request, bar: PlacedBar, calendar: Calendar, previous: PlacedBar | None, limit_ns: int) -> int:
    session = bar.session
    match request:
        case TradingDay():
            return session.index
        case TradingDate():
            return days_since_epoch(session.date)
        case SecondOfDay(zone=zone):
            return second_of_day(bar.close_ns, zone)
        case SecondOfSession():
            return (bar.close_ns - session.open_ns) // NS_PER_SECOND
        case SecondsToSessionEnd():
            return (session.close_ns - bar.close_ns) // NS_PER_SECOND
        case BarOfSession():
            return bar.bar_of_session
        case SessionStart():
            return int(bar.bar_of_session == 1)
        case DayOfWeek():
            return session.date.isoweekday()
        case DayOfMonth():
            return session.date.day
        case Month():
            return session.date.month
        case SessionOf(period=period):
            return _known(places(calendar, period).numbers[session.index], request, calendar)
        case SessionsLeftIn(period=period):
            return _known(places(calendar, period).left[session.index], request, calendar)
        case DaysToNextSession():
            following = calendar.at(session.index + 1)
            return _known(-1 if following is None else (following.date - session.date).days, request, calendar)
        case Window(kind=kind):
            return _phase(kind, bar, calendar, previous)
        case Schedule(kind=kind):
            return _due(kind, bar, calendar, limit_ns)
        case _:
            assert_never(request)


def _known(value: int, request: Request, calendar: Calendar) -> int:
    if value == -1:
        raise OutsideCalendar(unknown_place(request, calendar))
    return value


def _phase(kind: WindowKind, bar: PlacedBar, calendar: Calendar, previous: PlacedBar | None) -> int:
    found = occurrences(kind, calendar, bar.open_ns, bar.close_ns)
    current = bisect_left(found.starts_ns, bar.close_ns) - 1
    if current < 0:
        return 0
    start, end = found.starts_ns[current], found.ends_ns[current]
    # What the data hold of the first higher bar may be a part only.
    whole = not isinstance(kind, HigherBar) or bar.open_ns <= start
    begun = whole if previous is None else start >= previous.close_ns
    inside = bar.open_ns >= start and bar.close_ns <= end
    ended = isinstance(kind, SessionSoFar) or bar.close_ns >= end
    return begun * BEGUN + inside * INSIDE + ended * ENDED


def _due(kind: ScheduleKind, bar: PlacedBar, calendar: Calendar, limit_ns: int) -> int:
    moments = scheduled(kind, calendar, bar.close_ns, limit_ns)
    return int(bisect_left(moments, limit_ns) > bisect_left(moments, bar.close_ns))
