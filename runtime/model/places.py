"""Places in periods: which session of its week or month each one is, and which sessions a schedule means.

A period that a calendar's table holds only in part has no known places: what lies outside of the table is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final, assert_never

from stratc.runtime.model.clock import (
    Anchor,
    ClockMoment,
    DayMoment,
    EveryPeriod,
    EveryWeekday,
    HolidayChoice,
    Period,
    SessionMoment,
)
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session
from stratc.runtime.model.zone import NS_PER_SECOND, days_since_epoch, local_date, moment_on

MONTHS: Final = {
    Period.MONTH: 1,
    Period.TWO_MONTHS: 2,
    Period.QUARTER: 3,
    Period.FOUR_MONTHS: 4,
    Period.HALF_YEAR: 6,
    Period.YEAR: 12,
}
DAY: Final = timedelta(1)


def period_number(days: int, period: Period) -> int:
    """A number that is equal for dates of the same period; periods of months begin with the year."""
    if period is Period.WEEK:
        return (days + 3) // 7  # 1970-01-01 was a Thursday
    day = date(1970, 1, 1) + timedelta(days=days)
    return (day.year * 12 + day.month - 1) // MONTHS[period]


@record
class Places:
    """Of each session of a calendar its number in its period, from 1, and how many follow in it; -1 where unknown."""

    numbers: tuple[int, ...]
    left: tuple[int, ...]


@lru_cache(maxsize=64)
def places(calendar: Calendar, period: Period) -> Places:
    """The places of all sessions in their periods."""
    numbers: list[int] = []
    left: list[int] = []
    unknown = _cut_periods(calendar, period)
    for number, group in groupby(calendar.dates, key=lambda day: period_number(day, period)):
        count = len(list(group))
        known = number not in unknown
        numbers += range(1, count + 1) if known else [-1] * count
        left += range(count - 1, -1, -1) if known else [-1] * count
    return Places(numbers=tuple(numbers), left=tuple(left))


def _cut_periods(calendar: Calendar, period: Period) -> frozenset[int]:
    """The periods of which the table holds a part only."""
    first, last = days_since_epoch(calendar.first), days_since_epoch(calendar.last)
    edges = ((first, first - 1), (last, last + 1))
    return frozenset(
        period_number(edge, period)
        for edge, beyond in edges
        if period_number(edge, period) == period_number(beyond, period)
    )


@lru_cache(maxsize=64)
def all_chosen(calendar: Calendar, period: Period, number: int, *, from_end: bool) -> tuple[int, ...]:
    """The numbers of all sessions that are the so-many-th of their period."""
    found = places(calendar, period)
    columns, wanted = (found.left, number - 1) if from_end else (found.numbers, number)
    return tuple(index for index, place in enumerate(columns) if place == wanted)


@lru_cache(maxsize=64)
def all_for_weekday(calendar: Calendar, kind: EveryWeekday) -> tuple[int, ...]:
    """The numbers of all sessions that are meant by a weekday, or stand for it on a holiday."""
    found = (session_for(kind, calendar, day) for day in weekdays(kind, calendar.first, calendar.last))
    return tuple(session.index for session in found if session is not None)


def is_chosen(kind: EveryPeriod, calendar: Calendar, index: int) -> bool:
    """Whether the session with that number is the one of its period that is meant."""
    found = places(calendar, kind.period)
    return found.left[index] == kind.number - 1 if kind.from_end else found.numbers[index] == kind.number


def weekdays(kind: EveryWeekday, first: date, last: date) -> Iterator[date]:
    """The days that are meant, with a session or without."""
    day = first + timedelta((kind.weekday - first.isoweekday()) % 7)
    while day <= last:
        if is_nth(day, kind.nth):
            yield day
        day += 7 * DAY


def is_nth(day: date, nth: int) -> bool:
    """Whether a day is the nth of its weekday in its month; 0 means any, -1 the last."""
    if nth == 0:
        return True
    return (day + 7 * DAY).month != day.month if nth < 0 else (day.day - 1) // 7 == nth - 1


def session_for(kind: EveryWeekday, calendar: Calendar, day: date) -> Session | None:
    """The session of a day, or the one that stands for it on a holiday."""
    found = calendar.session(day)
    if found is not None:
        return found
    match kind.holiday:
        case HolidayChoice.BEFORE:
            return calendar.previous_session(day)
        case HolidayChoice.AFTER:
            return calendar.next_session(day)
        case HolidayChoice.SKIPPED:
            return None
        case _:
            assert_never(kind.holiday)


def is_trading_moment(due_ns: int, calendar: Calendar) -> bool:
    """Whether a moment of every day lies in a session (its end included) or on the date of one.

    Without this, a Saturday's 07:00 would fire on Friday's last bar, for orders that expire before the market opens.
    """
    if calendar.session(local_date(due_ns, calendar.zone)) is not None:
        return True
    return calendar.session_of(due_ns) is not None or calendar.session_of(due_ns - 1) is not None


def moment_in_session(anchor: Anchor, seconds: int, session: Session) -> int:
    """What lies beyond a session is refused where the schedule is written, so nothing is cut here."""
    return _anchored(anchor, seconds, session.open_ns, session.close_ns)


def _anchored(anchor: Anchor, seconds: int, open_ns: int, close_ns: int) -> int:
    match anchor:
        case Anchor.BEFORE_END:
            return close_ns - seconds * NS_PER_SECOND
        case Anchor.AFTER_START:
            return open_ns + seconds * NS_PER_SECOND
        case _:
            assert_never(anchor)


def moments_in(at: DayMoment, calendar: Calendar, indices: Sequence[int]) -> list[int]:
    """The moments of sessions by their numbers: of ten thousand in one go."""
    match at:
        case SessionMoment(anchor=Anchor.BEFORE_END, seconds=seconds):
            return [calendar.closes_ns[index] - seconds * NS_PER_SECOND for index in indices]
        case SessionMoment(anchor=Anchor.AFTER_START, seconds=seconds):
            return [calendar.opens_ns[index] + seconds * NS_PER_SECOND for index in indices]
        case _:
            return [moment_in(at, calendar, index) for index in indices]


def moment_in(at: DayMoment, calendar: Calendar, index: int) -> int:
    """The moment of the session with that number; a clock's day is the session's date."""
    match at:
        case SessionMoment(anchor=anchor, seconds=seconds):
            return _anchored(anchor, seconds, calendar.opens_ns[index], calendar.closes_ns[index])
        case ClockMoment(second=second, zone=zone):
            return moment_on(calendar.dates[index], second, zone)
        case _:
            assert_never(at)
