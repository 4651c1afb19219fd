"""What can be wrong with a book and its sleeves: codes N242 to N245 and N292 to N295."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Label, Problem
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

_BOOK = 'book "Core"\naccount cash USD\n'
_TAIL = (
    "\nrule enter\n  when flat and close > open\n  then buy 90% of equity at next open\n"
    "rule leave\n  when long and close < open\n  then exit all at next open\n"
)
_CALM = '\nblock "calm.strat"\nstrategy "Calm"\ntrade SPY on 1 day\naccount cash USD\n' + _TAIL
_FAST = '\nblock "fast.strat"\nstrategy "Fast"\ntrade QQQ on 1 day\naccount cash USD\n' + _TAIL
_ONE = 'sleeve "calm.strat" with 40% of equity\n'
_TWO = _ONE + 'sleeve "fast.strat" with 40% of equity\n'
_WHOLE = _BOOK + _TWO + _CALM + _FAST


@record
class NotOfBook(Problem):
    """A book holds an account, its caps and halts, and its sleeves. What is traded, and when, stands in the files of
    the sleeves, so that each of them stays a strategy that runs alone."""

    code: ClassVar[str] = "N242"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "not in a book"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _BOOK + _TWO + "let fast = sma(close, 50)\n" + _CALM + _FAST
    instead: ClassVar[str] = _WHOLE

    what: str
    advice: str


@record
class WrongPart(Problem):
    """Each sleeve has a part of the equity that the account starts with, a number: what is left of it stays in
    reserve. All parts together are at most 100%."""

    code: ClassVar[str] = "N243"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "this part"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _BOOK + _ONE + 'sleeve "fast.strat" with 70% of equity\n' + _CALM + _FAST
    instead: ClassVar[str] = _WHOLE

    what: str
    advice: str


@record
class SleevesDiffer(Problem):
    """All sleeves of a book decide at the same moments, on bars of the same length and of the same sessions, and their
    account is the book's: its kind, its currency."""

    code: ClassVar[str] = "N244"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "differs here"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _BOOK + _TWO + _CALM + _FAST.replace("1 day", "1 hour")
    instead: ClassVar[str] = _WHOLE

    what: str
    advice: str


@record
class NotInSleeve(Problem):
    """A sleeve cannot bring what would act on the account as a whole, or on what other sleeves hold: limits, flows of
    money and what decides over all instruments at once. Limits of the account are written in the book."""

    code: ClassVar[str] = "N245"
    title: ClassVar[str] = "{what} cannot stand in a sleeve"
    label: ClassVar[str] = "acts beyond its sleeve"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _BOOK + _ONE + _CALM + "cap leverage 1x\n"
    instead: ClassVar[str] = _BOOK + _ONE + "cap leverage 1x\n" + _CALM

    what: str
    advice: str


@record
class NoSuchSleeve(Problem):
    """A sleeve is a strategy in a file of its own, which lies beside the book or below it."""

    code: ClassVar[str] = "N292"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "no strategy to run"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _BOOK + _ONE + 'sleeve "fats.strat" with 40% of equity\n' + _CALM + _FAST
    instead: ClassVar[str] = _WHOLE

    what: str
    advice: str


@record
class BookInBook(Problem):
    """A book holds strategies. A book in a book would share out its own equity, and none is built."""

    code: ClassVar[str] = "N293"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "no strategy"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = (
        _BOOK + _ONE + 'sleeve "all.strat" with 40% of equity\n' + _CALM + '\nblock "all.strat"\n' + _BOOK + _ONE
    )
    instead: ClassVar[str] = _WHOLE

    what: str
    advice: str


@record
class NameOfSleeve(Problem):
    """The report tells sleeves apart by their names: that of the file, or the one behind `as`. Each has its own, and
    none has a word of the language."""

    code: ClassVar[str] = "N294"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "needs a name of its own"
    help: ClassVar[str] = 'give it one: `sleeve "{file}" with 30% of equity as another_name`'
    example: ClassVar[str] = _BOOK + _ONE + _ONE + _CALM
    instead: ClassVar[str] = _BOOK + _ONE + 'sleeve "calm.strat" with 40% of equity as calm_too\n' + _CALM

    what: str
    file: str


@record
class BookAndStrategy(Problem):
    """A text is one of both: a book, which holds sleeves, or a strategy, which holds rules and may be a sleeve."""

    code: ClassVar[str] = "N295"
    title: ClassVar[str] = "this text begins as a book and as a strategy"
    label: ClassVar[str] = "one of the two"
    example: ClassVar[str] = 'strategy "Core"\n' + _BOOK + _TWO + _CALM + _FAST
    instead: ClassVar[str] = _WHOLE

    first: Span
    sleeves: bool

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.first, "the other"),)

    def helps(self) -> tuple[str, ...]:
        moved = (
            'move the strategy into a file of its own and name it here: `sleeve "my_strategy.strat" with 40% of equity`'
        )
        alone = (
            "for a book of these sleeves take the `strategy` line out"
            if self.sleeves
            else "for a strategy take the `book` line out"
        )
        return (alone, moved)
