"""Executions: each is booked once by its id, and only a bust or a correction that names it takes it back.

Positions are the sum of the bookings. A fill of an order that nobody here knows is booked as well, under an external
order: the money is real.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from stratc.runtime.executor.life.happening import Alarm, Happening
from stratc.runtime.executor.life.moving import happen
from stratc.runtime.executor.life.state import Booking, OrderLife, Role, Standing
from stratc.runtime.model.order import OrderKind, OrderTerms, OrdStatus, TimeInForce
from stratc.runtime.model.report import Busted, Corrected, Filled

if TYPE_CHECKING:
    from stratc.runtime.executor.life.draft import Draft

ZERO: Final = Decimal(0)


def known_order(draft: Draft, cl_ord_id: str | None, order_id: str | None) -> str | None:
    """The key of the order that a report names by our id or by the venue's."""
    if cl_ord_id is not None and cl_ord_id in draft.orders:
        return cl_ord_id
    if order_id is None:
        return None
    return next((key for key, order in draft.orders.items() if order.order_id == order_id), None)


def external_key(cl_ord_id: str | None, order_id: str | None, exec_id: str = "") -> str:
    return cl_ord_id or f"venue:{order_id or exec_id}"


def book_fill(draft: Draft, fill: Filled) -> None:
    """Books the execution once, and lets its order know."""
    key = known_order(draft, fill.cl_ord_id, fill.order_id)
    if key is None:
        key = _adopt_from_fill(draft, fill).cl_ord_id
    order = draft.orders[key]
    if fill.cum_lots is not None and fill.cum_lots > order.claimed:
        order = draft.put(replace(order, claimed=fill.cum_lots))
    if fill.exec_id in draft.bookings:
        happen(draft, key, Happening.FILL_AGAIN)
        return
    if order.role is Role.EXTERNAL and order.booked + fill.lots > order.terms.lots:
        # What a person's order is for is known from a snapshot alone; until then it is for what it filled.
        order = replace(order, terms=_for_lots(order.terms, order.booked + fill.lots))
    standing = Standing(cl_ord_id=key, instrument=fill.instrument, side=fill.side, lots=fill.lots, price=fill.price)
    _enter(draft, fill.exec_id, fill.exec_id, standing, fill.side * fill.lots)
    draft.standing[fill.exec_id] = standing
    happening = classify(order, fill.lots)
    draft.put(replace(order, booked=order.booked + fill.lots, order_id=order.order_id or fill.order_id))
    happen(draft, key, happening, f"{fill.lots} at {fill.price}")
    if order.role is Role.EXTERNAL:
        _alarm(draft, Alarm.EXTERNAL_FILL, key, fill.instrument, f"{fill.side.name} {fill.lots} at {fill.price}")
    if (waiting := draft.waiting.pop(fill.exec_id, None)) is not None:
        amend(draft, waiting)


def classify(order: OrderLife, lots: int) -> Happening:
    """What a new execution of so many lots means to its order."""
    filled = order.booked + lots
    if filled > order.terms.lots:
        return Happening.FILL_OVER
    if order.closed and filled <= order.claimed:
        return Happening.FILL_OWED
    return Happening.FILL_LAST if filled == order.terms.lots else Happening.FILL_PART


def amend(draft: Draft, report: Busted | Corrected) -> None:
    """Books a bust or a correction by reference to its execution, once; before that has come, it waits for it."""
    if report.exec_id in draft.bookings:
        return
    before = draft.standing.get(report.ref_exec_id)
    if before is None:
        if report.ref_exec_id not in draft.waiting:
            draft.waiting[report.ref_exec_id] = report
            _alarm(draft, Alarm.BUST_OF_UNKNOWN, None, None, f"{report.exec_id} is about {report.ref_exec_id}")
        return
    lots, price = (report.lots, report.price) if isinstance(report, Corrected) else (0, before.price)
    after = replace(before, lots=lots, price=price)
    original = draft.bookings[report.ref_exec_id].original
    _enter(draft, f"{report.exec_id}/reversal", original, before, -before.side * before.lots)
    _enter(draft, report.exec_id, original, after, after.side * after.lots)
    # A later correction may name this one or the execution itself.
    draft.standing[report.ref_exec_id] = draft.standing[original] = draft.standing[report.exec_id] = after
    _tell_order(draft, before, after)


def _tell_order(draft: Draft, before: Standing, after: Standing) -> None:
    order = draft.orders[before.cl_ord_id]
    change = after.lots - before.lots
    order = draft.put(replace(order, booked=order.booked + change, claimed=max(order.claimed + change, 0)))
    happening = Happening.CORRECTION if after.lots else Happening.BUST
    text = f"{before.lots} at {before.price} is {after.lots} at {after.price}"
    order = happen(draft, order.cl_ord_id, happening, text)
    if change > 0 and order.booked > order.terms.lots:
        happen(draft, order.cl_ord_id, Happening.FILL_OVER, text)


def adopt_position(draft: Draft, adoption_id: str, instrument: str, lots: int) -> None:
    """A person says that the position is `lots`: the difference is booked, and named by the decision."""
    change = lots - draft.positions.get(instrument, 0)
    if adoption_id in draft.bookings:
        return
    draft.bookings[adoption_id] = Booking(
        cl_ord_id="", instrument=instrument, original=adoption_id, lots=change, price=ZERO
    )
    draft.positions[instrument] = lots
    draft.differences.pop(instrument, None)


def _enter(draft: Draft, entry_id: str, original: str, what: Standing, lots: int) -> None:
    draft.bookings[entry_id] = Booking(
        cl_ord_id=what.cl_ord_id, instrument=what.instrument, original=original, lots=lots, price=what.price
    )
    draft.positions[what.instrument] = draft.positions.get(what.instrument, 0) + lots


def _adopt_from_fill(draft: Draft, fill: Filled) -> OrderLife:
    key = external_key(fill.cl_ord_id, fill.order_id, fill.exec_id)
    terms = OrderTerms(
        instrument=fill.instrument,
        side=fill.side,
        lots=fill.lots,
        kind=OrderKind.MARKET,
        time_in_force=TimeInForce.DAY,
    )
    return draft.put(external_order(key, terms, OrdStatus.LIVE, draft.asked, fill.order_id))


def external_order(key: str, terms: OrderTerms, status: OrdStatus, since: int, order_id: str | None) -> OrderLife:
    """An order that did not come from here, as far as it is known."""
    return OrderLife(
        cl_ord_id=key,
        group=key,
        role=Role.EXTERNAL,
        approval=-1,
        valid_until_ns=0,
        terms=terms,
        status=status,
        since=since,
        order_id=order_id,
        seen=True,
    )


def _for_lots(terms: OrderTerms, lots: int) -> OrderTerms:
    return replace(terms, lots=lots)


def _alarm(draft: Draft, alarm: Alarm, cl_ord_id: str | None, instrument: str | None, text: str) -> None:
    draft.alarm(alarm, cl_ord_id=cl_ord_id, instrument=instrument, text=text)
