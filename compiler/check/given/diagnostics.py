"""Problems with what a line sets in the block that it uses: T353 and T354."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Label, Problem
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

_HEAD = 'strategy "Example"\ntrade SPY on 1 day\naccount cash USD\n'
_RULE = "rule enter\n  when flat and close > open\n  then buy 10 shares at next open\n"
_BLOCK = "\nblock month_end\ninput {days}\nrule leave_early\n  when bars_held >= days\n  then exit all at next open\n"


@record
class GivenInAnotherUnit(Problem):
    """What is written behind `with` stands in the place of the input's own value, so it has the same unit."""

    code: ClassVar[str] = "T353"
    title: ClassVar[str] = "`{name}` of the block is {wanted}, and this is {found}"
    label: ClassVar[str] = "another unit"
    help: ClassVar[str] = "write {wanted}, as the block does: `{name} = {sample}`"
    example: ClassVar[str] = _HEAD + "use month_end with days = 2%\n" + _RULE + _BLOCK.format(days="days = 3 bars")
    instead: ClassVar[str] = _HEAD + "use month_end with days = 2 bars\n" + _RULE + _BLOCK.format(days="days = 3 bars")

    name: str
    wanted: str
    found: str
    sample: str
    declared: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.declared, "declared here"),)


@record
class GivenOutsideRange(Problem):
    """The range of an input holds wherever it is set. An input that is passed on must lie in it with its whole range,
    since a run may set it to any value of that."""

    code: ClassVar[str] = "T354"
    title: ClassVar[str] = "`{name}` of the block may be from {low} to {high}, and this {may_be} {found}"
    label: ClassVar[str] = "outside"
    help: ClassVar[str] = "choose a value in that range, or widen the range in the block"
    example: ClassVar[str] = (
        _HEAD + "use month_end with days = 20\n" + _RULE + _BLOCK.format(days="days = 3 in 1..5").replace(">=", ">")
    )
    instead: ClassVar[str] = (
        _HEAD + "use month_end with days = 4\n" + _RULE + _BLOCK.format(days="days = 3 in 1..5").replace(">=", ">")
    )

    name: str
    low: str
    high: str
    may_be: str
    found: str
    declared: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.declared, "declared here"),)
