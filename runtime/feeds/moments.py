"""When windows open and close and when schedules fall due: from a request and a calendar to moments in UTC.

Everything here is known in advance from the calendar and the clocks; no bar is looked at. Both the columns of a
backtest and the rows of a live run read these moments, which is why they agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, assert_never

from stratc.runtime.model.clock import (
    ClockMoment,
    ClockRange,
    EveryDay,
    EveryPeriod,
    EverySession,
    EveryWeekday,
    FirstOfSession,
    HolidayChoice,
    Period,
    PeriodOfSessions,
    Place,
    ScheduleKind,
    SessionPart,
    SessionSoFar,
    WindowKind,
)
from stratc.runtime.model.places import (
    is_chosen,
    is_trading_moment,
    moment_in,
    moment_in_session,
    period_number,
    session_for,
    weekdays,
)
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session
from stratc.runtime.model.zone import NS_PER_SECOND, days_since_epoch, local_date, moment

# Longer than any closure of a market, so that the occurrence before the first bar is always in view.
MARGIN = timedelta(days=12)
LONGEST_PERIOD = timedelta(days=31)
# Answers kept, a kind of window or schedule, a calendar and a day each: bars come day by day.
DAYS_KEPT: Final = 256


@record
class Occurrences:
    """The occurrences of a window in order: when each starts and ends. They do not overlap."""

    starts_ns: tuple[int, ...]
    ends_ns: tuple[int, ...]


def occurrences(kind: WindowKind, calendar: Calendar, first_ns: int, last_ns: int) -> Occurrences:
    """All occurrences of a window that touch the span from `first_ns` to `last_ns`, and some around it."""
    return _occurrences(kind, calendar, *_dates_around(first_ns, last_ns))


@lru_cache(maxsize=DAYS_KEPT)
def _occurrences(kind: WindowKind, calendar: Calendar, first: date, last: date) -> Occurrences:
    """The same for every bar of a day."""
    match kind:
        case SessionSoFar():
            spans = [(found.open_ns, found.close_ns) for found in calendar.sessions_between(first, last)]
        case FirstOfSession(seconds=seconds):
            sessions = calendar.sessions_between(first, last)
            spans = [(s.open_ns, min(s.open_ns + seconds * NS_PER_SECOND, s.close_ns)) for s in sessions]
        case ClockRange():
            spans = [_clock_span(kind, day) for day in _days(first, last)]
        case SessionPart(seconds=seconds):
            sessions = calendar.sessions_between(first, last)
            spans = [part for session in sessions for part in _parts(session, seconds * NS_PER_SECOND)]
        case PeriodOfSessions(period=period):
            spans = _periods(calendar, period, first, last)
        case _:
            assert_never(kind)
    return Occurrences(starts_ns=tuple(start for start, _ in spans), ends_ns=tuple(end for _, end in spans))


def scheduled(kind: ScheduleKind, calendar: Calendar, first_ns: int, last_ns: int) -> tuple[int, ...]:
    """All scheduled moments from `first_ns` to `last_ns`, and some around it, in order."""
    return _scheduled(kind, calendar, *_dates_around(first_ns, last_ns))


@lru_cache(maxsize=DAYS_KEPT)
def _scheduled(kind: ScheduleKind, calendar: Calendar, first: date, last: date) -> tuple[int, ...]:
    """The same for every bar of a day."""
    match kind:
        case EverySession(anchor=anchor, seconds=seconds):
            return tuple(moment_in_session(anchor, seconds, found) for found in calendar.sessions_between(first, last))
        case EveryDay(second=second, zone=zone):
            moments = (moment(day, second, zone) for day in _days(first, last))
            return tuple(due for due in moments if is_trading_moment(due, calendar))
        case EveryPeriod(at=at):
            sessions = calendar.sessions_between(first, last)
            return tuple(
                moment_in(at, calendar, found.index) for found in sessions if is_chosen(kind, calendar, found.index)
            )
        case EveryWeekday():
            return tuple(sorted(set(_on_weekdays(kind, calendar, first, last))))
        case _:
            assert_never(kind)


def is_place_of(index: int, calendar: Calendar, period: Period, place: Place) -> bool:
    """Whether a session is the first or last one of its week or month."""
    neighbour = index - 1 if place is Place.FIRST else index + 1
    if not 0 <= neighbour < len(calendar.dates):
        return True
    return period_number(calendar.dates[index], period) != period_number(calendar.dates[neighbour], period)


def nominal_next_close(open_ns: int, close_ns: int, calendar: Calendar) -> int | None:
    """When the bar after this one would close if none were missing; None beyond the calendar."""
    length = close_ns - open_ns
    session = calendar.trading_day_of(close_ns)
    if session is None:
        return None
    if close_ns < session.close_ns:
        return _next_inside(length, close_ns, session)
    following = calendar.at(session.index + 1)
    return None if following is None else min(following.open_ns + length, following.stretches[0][1])


def _next_inside(length: int, close_ns: int, session: Session) -> int:
    """The next close before the session's end, which the pause cuts and delays."""
    if session.pause is None or close_ns >= session.pause[1]:
        return min(close_ns + length, session.close_ns)
    pause, resume = session.pause
    return min(close_ns + length, pause) if close_ns < pause else min(resume + length, session.close_ns)


def _on_weekdays(kind: EveryWeekday, calendar: Calendar, first: date, last: date) -> Iterator[int]:
    """Two days may have one session to stand for them: its moment comes once."""
    for day in weekdays(kind, first, last):
        if isinstance(kind.at, ClockMoment):
            due = _trading_moment(kind, kind.at, day, calendar)
        else:
            session = session_for(kind, calendar, day)
            due = None if session is None else moment_in(kind.at, calendar, session.index)
        if due is not None:
            yield due


def _trading_moment(kind: EveryWeekday, at: ClockMoment, day: date, calendar: Calendar) -> int | None:
    """The moment on its day or, where the market is shut then, on the day that stands for it."""
    step = {HolidayChoice.BEFORE: -1, HolidayChoice.AFTER: 1, HolidayChoice.SKIPPED: 0}[kind.holiday]
    for _ in range(MARGIN.days if step else 1):
        due = moment(day, at.second, at.zone)
        if is_trading_moment(due, calendar):
            return due
        day += timedelta(step)
    return None


def _parts(session: Session, length_ns: int) -> Iterator[tuple[int, int]]:
    """Counted anew after a pause; a day's worth is the whole session, its pause included."""
    if length_ns >= session.close_ns - session.open_ns:
        yield session.open_ns, session.close_ns
        return
    for opens, closes in session.stretches:
        for start in range(opens, closes, length_ns):
            yield start, min(start + length_ns, closes)


def _periods(calendar: Calendar, period: Period, first: date, last: date) -> list[tuple[int, int]]:
    """The weeks or months that lie around these days, whole: they may begin before the first and end after the last."""
    sessions = calendar.sessions_between(first - LONGEST_PERIOD, last + LONGEST_PERIOD)
    found: dict[int, tuple[int, int]] = {}
    for session in sessions:
        number = period_number(calendar.dates[session.index], period)
        start, _ = found.get(number, (session.open_ns, 0))
        found[number] = start, session.close_ns
    return [span for number, span in found.items() if number not in _cut(calendar, sessions, period)]


def _cut(calendar: Calendar, sessions: Sequence[Session], period: Period) -> frozenset[int]:
    """The periods that go on beyond the sessions that were looked at."""
    ends = (
        session
        for session, place in zip((*sessions[:1], *sessions[-1:]), (Place.FIRST, Place.LAST), strict=False)
        if not is_place_of(session.index, calendar, period, place)
    )
    return frozenset(period_number(calendar.dates[session.index], period) for session in ends)


def _clock_span(kind: ClockRange, day: date) -> tuple[int, int]:
    wraps = kind.end_second <= kind.start_second
    start = moment(day, kind.start_second, kind.zone)
    end = moment(day, kind.end_second + 86_400 * wraps, kind.zone)
    return start, max(start, end)


def _dates_around(first_ns: int, last_ns: int) -> tuple[date, date]:
    return local_date(first_ns, "UTC") - MARGIN, local_date(last_ns, "UTC") + MARGIN


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(days_since_epoch(last) - days_since_epoch(first) + 1))
