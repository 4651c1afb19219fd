"""Problems with values that are counted in sessions on bars shorter than a day."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem, Severity
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

FIVE_MINUTES = "trade SPY on 5 min, regular session\n"


@record
class NotCountedInSessions(Problem):
    """On bars shorter than a day, `X[2 sessions]` is what X was when the second session before the present one ended. X
    is a value of the strategy's own bars, of one instrument."""

    code: ClassVar[str] = "C437"
    title: ClassVar[str] = "`{text}` cannot be counted in sessions: {why}"
    label: ClassVar[str] = "not a value of the session's bars"
    help: ClassVar[str] = (
        "write what its own bars say, for example `close[1 sessions]`, or count bars of a day: `(close on 1 day)[1]`"
    )
    example: ClassVar[str] = f"{FIVE_MINUTES}let before = equity[1 sessions]"
    instead: ClassVar[str] = f"{FIVE_MINUTES}let before = close[1 sessions]"

    text: str
    why: str


@record
class LastBarOfSession(Problem):
    """When a session has ended, `high` is the high of its last bar. The high of the whole session is an aggregate of
    its bars; of the columns only `close` is the same for both."""

    code: ClassVar[str] = "T366"
    title: ClassVar[str] = "`{text}` would be the {column} of that session's last bar of {bars}, not of the session"
    label: ClassVar[str] = "of the last bar"
    help: ClassVar[str] = "for the session's {column} write `({aggregate}({column}) over session so far)[{offset}]`"
    example: ClassVar[str] = f"{FIVE_MINUTES}let before = high[1 sessions]"
    instead: ClassVar[str] = f"{FIVE_MINUTES}let before = (highest(high) over session so far)[1 sessions]"

    text: str
    column: str
    bars: str
    aggregate: str
    offset: str
    base: Span

    def fix(self) -> Fix | None:
        whole = f"({self.aggregate}({self.column}) over session so far)"
        return Fix(f"write `{whole}`", (Edit(self.base, whole),), safe=False)


@record
class SameValueManyTimes(Problem):
    """A window's value stays the same from its end until the window begins again. An indicator of it takes the
    strategy's bars in, and so takes the same value many times; on bars of a day it takes one value a session."""

    code: ClassVar[str] = "T367"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{text}` takes a value a bar of {bars} in, and the window's is the same on most of them"
    label: ClassVar[str] = "not one value a session"
    help: ClassVar[str] = "for one value a session write `{series} on 1 day`"
    example: ClassVar[str] = f"{FIVE_MINUTES}let usual = sma(sum(volume) over first 5 min of session, 14)"
    instead: ClassVar[str] = f"{FIVE_MINUTES}let usual = sma(sum(volume) over first 5 min of session on 1 day, 14)"

    text: str
    bars: str
    series: str
