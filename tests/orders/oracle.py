"""What must be true in every world, and what once it has come to rest. The venue's own books are the judge.

A position is *naked* when the desk is connected and reconciled, a bracket that has not been given up holds something,
and its stop losses (working, or on their way, as the desk sees them) are for less than is held. At rest it is naked
when the stop losses that really work at the venue are for less.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.runtime.executor.life.commands import Replace, Submit
from stratc.runtime.executor.life.exposure import worst_case_exposure
from stratc.runtime.executor.life.policy import Idempotency
from stratc.runtime.executor.life.state import DeskState, Group, GroupMode, OrderLife, Role
from stratc.runtime.model.intent import Bracket, OneCancelsOther, OneTriggersOther
from stratc.runtime.model.order import Side
from tests.orders.world import INSTRUMENT, World, is_at_rest, position_at_venue

EXITS = (Role.STOP_LOSS, Role.TARGET, Role.EXIT)


def wrongs(before: World, after: World) -> Iterator[str]:
    """Everything that is wrong with the second world, or with the way from the first."""
    yield from _always(after)
    yield from _from_one_to_the_next(before.desk, after.desk)
    if is_at_rest(after):
        yield from _at_rest(after)


def _always(world: World) -> Iterator[str]:
    desk = world.desk
    for key, order in world.orders.items():
        if order.accepted > 1:
            yield f"I1: the venue has {order.accepted} orders of {key}"
        if key not in desk.orders:
            yield f"I4: {key} is at the venue and in no journal"
    for key, order in desk.orders.items():
        lines = sum(line.lots for line in desk.bookings.values() if line.cl_ord_id == key)
        if order.terms.side * order.booked != lines:
            yield f"I10: {key} has {order.booked} booked, and bookings of {lines}"
        at_venue = world.orders[key].cum if key in world.orders else 0
        if order.booked > at_venue:
            yield f"I10: {key} has {order.booked} booked, and the venue filled {at_venue}"
    if desk.positions.get(INSTRUMENT, 0) != sum(line.lots for line in desk.bookings.values()):
        yield "I3: the position is not the sum of the bookings"
    yield from _exposure(world)
    yield from _naked_to_the_desk(desk)


def _exposure(world: World) -> Iterator[str]:
    """What may still happen at the venue lies within what the desk counts with."""
    worst = worst_case_exposure(world.desk, INSTRUMENT)
    position = position_at_venue(world)
    open_terms = [(order.terms.side, order.leaves) for order in world.orders.values() if order.works]
    on_the_way = [each for each in world.sent if isinstance(each, Submit | Replace)]
    if world.desk.venue.idempotency is Idempotency.HARD:
        # The venue takes one of those that bear the same id.
        on_the_way = list({each.cl_ord_id: each for each in on_the_way}.values())
    open_terms += [(each.terms.side, each.terms.lots) for each in on_the_way if each.cl_ord_id not in world.orders]
    least = position - sum(lots for side, lots in open_terms if side is Side.SELL)
    most = position + sum(lots for side, lots in open_terms if side is Side.BUY)
    if least < worst.least or most > worst.most:
        yield f"I7: {least} to {most} is possible, and the desk counts with {worst.least} to {worst.most}"


def _from_one_to_the_next(before: DeskState, after: DeskState) -> Iterator[str]:
    for key, order in before.orders.items():
        if after.orders[key].booked < order.booked:
            yield f"I5: {key} had {order.booked} booked and has {after.orders[key].booked}"
    if not before.bookings.items() <= after.bookings.items():
        yield "I10: a booking was altered or left out"
    for group in after.groups.values():
        if isinstance(group.plan, Bracket):
            added = {after.orders[key].role for key in group.members if key not in before.orders}
            yield from _too_many_legs(after, group, added)


def _too_many_legs(desk: DeskState, group: Group, added: set[Role]) -> Iterator[str]:
    """A leg is added for what is not covered, and a closing order when nothing else can close any more."""
    lots = max(held(desk, group), 0)
    for role in added & set(EXITS):
        beside = EXITS if role is Role.EXIT else (role,)
        legs = sum(order.may_still_fill for order in members(desk, group, *beside))
        if legs > lots:
            yield f"duplicate leg: {role.value} added, {legs} may be closed, {lots} are held"


def members(desk: DeskState, group: Group, *roles: Role) -> list[OrderLife]:
    return [desk.orders[key] for key in group.members if desk.orders[key].role in roles]


def held(desk: DeskState, group: Group) -> int:
    entered = sum(order.booked for order in members(desk, group, Role.ENTRY, Role.UNDO))
    return entered - sum(order.booked for order in members(desk, group, *EXITS))


def _naked_to_the_desk(desk: DeskState) -> Iterator[str]:
    if not (desk.connected and desk.reconciled):
        return
    for group in desk.groups.values():
        if isinstance(group.plan, Bracket) and group.mode is GroupMode.WORKING:
            lots = held(desk, group)
            covered = sum(order.may_still_fill for order in members(desk, group, Role.STOP_LOSS))
            if covered < lots:
                yield f"naked: {lots} held, {covered} covered"
            stops = members(desk, group, Role.STOP_LOSS)
            refused = sum(1 for order in stops if order.closed and order.leaves and not order.cancel_wanted)
            if lots and refused > group.plan.emergency.retries:
                yield f"stop losses are tried for ever: {refused} were refused"


def _at_rest(world: World) -> Iterator[str]:
    desk = world.desk
    if desk.positions.get(INSTRUMENT, 0) != position_at_venue(world):
        yield "I3: at rest, and the positions differ"
    for key, order in desk.orders.items():
        at_venue = world.orders.get(key)
        works = at_venue is not None and at_venue.works
        if works != (not order.closed):
            yield f"I2: at rest, {key} is {order.status.name}, at the venue {at_venue and at_venue.status.name}"
        if works and order.cancel_wanted and order.cancels < desk.venue.patience.cancels_max:
            yield f"at rest, and the wish to cancel {key} is forgotten"
    for group in desk.groups.values():
        match group.plan:
            case Bracket() as plan:
                yield from _bracket_at_rest(world, group, plan)
            case OneCancelsOther():
                filled = [key for key in group.members if desk.orders[key].booked]
                if filled and any(_works(world, key) for key in group.members if key != filled[0]):
                    yield "orphan: one is filled, and another works"
            case OneTriggersOther() as plan:
                yield from _trigger_at_rest(world, group, plan)


def _works(world: World, key: str) -> int:
    """Lots that work at the venue."""
    order = world.orders.get(key)
    return order.leaves if order is not None and order.works else 0


def _working(world: World, group: Group, *roles: Role) -> int:
    return sum(_works(world, order.cl_ord_id) for order in members(world.desk, group, *roles))


def _bracket_at_rest(world: World, group: Group, plan: Bracket) -> Iterator[str]:
    lots = held(world.desk, group)
    if group.mode is GroupMode.STUCK:
        return
    if lots < 0:
        yield f"at rest, and {-lots} too much were closed"
    stops, targets = _working(world, group, Role.STOP_LOSS), _working(world, group, Role.TARGET)
    if group.mode is GroupMode.WORKING and stops < lots:
        yield f"naked at rest: {lots} held, {stops} protected at the venue"
    if stops > max(lots, 0) or targets > max(lots, 0):
        yield f"orphan: {lots} held, stop losses for {stops}, targets for {targets}"
    if group.mode is not GroupMode.WORKING and lots > 0:
        yield f"at rest, and {lots} are not closed"
    refused = any(order.closed and order.leaves for order in members(world.desk, group, Role.TARGET))
    if plan.target_ticks is not None and not refused and group.mode is GroupMode.WORKING and targets < lots:
        yield f"at rest, and {lots - targets} have no target"


def _trigger_at_rest(world: World, group: Group, plan: OneTriggersOther) -> Iterator[str]:
    firsts = members(world.desk, group, Role.FIRST)
    if any(not order.closed for order in firsts):
        return
    filled = sum(order.booked for order in firsts)
    for place, terms in enumerate(plan.then):
        sent = [order for order in members(world.desk, group, Role.TRIGGERED) if order.place == place]
        if sum(order.terms.lots for order in sent) != min(terms.lots, filled):
            yield f"{filled} filled, and orders for {sum(order.terms.lots for order in sent)} triggered"
