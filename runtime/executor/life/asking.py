"""Orders of which nobody knows how they stand: what counts as an answer, when it may be concluded, when sent again.

`Not found` alone proves nothing: the order may still be on its way, or be accepted and not shown yet. So an order is
concluded to have never arrived when its settle window is over and all sources that its class names, two at least, were
asked after that and do not know it. What is found anywhere, at any time, exists.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from stratc.runtime.executor.life.booking import external_key, external_order, known_order
from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.happening import Alarm, Duty, Happening
from stratc.runtime.executor.life.moving import happen, submit
from stratc.runtime.executor.life.policy import SOURCES_MIN, SWEEP, Resend, Source
from stratc.runtime.executor.life.state import OrderLife, Role
from stratc.runtime.executor.life.table import CONCLUDED, UNSEEN, life_of
from stratc.runtime.model.order import OrdStatus, TimeInForce
from stratc.runtime.model.report import OrderSeen

S = OrdStatus
AT_WORK: Final = frozenset({S.LIVE, S.PARTIAL, S.PENDING_CANCEL, S.PENDING_REPLACE, S.PENDING_NEW})
ANSWERED: Final = {
    S.EXPIRED: Happening.EXPIRED,
    S.REJECTED: Happening.REJECTED,
    S.REPLACED: Happening.REPLACED,
    S.DONE_FOR_DAY: Happening.DONE_FOR_DAY,
    S.SUSPENDED: Happening.SUSPENDED,
}
NOT_SHOWN: Final = frozenset((*UNSEEN, *CONCLUDED))
ENDS_AT_ONCE: Final = frozenset({TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL})
# Orders that the desk itself derives from a position are derived anew, and only those of an intent are sent again.
SENT_AGAIN: Final = frozenset({Role.SINGLE, Role.ENTRY, Role.MEMBER, Role.FIRST})


def canceled(order: OrderLife) -> Happening:
    asked = order.cancel_wanted or order.role is Role.EXTERNAL or order.terms.time_in_force in ENDS_AT_ONCE
    return Happening.CANCELED if asked else Happening.CANCELED_UNASKED


def claim(draft: Draft, key: str, cum_lots: int | None) -> OrderLife:
    """Remembers what the venue says it filled of the order; executions that are owed are asked for."""
    order = draft.orders[key]
    if cum_lots is None or cum_lots <= order.claimed:
        return order
    order = draft.put(replace(order, claimed=cum_lots))
    if order.owed:
        draft.take_snapshot()
    return order


def found(draft: Draft, key: str, seen: OrderSeen, ask: int) -> None:
    """The venue lists the order. An answer older than the order's last change proves only that it exists."""
    order = claim(draft, key, seen.cum_lots)
    draft.put(order := replace(order, order_id=order.order_id or seen.order_id))
    fresh = ask > order.since
    if not fresh and order.status not in NOT_SHOWN:
        return
    if seen.status in AT_WORK:
        happen(draft, key, Happening.FOUND_WORKING)
    elif seen.status is S.CANCELED:
        happen(draft, key, canceled(order))
    elif seen.status is S.FILLED:
        _found_filled(draft, order)
    elif seen.status in ANSWERED:
        happen(draft, key, ANSWERED[seen.status])
    else:
        happen(draft, key, Happening.STRANGE, seen.status.value)
    if fresh:
        _answered(draft, key, ask)


def _found_filled(draft: Draft, order: OrderLife) -> None:
    """Its executions say so themselves when they come; until then they are owed, and the order exists."""
    if order.status in NOT_SHOWN:
        happen(draft, order.cl_ord_id, Happening.FOUND_WORKING)


def _answered(draft: Draft, key: str, ask: int) -> None:
    order = draft.orders[key]
    if order.doubted and ask > order.since:
        draft.put(replace(order, doubted=False))


def not_found(draft: Draft, key: str, sources: frozenset[Source], ask: int) -> None:
    """These sources do not know the order."""
    order = draft.orders[key]
    if ask <= order.since:
        return
    order = happen(draft, key, Happening.ABSENT)
    if Duty.NOTE_ABSENCE not in life_of(order.status, Happening.ABSENT).duties or ask <= order.since:
        return
    if order.settled:
        order = draft.put(replace(order, absent_from=order.absent_from | sources))
    if _may_send_again(draft, order, sources):
        happen(draft, key, Happening.RESENT)
        submit(draft, draft.orders[key])
    elif is_gone(draft, order):
        conclude_gone(draft, key)


def is_gone(draft: Draft, order: OrderLife) -> bool:
    """Whether it may be concluded that the venue has no such order."""
    policy = draft.venue.policy
    needed = SWEEP if order.role is Role.EXTERNAL else policy.sources
    if order.seen:
        # What was shown and is gone may have traded: the positions have to agree before its exposure is let go.
        needed |= {Source.POSITIONS}
    enough = order.absent_from >= needed and len(order.absent_from) >= SOURCES_MIN
    return order.settled and enough and policy.concludes


def _may_send_again(draft: Draft, order: OrderLife, sources: frozenset[Source]) -> bool:
    wanted = order.status is S.UNKNOWN and order.role in SENT_AGAIN and not order.cancel_wanted and not order.seen
    in_time = draft.now_ns < order.valid_until_ns and order.sends <= draft.patience.resends_max
    if not wanted or not in_time or order.replaces is not None or order.terms.instrument in draft.halted:
        return False
    match draft.venue.policy.resend:
        case Resend.WHEN_NOT_FOUND:
            return Source.QUERY in sources
        case Resend.WHEN_SETTLED:
            return is_gone(draft, order)
        case Resend.NEVER:
            return False


def conclude_gone(draft: Draft, key: str) -> None:
    """The venue has no such order: its exposure is let go."""
    order = happen(draft, key, Happening.SETTLED_ABSENT)
    if order.status is S.VENUE_LOST:
        terms = order.terms
        text = f"{terms.side.name} {order.leaves} of {terms.lots}"
        draft.alarm(Alarm.VENUE_LOST, cl_ord_id=order.cl_ord_id, instrument=terms.instrument, text=text)
    elif order.replaces is not None and order.replaces in draft.orders:
        happen(draft, order.replaces, Happening.REPLACE_REJECTED, "the replacement never arrived")


def adopt(draft: Draft, seen: OrderSeen, ask: int) -> str:
    """An order at the venue that did not come from here is taken into the books, and told."""
    key = known_order(draft, seen.cl_ord_id, seen.order_id)
    if key is not None:
        return key
    key = external_key(seen.cl_ord_id, seen.order_id)
    order = draft.put(external_order(key, seen.terms, S.LIVE, ask - 1, seen.order_id))
    text = f"{seen.terms.side.name} {seen.terms.lots}"
    draft.alarm(Alarm.EXTERNAL_ORDER, cl_ord_id=key, instrument=order.terms.instrument, text=text)
    return key


def woke(draft: Draft, key: str, due_ns: int) -> None:
    """The moment has come at which an answer should have been here."""
    order = draft.orders.get(key)
    if order is None or order.wake_ns != due_ns:
        return
    order = draft.put(replace(order, wake_ns=None))
    if order.status in (S.INTENDED, S.SENT):
        happen(draft, key, Happening.OUTCOME_UNKNOWN, "no answer in time")
    elif order.status is S.UNKNOWN and not order.settled:
        # What was asked before the window was over may be older than the order's arrival.
        draft.put(replace(order, settled=True, absent_from=frozenset(), since=draft.asked))
        inquire(draft, key)
    elif needs_asking(order):
        _poll(draft, order)


def needs_asking(order: OrderLife) -> bool:
    """Whether an answer about the order is awaited."""
    waits = (S.INTENDED, S.SENT, S.PENDING_NEW, S.PENDING_CANCEL, S.PENDING_REPLACE, S.UNKNOWN, S.ESCALATED)
    return order.status in waits or order.doubted or order.owed > 0


def _poll(draft: Draft, order: OrderLife) -> None:
    patience = draft.patience
    polls = min(order.polls + 1, patience.polls_to_escalate)
    if polls > order.polls:
        draft.put(replace(order, polls=polls))
        _escalate(draft, order, polls)
    inquire(draft, order.cl_ord_id)


def _escalate(draft: Draft, order: OrderLife, polls: int) -> None:
    patience, instrument = draft.patience, order.terms.instrument
    if polls == patience.polls_to_alarm:
        alarm = Alarm.CANCEL_STUCK if order.status is S.PENDING_CANCEL else Alarm.UNKNOWN_TOO_LONG
        text = f"{order.status.name}, asked {polls} times"
        draft.alarm(alarm, cl_ord_id=order.cl_ord_id, instrument=instrument, text=text)
    if polls == patience.polls_to_halt:
        draft.halt(instrument)
    if polls == patience.polls_to_escalate:
        after = happen(draft, order.cl_ord_id, Happening.GIVEN_UP)
        draft.put(replace(after, polls=polls, settled=order.settled))


def inquire(draft: Draft, key: str) -> None:
    """Asks by id, and for everything where one answer by id is not enough."""
    order = draft.ask_for(draft.orders[key])
    if order.settled or order.owed or order.status is S.ESCALATED:
        draft.take_snapshot()
