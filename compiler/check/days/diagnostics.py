"""Problems with the days of a schedule: holidays, short sessions, periods with too few sessions."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

FIVE_MINUTES = "trade SPY on 5 min, regular session\n"


@record
class HolidayUnsaid(Problem):
    """A weekday may be a holiday. The text says whether the session before or after stands for it, or none."""

    code: ClassVar[str] = "C420"
    title: ClassVar[str] = "{day} is a {weekday} without a session of `{symbol}`, and what happens then is not said"
    label: ClassVar[str] = "on a holiday?"
    note: ClassVar[str] = "{count} of {days} such days of the calendar have no session then"
    example: ClassVar[str] = "rule leave\n  every Friday\n  then exit all"
    instead: ClassVar[str] = "rule leave\n  every Friday or session before\n  then exit all"

    weekday: str
    day: str
    symbol: str
    count: int
    days: int

    def helps(self) -> tuple[str, ...]:
        return (
            "`or session before`: the last session before the holiday stands for it",
            "`or session after`: the next session stands for it",
            "`or skipped`: nothing happens in that week",
        )


@record
class BeyondSession(Problem):
    """A distance from a session's end or start that is longer than some session would fall outside of it."""

    code: ClassVar[str] = "C421"
    title: ClassVar[str] = "on {day} the session of `{symbol}` lasts {length}, less than {text}"
    label: ClassVar[str] = "outside of that session"
    note: ClassVar[str] = "{count} of {sessions} sessions of the calendar are as short"
    help: ClassVar[str] = "write a distance of less than {length}"
    example: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every session, 5 hours before end\n  then exit all"
    instead: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every session, 1 hour before end\n  then exit all"

    day: str
    symbol: str
    length: str
    text: str
    count: int
    sessions: int


@record
class NoSuchSession(Problem):
    """A schedule on a session that no period has would never come."""

    code: ClassVar[str] = "C422"
    title: ClassVar[str] = "no {period} of `{symbol}` has a session {number}: the longest has {most}"
    label: ClassVar[str] = "never comes"
    help: ClassVar[str] = "write a number up to {most}, or count from the end: `on session 1 from end`"
    example: ClassVar[str] = "rule leave\n  every week, on session 6\n  then exit all"
    instead: ClassVar[str] = "rule leave\n  every week, on last session\n  then exit all"

    period: str
    symbol: str
    number: int
    most: int


@record
class SessionSometimesMissing(Problem):
    """Periods with fewer sessions than the schedule counts have none that is meant: nothing happens in them."""

    code: ClassVar[str] = "C423"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the {period} of {day} has {least} sessions of `{symbol}`: nothing happens in it"
    label: ClassVar[str] = "skipped there"
    note: ClassVar[str] = "{count} of {periods} such periods of the calendar are as short"
    help: ClassVar[str] = "write a number up to {fewest}, or `on last session`"
    example: ClassVar[str] = "rule leave\n  every month, on session 21\n  then exit all"
    instead: ClassVar[str] = "rule leave\n  every month, on last session\n  then exit all"

    period: str
    day: str
    least: int
    symbol: str
    count: int
    periods: int
    fewest: int
