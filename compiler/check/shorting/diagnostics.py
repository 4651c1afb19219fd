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


CARRY = (
    "trade EUR/USD, AUD/USD, NZD/USD on 1 day\naccount forex USD\nlet momentum = close / close[20] - 1\n"
    "rule rebalance\n  every month, on last session\n  then allocate 90% of equity to "
)


@record
class ShortPlacesUnclear(Problem):
    """Nothing can be bought and sold short at once, so both ends together are no more than what is traded. At a moment
    at which fewer instruments are eligible, what stands at both ends is neither bought nor sold short."""

    code: ClassVar[str] = "T382"
    title: ClassVar[str] = "a short end of {count} does not fit: {why}"
    label: ClassVar[str] = "how many?"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = f"{CARRY}top 2 and short bottom 2 by momentum, equally, at next open"
    instead: ClassVar[str] = f"{CARRY}top 1 and short bottom 2 by momentum, equally, at next open"

    count: str
    why: str
    advice: str


@record
class ShortPlacesOfShares(Problem):
    """A share is borrowed before it is sold short (Regulation SHO, 17 CFR 242.203(b)(1)): say that it is located.
    Futures, currency pairs, coins and contracts for difference are sold without borrowing anything."""

    code: ClassVar[str] = "T383"
    title: ClassVar[str] = "an allocation cannot sell `{symbol}` short: it is a share, and nothing locates it"
    label: ClassVar[str] = "who lends it?"
    help: ClassVar[str] = (
        "write `, after locate`, where the broker locates shares for each order, or leave the short places out"
    )
    example: ClassVar[str] = (
        "trade SPY, QQQ, IWM on 1 day\nlet momentum = close / close[20] - 1\nrule rebalance\n"
        "  every month, on last session\n"
        "  then allocate 90% of equity to top 1 and short bottom 1 by momentum, equally, at next open"
    )
    instead: ClassVar[str] = (
        "trade SPY, QQQ, IWM on 1 day\nlet momentum = close / close[20] - 1\nrule rebalance\n"
        "  every month, on last session\n"
        "  then allocate 90% of equity to top 1 and short bottom 1 by momentum, equally, after locate, at next open"
    )

    symbol: str


@record
class NewCashBesideShorts(Problem):
    """New cash buys what is furthest below its target; with targets below zero that is no longer one thing, as a short
    position that is too small would have to be sold further."""

    code: ClassVar[str] = "T384"
    title: ClassVar[str] = "new cash has no place in an allocation that sells short"
    label: ClassVar[str] = "bought with, or sold against?"
    help: ClassVar[str] = "leave `new cash to the most underweight` out: the next rebalancing shares it out"
    example: ClassVar[str] = (
        f"{CARRY}top 1 and short bottom 1 by momentum, equally,\n       only where off by more than 20% of target,\n"
        "       new cash to the most underweight,\n       at next open\n"
        "contribute 500 USD every month, on first session"
    )
    instead: ClassVar[str] = (
        f"{CARRY}top 1 and short bottom 1 by momentum, equally,\n       only where off by more than 20% of target,\n"
        "       at next open\ncontribute 500 USD every month, on first session"
    )


@record
class ShortPlacesOfCash(Problem):
    """A cash account buys with what it has and cannot sell short: every order of a short place would be denied."""

    code: ClassVar[str] = "T385"
    title: ClassVar[str] = "a cash account does not sell short"
    label: ClassVar[str] = "would be denied each time"
    help: ClassVar[str] = "leave the short places out, or trade in another account, `account margin USD`"
    example: ClassVar[str] = (
        "trade BTC/USD, ETH/USD on 1 day\naccount cash USD\nlet momentum = close / close[20] - 1\nrule rebalance\n"
        "  every month, on last session\n"
        "  then allocate 90% of equity to top 1 and short bottom 1 by momentum, equally, at next open"
    )
    instead: ClassVar[str] = (
        "trade BTC/USD, ETH/USD on 1 day\naccount cash USD\nlet momentum = close / close[20] - 1\nrule rebalance\n"
        "  every month, on last session\n  then allocate 90% of equity to top 1 by momentum, equally, at next open"
    )
