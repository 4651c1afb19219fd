"""Why the gate denies an opening order: every reason, in the order in which the gate asks. The first one wins.

Orders that reduce a position are never among these, except one whose portion or price is unknown.
"""

from __future__ import annotations

from enum import IntEnum


class DenialReason(IntEnum):
    """Codes as in the engine's logs (`runtime.engine.codes`, DENIED_); the order of the members is the precedence."""

    UNKNOWN_VALUE = 1
    """An amount, price, stop loss or target that the order needs is unknown, or the instrument has no mark yet."""

    NO_CONVERSION_RATE = 21
    """The instrument is quoted in another currency than the account's, and its rate is missing or too old."""

    ZERO_QUANTITY = 2
    """The amount does not reach for one quantity step."""

    BELOW_MINIMUM = 25
    """The order is worth less than the venue takes, which its instrument says; at the order's own price."""

    WRONG_SIDE_OF_PRICE = 3
    """The stop loss does not lie on the losing side of the order's own price, or the target not on the gaining side."""

    HALTED = 4
    """A halt is tripped."""

    CONTRACT_OVER = 5
    """The contract has been left before its expiry, as `leave` says."""

    OUTSIDE_HOURS = 6
    """The bar's close lies outside the hours that the header limits entries to."""

    NO_ENTRIES = 22
    """`no entries when`: its condition is true of the instrument, or not known; the log's guard is the statement."""

    TIME_OVER = 7
    """`good until` names a time that has come with this very bar."""

    SAME_TICK = 26
    """Two levels of a ladder are rounded to one tick: the next one has its order."""

    RULE_LIMIT = 8
    """`at most n per period`: the rule's filled and working entries of this period are n already."""

    STOP_DISTANCE = 9
    """`stop distance at least`: the stop loss is nearer to the order's own price."""

    CAP_POSITION = 10
    """`cap position`: the larger side of the instrument, working openings included, would be beyond it."""

    CAP_UNITS = 11
    """`cap units`: more units on that side, working ones included: of the instrument, of its group, or of all."""

    CAP_GROSS = 12
    """`cap gross`: all instruments together would be beyond it."""

    CAP_LEVERAGE = 13
    """`cap leverage`: gross exposure over equity would be beyond it."""

    CAP_ORDERS_PER_SECOND = 14
    """`cap orders per second`: the orders of this moment, exits too, are that many already."""

    CAP_ENTRIES = 15
    """`cap entries`: filled entries of the window and working ones are that many already."""

    CAP_DAY_TRADES = 16
    """`cap day_trades`: day trades of the window, and those that could still come of it, would be more."""

    CASH = 17
    """A cash account has not the cash for it, other working purchases and fees counted, or would sell short."""

    ORDER_SLOTS = 18
    """As many orders work, or as many legs are open, as the run made room for."""

    ARITHMETIC_LIMIT = 19
    """A price or quantity for which exact 64-bit money would not be safe."""

    NO_BORROW = 23
    """No so many shares are to be borrowed as the short sale and those before it need."""

    SHORT_RESTRICTED = 24
    """The share fell by a tenth (17 CFR 242.201): a short sale goes as a limit order only."""

    RULE_GUARD = 20
    """A guard of a rule in force denied it; its number says which."""
