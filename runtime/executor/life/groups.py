"""Groups: orders that follow from one another. After every event each group is compared with what it should be.

Nothing is triggered by an event as such. What is held is compared with what protects it, and the next safe step is
taken: a gap is closed by one more order at once; a surplus is canceled, and only when the canceled order is confirmed
dead does its quantity count as gone and another take its place. So it does not matter which reports came, in which
order, or whether the process died in between: the same books lead to the same step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from msgspec.structs import replace

from stratc.runtime.executor.life.draft import Draft
from stratc.runtime.executor.life.happening import Alarm
from stratc.runtime.executor.life.moving import want_cancel
from stratc.runtime.executor.life.placing import add_leg
from stratc.runtime.executor.life.state import Group, GroupMode, OrderLife, Role
from stratc.runtime.model.intent import (
    Bracket,
    EmergencyExit,
    OneCancelsOther,
    OneTriggersOther,
    exit_at_market,
    stop_loss_of,
    target_of,
)
from stratc.runtime.model.order import OrderTerms, OrdStatus

EXITS: Final = (Role.STOP_LOSS, Role.TARGET, Role.EXIT)


def follow_all(draft: Draft, *, anew: bool) -> None:
    """The next safe step of the groups that changed, or of all. Without reconciled books none is safe."""
    if not (draft.connected and draft.reconciled):
        return
    changed = draft.regrouped | {draft.orders[key].group for key in draft.touched}
    for key in tuple(draft.groups):
        if anew or key in changed:
            follow(draft, draft.groups[key])


def follow(draft: Draft, group: Group) -> None:
    match group.plan:
        case Bracket() as plan:
            _follow_bracket(draft, group, plan)
        case OneCancelsOther():
            _follow_alternatives(draft, group)
        case OneTriggersOther() as plan:
            _follow_trigger(draft, group, plan)
        case _:
            assert_never(group.plan)


def orders_of(draft: Draft, group: Group, *roles: Role) -> list[OrderLife]:
    orders = [draft.orders[key] for key in group.members]
    return [order for order in orders if order.role in roles] if roles else orders


def held(orders: Iterable[OrderLife]) -> int:
    """Lots of a bracket that were entered and not closed; below nought where more was closed than entered."""
    return sum(-order.booked if order.role in EXITS else order.booked for order in orders)


def open_lots(orders: Iterable[OrderLife]) -> int:
    """What may still be filled: an order counts until it is confirmed dead, and then what is owed of it."""
    return sum(order.may_still_fill for order in orders)


def _follow_bracket(draft: Draft, group: Group, plan: Bracket) -> None:
    if group.mode is GroupMode.STUCK:
        return
    lots = held(orders_of(draft, group))
    if lots < 0:
        _undo_over_exit(draft, group, plan, -lots)
    elif group.mode is not GroupMode.WORKING:
        _close(draft, group, plan, lots)
    elif _refusals(orders_of(draft, group, Role.STOP_LOSS)) > plan.emergency.retries and lots > 0:
        _declare_emergency(draft, group, plan)
    else:
        _protect(draft, group, plan, lots)


def _protect(draft: Draft, group: Group, plan: Bracket, lots: int) -> None:
    """Stop losses and targets for as much as is held; after a first exit nothing more is entered."""
    exits = orders_of(draft, group, *EXITS)
    if any(order.booked for order in exits):
        _cancel(draft, orders_of(draft, group, Role.ENTRY))
    group = _fit(draft, group, Role.STOP_LOSS, lots, stop_loss_of(plan, lots))
    target = target_of(plan, lots)
    if target is not None and _refusals(orders_of(draft, group, Role.TARGET)) <= plan.emergency.retries:
        _fit(draft, group, Role.TARGET, lots, target)


def _fit(draft: Draft, group: Group, role: Role, lots: int, terms: OrderTerms) -> Group:
    """Orders of this role for so many lots: a gap is filled at once, a surplus canceled from the newest on."""
    legs = orders_of(draft, group, role)
    covered = open_lots(legs)
    if covered < lots:
        return add_leg(draft, group, role, replace(terms, lots=lots - covered))
    kept = [order for order in legs if not order.closed and not order.cancel_wanted]
    surplus = open_lots(kept) - lots
    for order in reversed(kept):
        if surplus <= 0:
            break
        surplus -= order.may_still_fill
        want_cancel(draft, order.cl_ord_id)
    return group


def _refusals(legs: Iterable[OrderLife]) -> int:
    """Orders that died without being filled or canceled by us."""
    died = [order for order in legs if order.closed and order.status is not OrdStatus.REPLACED]
    return sum(1 for order in died if order.leaves and not order.cancel_wanted)


def _declare_emergency(draft: Draft, group: Group, plan: Bracket) -> None:
    """The position cannot be protected: what the bracket declares for that is done."""
    _alarm(draft, group, plan, Alarm.PROTECTION_REFUSED, f"{plan.emergency.retries} retries: {plan.emergency.then}")
    match plan.emergency.then:
        case EmergencyExit.CLOSE_AT_MARKET:
            _close(
                draft, draft.put_group(replace(group, mode=GroupMode.EMERGENCY)), plan, held(orders_of(draft, group))
            )
        case EmergencyExit.HALT_AND_ALARM:
            _get_stuck(draft, group, plan, Alarm.NAKED, "no protective order, as declared")
        case _:
            assert_never(plan.emergency.then)


def _close(draft: Draft, group: Group, plan: Bracket, lots: int) -> None:
    """Takes off at market what is held, once nothing else can change it. Until then the stop losses stay."""
    exits = orders_of(draft, group, Role.EXIT)
    if _refusals(exits) > plan.emergency.retries:
        _get_stuck(draft, group, plan, Alarm.EXIT_FAILED, f"{lots} lots are still held")
        return
    moving = orders_of(draft, group, Role.ENTRY, Role.TARGET, Role.UNDO)
    _cancel(draft, moving)
    if open_lots(moving):
        if group.mode is GroupMode.CLOSING:
            _fit(draft, group, Role.STOP_LOSS, lots, stop_loss_of(plan, lots))
        return
    stops = orders_of(draft, group, Role.STOP_LOSS)
    _cancel(draft, stops)
    if open_lots(stops) == 0 and open_lots(exits) < lots:
        add_leg(draft, group, Role.EXIT, exit_at_market(plan, lots - open_lots(exits)))


def _undo_over_exit(draft: Draft, group: Group, plan: Bracket, lots: int) -> None:
    """Two exits were filled for one position. When all else is dead, what is too much is brought back."""
    if Alarm.OVER_EXIT not in group.told:
        group = draft.put_group(replace(group, told=group.told | {Alarm.OVER_EXIT}))
        _alarm(draft, group, plan, Alarm.OVER_EXIT, f"{lots} lots")
    undoing = orders_of(draft, group, Role.UNDO)
    others = orders_of(draft, group, Role.ENTRY, *EXITS)
    _cancel(draft, others)
    if open_lots(others):
        return
    if plan.emergency.then is EmergencyExit.HALT_AND_ALARM or _refusals(undoing) > plan.emergency.retries:
        _get_stuck(draft, group, plan, Alarm.EXIT_FAILED, f"{lots} lots too much were closed")
    elif open_lots(undoing) < lots:
        group = draft.put_group(replace(group, mode=GroupMode.CLOSING))
        terms = replace(exit_at_market(plan, lots - open_lots(undoing)), side=plan.entry.side)
        add_leg(draft, group, Role.UNDO, terms)


def _get_stuck(draft: Draft, group: Group, plan: Bracket, alarm: Alarm, text: str) -> None:
    draft.put_group(replace(group, mode=GroupMode.STUCK))
    _cancel(draft, orders_of(draft, group, Role.ENTRY))
    _alarm(draft, group, plan, alarm, text)
    draft.halt(plan.entry.instrument)


def close_group(draft: Draft, key: str) -> None:
    """The strategy or a person wants the bracket closed."""
    group = draft.groups.get(key)
    if group is not None and isinstance(group.plan, Bracket) and group.mode is GroupMode.WORKING:
        draft.put_group(replace(group, mode=GroupMode.CLOSING))


def _follow_alternatives(draft: Draft, group: Group) -> None:
    orders = orders_of(draft, group)
    filled = [order for order in orders if order.booked]
    if not filled:
        return
    if len(filled) > 1 and Alarm.BOTH_FILLED not in group.told:
        draft.put_group(replace(group, told=group.told | {Alarm.BOTH_FILLED}))
        text = ", ".join(f"{order.booked} of {order.cl_ord_id}" for order in filled)
        instrument = filled[0].terms.instrument
        draft.alarm(Alarm.BOTH_FILLED, cl_ord_id=group.group, instrument=instrument, text=text)
    _cancel(draft, [order for order in orders if order is not filled[0]])


def _follow_trigger(draft: Draft, group: Group, plan: OneTriggersOther) -> None:
    """The others are sent when the first is over, each for at most what it filled; more, if late fills come."""
    firsts = orders_of(draft, group, Role.FIRST)
    filled = sum(order.booked for order in firsts)
    if open_lots(firsts) or not filled:
        return
    triggered = orders_of(draft, group, Role.TRIGGERED)
    for place, terms in enumerate(plan.then):
        legs = [order for order in triggered if order.place == place]
        wanted = min(terms.lots, filled)
        sent = sum(order.terms.lots for order in legs)
        if sent < wanted:
            group = add_leg(draft, group, Role.TRIGGERED, replace(terms, lots=wanted - sent), place)
    if _refusals(triggered) and Alarm.TRIGGER_FAILED not in group.told:
        draft.put_group(replace(group, told=group.told | {Alarm.TRIGGER_FAILED}))
        instrument = plan.first.instrument
        draft.alarm(Alarm.TRIGGER_FAILED, cl_ord_id=group.group, instrument=instrument, text="it is not sent again")


def _cancel(draft: Draft, orders: Iterable[OrderLife]) -> None:
    for order in orders:
        if not order.closed:
            want_cancel(draft, order.cl_ord_id)


def _alarm(draft: Draft, group: Group, plan: Bracket, alarm: Alarm, text: str) -> None:
    draft.alarm(alarm, cl_ord_id=group.group, instrument=plan.entry.instrument, text=text)
