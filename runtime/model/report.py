"""Reports: what a venue says of orders, in our words. An adapter makes them; nothing here knows a protocol.

`cl_ord_id` [11] is None where the venue named none, as of an order that a person entered in its own screen. Lots are of
the order that is named, and of no other: an adapter whose protocol carries quantities over a replace takes them apart.
A message that cannot be read is a `Malformed`, a status that has no word here a `Strange`: neither is left out.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from stratc.runtime.model.order import OrderTerms, OrdStatus, Side


class Ambiguity(StrEnum):
    """Why the outcome of a request was not seen."""

    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    SERVER_ERROR = "server_error"
    STATUS_UNKNOWN = "status_unknown"
    THROTTLED = "throttled"
    UNREADABLE_ANSWER = "unreadable_answer"


class NotSent(Struct, frozen=True, kw_only=True, tag=True):
    """The adapter is certain that no byte of the order left."""

    cl_ord_id: str
    text: str


class OutcomeUnknown(Struct, frozen=True, kw_only=True, tag=True):
    """A request about the order ended without an answer that says what became of it."""

    cl_ord_id: str
    why: Ambiguity


class DuplicateId(Struct, frozen=True, kw_only=True, tag=True):
    """The venue refuses the id because it has it already: evidence that the order was accepted."""

    cl_ord_id: str


class AcceptancePending(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str
    order_id: str | None = None


class Acknowledged(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str
    order_id: str | None = None


class Rejected(Struct, frozen=True, kw_only=True, tag=True):
    """A definite refusal with the venue's text."""

    cl_ord_id: str
    text: str


class Filled(Struct, frozen=True, kw_only=True, tag=True):
    """An execution. `price` is exact and may lie between ticks; `cum_lots` is the venue's sum of the order, if told."""

    cl_ord_id: str | None
    order_id: str | None
    exec_id: str
    instrument: str
    side: Side
    lots: int
    price: Decimal
    cum_lots: int | None = None


class Busted(Struct, frozen=True, kw_only=True, tag=True):
    """Trade cancel [150=H]: the execution `ref_exec_id` is undone."""

    exec_id: str
    ref_exec_id: str


class Corrected(Struct, frozen=True, kw_only=True, tag=True):
    """Trade correct [150=G]: the execution `ref_exec_id` was for so many lots at this price."""

    exec_id: str
    ref_exec_id: str
    lots: int
    price: Decimal


class CancelPending(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str


class Canceled(Struct, frozen=True, kw_only=True, tag=True):
    """`cum_lots` is what was filled before, which may be more than we have seen."""

    cl_ord_id: str
    cum_lots: int | None = None


class CancelRejected(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str
    text: str


class ReplacePending(Struct, frozen=True, kw_only=True, tag=True):
    """`cl_ord_id` is the order to be replaced."""

    cl_ord_id: str


class Replaced(Struct, frozen=True, kw_only=True, tag=True):
    """`cl_ord_id` has taken the place of `replaces` and is for `lots` in all, none of them filled under the old id.

    `cum_lots` is what the old order had filled.
    """

    cl_ord_id: str
    replaces: str
    lots: int
    order_id: str | None = None
    cum_lots: int | None = None


class ReplaceRejected(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str
    replaces: str
    text: str


class Expired(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str
    cum_lots: int | None = None


class DoneForDay(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str


class Suspended(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str


class Restated(Struct, frozen=True, kw_only=True, tag=True):
    """The venue changed the order by itself [150=D]; it is for `lots` in all now, filled ones included."""

    cl_ord_id: str
    lots: int


class Strange(Struct, frozen=True, kw_only=True, tag=True):
    """A status of an order for which there is no word here."""

    cl_ord_id: str
    raw: str


class Malformed(Struct, frozen=True, kw_only=True, tag=True):
    """A message that could not be read, kept as it came; with the order's id if that much could be."""

    cl_ord_id: str | None
    raw: str


class OrderSeen(Struct, frozen=True, kw_only=True):
    """An order as a venue lists it."""

    cl_ord_id: str | None
    order_id: str
    status: OrdStatus
    cum_lots: int
    terms: OrderTerms


class PositionSeen(Struct, frozen=True, kw_only=True):
    instrument: str
    lots: int


class StatusAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """The answer to question `ask`: the order as the venue has it, or None for `not found`."""

    ask: int
    cl_ord_id: str
    found: OrderSeen | None


class Snapshot(Struct, frozen=True, kw_only=True, tag=True):
    """The answer to question `ask`: what the venue lists. None is a list that it could not or would not give."""

    ask: int
    open_orders: tuple[OrderSeen, ...] | None
    closed_orders: tuple[OrderSeen, ...] | None
    executions: tuple[Filled, ...] | None
    positions: tuple[PositionSeen, ...] | None


class NoAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """Question `ask` was not answered: time-out, error, or a connection lost."""

    ask: int


Report: TypeAlias = (
    NotSent | OutcomeUnknown | DuplicateId | AcceptancePending | Acknowledged | Rejected | Filled | Busted | Corrected
    | CancelPending | Canceled | CancelRejected | ReplacePending | Replaced | ReplaceRejected | Expired | DoneForDay
    | Suspended | Restated | Strange | Malformed | StatusAnswer | Snapshot | NoAnswer
)  # fmt: skip
