"""Problems with ladders: T348 to T352."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record

GRID = (
    "rule grid\n  then buy 25 USD\n       at each of 40 geometric levels from 2000 USD to 4000 USD\n"
    "       target one level up"
)


@record
class LevelsUncounted(Problem):
    """A ladder has a whole number of levels that is written in the text, so that what it may hold is known before the
    run, and few enough that all of them can rest at once.
    """

    code: ClassVar[str] = "T348"
    title: ClassVar[str] = "a ladder has 2 to {most} levels, a whole number, and this says `{text}`"
    label: ClassVar[str] = "how many?"
    help: ClassVar[str] = "write a number such as `at each of 40 geometric levels`"
    example: ClassVar[str] = (
        "rule grid\n  then buy 25 USD\n       at each of 2.5 geometric levels from 2000 USD to 4000 USD\n"
        "       target one level up"
    )
    instead: ClassVar[str] = GRID

    text: str
    most: int


@record
class LevelsFallTogether(Problem):
    """Prices are rounded to ticks: levels of purchases down, of short sales up. Where two levels of a ladder are less
    than a tick apart they become one price, and one of them would never trade.
    """

    code: ClassVar[str] = "T349"
    title: ClassVar[str] = "{count} levels from {first} to {last} fall together: two are rounded to {price}"
    label: ClassVar[str] = "less than a tick apart"
    help: ClassVar[str] = "the tick of {symbol} is {tick}: at most {most} levels fit, or widen the range"
    example: ClassVar[str] = (
        "rule grid\n  then buy 25 USD\n       at each of 40 arithmetic levels from 100.00 USD to 100.20 USD\n"
        "       target one level up"
    )
    instead: ClassVar[str] = (
        "rule grid\n  then buy 25 USD\n       at each of 20 arithmetic levels from 100.00 USD to 100.20 USD\n"
        "       target one level up"
    )

    count: int
    first: str
    last: str
    price: str
    symbol: str
    tick: str
    most: int


@record
class NotWithLevels(Problem):
    """The levels of a ladder are entries of their own, which rest side by side, and each is tried again once it is
    idle. What is meant for one entry that stands alone does not go with them.
    """

    code: ClassVar[str] = "T350"
    title: ClassVar[str] = "{what} does not go with the levels of a ladder"
    label: ClassVar[str] = "not with `at each of`"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = GRID + "\n  at most 1 per session"
    instead: ClassVar[str] = GRID

    what: str
    advice: str


@record
class NoLevelThere(Problem):
    """`target one level up` is the price of the level above each level of a purchase, `one level down` that of the
    level below each of a short sale. An entry without levels has none.
    """

    code: ClassVar[str] = "T351"
    title: ClassVar[str] = "there is no level {side} this {word} for a target"
    label: ClassVar[str] = "no such level"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 10 shares\n       target one level up"
    instead: ClassVar[str] = GRID

    side: str
    word: str
    advice: str


@record
class LevelsWithoutRange(Problem):
    """The levels of a ladder lie between two prices that differ; where each is the same multiple of the one below,
    both must be above nought.
    """

    code: ClassVar[str] = "T352"
    title: ClassVar[str] = "no {spacing} levels lie between {first} and {last}"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "write two prices such as `from 2000 {currency} to 4000 {currency}`"
    example: ClassVar[str] = (
        "rule grid\n  then buy 25 USD\n       at each of 40 geometric levels from 0 USD to 4000 USD\n"
        "       target one level up"
    )
    instead: ClassVar[str] = GRID

    spacing: str
    first: str
    last: str
    why: str
    currency: str
