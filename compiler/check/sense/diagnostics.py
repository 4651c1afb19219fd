"""Problems with amounts and prices that are measured rightly and make no sense where they stand: T334 and T335."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem
from stratc.dsl.source import Span
from stratc.runtime.model.record import record


@record
class AmountOutOfRange(Problem):
    """Sizes, risks, caps and thresholds have a sense only within bounds: nothing is bought by buying nought, and more
    than all of the equity cannot be risked. A number outside of them is a slip of the sign, the point or the unit."""

    code: ClassVar[str] = "T334"
    title: ClassVar[str] = "`{what}` takes {wanted}, and this is `{found}`"
    label: ClassVar[str] = "out of range"
    help: ClassVar[str] = "write for example `{sample}`"
    example: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy risking 150% of equity at next open\n       stop loss at low"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy risking 1.5% of equity at next open\n       stop loss at low"
    )

    what: str
    wanted: str
    found: str
    sample: str


@record
class WrongSide(Problem):
    """The stop loss of a buy lies below its entry and its target above; of a short it is the other way round. Told
    where it is certain on every bar from what prices are: a high is no lower than a close, a range is not negative."""

    code: ClassVar[str] = "T335"
    title: ClassVar[str] = "this `{word}` has its {part} on the wrong side of its entry"
    label: ClassVar[str] = "never {side} the entry"
    example: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at close + 2 * atr(14)"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at close - 2 * atr(14)"
    )

    part: str
    word: str
    side: str
    sample: str
    other: str
    at_word: Span

    def helps(self) -> tuple[str, ...]:
        both = " and " in self.part
        mended = "a price {side} the entry is for example `{sample}`"
        return ("was `{other}` meant?",) if both else (mended, "or was `{other}` meant?")

    def fix(self) -> Fix | None:
        both = " and " in self.part
        return Fix(f"write `{self.other}`", (Edit(self.at_word, self.other),), safe=False) if both else None
