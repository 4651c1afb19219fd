"""What a book cannot hold, and sleeves that share an instrument: codes N246 and N247."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record

_HEAD = (
    'book "Core"\naccount cash USD\nsleeve "calm.strat" with 40% of equity\nsleeve "fast.strat" with 40% of equity\n'
)
_RULES = (
    "\nrule enter\n  when flat and close > open\n  then buy 90% of equity at next open\n"
    "rule leave\n  when long and close < open\n  then exit all at next open\n"
)
_CALM = '\nblock "calm.strat"\nstrategy "Calm"\ntrade SPY on 1 day\naccount cash USD\n' + _RULES
_FAST = '\nblock "fast.strat"\nstrategy "Fast"\ntrade QQQ on 1 day\naccount cash USD\n' + _RULES
_LIMIT = _FAST.replace("QQQ", "SPY").replace("90% of equity at next open", "10 shares at limit low")
_WHOLE = _HEAD + _CALM + _FAST


@record
class SharedInstrument(Problem):
    """Where two sleeves trade the same instrument their orders meet, and the account sends their difference. So each
    order has to fill whole at the next open, whatever the others do: at market, and long. A stop loss, a target or a
    limit of one sleeve could fill against an order of another, which is a trade with oneself; a short sale against what
    another sleeve holds would be none for the broker."""

    code: ClassVar[str] = "N246"
    title: ClassVar[str] = "`{symbol}` is traded by two sleeves, {why}"
    label: ClassVar[str] = "would not be netted"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _HEAD + _CALM + _LIMIT
    instead: ClassVar[str] = _HEAD + _CALM + _FAST.replace("QQQ", "SPY")

    symbol: str
    why: str
    advice: str


@record
class BookOfAccount(Problem):
    """Equity of a sleeve is its own cash and what it holds. Where nothing is bought (futures, forex, contracts for
    difference), and where money is in several currencies, that is not built."""

    code: ClassVar[str] = "N247"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "no book of it"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _WHOLE.replace("account cash USD", "account futures USD")
    instead: ClassVar[str] = _WHOLE

    what: str
    advice: str
