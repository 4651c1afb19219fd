"""What can be wrong with a book and its sleeves: codes N242 to N245."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
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
