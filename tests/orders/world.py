"""A small world around the desk in which everything that may happen can be tried: messages, a venue, deaths, deadlines.

A world is a value. `next_worlds` gives every world that may come after it; faults cost of a budget, so the number of
worlds is finite. Time does not pass in numbers: whatever has an appointment may be woken, but a settle window is over
only when nothing of its order is on the way or hidden any more, which is what makes a window long enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from stratc.runtime.executor.life import desk as living
from stratc.runtime.executor.life.asking import needs_asking
from stratc.runtime.executor.life.commands import Cancel, QueryOrder, Replace, Submit, TakeSnapshot, WakeAt
from stratc.runtime.executor.life.encoding import encode
from stratc.runtime.executor.life.events import (
    CancelAsked,
    CloseAsked,
    Connected,
    Disconnected,
    GoneForSure,
    Intended,
    Reported,
    Restarted,
    Sent,
    Woke,
)
from stratc.runtime.executor.life.policy import Idempotency, Patience, VenueTerms
from stratc.runtime.executor.life.state import DeskState, new_desk
from stratc.runtime.model.ids import client_order_id
from stratc.runtime.model.intent import Intent, Plan, Replacement
from stratc.runtime.model.order import OrderKind, OrderTerms, OrdStatus, Side
from stratc.runtime.model.report import (
    Acknowledged,
    Canceled,
    CancelRejected,
    DuplicateId,
    Filled,
    OrderSeen,
    PositionSeen,
    Rejected,
    Replaced,
    ReplaceRejected,
    Report,
    Snapshot,
    StatusAnswer,
)
from tests.orders.approving import approved

INSTRUMENT = "ES"
PRICE = Decimal(100)
# Appointments differ in length only so that one kind is not taken for another.
PATIENCE = Patience(
    answer_ns=1,
    settle_ns=2,
    poll_ns=3,
    snapshot_ns=100,
    polls_to_alarm=1,
    polls_to_halt=2,
    polls_to_escalate=2,
    cancels_max=2,
    resends_max=1,
)


class Budget(Struct, frozen=True, kw_only=True):
    """How often each thing may still happen; faults of all kinds together at most `faults` times."""

    faults: int
    fills: int
    cancels: int = 0
    closes: int = 0
    replaces: int = 0
    rejects: int = 0
    losses: int = 0  # of a message on its way, either way
    early: int = 0  # deadlines that come while an answer is on its way
    cuts: int = 0
    deaths: int = 0
    swaps: int = 0  # a message that overtakes those before it, either way
    twice: int = 0  # a report that comes twice
    hides: int = 0  # an answer that does not show a new order yet


class Resting(Struct, frozen=True, kw_only=True):
    """An order at the venue. `accepted` counts how often it took one under this id: more than once is a duplicate."""

    terms: OrderTerms
    cum: int = 0
    status: OrdStatus = OrdStatus.LIVE
    accepted: int = 1
    young: bool = False

    @property
    def works(self) -> bool:
        return self.status is OrdStatus.LIVE

    @property
    def leaves(self) -> int:
        return self.terms.lots - self.cum


Message = Submit | Cancel | Replace | QueryOrder | TakeSnapshot


class World(Struct, frozen=True, kw_only=True):
    desk: DeskState
    budget: Budget
    orders: dict[str, Resting]
    executions: tuple[Filled, ...]
    sent: tuple[Message, ...]
    reports: tuple[Report, ...]
    linked: bool
    # so many of the messages were on their way when a connection was lost: they arrive or not, and in any order
    adrift: int = 0
    # every event of the desk as it would be journaled, where somebody wants to see it replayed
    journal: tuple[bytes, ...] | None = None
    # a report was lost without a word: only the next snapshot can tell
    bereft: bool = False


NO_FAULTS = ("fills", "cancels", "closes", "replaces")
ENCODER = msgspec.msgpack.Encoder(order="deterministic")


def begin(venue: Idempotency, plan: Plan, budget: Budget) -> World:
    """A desk that is connected and reconciled, with one intent just approved."""
    desk = new_desk(VenueTerms(idempotency=venue, patience=PATIENCE))
    desk, _ = living.step(desk, Connected(at_ns=0))
    nothing = Snapshot(ask=desk.asked, open_orders=(), closed_orders=(), executions=(), positions=())
    desk, _ = living.step(desk, Reported(at_ns=0, report=nothing))
    world = World(desk=desk, budget=budget, orders={}, executions=(), sent=(), reports=(), linked=True)
    return next(_stepped(world, intended(plan, 0)))


def intended(plan: Plan, number: int) -> Intended:
    intent = Intent(
        cl_ord_id=client_order_id("world", "world", number), strategy="world", rule=None, plan=plan, valid_until_ns=1
    )
    return Intended(at_ns=0, approved=approved(intent, number))


def key_of(world: World) -> bytes:
    """Equal for worlds between which nobody can tell: question numbers count by their order, not by their size."""
    desk = world.desk
    asks = {desk.asked, *(order.since for order in desk.orders.values())}
    asks |= {each.ask for each in (*world.sent, *world.reports) if isinstance(each, ASKING)}
    if desk.snapshot_ask is not None:
        asks.add(desk.snapshot_ask)
    rank = {ask: number for number, ask in enumerate(sorted(asks))}
    desk = replace(
        desk,
        asked=rank[desk.asked],
        snapshot_ask=None if desk.snapshot_ask is None else rank[desk.snapshot_ask],
        orders={key: replace(order, since=rank[order.since]) for key, order in desk.orders.items()},
    )
    return ENCODER.encode(
        replace(
            world,
            desk=desk,
            journal=None,
            sent=tuple(_ranked(each, rank) for each in world.sent),
            reports=tuple(_ranked(each, rank) for each in world.reports),
        )
    )


ASKING = (QueryOrder, TakeSnapshot, StatusAnswer, Snapshot)


def _ranked(each, rank):
    return replace(each, ask=rank[each.ask]) if isinstance(each, ASKING) else each


def next_worlds(world: World) -> Iterator[tuple[str, World]]:
    """Every world that may come next, and what happened."""
    yield from _at_venue(world)
    yield from _at_desk(world)
    yield from _wakes(world)
    yield from _person(world)
    yield from _connections(world)
    yield from _wishes(world)


def paid(world: World, name: str) -> World | None:
    budget = world.budget
    left, faults = getattr(budget, name), budget.faults - (name not in NO_FAULTS)
    return (
        replace(world, budget=replace(budget, **{"faults": faults, name: left - 1}))
        if min(left - 1, faults) >= 0
        else None
    )


def without(sequence: tuple, place: int) -> tuple:
    return sequence[:place] + sequence[place + 1 :]


def is_quiet(world: World) -> bool:
    """Nothing is on its way."""
    return not world.sent and not world.reports


def is_at_rest(world: World) -> bool:
    """Connected, reconciled, nothing on its way, nobody waits for anything, and nothing at the market is left."""
    desk = world.desk
    at_market = any(order.works and order.terms.kind is OrderKind.MARKET for order in world.orders.values())
    waits = any(needs_asking(order) for order in desk.orders.values())
    calm = desk.connected and desk.reconciled and world.linked and is_quiet(world) and not world.bereft
    return calm and not waits and not at_market


# the venue


def _at_venue(world: World) -> Iterator[tuple[str, World]]:
    for place, message in enumerate(world.sent):
        payer = world if place <= world.adrift else paid(world, "swaps")
        if payer is None:
            break
        adrift = place < world.adrift
        rest = replace(payer, sent=without(world.sent, place), adrift=world.adrift - adrift)
        name = type(message).__name__
        for said, after in _received(rest, message):
            yield f"venue takes {name}{said}", after
        if adrift:
            yield f"{name} is lost with the connection", rest
        elif (poorer := paid(rest, "losses")) is not None:
            yield f"{name} is lost", poorer
    yield from _fills(world)
    for key, order in world.orders.items():
        if order.young:
            yield f"venue shows {key}", _with(world, key, replace(order, young=False))


def _with(world: World, key: str, order: Resting, *reports: Report) -> World:
    """The world with this order at the venue; what is said into a broken connection is lost."""
    said = world.reports + reports if world.linked else world.reports
    return replace(world, orders={**world.orders, key: order}, reports=said)


def _said(world: World, *reports: Report) -> World:
    return replace(world, reports=world.reports + reports) if world.linked else world


def _received(world: World, message: Message) -> Iterator[tuple[str, World]]:
    match message:
        case Submit(cl_ord_id=key, terms=terms):
            yield from _submitted(world, key, terms)
        case Cancel(cl_ord_id=key):
            order = world.orders.get(key)
            if order is not None and order.works:
                done = replace(order, status=OrdStatus.CANCELED)
                yield "", _with(world, key, done, Canceled(cl_ord_id=key, cum_lots=order.cum))
            else:
                yield ", too late", _said(world, CancelRejected(cl_ord_id=key, text="too late"))
        case Replace(cl_ord_id=key, replaces=old_key, terms=terms):
            yield from _replaced(world, key, old_key, terms)
        case QueryOrder(ask=ask, cl_ord_id=key):
            for said, hidden, after in _views(world):
                found = None if key in hidden or key not in after.orders else seen(key, after.orders[key])
                yield said, _said(after, StatusAnswer(ask=ask, cl_ord_id=key, found=found))
        case TakeSnapshot(ask=ask):
            for said, hidden, after in _views(replace(world, bereft=False)):
                yield said, _said(after, _snapshot(after, ask, hidden))


def _submitted(world: World, key: str, terms: OrderTerms) -> Iterator[tuple[str, World]]:
    known = world.orders.get(key)
    venue = world.desk.venue.idempotency
    refuses = {Idempotency.HARD: known is not None, Idempotency.OPEN_ONLY: known is not None and known.works}
    if refuses.get(venue, False):
        yield ", knows it", _said(world, DuplicateId(cl_ord_id=key))
        return
    accepted = 1 if known is None else known.accepted + 1
    young = min(world.budget.hides, world.budget.faults) > 0
    order = Resting(terms=terms, accepted=accepted, young=young)
    yield "", _with(world, key, order, Acknowledged(cl_ord_id=key, order_id=None))
    if (poorer := paid(world, "rejects")) is not None:
        refused = replace(order, status=OrdStatus.REJECTED, young=False)
        yield ", refuses", _with(poorer, key, refused, Rejected(cl_ord_id=key, text="no"))


def _replaced(world: World, key: str, old_key: str, terms: OrderTerms) -> Iterator[tuple[str, World]]:
    old = world.orders[old_key]
    if not old.works:
        yield ", too late", _said(world, ReplaceRejected(cl_ord_id=key, replaces=old_key, text="too late"))
        return
    gone = replace(world, orders={**world.orders, old_key: replace(old, status=OrdStatus.REPLACED)})
    report = Replaced(cl_ord_id=key, replaces=old_key, lots=terms.lots, cum_lots=old.cum)
    yield "", _with(gone, key, Resting(terms=terms), report)
    if (poorer := paid(world, "rejects")) is not None:
        yield ", refuses", _said(poorer, ReplaceRejected(cl_ord_id=key, replaces=old_key, text="no"))


def _views(world: World) -> Iterator[tuple[str, frozenset[str], World]]:
    """What a venue shows: everything, or everything but what is too new."""
    young = frozenset(key for key, order in world.orders.items() if order.young)
    yield "", frozenset(), world
    if young and (poorer := paid(world, "hides")) is not None:
        yield ", hides what is new", young, poorer


def seen(key: str, order: Resting) -> OrderSeen:
    return OrderSeen(cl_ord_id=key, order_id=f"v{key}", status=order.status, cum_lots=order.cum, terms=order.terms)


def _snapshot(world: World, ask: int, hidden: frozenset[str]) -> Snapshot:
    listed = [(order.works, seen(key, order)) for key, order in world.orders.items() if key not in hidden]
    return Snapshot(
        ask=ask,
        open_orders=tuple(order for works, order in listed if works),
        closed_orders=tuple(order for works, order in listed if not works),
        executions=world.executions,
        positions=(PositionSeen(instrument=INSTRUMENT, lots=position_at_venue(world)),),
    )


def position_at_venue(world: World) -> int:
    return sum(fill.side * fill.lots for fill in world.executions)


def _fills(world: World) -> Iterator[tuple[str, World]]:
    for key, order in world.orders.items():
        if not order.works:
            continue
        if order.terms.kind is OrderKind.MARKET and order.terms.reduce_only:
            yield f"venue fills {key}", _filled(world, key, order.leaves)
        elif (poorer := paid(world, "fills")) is not None:
            yield f"venue fills {key}", _filled(poorer, key, order.leaves)
            if order.leaves > 1:
                yield f"venue fills 1 of {key}", _filled(poorer, key, 1)


def _filled(world: World, key: str, lots: int) -> World:
    order = world.orders[key]
    cum = order.cum + lots
    fill = Filled(
        cl_ord_id=key,
        order_id=None,
        exec_id=f"{key}/{cum}",
        instrument=INSTRUMENT,
        side=Side(order.terms.side),
        lots=lots,
        price=PRICE,
        cum_lots=cum,
    )
    status = OrdStatus.FILLED if cum == order.terms.lots else OrdStatus.LIVE
    executions = tuple(sorted((*world.executions, fill), key=lambda each: each.exec_id))
    return _with(replace(world, executions=executions), key, replace(order, cum=cum, status=status), fill)


# the desk


def _at_desk(world: World) -> Iterator[tuple[str, World]]:
    for place, report in enumerate(world.reports):
        payer = world if place == 0 else paid(world, "swaps")
        if payer is None:
            break
        event = Reported(at_ns=0, report=report)
        name = type(report).__name__
        for after in _stepped(replace(payer, reports=without(world.reports, place)), event):
            yield f"desk hears {name}", after
        if place == 0 and (poorer := paid(world, "losses")) is not None:
            yield f"{name} is lost", replace(poorer, reports=world.reports[1:], bereft=True)
        if place == 0 and (poorer := paid(world, "twice")) is not None:
            for after in _stepped(poorer, event):
                yield f"desk hears {name}, which will come again", after


def _stepped(world: World, event) -> Iterator[World]:
    """The world after the event; and those in which the process died after the first so many of its commands."""
    after, messages = _live(world, event)
    yield _performed(after, messages)
    if messages and (poorer := paid(after, "deaths")) is not None:
        for count in range(len(messages)):
            yield _dead(replace(poorer, sent=poorer.sent + messages[:count]))


def _live(world: World, event) -> tuple[World, tuple[Message, ...]]:
    """The event durable and taken in, and what is to be sent; somebody was told of every new appointment."""
    desk, commands = living.step(world.desk, event)
    told = {(command.cl_ord_id, command.due_ns) for command in commands if isinstance(command, WakeAt)}
    anew = isinstance(event, Restarted)
    for key, order in desk.orders.items():
        kept = key in world.desk.orders and world.desk.orders[key].wake_ns == order.wake_ns and not anew
        assert order.wake_ns is None or kept or (key, order.wake_ns) in told, f"nobody was told to wake {key}"
    journal = None if world.journal is None else (*world.journal, encode(event))
    return replace(world, desk=desk, journal=journal), tuple(each for each in commands if isinstance(each, Message))


def _performed(world: World, messages: tuple[Message, ...]) -> World:
    world = replace(world, sent=world.sent + messages)
    for message in messages:
        if isinstance(message, Submit | Replace):
            world, more = _live(world, Sent(at_ns=0, cl_ord_id=message.cl_ord_id))
            world = replace(world, sent=world.sent + more)
    return world


def _dead(world: World) -> World:
    """The process died, and begins again with what was durable. Reports that it had not taken in are gone."""
    world, messages = _live(world, Restarted(at_ns=0))
    assert not messages
    return replace(world, reports=(), linked=False, adrift=len(world.sent))


def _wakes(world: World) -> Iterator[tuple[str, World]]:
    quiet = is_quiet(world)
    payer = world if quiet else paid(world, "early")
    if payer is None:
        return
    desk = world.desk
    missing = world.bereft or not desk.reconciled or desk.snapshot_ask is not None
    if quiet and missing and desk.wake_ns is not None and desk.connected:
        for after in _stepped(world, Woke(at_ns=0, cl_ord_id=None, due_ns=desk.wake_ns)):
            yield "desk wakes", after
    for key, order in desk.orders.items():
        if order.wake_ns is None or not needs_asking(order):
            continue
        settles = order.status is OrdStatus.UNKNOWN and not order.settled
        if settles and not _window_is_over(world, key):
            continue
        # Without a connection nothing but the settle window comes to an end: else it would be polls for ever.
        if not desk.connected and not settles:
            continue
        for after in _stepped(payer, Woke(at_ns=0, cl_ord_id=key, due_ns=order.wake_ns)):
            yield f"{order.status.name} wakes", after


def _person(world: World) -> Iterator[tuple[str, World]]:
    """A person is asked about what cannot be resolved otherwise, looks at the venue, and is right."""
    for key, order in world.desk.orders.items():
        if order.status is OrdStatus.ESCALATED and key not in world.orders and is_quiet(world):
            for after in _stepped(world, GoneForSure(at_ns=0, cl_ord_id=key)):
                yield "a person says that it is gone", after


def _window_is_over(world: World, key: str) -> bool:
    on_its_way = any(isinstance(each, Submit | Replace) and each.cl_ord_id == key for each in world.sent)
    return not on_its_way and not (key in world.orders and world.orders[key].young)


def _connections(world: World) -> Iterator[tuple[str, World]]:
    if not world.linked:
        for after in _stepped(replace(world, linked=True), Connected(at_ns=0)):
            yield "connected", after
        return
    if (poorer := paid(world, "cuts")) is not None:
        cut = replace(poorer, reports=(), linked=False, adrift=len(world.sent))
        for after in _stepped(cut, Disconnected(at_ns=0)):
            yield "disconnected", after
    if (poorer := paid(world, "deaths")) is not None:
        yield "dies", _dead(poorer)


def _wishes(world: World) -> Iterator[tuple[str, World]]:
    desk = world.desk
    first = next(iter(desk.orders))
    if (poorer := paid(world, "cancels")) is not None and not desk.orders[first].closed:
        for after in _stepped(poorer, CancelAsked(at_ns=0, cl_ord_id=first)):
            yield "a cancel is asked", after
    if (poorer := paid(world, "closes")) is not None and first in desk.groups:
        for after in _stepped(poorer, CloseAsked(at_ns=0, group=first)):
            yield "a close is asked", after
    if (poorer := paid(world, "replaces")) is not None and desk.orders[first].status is OrdStatus.LIVE:
        plan = Replacement(replaces=first, order=replace(desk.orders[first].terms, lots=3))
        for after in _stepped(poorer, intended(plan, 1)):
            yield "a replace is asked", after
