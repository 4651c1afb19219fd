"""Nodes of actions: what a rule orders, and how."""

from __future__ import annotations

from enum import StrEnum

from stratc.dsl.syntax.choices import Choice
from stratc.dsl.syntax.expressions import (
    Expression,
    Instrument,
    Missing,
    Node,
    Number,
    Zone,
)
from stratc.dsl.syntax.ladders import Levels, LevelTarget
from stratc.runtime.model.record import record


class OrderWord(StrEnum):
    """How an order is to trade, in the words of the language."""

    MARKET = "at market"
    NEXT_BAR = "at next bar"
    NEXT_OPEN = "at next open"
    OPENING_AUCTION = "at opening auction"
    CLOSING_AUCTION = "at closing auction"
    LIMIT = "at limit"
    STOP = "at stop"
    STOP_LIMIT = "at stop … limit"
    LEVELS = "at each of … levels"


@record
class OrderPhrase(Node):
    """`at limit P`, `at stop P limit Q`, `at next open`, `at each of 40 geometric levels from P to Q`."""

    word: OrderWord
    limit_price: Expression | None = None
    stop_price: Expression | None = None
    levels: Levels | None = None


@record
class Sizing(Node):
    """`100 shares`, `90% of equity`, `risking 1% of equity`, each with `, at most X`."""

    amount: Expression
    risking: bool
    at_most: Expression | None = None


@record
class StopLoss(Node):
    """`stop loss at P`."""

    price: Expression


@record
class TrailingStop(Node):
    """`trailing stop 3 * atr(14)`, `trailing stop 5%`, `trailing stop 2R`: the distance from the best price."""

    distance: Expression


@record
class Locate(Node):
    """`after locate`: shares are located for the short sale before its order goes out."""


@record
class Target(Node):
    """`target 2R`, `target P`, `target 1.5 * box`, each with `only if target >= 2R`."""

    value: Expression
    only_if: Expression | None = None


class TimeInForceWord(StrEnum):
    GOOD_UNTIL = "good until"
    BEFORE_END = "before end"
    GOOD_FOR = "good for"
    IMMEDIATE_OR_CANCEL = "immediate or cancel"
    FILL_OR_KILL = "fill or kill"


@record
class TimeInForce(Node):
    """`good until 10:00 London`, `good until 10 min before end`, `good for 12 bars`, `immediate or cancel`,
    `fill or kill`."""

    word: TimeInForceWord
    value: Expression | None = None
    zone: Zone | None = None


class Direction(StrEnum):
    BUY = "buy"
    SHORT = "short"


@record
class Entry(Node):
    """`buy 90% of equity at next open`; parts of a leg of `one of` that the group holds are None.

    A leg of `both of` says its `instrument`: `buy 1_000 USD of KO`.
    """

    direction: Direction
    sizing: Sizing | None
    order: OrderPhrase | None
    reverse: bool = False
    stop_loss: StopLoss | None = None
    target: Target | None = None
    time_in_force: TimeInForce | None = None
    trailing: TrailingStop | None = None
    locate: Locate | None = None
    level_target: LevelTarget | None = None
    instrument: Instrument | None = None


class LotWord(StrEnum):
    """Which tax lots an exit closes."""

    OLDEST = "oldest first"
    NEWEST = "newest first"
    HIGHEST_COST = "highest cost first"
    LOWEST_COST = "lowest cost first"


@record
class LotPhrase(Node):
    """`highest cost first`."""

    word: LotWord


@record
class Exit(Node):
    """`exit all at next open`, `exit half`, `exit 50 shares, highest cost first`, `exit 25% of position`; `portion`
    None means all, and `half` is the name `half`."""

    portion: Expression | None
    order: OrderPhrase | None
    lots: LotPhrase | None = None


@record
class OneOf(Node):
    """Entries of which the first that fills cancels the rest; sizing and time belong to the group."""

    legs: tuple[Entry, ...]
    sizing: Sizing | None
    time_in_force: TimeInForce | None


@record
class BothOf(Node):
    """Entries of two instruments, both or neither: where one is denied the other is not sent."""

    legs: tuple[Entry, ...]


@record
class Ranking(Node):
    """`top 2 by momentum`, `bottom 3 by volatility`: so many instruments, best first; `top 10%`: of those eligible.

    `top 3 and short bottom 2 by discount`: `shorts` of the other end are sold short.
    """

    count: Number
    by: Expression
    lowest: bool = False
    shorts: Number | None = None


@record
class DriftBand(Node):
    """`only where off by more than 20% of target`, or by an amount of money, `… 2% of equity`."""

    width: Expression
    of_target: bool


@record
class Allocate(Node):
    """`allocate 95% of equity to top 2 by momentum, equally, at next open`: a target for every instrument traded.

    With `each` the amount is for each instrument that `where` holds for; else it is shared by the ranked ones, or by
    all, equally or in proportion to `weights`. What is not chosen is brought to zero. With `new_cash` what is
    contributed buys the instrument that is furthest below its target, inside the band too. With a `choice` it goes to
    what that holds, and `each`, `ranking`, `where` and `weights` say nothing.
    """

    amount: Expression
    each: bool
    ranking: Ranking | None
    where: Expression | None
    weights: Expression | None
    band: DriftBand | None
    order: OrderPhrase | None
    choice: Choice | None = None
    new_cash: bool = False
    locate: Locate | None = None


@record
class MoveStop(Node):
    """`move stop loss to P`, `move stop loss to break even` (`price` None), each with `even if looser`."""

    price: Expression | None
    looser: bool = False


@record
class Note(Node):
    """`note`: no order; the run says how often its rule fired, and when first."""


Action = Entry | Exit | MoveStop | Note | OneOf | BothOf | Allocate | Missing
