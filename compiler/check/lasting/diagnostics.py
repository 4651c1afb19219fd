"""What is told of `for at least`: conditions that are true on one bar at a time, and what it is said of."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem, Severity
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

_RULE = "rule enter\n  when flat and {}\n  then buy 10 shares\n       stop loss at low"
_CROSSING = "close crosses above sma(close, 50)"


@record
class NeverLasts(Problem):
    """A crossing, and whatever else says that something has begun, is true on the bar on which it begins and not on the
    next: it holds for no two bars together."""

    code: ClassVar[str] = "T430"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{text}` is true on one bar at a time, so it never holds for {bars} together"
    label: ClassVar[str] = "never on two bars in a row"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _RULE.format(f"{_CROSSING} for at least 3 bars")
    instead: ClassVar[str] = _RULE.format("close > sma(close, 50) for at least 3 bars")

    text: str
    bars: int
    advice: str


@record
class LastsAlone(Problem):
    """`for at least` is said of the one condition before it, as `not` is of the one behind it. Beside other conditions
    it can be read of all of them, so parentheses say which is meant."""

    code: ClassVar[str] = "T431"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`for at least {bars}` is said of `{alone}` only"
    label: ClassVar[str] = "what stands before `{joined}` need hold now only"
    example: ClassVar[str] = _RULE.format("close > open and volume > 5 shares for at least 3 bars")
    instead: ClassVar[str] = _RULE.format("close > open and (volume > 5 shares for at least 3 bars)")

    bars: str
    alone: str
    joined: str
    all_of_it: str

    def helps(self) -> tuple[str, ...]:
        return (
            f"as it is read: write `({self.alone} for at least {self.bars})`",
            f"for all of it: write `{self.all_of_it}`",
        )

    def fix(self) -> Fix:
        """Two signs are put in, so that lines and comments between them stay as they are."""
        begins, ends = Span(self.span.start, self.span.start), Span(self.span.end, self.span.end)
        return Fix("put what lasts in parentheses", (Edit(begins, "("), Edit(ends, ")")), safe=True)
