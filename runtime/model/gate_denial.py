"""Why the executor's gate denies an intent: every reason, in the order in which it asks. The first one wins.

`DenialReason` is what the strategy's own engine says of its orders; these are what the account says, before a byte
leaves. An order that reduces a position meets only the reasons before `FOR_OPENINGS`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class GateDenial(IntEnum):
    """The order of the members is the precedence."""

    MALFORMED = 1
    """No order at all, or one that no venue could make sense of."""

    DUPLICATE_ID = 2
    """The client order id was used before: the same intent came twice."""

    UNKNOWN_INSTRUMENT = 3
    """Nothing is known of the instrument at this venue."""

    UNSUPPORTED = 4
    """The venue takes no such order in the instrument: its kind or its time in force."""

    OFF_TICK = 5
    """A price between the ticks of its band."""

    BEYOND_POSITION = 6
    """It may only reduce, and is for more than the position less the exits that work already."""

    NO_LONGER_VALID = 7
    """The intent's time is over."""

    GATE_CLOSED = 8
    """Since the start or the last connection nothing has been reconciled, or the journal cannot be written."""

    HALTED = 9
    """A halt is in force: of the account, of the strategy or of the instrument."""

    POSITION_DIFFERS = 10
    """The venue's position in the instrument is not ours, and nobody has decided which is right."""

    SESSION_CLOSED = 11
    """The instrument does not trade now, and the order would not wait for its session."""

    AUCTION_CUT_OFF = 12
    """The venue takes no more orders for that auction."""

    STALE_DATA = 13
    """No quote, or one that is too old, crossed, or not a price."""

    PRICE_COLLAR = 14
    """A limit or stop price too far from the market."""

    SLIPPAGE = 15
    """What the order would pay now is too far from the price that it was decided at."""

    LOT_SIZE = 16
    """A quantity between the venue's steps, below its least or above its most. What is left of a position is free."""

    BELOW_NOTIONAL = 17
    """Worth less than the venue takes."""

    ORDER_SIZE = 18
    """More than one order may be for, in lots or in money."""

    RATE = 19
    """As many orders were sent in the last second or minute as may be."""

    REPEATED_ORDER = 20
    """The same order again within the window."""

    REPEATED_RULE = 21
    """The same rule again, more often within the window than its executions may follow each other."""

    LOSS_LIMIT = 22
    """The loss since the start, since the day's open or from the peak is at its limit."""

    OPEN_ORDERS = 23
    """As many orders are open as may be."""

    UNKNOWN_ORDERS = 24
    """As many orders are unknown as may be."""

    POSITION_LIMIT = 25
    """The position would be beyond its limit if everything that may still fill did, unknown orders too."""

    GROSS_LIMIT = 26
    """All positions together would be, likewise."""

    BUYING_POWER = 27
    """It would need more than the broker says is left."""


FOR_OPENINGS: Final = GateDenial.NO_LONGER_VALID
