"""One happening applied to one order: the table is asked, the order moves, and what the table says is due is done."""

from __future__ import annotations

from typing import Final, assert_never

from msgspec.structs import replace

from stratc.runtime.executor.life import table
from stratc.runtime.executor.life.commands import Cancel, Submit
from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.happening import Alarm, Duty, Happening
from stratc.runtime.executor.life.state import OrderLife
from stratc.runtime.executor.life.table import Cell, Stay
from stratc.runtime.model.ids import request_id
from stratc.runtime.model.order import OrdStatus

H = Happening
# What only a venue that has the order can have said.
SHOWS: Final = frozenset(
    {
        H.DUPLICATE_ID, H.ACCEPTANCE_PENDING, H.ACKNOWLEDGED, H.FILL_PART, H.FILL_LAST, H.FILL_OWED, H.FILL_OVER,
        H.CANCEL_PENDING, H.CANCELED, H.CANCELED_UNASKED, H.REPLACE_PENDING, H.REPLACED, H.EXPIRED, H.DONE_FOR_DAY,
        H.SUSPENDED, H.RESTATED, H.FOUND_WORKING,
    }
)  # fmt: skip


def happen(draft: Draft, cl_ord_id: str, happening: Happening, text: str = "") -> OrderLife:
    """The order after the happening."""
    before = draft.orders[cl_ord_id]
    cell = table.life_of(before.status, happening)
    order = draft.put(_moved(draft, before, cell, happening))
    if order.status is not before.status:
        draft.tell(order, text)
    if cell.alarm is not None:
        said = f"{happening.value}{': ' if text else ''}{text}"
        draft.alarm(cell.alarm, cl_ord_id=cl_ord_id, instrument=order.terms.instrument, text=said)
    for duty in cell.duties:
        _perform(draft, cl_ord_id, duty)
    return draft.orders[cl_ord_id]


def _moved(draft: Draft, order: OrderLife, cell: Cell, happening: Happening) -> OrderLife:
    status = _target(order, cell)
    order = replace(
        order,
        seen=order.seen or happening in SHOWS,
        flags=order.flags if cell.flag is None else order.flags | {cell.flag},
    )
    if status is order.status:
        return order
    # A new status makes every answer stale that was asked for before it, and begins the count of polls anew.
    return replace(
        order, status=status, since=draft.asked, doubted=False, settled=False, absent_from=frozenset(), polls=0
    )


def _target(order: OrderLife, cell: Cell) -> OrdStatus:
    match cell.to:
        case OrdStatus():
            return cell.to
        case Stay.SAME:
            return order.status
        case Stay.BY_QUANTITY:
            if order.booked >= order.terms.lots:
                return OrdStatus.FILLED
            return OrdStatus.PARTIAL if order.booked > 0 else OrdStatus.LIVE
        case Stay.GONE:
            return OrdStatus.VENUE_LOST if order.seen else OrdStatus.NEVER_ARRIVED
        case _:
            assert_never(cell.to)


def _perform(draft: Draft, cl_ord_id: str, duty: Duty) -> None:
    order = draft.orders[cl_ord_id]
    match duty:
        case Duty.SETTLE:
            draft.ask_for(order)
            draft.wake_order(draft.orders[cl_ord_id], draft.patience.settle_ns)
        case Duty.ASK:
            draft.ask_for(order)
        case Duty.CANCEL:
            send_cancel(draft, order)
        case Duty.CANCEL_LATER:
            draft.put(replace(order, cancel_wanted=True))
        case Duty.CANCEL_AGAIN:
            if order.doubted and order.cancels < draft.patience.cancels_max:
                send_cancel(draft, order)
        case Duty.HALT:
            draft.halt(order.terms.instrument)
        case Duty.REPLACE | Duty.REFUSE_REPLACE | Duty.NOTE_ABSENCE:
            # These need to know of a second order or of the sources, and are done by who applied the happening.
            return
        case _:
            assert_never(duty)


def send_cancel(draft: Draft, order: OrderLife) -> None:
    number = order.cancels + 1
    order = draft.put(replace(order, cancel_wanted=True, cancels=number, doubted=False, since=draft.asked))
    request = request_id(order.cl_ord_id, "cancel", number)
    draft.commands.append(Cancel(cl_ord_id=order.cl_ord_id, request_id=request, order_id=order.order_id))
    draft.wake_order(order, draft.patience.answer_ns)


def want_cancel(draft: Draft, cl_ord_id: str) -> None:
    """The wish to cancel is kept until the order is closed; the request goes out as soon as one can."""
    order = draft.orders[cl_ord_id]
    if not order.closed and not order.cancel_wanted:
        draft.put(replace(order, cancel_wanted=True))
    pursue_cancel(draft, cl_ord_id)


def pursue_cancel(draft: Draft, cl_ord_id: str) -> None:
    """Sends a wanted cancel where the order stands so that it can be canceled, and no answer about it is awaited."""
    order = draft.orders[cl_ord_id]
    if not order.cancel_wanted or order.doubted or not draft.connected:
        return
    if Duty.CANCEL not in table.life_of(order.status, Happening.CANCEL_WANTED).duties:
        return
    if order.cancels < draft.patience.cancels_max:
        happen(draft, cl_ord_id, Happening.CANCEL_WANTED)
    elif order.polls == 0:
        _give_up_canceling(draft, order)


def _give_up_canceling(draft: Draft, order: OrderLife) -> None:
    draft.put(replace(order, polls=draft.patience.polls_to_escalate))
    text = f"refused {order.cancels} times"
    draft.alarm(Alarm.CANCEL_STUCK, cl_ord_id=order.cl_ord_id, instrument=order.terms.instrument, text=text)


def submit(draft: Draft, order: OrderLife) -> OrderLife:
    """Sends the order; it is looked at again if no answer comes."""
    order = draft.put(replace(order, sends=order.sends + 1, since=draft.asked))
    draft.commands.append(Submit(cl_ord_id=order.cl_ord_id, approval=order.approval, terms=order.terms))
    return draft.wake_order(order, draft.patience.answer_ns)
