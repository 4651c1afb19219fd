"""Problems with rules for certain instruments and with what cannot be traded: N230 onwards."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

TWO = "trade SPY, QQQ on 1 day\n"
LEAVE = "\nrule leave\n  when long and close < close[1]\n  then exit all at next open"
ENTER = "\n  when flat\n  then buy 10 shares at next open" + LEAVE


@record
class NotTradedHere(Problem):
    """`rule calm for SVXY` and `allocate 95% of equity to SVXY` order in that instrument, so the
    header trades it. What is only read has prices that rules may look at, and no orders."""

    code: ClassVar[str] = "N230"
    title: ClassVar[str] = "orders are to go to `{symbol}` here, {why}"
    label: ClassVar[str] = "no order can go there"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = f"{TWO}read IWM\nlet other = close of IWM\nrule enter for IWM{ENTER}"
    instead: ClassVar[str] = f"trade SPY, QQQ, IWM on 1 day\nrule enter for IWM{ENTER}"

    symbol: str
    why: str
    advice: str


@record
class IndexTraded(Problem):
    """An index is a number that somebody calculates: there is nothing to buy. Funds and futures follow some of them, at
    a distance that is theirs (a fund on the futures of the VIX loses what rolling them costs)."""

    code: ClassVar[str] = "N231"
    title: ClassVar[str] = "`{symbol}` is an index: it can be read, and no order in it can fill"
    label: ClassVar[str] = "{what}"
    help: ClassVar[str] = "write `read {symbol}`, and trade a fund or a future that follows it"
    example: ClassVar[str] = f"trade VIX on 1 day\nrule enter{ENTER}"
    instead: ClassVar[str] = (
        "trade VXX on 1 day\nread VIX\nrule enter\n  when flat and close of VIX < 15 USD\n"
        f"  then buy 10 shares at next open{LEAVE}"
    )

    symbol: str
    what: str


@record
class NeverTraded(Problem):
    """Every rule that opens a position is for other instruments, so this one costs data and is never bought or sold."""

    code: ClassVar[str] = "N232"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "no rule opens a position in `{symbol}`"
    label: ClassVar[str] = "every entry is for {others}"
    help: ClassVar[str] = "write a rule for `{symbol}`, or `read {symbol}` where it is only looked at"
    example: ClassVar[str] = f"{TWO}rule enter for SPY{ENTER}"
    instead: ClassVar[str] = f"{TWO}rule enter for SPY, QQQ{ENTER}"

    symbol: str
    others: str


@record
class ForWhom(Problem):
    """`for` names each instrument once, and a rule that allocates decides for all of them."""

    code: ClassVar[str] = "N233"
    title: ClassVar[str] = "this `for` says nothing that could be done: {why}"
    label: ClassVar[str] = "for whom?"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = f"{TWO}rule enter for SPY, SPY{ENTER}"
    instead: ClassVar[str] = f"{TWO}rule enter for SPY, QQQ{ENTER}"

    why: str
    advice: str
