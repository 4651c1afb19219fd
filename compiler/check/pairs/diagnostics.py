"""Problems with `both of`, and with pairs that are chosen out of many."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record

HEAD = "trade IBM, SPY on 1 day\nlet ratio = close of IBM / close of SPY\n"
RULE = HEAD + "rule apart\n  when flat and ratio < 1\n  then both of\n"
GOOD = RULE + "         buy   1_000 USD of IBM at next open\n         short 1_000 USD of SPY at next open\n"

OF_PAIRS = (
    "trade pairs of KO, PEP, MCD on 1 day\naccount margin USD\nlet gap = close of one / close of other\n"
    "rule apart\n  when flat and gap > 2\n  then both of\n         short 1_000 USD of one, after locate\n"
    "         buy   1_000 USD of other\n"
)
CLOSED = "rule together\n  when not flat and gap < 1\n  then exit all at next open\n"


@record
class NotAPair(Problem):
    """`both of` enters two instruments that the header trades, at one decision: both orders are sent or neither. So it
    stands alone in its rule, and each of its two legs names its instrument behind its size. Where pairs are chosen out
    of many, `trade pairs of KO, PEP, MCD on 1 day`, the two legs are called `one` and `other`."""

    code: ClassVar[str] = "T368"
    title: ClassVar[str] = "`both of` enters two instruments: {why}"
    label: ClassVar[str] = "no pair"
    help: ClassVar[str] = "write two legs such as `buy 1_000 USD of {one}` and `short 1_000 USD of {other}`"
    example: ClassVar[str] = RULE + "         buy   1_000 USD of IBM\n         short 1_000 USD\n"
    instead: ClassVar[str] = GOOD

    why: str
    one: str = "IBM"
    other: str = "SPY"


@record
class LegStandsAlone(Problem):
    """A pair is entered because its two sides together are worth holding. An order at a price may fill without the
    other one, and a stop loss, trailing stop or target closes one side alone; what closes a pair is a rule, tried for
    both."""

    code: ClassVar[str] = "T369"
    title: ClassVar[str] = "{what} may leave the other leg alone"
    label: ClassVar[str] = "not in a leg of `both of`"
    help: ClassVar[str] = "enter at market or at the next open, and write a rule that exits all of both"
    example: ClassVar[str] = RULE + "         buy   1_000 USD of IBM at limit 90 USD\n         short 1_000 USD of SPY\n"
    instead: ClassVar[str] = GOOD

    what: str


@record
class NoPairsOfThese(Problem):
    """`trade pairs of KO, PEP, MCD on 1 day` trades every pair of its members: rules are tried for each of them, in the
    order in which they are named. The members are shares in the account's currency, two to 24 of them, in a margin
    account, because one leg of a pair is sold short, on daily bars: then a member is ordered at most once a day."""

    code: ClassVar[str] = "N260"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "no pairs"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = OF_PAIRS.replace("KO, PEP, MCD", "universe drinks") + CLOSED
    instead: ClassVar[str] = OF_PAIRS + CLOSED

    what: str
    advice: str


@record
class NotWithPairs(Problem):
    """A member stands in many pairs at a time, long in one and short in another. Every pair has its own position in it,
    and what all of them order for one open is one order of the account. So a pair is entered by `both of` and left by
    `exit`, at market or for the next open, and nothing may open, close or hold back one leg alone."""

    code: ClassVar[str] = "N261"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "not with pairs"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = OF_PAIRS + "rule drop\n  when gap > 4\n  then buy 1_000 USD\n" + CLOSED
    instead: ClassVar[str] = OF_PAIRS + CLOSED

    what: str
    advice: str


@record
class WhichLeg(Problem):
    """Where pairs are traded a rule is tried for two instruments, and what it reads of prices is read of one of them:
    `close of one`, `atr(14) of other`. Of a pair as a whole are `flat`, `open_profit`, `bars_held` and `sessions_held`:
    a pair is flat when neither leg is held or on order, and it is held since the first of its legs was."""

    code: ClassVar[str] = "T400"
    title: ClassVar[str] = "`{text}` is of one leg, and it does not say which"
    label: ClassVar[str] = "of which leg?"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = OF_PAIRS.replace("gap > 2", "gap > 2 and close > 5 USD") + CLOSED
    instead: ClassVar[str] = OF_PAIRS.replace("gap > 2", "gap > 2 and close of one > 5 USD") + CLOSED

    text: str
    advice: str
