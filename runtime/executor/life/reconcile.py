"""Reconciliation: what the venue lists against what we believe, and only differences change anything.

Executions come first, so that an order that filled while we were away is not missed among the open ones; then what is
closed, then what is open, then what is listed nowhere; positions last. The same snapshot again changes nothing.
"""

from __future__ import annotations

from msgspec.structs import replace

from stratc.runtime.executor.life.asking import adopt, found, not_found
from stratc.runtime.executor.life.booking import book_fill
from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.happening import Alarm
from stratc.runtime.executor.life.policy import Source
from stratc.runtime.executor.life.state import Role
from stratc.runtime.model.order import OrdStatus
from stratc.runtime.model.report import OrderSeen, PositionSeen, Snapshot


def reconcile(draft: Draft, snapshot: Snapshot) -> None:
    """Books, adopts and corrects what the snapshot shows, and opens the desk where it was complete enough."""
    for fill in snapshot.executions or ():
        if fill.exec_id not in draft.bookings:
            book_fill(draft, fill)
    listed = _take_orders(draft, snapshot.closed_orders or (), snapshot.ask, known_only=True)
    listed |= _take_orders(draft, snapshot.open_orders or (), snapshot.ask, known_only=False)
    if snapshot.positions is not None:
        _compare(draft, snapshot.positions)
    if snapshot.open_orders is not None:
        _take_absences(draft, snapshot, listed)
    if snapshot.ask == draft.snapshot_ask:
        draft.snapshot_ask = None
        draft.wake_desk(draft.patience.poll_ns if draft.differences else draft.patience.snapshot_ns)
    if snapshot.open_orders is not None and snapshot.executions is not None and draft.connected:
        draft.reconciled = True


def _take_orders(draft: Draft, orders: tuple[OrderSeen, ...], ask: int, *, known_only: bool) -> set[str]:
    """What of these orders is known; of a person's, only those that are open matter."""
    listed: set[str] = set()
    for seen in orders:
        if known_only and seen.cl_ord_id not in draft.orders:
            continue
        key = adopt(draft, seen, ask)
        listed.add(key)
        _update_external(draft, key, seen)
        found(draft, key, seen, ask)
    return listed


def _take_absences(draft: Draft, snapshot: Snapshot, listed: set[str]) -> None:
    with_fills = {fill.cl_ord_id for fill in snapshot.executions or ()}
    for key, order in tuple(draft.orders.items()):
        if order.closed or key in listed:
            continue
        sources = {Source.OPEN_ORDERS}
        if snapshot.closed_orders is not None:
            sources.add(Source.CLOSED_ORDERS)
        if snapshot.executions is not None and (key not in with_fills or not order.owed):
            sources.add(Source.EXECUTIONS)
        if snapshot.positions is not None and order.terms.instrument not in draft.differences:
            sources.add(Source.POSITIONS)
        not_found(draft, key, frozenset(sources), snapshot.ask)


def _compare(draft: Draft, positions: tuple[PositionSeen, ...]) -> None:
    """Positions at the venue against the sum of our bookings. One that differs twice in the same way is told."""
    at_venue = {position.instrument: position.lots for position in positions}
    before = draft.differences
    draft.differences = {}
    for instrument in sorted(at_venue.keys() | draft.positions.keys()):
        ours, theirs = draft.positions.get(instrument, 0), at_venue.get(instrument, 0)
        if ours == theirs:
            continue
        draft.differences[instrument] = theirs - ours
        # A fill may be on its way while the snapshot is taken.
        if before.get(instrument) == theirs - ours:
            text = f"{theirs} at the venue, {ours} here"
            draft.alarm(Alarm.POSITION_DIFFERS, cl_ord_id=None, instrument=instrument, text=text)


def unanswered(draft: Draft, ask: int) -> None:
    """A question had no answer: the appointment that was made with it asks again; a snapshot is asked for sooner."""
    if ask == draft.snapshot_ask:
        draft.snapshot_ask = None
        draft.wake_desk(draft.patience.poll_ns)


def _update_external(draft: Draft, key: str, seen: OrderSeen) -> None:
    """A person's order is for what the venue says; what we took for all of it may have been its first fill."""
    order = draft.orders[key]
    if order.role is not Role.EXTERNAL or order.terms == seen.terms:
        return
    order = draft.put(replace(order, terms=seen.terms))
    if order.status is OrdStatus.FILLED and order.leaves:
        draft.put(replace(order, status=OrdStatus.PARTIAL))
