"""Problems with short sales: T380 onwards, one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record


@record
class LocateToBuy(Problem):
    """A locate is for shares that are borrowed to be sold short; who buys needs none."""

    code: ClassVar[str] = "T380"
    title: ClassVar[str] = "`after locate` stands beside `buy`"
    label: ClassVar[str] = "nothing is borrowed"
    help: ClassVar[str] = "leave it out, or write `short` if that was meant"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 100 shares, after locate\n       stop loss at low"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then short 100 shares, after locate\n       stop loss at high"


@record
class LocateOfNoShare(Problem):
    """Regulation SHO asks for a locate before a share is sold short (17 CFR 242.203(b)(1)). Futures, currency pairs,
    coins and contracts for difference are sold without borrowing anything.
    """

    code: ClassVar[str] = "T381"
    title: ClassVar[str] = "`after locate` is for shares, and `{symbol}` is none"
    label: ClassVar[str] = "nothing is borrowed"
    help: ClassVar[str] = "leave `after locate` out"
    example: ClassVar[str] = (
        "trade ES on 1 day\naccount futures USD\nrule enter\n  when flat\n"
        "  then short 1 contract, after locate\n       stop loss at high"
    )
    instead: ClassVar[str] = (
        "trade ES on 1 day\naccount futures USD\nrule enter\n  when flat\n"
        "  then short 1 contract\n       stop loss at high"
    )

    symbol: str
