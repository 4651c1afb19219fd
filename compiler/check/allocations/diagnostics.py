"""Problems with allocations: T360 onwards, T392 and T393, one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

ALLOCATE = "trade SPY, QQQ, IWM on 1 day\nrule rebalance\n  every month, on last session\n  then allocate "


@record
class AllocationNotMoney(Problem):
    """Target weights share out an amount of money, most often a part of equity."""

    code: ClassVar[str] = "T360"
    title: ClassVar[str] = "`allocate` shares out money, and this is {found}"
    label: ClassVar[str] = "not an amount of money"
    help: ClassVar[str] = "write {advice}"
    example: ClassVar[str] = f"{ALLOCATE}95% equally, at next open"
    instead: ClassVar[str] = f"{ALLOCATE}95% of equity equally, at next open"

    found: str
    advice: str


@record
class OneForAll(Problem):
    """A rule that allocates decides once for all instruments, so what it decides by may not belong to one of them."""

    code: ClassVar[str] = "T361"
    title: ClassVar[str] = "{what} is one for all instruments, and `{culprit}` belongs to each of them"
    label: ClassVar[str] = "which instrument's?"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = (
        "trade SPY, QQQ, IWM on 1 day\nrule rebalance\n  every month, on last session\n  when close > sma(close, 200)\n"
        "  then allocate 20% of equity to each, at next open"
    )
    instead: ClassVar[str] = f"{ALLOCATE}20% of equity to each where close > sma(close, 200), at next open"

    what: str
    culprit: str
    advice: str


@record
class PlacesUnclear(Problem):
    """`top 2` is a whole number of the instruments that the header trades: an empty place stays in cash. `top 10%` is a
    share of those that are eligible at that moment, rounded down, and one at least."""

    code: ClassVar[str] = "T362"
    title: ClassVar[str] = "there is no `top {count}` of {traded} instruments"
    label: ClassVar[str] = "not so many"
    help: ClassVar[str] = "write a whole number from 1 to {traded}, such as `{sample}`"
    example: ClassVar[str] = f"{ALLOCATE}95% of equity to top 5 by roc(close, 12), equally, at next open"
    instead: ClassVar[str] = f"{ALLOCATE}95% of equity to top 2 by roc(close, 12), equally, at next open"

    count: str
    traded: int
    sample: int


@record
class NotComparableAcross(Problem):
    """A price or a number of shares of one instrument says nothing beside that of another: 100 USD a share is not more
    than 50 USD a share. Ratios, plain numbers and money can be compared."""

    code: ClassVar[str] = "T363"
    title: ClassVar[str] = "instruments cannot be {verb} {found}"
    label: ClassVar[str] = "means something else for each instrument"
    help: ClassVar[str] = "write a ratio, for example `close / close[252] - 1`"
    example: ClassVar[str] = f"{ALLOCATE}95% of equity to top 2 by close, equally, at next open"
    instead: ClassVar[str] = f"{ALLOCATE}95% of equity to top 2 by close / close[252], equally, at next open"

    verb: str
    found: str


@record
class BandUnclear(Problem):
    """A drift band is relative, a share of the instrument's target, or absolute, an amount of money. With a target of
    30 % of equity `20% of target` trades beyond 24 to 36 %, `20% of equity` beyond 10 to 50 %."""

    code: ClassVar[str] = "T364"
    title: ClassVar[str] = "this band is {found}: relative or absolute?"
    label: ClassVar[str] = "of the target, or of equity?"
    help: ClassVar[str] = "write `20% of target`; `2% of equity` is a band of one width for all"
    example: ClassVar[str] = f"{ALLOCATE}95% of equity equally, only where off by more than 20%, at next open"
    instead: ClassVar[str] = f"{ALLOCATE}95% of equity equally, only where off by more than 20% of target, at next open"

    found: str


@record
class StandsAlone(Problem):
    """`allocate` sets the whole position of every instrument: what another entry bought, it would sell."""

    code: ClassVar[str] = "T365"
    title: ClassVar[str] = "`allocate` decides all positions by itself, and {why}"
    label: ClassVar[str] = "two owners of one position"
    help: ClassVar[str] = "leave positions to rules with `allocate` and `exit`, or to `buy` and `short`"
    example: ClassVar[str] = f"{ALLOCATE}95% of equity equally, at next open\n  at most 1 per session"
    instead: ClassVar[str] = f"{ALLOCATE}95% of equity equally, at next open"

    why: str


CHOOSE = (
    "trade SPY, TLT, BIL on 1 day\nlet heat = rsi(close of SPY, 10)\nrule switch\n  then allocate 95% of equity to "
)


@record
class SharesUnclear(Problem):
    """What is held is a mix: equal parts, or parts whose shares are all written and are at most the whole. What is left
    stays in cash."""

    code: ClassVar[str] = "T392"
    title: ClassVar[str] = "these parts do not make up what is held: {why}"
    label: ClassVar[str] = "how much of each?"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = f"{CHOOSE}60% SPY and 50% TLT, at next open\nlet other = heat of BIL"
    instead: ClassVar[str] = f"{CHOOSE}60% SPY and 40% TLT, at next open"

    why: str
    advice: str


@record
class ShareNotRatio(Problem):
    """A part of a mix that is computed is a share of the amount: a ratio. Below 0% it counts as nothing, and parts that
    come to more than the whole get what those before them leave."""

    code: ClassVar[str] = "T410"
    title: ClassVar[str] = "`{name}` says how much is held, and it is {found}"
    label: ClassVar[str] = "what share of the amount?"
    help: ClassVar[str] = "divide it by what it is a part of, for example `let {name} = (equity - 80_000 USD) / equity`"
    example: ClassVar[str] = f"let cushion = equity - 80_000 USD\n{CHOOSE}cushion SPY and rest BIL, at next open"
    instead: ClassVar[str] = (
        f"let cushion = (equity - 80_000 USD) / equity\n{CHOOSE}cushion SPY and rest BIL, at next open"
    )

    name: str
    found: str


@record
class NeverTaken(Problem):
    """The conditions that lead here cannot all hold, so this is never held: most often two thresholds are the wrong way
    round."""

    code: ClassVar[str] = "T393"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "this path is never taken: the conditions that lead to it exclude each other"
    label: ClassVar[str] = "never held"
    help: ClassVar[str] = "ask the narrower condition first, or remove the path"
    example: ClassVar[str] = f"{CHOOSE}if heat > 60 then TLT else if heat > 80 then BIL else SPY, at next open"
    instead: ClassVar[str] = f"{CHOOSE}if heat > 80 then BIL else if heat > 60 then TLT else SPY, at next open"
