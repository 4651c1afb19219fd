"""Problems with contracts, their prices and groups: one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

_ES = "trade ES on 1 day\naccount futures USD\n"
_ROLL = "roll 5 sessions before expiry\n"
_RULE = "rule enter\n  when flat and close > close[1]\n  then buy 1 contract"
_PAIR = "trade GC, SI on 1 day\naccount futures USD\nroll 5 sessions before first notice\n"


@record
class WhichContract(Problem):
    """`ES` is no contract: it stands for contracts that end one after the other. When to go from one to the next is a
    decision that changes results, so it is asked for. Without it the prices given for `ES` are taken as one series that
    is signalled and traded alike, which no exchange offers; that is listed as an assumption."""

    code: ClassVar[str] = "N270"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{symbol}` stands for contracts that follow one another: when does a position roll?"
    label: ClassVar[str] = "which contract?"
    help: ClassVar[str] = (
        "write `roll 5 sessions before {before}`, `roll by volume` or `roll by open interest`, or name one contract, "
        "such as `{symbol}Z26`"
    )
    example: ClassVar[str] = f"{_ES}{_RULE}"
    instead: ClassVar[str] = f"{_ES}{_ROLL}{_RULE}"

    symbol: str
    before: str


@record
class NothingToRoll(Problem):
    """`roll` goes with roots such as `ES`, `leave` with single contracts such as `ESZ26`."""

    code: ClassVar[str] = "N271"
    title: ClassVar[str] = "`{word}` goes with {what}, and the strategy trades {traded}"
    label: ClassVar[str] = "nothing that this is for"
    help: ClassVar[str] = "leave this line out, or trade {example_of}"
    example: ClassVar[str] = "roll 5 sessions before expiry"
    instead: ClassVar[str] = f"{_ES}{_ROLL}{_RULE}"

    word: str
    what: str
    traded: str
    example_of: str


@record
class NotOfGroup(Problem):
    """A group is made of instruments that the strategy trades; each is in one group at most, so that a limit is shared
    with the same ones from both sides."""

    code: ClassVar[str] = "N272"
    title: ClassVar[str] = "`{symbol}` {why}"
    label: ClassVar[str] = "not here"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = f"{_PAIR}group metals = GC, HG\n{_RULE}"
    instead: ClassVar[str] = f"{_PAIR}group metals = GC, SI\n{_RULE}"

    symbol: str
    why: str
    advice: str


@record
class SaidAgain(Problem):
    """`roll` and `leave` are said once, and so is the name of a group."""

    code: ClassVar[str] = "N273"
    title: ClassVar[str] = "{what} is said twice"
    label: ClassVar[str] = "said before"
    help: ClassVar[str] = "keep one of the two"
    example: ClassVar[str] = f"{_ES}{_ROLL}roll by volume\n{_RULE}"
    instead: ClassVar[str] = f"{_ES}{_ROLL}{_RULE}"

    what: str


@record
class LevelsDisagree(Problem):
    """Prices that are joined by difference keep distances and lose levels: ten years back they may lie near zero or
    below it. What divides one price by another over many bars, as a rate of change does, is then the return of nothing
    that anybody held. Joined by ratio, prices keep returns."""

    code: ClassVar[str] = "T395"
    title: ClassVar[str] = "`{text}` depends on the level of prices that are joined by difference"
    label: ClassVar[str] = "a ratio of adjusted prices"
    help: ClassVar[str] = "write `adjusted by ratio` on the `roll` line"
    example: ClassVar[str] = (
        f"{_ES}{_ROLL}let up = roc(close, 252) > 0\nrule enter\n  when flat and up\n  then buy 1 contract"
    )
    instead: ClassVar[str] = (
        f"{_ES}roll 5 sessions before expiry, adjusted by ratio\nlet up = roc(close, 252) > 0\n"
        "rule enter\n  when flat and up\n  then buy 1 contract"
    )

    text: str


@record
class ReturnsOfWhat(Problem):
    """A price divided by an earlier one is a return. Over a roll, prices joined by ratio keep returns and prices joined
    by difference keep distances: which of them is meant is asked where returns are read and nothing is said."""

    code: ClassVar[str] = "T396"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{text}` is a ratio of prices, and prices are joined by difference unless you say otherwise"
    label: ClassVar[str] = "a return over rolls"
    help: ClassVar[str] = "write `adjusted by ratio` on the `roll` line, or `adjusted by difference` if that is meant"
    example: ClassVar[str] = (
        f"{_ES}{_ROLL}let up = close / close[252] > 1\nrule enter\n  when flat and up\n  then buy 1 contract"
    )
    instead: ClassVar[str] = (
        f"{_ES}roll 5 sessions before expiry, adjusted by ratio\nlet up = close / close[252] > 1\n"
        "rule enter\n  when flat and up\n  then buy 1 contract"
    )

    text: str


@record
class HeldIntoExpiry(Problem):
    """A contract ends. A position that is still there is settled in cash at a price that nobody chose, or must be
    delivered or taken; a strategy on one contract says when it is out."""

    code: ClassVar[str] = "T397"
    title: ClassVar[str] = "`{symbol}` {ends}, and nothing says when the strategy is out"
    label: ClassVar[str] = "may be held into its end"
    help: ClassVar[str] = "write `leave 5 sessions before {before}`{or_cash}"
    example: ClassVar[str] = f"trade ESZ26 on 1 day\naccount futures USD\n{_RULE}"
    instead: ClassVar[str] = f"trade ESZ26 on 1 day\naccount futures USD\nleave 5 sessions before expiry\n{_RULE}"

    symbol: str
    ends: str
    before: str
    or_cash: str


@record
class DailyForAnnual(Problem):
    """An amount over the volatility of one bar is far larger than over that of a year: sixteen times on daily bars. A
    target such as 40% is meant for a year."""

    code: ClassVar[str] = "T398"
    title: ClassVar[str] = (
        "`{text}` is the volatility of one bar, and dividing by it makes {what} about {times} times too large"
    )
    label: ClassVar[str] = "of one bar, not of a year"
    help: ClassVar[str] = (
        "divide by `volatility(60)`, which is for a year, or compare like with like: `1% of equity / atr(20)`"
    )
    example: ClassVar[str] = (
        "trade SPY on 1 day\nlet sigma = stdev(close / close[1] - 1, 60)\n"
        "rule enter\n  when flat\n  then buy 40% of equity / sigma"
    )
    instead: ClassVar[str] = (
        "trade SPY on 1 day\nlet sigma = volatility(60)\nrule enter\n  when flat\n  then buy (10% / sigma) of equity"
    )

    text: str
    what: str
    times: int


@record
class SessionsUnclear(Problem):
    """Rolls and ways out are so many whole sessions before a day of the contract, fixed before the run."""

    code: ClassVar[str] = "T399"
    title: ClassVar[str] = "`{word}` counts whole sessions{found}"
    label: ClassVar[str] = "not a number of sessions"
    help: ClassVar[str] = "write, for example, `{word} 5 sessions before expiry`"
    example: ClassVar[str] = f"{_ES}roll 5 bars before expiry\n{_RULE}"
    instead: ClassVar[str] = f"{_ES}{_ROLL}{_RULE}"

    word: str
    found: str


@record
class NoticeComesFirst(Problem):
    """From the first notice day on, the holder of a long position may be made to take delivery; with metals and bonds
    that is weeks before the last trade."""

    code: ClassVar[str] = "C460"
    title: ClassVar[str] = "{symbols} may be delivered from the first notice day on, which comes before the expiry"
    label: ClassVar[str] = "held past the first notice"
    help: ClassVar[str] = "write `{word} {sessions} sessions before first notice`"
    example: ClassVar[str] = f"trade GC on 1 day\naccount futures USD\nroll 5 sessions before expiry\n{_RULE}"
    instead: ClassVar[str] = f"trade GC on 1 day\naccount futures USD\nroll 5 sessions before first notice\n{_RULE}"

    symbols: str
    word: str
    sessions: int


@record
class DeliveryAtTheEnd(Problem):
    """Until the last trade of a contract that is delivered, whoever still holds it delivers or takes delivery."""

    code: ClassVar[str] = "C461"
    title: ClassVar[str] = "`{symbol}` is delivered, and 0 sessions before its end is too late to be out"
    label: ClassVar[str] = "too late"
    help: ClassVar[str] = "leave at least 1 session before its end: `{word} 1 session before {before}`"
    example: ClassVar[str] = f"trade CLF27 on 1 day\naccount futures USD\nleave 0 sessions before expiry\n{_RULE}"
    instead: ClassVar[str] = f"trade CLF27 on 1 day\naccount futures USD\nleave 2 sessions before expiry\n{_RULE}"

    symbol: str
    word: str
    before: str
