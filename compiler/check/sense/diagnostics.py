"""Problems with amounts that have the right unit and make no sense: T codes."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Label, Problem
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

ENTER = "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at low"


@record
class BoundOutOfReach(Problem):
    """A cap of nought denies everything, a cap below nought would bound nothing, a halt at more than everything never
    trips. What an input may be counts, not only its default.
    """

    code: ClassVar[str] = "T334"
    title: ClassVar[str] = "`{what}` must be {wanted}, and this {found}"
    label: ClassVar[str] = "out of reach"
    help: ClassVar[str] = "write `{sample}`"
    example: ClassVar[str] = "cap leverage -2x"
    instead: ClassVar[str] = "cap leverage 2x"

    what: str
    wanted: str
    found: str
    sample: str


@record
class CapTwice(Problem):
    """Of two caps on one thing only one could hold, and a reader could not tell which."""

    code: ClassVar[str] = "T335"
    title: ClassVar[str] = "`{what}` is said twice"
    label: ClassVar[str] = "again here"
    help: ClassVar[str] = "keep the one that is meant and remove the other"
    example: ClassVar[str] = "cap leverage 2x\ncap leverage 10x"
    instead: ClassVar[str] = "cap leverage 2x\ncap gross 150% of equity"

    what: str
    first: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.first, "first said here"),)


@record
class TooManyHalts(Problem):
    """Every halt has a state of its own that is kept over restarts; a run keeps so many of them."""

    code: ClassVar[str] = "T394"
    title: ClassVar[str] = "this is one halt too many: a strategy has at most {most}"
    label: ClassVar[str] = "too many"
    help: ClassVar[str] = "join conditions of `halt when` by `or`, or remove halts that others imply"
    example: ClassVar[str] = "\n".join(f"halt when close < {price} USD, until released" for price in range(20, 11, -1))
    instead: ClassVar[str] = "halt when close < 20 USD, until released"

    most: int


@record
class NeverAnOrder(Problem):
    """A size that is nought or less, or less than the smallest quantity that can be traded, never places an order."""

    code: ClassVar[str] = "T336"
    title: ClassVar[str] = "`{text}` never makes an order: {why}"
    label: ClassVar[str] = "too small"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy -10 shares at next open\n       stop loss at low"
    instead: ClassVar[str] = ENTER

    text: str
    why: str
    advice: str


@record
class WrongSide(Problem):
    """A stop loss lies where the order would lose, a target where it would gain: below and above the price of a buy,
    above and below that of a short. An order with one on the wrong side is denied every time.
    """

    code: ClassVar[str] = "T337"
    title: ClassVar[str] = "this {what} is never {side} the price of the `{word}`"
    label: ClassVar[str] = "on the wrong side"
    example: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at close * 1.02"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at close * 0.98"
    )

    what: str
    side: str
    word: str
    advice: str
    other: str
    both: bool
    at_word: Span

    def helps(self) -> tuple[str, ...]:
        if self.both:
            return (f"stop loss and target are both on the wrong side: write `{self.other}` instead of `{self.word}`",)
        return (f"write {self.advice}", f"or write `{self.other}` if that was meant")

    def fix(self) -> Fix | None:
        edit = Edit(self.at_word, self.other)
        return Fix(f"write `{self.other}`", (edit,), safe=False) if self.both else None


@record
class MovedAcross(Problem):
    """A stop loss of a long position lies below the market, of a short one above it: moved across it, it would be an
    exit at the market, which is written `exit all`.
    """

    code: ClassVar[str] = "T347"
    title: ClassVar[str] = "this stop loss is moved {side} the close of a {held} position, or to it, on every bar"
    label: ClassVar[str] = "on the wrong side"
    help: ClassVar[str] = "write `{sample}`, or `exit all` to leave at once"
    example: ClassVar[str] = f"{ENTER}\nrule protect\n  when long\n  then move stop loss to close + 2 * atr(14)"
    instead: ClassVar[str] = f"{ENTER}\nrule protect\n  when long\n  then move stop loss to close - 2 * atr(14)"

    side: str
    held: str
    sample: str
