"""Problems with `both of`."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record

HEAD = "trade IBM, SPY on 1 day\nlet ratio = close of IBM / close of SPY\n"
RULE = HEAD + "rule apart\n  when flat and ratio < 1\n  then both of\n"
GOOD = RULE + "         buy   1_000 USD of IBM at next open\n         short 1_000 USD of SPY at next open\n"


@record
class NotAPair(Problem):
    """`both of` enters two instruments that the header trades, at one decision: both orders are sent or neither. So it
    stands alone in its rule, and each of its two legs names its instrument behind its size."""

    code: ClassVar[str] = "T368"
    title: ClassVar[str] = "`both of` enters two instruments: {why}"
    label: ClassVar[str] = "no pair"
    help: ClassVar[str] = "write two legs such as `buy 1_000 USD of IBM` and `short 1_000 USD of SPY`"
    example: ClassVar[str] = RULE + "         buy   1_000 USD of IBM\n         short 1_000 USD\n"
    instead: ClassVar[str] = GOOD

    why: str


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
