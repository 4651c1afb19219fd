"""Words of an order at a venue: side, kind, time in force, status, and its terms in whole lots and ticks.

Values are those of FIX where FIX has one, so that a journal can be read with the tag's table beside it.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct


class Side(IntEnum):
    """[54], with the sign that a fill on it gives to a position."""

    BUY = 1
    SELL = -1

    @property
    def other(self) -> Side:
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderKind(StrEnum):
    """[40]. Orders for an auction are market or limit orders whose time in force names it."""

    MARKET = "1"
    LIMIT = "2"
    STOP = "3"
    STOP_LIMIT = "4"


class TimeInForce(StrEnum):
    """[59]."""

    DAY = "0"
    GOOD_TILL_CANCEL = "1"
    AT_OPENING = "2"
    IMMEDIATE_OR_CANCEL = "3"
    FILL_OR_KILL = "4"
    GOOD_TILL_DATE = "6"
    AT_CLOSE = "7"


class OrdStatus(StrEnum):
    """[39] where it is one character, and where it is a word what only we can know.

    FIX has stopped [7], calculated [B] and accepted for bidding [D] too: no venue that we speak to uses them, so they
    are strange to us, and what is strange halts.
    """

    INTENDED = "intended"
    """Journaled; no byte may have left, or all of them, if the process died just then."""

    DENIED = "denied"
    """Refused by our own gate or desk: it never left."""

    SENT = "sent"
    """All bytes left; the venue has not answered yet."""

    PENDING_NEW = "A"
    LIVE = "0"
    PARTIAL = "1"
    FILLED = "2"
    DONE_FOR_DAY = "3"
    CANCELED = "4"
    REPLACED = "5"
    PENDING_CANCEL = "6"
    REJECTED = "8"
    SUSPENDED = "9"
    EXPIRED = "C"
    PENDING_REPLACE = "E"

    UNKNOWN = "unknown"
    """Submitted, and the outcome was not seen: counts as working, is asked for, and is never sent again on a guess."""

    NEVER_ARRIVED = "never_arrived"
    """The settle window is over and the sources agree that the venue never had it."""

    VENUE_LOST = "venue_lost"
    """The venue had it, and after the window no source knows of it any more."""

    ESCALATED = "escalated"
    """Could not be resolved by asking: a person has to. Still counts at its worst case."""


class OrderTerms(Struct, frozen=True, kw_only=True):
    """What is asked of the venue. Prices in ticks of the instrument, quantities in its quantity steps."""

    instrument: str
    side: Side
    lots: int
    kind: OrderKind
    time_in_force: TimeInForce
    limit_ticks: int | None = None
    stop_ticks: int | None = None
    expires_ns: int | None = None
    reduce_only: bool = False


HAS_LIMIT = frozenset({OrderKind.LIMIT, OrderKind.STOP_LIMIT})
HAS_STOP = frozenset({OrderKind.STOP, OrderKind.STOP_LIMIT})


def malformed(terms: OrderTerms) -> str | None:
    """What no venue could make sense of, or None."""
    if terms.lots <= 0:
        return f"an order for {terms.lots} lots"
    if (terms.limit_ticks is not None) != (terms.kind in HAS_LIMIT):
        return f"a {terms.kind.name.lower()} order {'without' if terms.limit_ticks is None else 'with'} a limit price"
    if (terms.stop_ticks is not None) != (terms.kind in HAS_STOP):
        return f"a {terms.kind.name.lower()} order {'without' if terms.stop_ticks is None else 'with'} a stop price"
    if (terms.expires_ns is not None) != (terms.time_in_force is TimeInForce.GOOD_TILL_DATE):
        return f"time in force {terms.time_in_force.name.lower()} and an expiry that do not fit"
    return None
