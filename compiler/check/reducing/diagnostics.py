"""What is told of a cap that reduces."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Label, Problem, Severity
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

_RULES = (
    "rule enter\n  when flat and close > open\n  then buy {size} of equity at next open\n"
    "rule leave\n  when long and close < open\n  then exit all at next open\n"
    "cap leverage 1x, then reduce"
)


@record
class EntersAtCap(Problem):
    """A cap that reduces sells what lies above it at the end of every moment. What is bought up to the cap itself lies
    above it as soon as a cost is paid or the price moves on, and each such move brings an order with its cost."""

    code: ClassVar[str] = "T432"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = (
        "this enters {total} of equity, and `{cap}` reduces from {bound} on: each move beyond is an order"
    )
    label: ClassVar[str] = "no room below the cap"
    help: ClassVar[str] = "leave room: write `{smaller}% of equity`, or raise the cap"
    example: ClassVar[str] = _RULES.format(size="100%")
    instead: ClassVar[str] = _RULES.format(size="90%")

    cap: str
    total: str
    bound: str
    smaller: str
    at_cap: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.at_cap, "reduces what lies above it"),)
