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


@record
class NoAuction(Problem):
    """Auctions are held by stock venues; their times are in a table of the venues that are known."""

    code: ClassVar[str] = "C424"
    title: ClassVar[str] = "`{symbol}` has no {auction} auction that is known"
    label: ClassVar[str] = "no such auction"
    help: ClassVar[str] = "write `at market`, or say in an `instruments.toml` on which venue it is `listed_on`"
    example: ClassVar[str] = (
        "trade EUR/USD on 5 min\nrule leave\n  every day, at 15:00 New York\n  then exit all at closing auction"
    )
    instead: ClassVar[str] = (
        "trade EUR/USD on 5 min\nrule leave\n  every day, at 15:00 New York\n  then exit all at market"
    )

    symbol: str
    auction: str


@record
class AfterCutOff(Problem):
    """A venue takes orders for an auction until a time before it; what is decided later would miss it. On half days the
    time moves with the close."""

    code: ClassVar[str] = "C425"
    title: ClassVar[str] = "on {day} the {auction} auction of `{symbol}` takes orders until {until} only ({venue})"
    label: ClassVar[str] = "decided at {decided}"
    note: ClassVar[str] = "{count} of {sessions} of these sessions are decided too late"
    help: ClassVar[str] = "decide more than {before} before it, as in `every session, {sample} before end`"
    example: ClassVar[str] = (
        f"{FIVE_MINUTES}rule leave\n  every session, 5 min before end\n  then exit all at closing auction"
    )
    instead: ClassVar[str] = (
        f"{FIVE_MINUTES}rule leave\n  every session, 20 min before end\n  then exit all at closing auction"
    )

    day: str
    auction: str
    symbol: str
    until: str
    venue: str
    decided: str
    count: int
    sessions: int
    before: str
    sample: str


@record
class AfterFormerCutOff(AfterCutOff):
    """A venue took orders for an auction until an earlier time before it changed its rules: over these days a backtest
    fills orders that the auction would not have taken."""

    code: ClassVar[str] = "C427"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "until {day} the {auction} auction of `{symbol}` took orders until {until} only ({venue})"
    example: ClassVar[str] = (
        f"{FIVE_MINUTES}rule leave\n  every session, 15 min before end\n  then exit all at closing auction"
    )
    instead: ClassVar[str] = (
        f"{FIVE_MINUTES}rule leave\n  every session, 20 min before end\n  then exit all at closing auction"
    )


@record
class AuctionWithoutTime(Problem):
    """An order for the closing auction is decided at a named time, from what is known then: the close itself is not."""

    code: ClassVar[str] = "C426"
    title: ClassVar[str] = "an order for the closing auction must say when it is decided"
    label: ClassVar[str] = "this rule may decide after the venue's cut-off"
    example: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  when long\n  then exit all at closing auction"
    instead: ClassVar[str] = (
        f"{FIVE_MINUTES}rule leave\n  every session, 20 min before end\n  when long\n  then exit all at closing auction"
    )

    def helps(self) -> tuple[str, ...]:
        return (
            "add `every session, 20 min before end`: the price known then stands for the close",
            "`at market` trades as soon as the next bar begins",
        )


@record
class DayOfAnExchange(Problem):
    """A market that shuts has its days from its exchange. Only one that never shuts has days that begin where one
    likes."""

    code: ClassVar[str] = "C428"
    title: ClassVar[str] = "the days of `{symbol}` are the sessions of its calendar `{calendar}`"
    label: ClassVar[str] = "not for days of one's own"
    help: ClassVar[str] = "leave `from …` out, or trade an instrument that trades round the clock, as `BTC/USDT` does"
    example: ClassVar[str] = "trade SPY on 1 day from 09:00 Seoul"
    instead: ClassVar[str] = "trade SPY on 1 day"

    symbol: str
    calendar: str
