"""Why the gate denies an opening order: every reason, in the order in which the gate asks. The first one wins.

Orders that reduce a position are never among these, except one whose portion or price is unknown.
"""

from __future__ import annotations

from enum import IntEnum


class DenialReason(IntEnum):
    """Codes as in the engine's logs (`runtime.engine.codes`, DENIED_); the order of the members is the precedence."""

    UNKNOWN_VALUE = 1
    """An amount, price, stop loss or target that the order needs is unknown, or the instrument has no mark yet."""

    NO_CONVERSION_RATE = 19
    """The instrument is quoted in another currency than the account's, and its rate is missing or too old."""

    ZERO_QUANTITY = 2
    """The amount does not reach for one quantity step."""

    WRONG_SIDE_OF_PRICE = 3
    """The stop loss does not lie on the losing side of the order's own price, or the target not on the gaining side."""

    HALTED = 4
    """A halt is tripped."""

    OUTSIDE_HOURS = 5
    """The bar's close lies outside the hours that the header limits entries to."""

    TIME_OVER = 6
    """`good until` names a time that has come with this very bar."""

    RULE_LIMIT = 7
    """`at most n per period`: the rule's filled and working entries of this period are n already."""

    STOP_DISTANCE = 8
    """`stop distance at least`: the stop loss is nearer to the order's own price."""

    CAP_POSITION = 9
    """`cap position`: the larger side of the instrument, working openings included, would be beyond it."""

    CAP_GROSS = 10
    """`cap gross`: all instruments together would be beyond it."""

    CAP_LEVERAGE = 11
    """`cap leverage`: gross exposure over equity would be beyond it."""

    CAP_ORDERS_PER_SECOND = 12
    """`cap orders per second`: the orders of this moment, exits too, are that many already."""

    CAP_ENTRIES = 13
    """`cap entries`: filled entries of the window and working ones are that many already."""

    CAP_DAY_TRADES = 14
    """`cap day_trades`: day trades of the window, and those that could still come of it, would be more."""

    CASH = 15
    """A cash account has not the cash for it, other working purchases and fees counted, or would sell short."""

    ORDER_SLOTS = 16
    """As many orders work, or as many legs are open, as the run made room for."""

    ARITHMETIC_LIMIT = 17
    """A price or quantity for which exact 64-bit money would not be safe."""

    RULE_GUARD = 18
    """A guard of a rule in force denied it; its number says which."""
