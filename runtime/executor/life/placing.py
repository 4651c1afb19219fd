"""From an approved intent to its first orders, and the legs that a group adds later."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.life import table
from stratc.runtime.executor.life.commands import Replace
from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.happening import Duty, Happening
from stratc.runtime.executor.life.moving import happen, submit
from stratc.runtime.executor.life.state import Group, OrderLife, Role
from stratc.runtime.model.ids import leg_id
from stratc.runtime.model.intent import Bracket, Intent, OneCancelsOther, OneTriggersOther, Replacement, Single
from stratc.runtime.model.order import OrderTerms, OrdStatus, malformed


def place(draft: Draft, approved: Approved) -> None:
    """Sends what the intent is for, or denies all of it. The same intent a second time changes nothing."""
    intent = approved.intent
    if intent.cl_ord_id in draft.orders:
        return
    match intent.plan:
        case Single(order=terms):
            _start(draft, approved, Role.SINGLE, (terms,))
        case Bracket() as plan:
            if _start(draft, approved, Role.ENTRY, (plan.entry,)):
                _group(draft, approved, plan)
        case OneCancelsOther() as plan:
            if _start(draft, approved, Role.MEMBER, plan.orders):
                _group(draft, approved, plan)
        case OneTriggersOther() as plan:
            if _start(draft, approved, Role.FIRST, (plan.first,), (*plan.then,)):
                _group(draft, approved, plan)
        case Replacement() as plan:
            _replace(draft, approved, plan)
        case _:
            assert_never(intent.plan)


def denial(draft: Draft, intent: Intent, all_terms: tuple[OrderTerms, ...]) -> str | None:
    """Why the desk does not take orders that the gate approved: it knows what happened since."""
    if not all_terms:
        return "malformed: no order at all"
    for terms in all_terms:
        if (problem := malformed(terms)) is not None:
            return f"malformed: {problem}"
        if not draft.connected:
            return "no connection to the venue"
        if terms.reduce_only:
            continue
        if not draft.reconciled:
            return "orders and positions have not been reconciled since the connection was made"
        if terms.instrument in draft.halted:
            return f"{terms.instrument} is halted"
        if terms.instrument in draft.differences:
            return f"the position in {terms.instrument} differs from the venue's"
    if draft.now_ns >= intent.valid_until_ns:
        return "the intent is no longer valid"
    return None


def _start(
    draft: Draft, approved: Approved, role: Role, firsts: tuple[OrderTerms, ...], later: tuple[OrderTerms, ...] = ()
) -> bool:
    """Sends the first orders of an intent; the first bears the intent's own id."""
    intent = approved.intent
    denied = denial(draft, intent, (*firsts, *later))
    for number, terms in enumerate(firsts):
        key = intent.cl_ord_id if number == 0 else leg_id(intent.cl_ord_id, role.value, number)
        order = draft.put(replace(_new_order(approved.number, intent, key, role, terms), place=number))
        if denied is not None:
            draft.tell(draft.put(replace(order, status=OrdStatus.DENIED)), denied)
            return False
        submit(draft, order)
    return not denied


def _new_order(approval: int, intent: Intent, key: str, role: Role, terms: OrderTerms) -> OrderLife:
    return OrderLife(
        cl_ord_id=key,
        group=intent.cl_ord_id,
        role=role,
        approval=approval,
        valid_until_ns=intent.valid_until_ns,
        terms=terms,
        status=OrdStatus.INTENDED,
        since=0,
    )


def _group(draft: Draft, approved: Approved, plan: Bracket | OneCancelsOther | OneTriggersOther) -> None:
    intent = approved.intent
    draft.put_group(
        Group(
            group=intent.cl_ord_id,
            approval=approved.number,
            valid_until_ns=intent.valid_until_ns,
            plan=plan,
            members=tuple(key for key, order in draft.orders.items() if order.group == intent.cl_ord_id),
        )
    )


def add_leg(draft: Draft, group: Group, role: Role, terms: OrderTerms, place: int = 0) -> Group:
    """Sends one more order of the group, with an id that follows from the group's and the leg's number."""
    key = leg_id(group.group, role.value, group.legs)
    order = OrderLife(
        cl_ord_id=key,
        group=group.group,
        role=role,
        approval=group.approval,
        valid_until_ns=group.valid_until_ns,
        terms=terms,
        status=OrdStatus.INTENDED,
        since=0,
        place=place,
    )
    submit(draft, draft.put(order))
    return draft.put_group(replace(group, members=(*group.members, key), legs=group.legs + 1))


def _replace(draft: Draft, approved: Approved, plan: Replacement) -> None:
    """Until the venue says which of the two lives, both do."""
    intent = approved.intent
    old = draft.orders.get(plan.replaces)
    role = Role.SINGLE if old is None else old.role
    order = draft.put(_new_order(approved.number, intent, intent.cl_ord_id, role, plan.order))
    why = denial(draft, intent, (plan.order,))
    if old is None or why is not None:
        draft.tell(draft.put(replace(order, status=OrdStatus.DENIED)), why or f"no order {plan.replaces}")
        return
    order = draft.put(replace(order, group=old.group, replaces=plan.replaces))
    if Duty.REPLACE not in table.life_of(old.status, Happening.REPLACE_WANTED).duties:
        happen(draft, plan.replaces, Happening.REPLACE_WANTED)
        draft.tell(draft.put(replace(order, status=OrdStatus.DENIED)), f"{plan.replaces} is {old.status.name}")
        return
    _join(draft, old.group, order)
    old = happen(draft, plan.replaces, Happening.REPLACE_WANTED)
    draft.wake_order(old, draft.patience.answer_ns)
    order = draft.put(replace(order, sends=1, since=draft.asked))
    draft.commands.append(
        Replace(
            cl_ord_id=order.cl_ord_id,
            replaces=plan.replaces,
            approval=order.approval,
            order_id=old.order_id,
            terms=order.terms,
        )
    )
    draft.wake_order(order, draft.patience.answer_ns)


def _join(draft: Draft, group: str, order: OrderLife) -> None:
    if (joined := draft.groups.get(group)) is not None:
        draft.put_group(replace(joined, members=(*joined.members, order.cl_ord_id)))
