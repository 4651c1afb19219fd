"""Moments of schedules that bars were lacking for, by hand: a week in New York, Monday 8 to Friday 12 January 2024.

The session is open from 9:30 to 16:00, which is 14:30 to 21:00 UTC; 15 January is a holiday.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stratc.runtime.feeds.missed import missed
from stratc.runtime.model.clock import (
    Anchor,
    ClockMoment,
    EveryDay,
    EveryPeriod,
    EverySession,
    EveryWeekday,
    HolidayChoice,
    Period,
    SessionMoment,
)
from stratc.runtime.model.session import calendar
from stratc.runtime.model.zone import NS_PER_SECOND

pytestmark = pytest.mark.fast

DAY, HOUR = 86_400 * NS_PER_SECOND, 3_600 * NS_PER_SECOND
NEW_YORK = calendar("XNYS")
CLOSE = SessionMoment(anchor=Anchor.BEFORE_END, seconds=0)
EACH_CLOSE = EverySession(anchor=Anchor.BEFORE_END, seconds=0)
WEDNESDAYS = EveryWeekday(weekday=3, nth=0, holiday=HolidayChoice.SKIPPED, at=CLOSE)
NOON = EveryDay(second=12 * 3_600, zone="America/New_York")
MONTHS = EveryPeriod(period=Period.MONTH, number=1, from_end=True, at=CLOSE)


def at(day, hour=21, minute=0):
    """A moment of January 2024, in UTC."""
    return int(datetime(2024, 1, day, hour, minute, tzinfo=UTC).timestamp()) * NS_PER_SECOND


def days(*dates):
    return [at(day) for day in dates]


def hours(day, *closing):
    """Bars of an hour; the session's last is half of one."""
    return [at(day, hour, 0 if hour == 21 else 30) for hour in closing]


WHOLE = (15, 16, 17, 18, 19, 20, 21)

CASES = {
    # daily bars: every session's close; the holiday on the 15th is no session
    "none is lacking": (EACH_CLOSE, DAY, days(8, 9, 10, 11, 12, 16), [], 0),
    "one session has no bar": (EACH_CLOSE, DAY, days(8, 9, 11, 12), [at(10)], 1),
    "two in a row": (EACH_CLOSE, DAY, days(8, 11, 12), [at(9), at(10)], 2),
    "the last bars are no gap": (EACH_CLOSE, DAY, days(9, 10), [], 0),
    # a Wednesday is moved to the Tuesday, and no other moment came with it
    "its day has no bar": (WEDNESDAYS, DAY, days(8, 9, 11, 12), [at(10)], 0),
    "another day has none": (WEDNESDAYS, DAY, days(8, 10, 11, 12), [], 0),
    "a month that ends in a gap": (MONTHS, DAY, [*days(8, 30), at(31) + 2 * DAY], [at(31)], 0),
    # bars of an hour; at noon the bar of 10:30 to 11:30 has closed
    "all hours are there": (NOON, HOUR, [*hours(8, *WHOLE), *hours(9, *WHOLE)], [], 0),
    "the hour before noon is lacking": (NOON, HOUR, [*hours(8, 15, 17, 18, 21), *hours(9, *WHOLE)], [at(8, 17)], 0),
    "an hour after noon is lacking": (NOON, HOUR, [*hours(8, 15, 16, 18, 21), *hours(9, *WHOLE)], [], 0),
    "a whole day is lacking": (
        NOON,
        HOUR,
        [*hours(8, *WHOLE), *hours(10, *WHOLE)],
        [at(9, 17)],
        0,
    ),
    "two days are lacking": (NOON, HOUR, [*hours(8, *WHOLE), *hours(11, *WHOLE)], [at(9, 17), at(10, 17)], 1),
    "no bars": (NOON, HOUR, [], [], 0),
}


@pytest.mark.parametrize(("kind", "interval", "closes", "wanted", "untried"), CASES.values(), ids=CASES)
def test_by_hand(kind, interval, closes, wanted, untried):
    found = missed(kind, closes, interval, NEW_YORK)
    assert (list(found.moments_ns), len(found.untried_ns)) == (wanted, untried)


def test_a_half_day_is_no_gap():
    """3 July 2023 ends at 13:00 New York; a schedule of the close comes with its last bar, on the day after too."""
    start = datetime(2023, 7, 3, 17, tzinfo=UTC)
    closes = [int(moment.timestamp()) * NS_PER_SECOND for moment in (start, start + timedelta(days=2, hours=3))]
    assert missed(EACH_CLOSE, closes, DAY, NEW_YORK).moments_ns == ()


def test_a_moment_before_the_end_of_daily_bars_is_of_its_session():
    kind = EverySession(anchor=Anchor.BEFORE_END, seconds=1_800)
    assert missed(kind, days(8, 9, 10), DAY, NEW_YORK).moments_ns == ()
    assert missed(kind, days(8, 10), DAY, NEW_YORK).moments_ns == (at(9, 20, 30),)


def test_a_clock_of_another_place():
    kind = EveryWeekday(
        weekday=2, nth=0, holiday=HolidayChoice.AFTER, at=ClockMoment(second=18 * 3_600, zone="Europe/London")
    )
    assert missed(kind, [*hours(8, *WHOLE), *hours(10, *WHOLE)], HOUR, NEW_YORK).moments_ns == (at(9, 18),)
