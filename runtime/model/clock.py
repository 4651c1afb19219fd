"""What compiled code may ask of time: requests, as plain hashable values, each answered by one int64 per bar.

A program collects the requests that its rules make; `runtime.feeds.clock` answers them for a whole column of bars (the
backtest) or for one bar after another (paper and live). Every answer is taken at the bar's close, the moment of
decision, and depends on nothing later than that close, except that a schedule belongs to the last bar that had closed
when its moment came.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from stratc.runtime.model.record import record

BEGUN: Final = 1  # a new occurrence of the window has begun since the previous bar: forget the old one
INSIDE: Final = 2  # this bar lies wholly inside the window: take it in
ENDED: Final = 4  # the window has ended by this bar's close: its value is known from here on


class Period(StrEnum):
    """The spans of sessions that a calendar knows the ends of in advance."""

    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "2 months"
    QUARTER = "quarter"
    FOUR_MONTHS = "4 months"
    HALF_YEAR = "half year"
    YEAR = "year"


class Place(StrEnum):
    """Which session of a period is meant."""

    FIRST = "first"
    LAST = "last"


class Anchor(StrEnum):
    """The end of a session that a schedule counts from."""

    AFTER_START = "after_start"
    BEFORE_END = "before_end"


@record
class FirstOfSession:
    """The first `seconds` of a session, cut at the session's end."""

    seconds: int


@record
class ClockRange:
    """From `start_second` to `end_second` of the local day in `zone`; wraps midnight where the end is not later."""

    start_second: int
    end_second: int
    zone: str


@record
class SessionSoFar:
    """From the session's start to this bar, whose value is known at every bar."""


@record
class SessionPart:
    """The pieces of `seconds` that a session has, counted from its open, the last cut at its end: a higher bar each.

    A day's worth of seconds is the whole session. Its first occurrence begins only with a bar that opens with it, so
    that a higher bar of which the data hold a part is none.
    """

    seconds: int


@record
class PeriodOfSessions:
    """From the open of the first session of a week or month to the close of its last: a higher bar, as above."""

    period: Period


HigherBar = SessionPart | PeriodOfSessions
WindowKind = FirstOfSession | ClockRange | SessionSoFar | SessionPart | PeriodOfSessions


@record
class EverySession:
    """Once a session, `seconds` before its end or after its start; half days move it."""

    anchor: Anchor
    seconds: int


@record
class EveryDay:
    """At `second` of the local day in `zone`, on days on which the instrument has a session."""

    second: int
    zone: str


@record
class SessionMoment:
    """`seconds` before a session's end or after its start; 0 before the end is its close."""

    anchor: Anchor
    seconds: int


@record
class ClockMoment:
    """`second` of the local day in `zone`."""

    second: int
    zone: str


DayMoment = SessionMoment | ClockMoment


@record
class EveryPeriod:
    """On one session of each period, `number` from 1, counted from its first or its last; a clock's day is its date."""

    period: Period
    number: int
    from_end: bool
    at: DayMoment


class HolidayChoice(StrEnum):
    """What a schedule of weekdays does where the day has no session."""

    BEFORE = "before"
    AFTER = "after"
    SKIPPED = "skipped"


@record
class EveryWeekday:
    """On a weekday, Monday is 1: on each (`nth` 0), on the nth of the month, or on its last (-1).

    The day is that of the session's date, with a clock that of the clock's zone.
    """

    weekday: int
    nth: int
    holiday: HolidayChoice
    at: DayMoment


ScheduleKind = EverySession | EveryDay | EveryPeriod | EveryWeekday


@record
class TradingDay:
    """The calendar's number of the bar's session: differences count sessions, also those without bars."""


@record
class TradingDate:
    """The date of the bar's session, in days since 1970-01-01."""


@record
class SecondOfDay:
    """The local time of the bar's close, 0 to 86399; a close at local midnight is 0."""

    zone: str


@record
class SecondOfSession:
    """Seconds from the session's open to the bar's close; negative before the session opens."""


@record
class SecondsToSessionEnd:
    """Seconds from the bar's close to the session's end; negative after it."""


@record
class BarOfSession:
    """1 on the first bar of the session that there is, then 2, 3 …; 0 on bars that end before the session opens."""


@record
class SessionStart:
    """1 on the first bar of a session that there is, else 0."""


@record
class DayOfWeek:
    """Day of the week of the session's date: Monday is 1, Sunday 7."""


@record
class DayOfMonth:
    """Day of the month of the session's date, 1 to 31."""


@record
class Month:
    """Month of the session's date, 1 to 12."""


@record
class SessionOf:
    """The number of the bar's session in its period, from 1."""

    period: Period


@record
class SessionsLeftIn:
    """How many sessions of the period come after the bar's, known in advance from the calendar; 0 on its last."""

    period: Period


@record
class DaysToNextSession:
    """Calendar days from the date of the bar's session to that of the next one: 1, over a weekend 3."""


@record
class Window:
    """The phase of an anchored window at this bar: any of `BEGUN`, `INSIDE`, `ENDED`, added up."""

    kind: WindowKind


@record
class Schedule:
    """1 on the last bar that has closed when a scheduled moment comes, else 0."""

    kind: ScheduleKind


Request = (
    TradingDay
    | TradingDate
    | SecondOfDay
    | SecondOfSession
    | SecondsToSessionEnd
    | BarOfSession
    | SessionStart
    | DayOfWeek
    | DayOfMonth
    | Month
    | SessionOf
    | SessionsLeftIn
    | DaysToNextSession
    | Window
    | Schedule
)
