"""Commands of the desk: what the executor has to do once the event that led to them is durable."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from stratc.runtime.executor.life.happening import Alarm
from stratc.runtime.model.order import OrderTerms, OrdStatus


class Submit(Struct, frozen=True, kw_only=True, tag=True):
    """Send an order that approval `approval` covers. Nobody below the desk may send it a second time."""

    cl_ord_id: str
    approval: int
    terms: OrderTerms


class Cancel(Struct, frozen=True, kw_only=True, tag=True):
    cl_ord_id: str
    request_id: str
    order_id: str | None


class Replace(Struct, frozen=True, kw_only=True, tag=True):
    """Put order `cl_ord_id` with these terms in the place of `replaces`."""

    cl_ord_id: str
    replaces: str
    approval: int
    order_id: str | None
    terms: OrderTerms


class QueryOrder(Struct, frozen=True, kw_only=True, tag=True):
    """Ask the venue for the order by its client order id; the answer carries `ask`."""

    ask: int
    cl_ord_id: str


class TakeSnapshot(Struct, frozen=True, kw_only=True, tag=True):
    """Ask the venue for orders open and closed, executions and positions; the answer carries `ask`."""

    ask: int


class WakeAt(Struct, frozen=True, kw_only=True, tag=True):
    """Give `Woke` with this moment when it has come. The last one of an order is the one that counts."""

    due_ns: int
    cl_ord_id: str | None


class RaiseAlarm(Struct, frozen=True, kw_only=True, tag=True):
    alarm: Alarm
    cl_ord_id: str | None
    instrument: str | None
    text: str


class Tell(Struct, frozen=True, kw_only=True, tag=True):
    """Tell the strategy how its order stands."""

    cl_ord_id: str
    status: OrdStatus
    text: str


class HaltInstrument(Struct, frozen=True, kw_only=True, tag=True):
    """Let the gate refuse new risk in the instrument."""

    instrument: str


Command: TypeAlias = (
    Submit | Cancel | Replace | QueryOrder | TakeSnapshot | WakeAt | RaiseAlarm | Tell | HaltInstrument
)  # fmt: skip
