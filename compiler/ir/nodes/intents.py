"""What a rule wants done, in nodes."""

from __future__ import annotations

from enum import StrEnum

from stratc.compiler.ir.nodes.operations import (
    NodeId,
)
from stratc.dsl.source import Span
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.record import record


class Side(StrEnum):
    BUY = "buy"
    SELL_SHORT = "sell_short"


class SizingKind(StrEnum):
    """QUANTITY: so many units. NOTIONAL: so much money's worth. RISK: so much money lost at the stop, with costs."""

    QUANTITY = "quantity"
    NOTIONAL = "notional"
    RISK = "risk"


@record
class Amount:
    """A number node and how it sizes; money in account currency."""

    kind: SizingKind
    node: NodeId


class OrderKind(StrEnum):
    MARKET = "market"  # trades as soon as the next bar begins
    NEXT_OPEN = "next_open"  # the opening auction of the next session; on daily bars the next bar's open
    CLOSING_AUCTION = "closing_auction"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"


@record
class OrderShape:
    kind: OrderKind
    limit_price: NodeId | None = None
    stop_price: NodeId | None = None


class Spacing(StrEnum):
    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


@record
class Levels:
    """An entry that rests at a limit on each of so many levels, from the order's limit price to `last`.

    `number` is the first level's, from 1 over the whole program. With `to_next` the target of each is the price of the
    next level, up for a purchase and down for a short sale; the one that has none is not entered.
    """

    number: int
    count: int
    spacing: Spacing
    last: NodeId
    to_next: bool

    @property
    def entered(self) -> int:
        """The levels at which an entry may rest or be held."""
        return self.count - 1 if self.to_next else self.count


class TargetKind(StrEnum):
    PRICE = "price"
    DISTANCE = "distance"  # a price difference from the entry's average price
    R_MULTIPLE = "r_multiple"


@record
class ProfitTarget:
    kind: TargetKind
    node: NodeId


class TrailKind(StrEnum):
    DISTANCE = "distance"  # a price difference
    RATE = "rate"  # a fraction of the best price
    R_MULTIPLE = "r_multiple"


@record
class Trail:
    """How far a stop follows the best price since the entry."""

    kind: TrailKind
    node: NodeId


class Life(StrEnum):
    DAY = "day"
    BARS = "bars"  # good for so many bars
    UNTIL = "until"  # good until a second of the day in a zone
    DATE = "date"  # good until the session of a trading date is over
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"
    FILL_OR_KILL = "fill_or_kill"


@record
class TimeInForce:
    """`bars` is set for BARS; `clock` for UNTIL: a schedule request that is 1 on the bar at which the order ends;
    `last` for DATE: its last trading day, in days since 1970-01-01."""

    life: Life
    bars: int | None = None
    clock: ClockRequest | None = None
    last: int | None = None


@record
class EnterIntent:
    """An entry of the instrument that a rule is tried for; in a rule of `both`, of the one with this number, and where
    pairs are traded of this leg, 0 or 1, of each of them."""

    side: Side
    amount: Amount
    at_most: Amount | None
    order: OrderShape
    stop_loss: NodeId | None
    target: ProfitTarget | None
    time_in_force: TimeInForce
    reverse: bool
    span: Span
    trail: Trail | None = None
    locate: bool = False
    levels: Levels | None = None
    instrument: int | None = None


class PortionKind(StrEnum):
    ALL = "all"
    FRACTION = "fraction"  # of the position
    QUANTITY = "quantity"


class LotChoice(StrEnum):
    """Which tax lots an exit closes first."""

    OLDEST = "oldest"
    NEWEST = "newest"
    HIGHEST_COST = "highest_cost"
    LOWEST_COST = "lowest_cost"


@record
class ExitIntent:
    portion: PortionKind
    node: NodeId | None
    order: OrderShape
    span: Span
    lots: LotChoice = LotChoice.OLDEST


@record
class OneOfIntent:
    """Entries of which the first that fills cancels the others."""

    legs: tuple[EnterIntent, ...]
    span: Span


class Rank(StrEnum):
    HIGHEST = "highest"
    LOWEST = "lowest"


@record
class Ranking:
    """The first so many `places` by a number node, instrument by instrument; ties in the order of the instruments.

    So many `shorts` of the other end are sold short; then each side has half of the amount. With a `part` the places
    are that fraction of those eligible, rounded down, and `places` the fewest there can be, one; so with `short_part`.
    """

    rank: Rank
    places: int
    score: NodeId
    shorts: int = 0
    part: float = 0.0
    short_part: float = 0.0


class BandKind(StrEnum):
    OF_TARGET = "of_target"  # a fraction of the instrument's target
    MONEY = "money"


@record
class Band:
    """An instrument that is off its target by no more than this is left alone, unless its target is zero."""

    kind: BandKind
    node: NodeId


class Share(StrEnum):
    """What an allocation's amount is: for all places together, for each instrument that is chosen, the whole of which
    every weight is a part, or the own of each instrument, read of it: then `weight` is `amount`."""

    PLACES = "places"
    EACH = "each"
    STATED = "stated"
    OWN = "own"


@record
class AllocateIntent:
    """Targets for all instruments that have a bar at this moment and are due; the only intent of its rule.

    `amount` is money, `share` says for what; places are those of the ranking, or as many as there are instruments.
    `amount`, the band and the rule's condition are read once, of the first of them; `where` (a truth node), score and
    `weight` (None: equal) of each. A place that nobody fills stays in cash, and so does what stated parts leave.
    With `new_cash` what was contributed buys what is furthest below its target, inside the band too. With `locate`
    shares are located before what is sold short.
    """

    amount: NodeId
    share: Share
    ranking: Ranking | None
    where: NodeId | None
    weight: NodeId | None
    band: Band | None
    order: OrderShape
    span: Span
    new_cash: bool = False
    locate: bool = False


@record
class MoveStopIntent:
    """Move the stop losses of the position to the price of `node`, or to break even where it is None.

    They only tighten unless `looser`.
    """

    node: NodeId | None
    looser: bool
    span: Span


@record
class NoteIntent:
    """No order: that the rule fired is logged."""

    span: Span


Intent = EnterIntent | ExitIntent | MoveStopIntent | NoteIntent | OneOfIntent | AllocateIntent
