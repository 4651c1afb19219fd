"""What is explored: a plan, a class of venue, and what may go wrong."""

from __future__ import annotations

from stratc.runtime.executor.life.policy import Idempotency
from stratc.runtime.model.intent import (
    Bracket,
    Emergency,
    EmergencyExit,
    OneCancelsOther,
    OneTriggersOther,
    Plan,
    Single,
)
from stratc.runtime.model.order import OrderKind, OrderTerms, Side, TimeInForce
from tests.orders.world import INSTRUMENT, Budget, World, begin


def terms(side: Side, lots: int) -> OrderTerms:
    return OrderTerms(
        instrument=INSTRUMENT,
        side=side,
        lots=lots,
        kind=OrderKind.LIMIT,
        time_in_force=TimeInForce.GOOD_TILL_CANCEL,
        limit_ticks=100,
    )


def bracket(lots: int, *, target: bool, retries: int = 1) -> Bracket:
    return Bracket(
        entry=terms(Side.BUY, lots),
        stop_ticks=90,
        target_ticks=110 if target else None,
        emergency=Emergency(retries=retries, then=EmergencyExit.CLOSE_AT_MARKET),
    )


SINGLE = Single(order=terms(Side.BUY, 2))
ALTERNATIVES = OneCancelsOther(orders=(terms(Side.BUY, 2), terms(Side.SELL, 1)))
THREE = OneCancelsOther(orders=(terms(Side.BUY, 1), terms(Side.SELL, 1), terms(Side.SELL, 1)))
TRIGGER = OneTriggersOther(first=terms(Side.BUY, 2), then=(terms(Side.SELL, 2), terms(Side.SELL, 1)))
A, B, C, D = Idempotency.HARD, Idempotency.OPEN_ONLY, Idempotency.LABEL_ONLY, Idempotency.NONE

# What may go wrong, each so often at most; together as often as is asked for.
ANY = {"losses": 2, "early": 2, "cuts": 1, "deaths": 2, "swaps": 2, "twice": 1, "hides": 2, "rejects": 1}

SCENARIOS: dict[str, tuple[Idempotency, Plan, dict[str, int]]] = {
    "one order, ids refused for ever": (A, SINGLE, {"fills": 2, "cancels": 1}),
    "one order, ids refused while open": (B, SINGLE, {"fills": 2, "cancels": 1}),
    "one order, ids a label": (C, SINGLE, {"fills": 2, "cancels": 1}),
    "one order, no ids": (D, SINGLE, {"fills": 2, "cancels": 1}),
    "one order, replaced": (A, SINGLE, {"fills": 2, "cancels": 1, "replaces": 1}),
    "a stop loss": (A, bracket(2, target=False), {"fills": 3}),
    "a stop loss that is refused": (A, bracket(1, target=False, retries=0), {"fills": 2, "rejects": 3}),
    "a stop loss and a target": (A, bracket(1, target=True), {"fills": 3, "cancels": 1}),
    "a stop loss and a target, ids a label": (C, bracket(1, target=True), {"fills": 2}),
    "a stop loss and a target, in parts": (A, bracket(2, target=True), {"fills": 3}),
    "a bracket that is closed": (A, bracket(1, target=True), {"fills": 2, "closes": 1}),
    "one of two": (A, ALTERNATIVES, {"fills": 2}),
    "one of three": (B, THREE, {"fills": 2}),
    "one triggers two": (A, TRIGGER, {"fills": 2, "cancels": 1}),
}


def first_world(name: str, faults: int) -> World:
    """The scenario, and so many faults of any kind."""
    venue, plan, more = SCENARIOS[name]
    return begin(venue, plan, Budget(faults=faults, **{**ANY, **more}))


def faulty_world(name: str, **faults: int) -> World:
    """The scenario, and these faults only."""
    venue, plan, more = SCENARIOS[name]
    return begin(venue, plan, Budget(faults=sum(faults.values()), **{**more, **faults}))
