"""Intents: what a strategy wants done, before anyone was asked. One intent is one set of orders at the venue."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stratc.runtime.model.order import OrderKind, OrderTerms, TimeInForce


class EmergencyExit(StrEnum):
    """What is done about a position whose protective order cannot be placed."""

    CLOSE_AT_MARKET = "close_at_market"
    HALT_AND_ALARM = "halt_and_alarm"


class Emergency(Struct, frozen=True, kw_only=True):
    """A protective order is placed again `retries` times; then `then`."""

    retries: int
    then: EmergencyExit


class Single(Struct, frozen=True, kw_only=True, tag=True):
    """One order and nothing else."""

    order: OrderTerms


class Bracket(Struct, frozen=True, kw_only=True, tag=True):
    """An entry whose fills are protected by a stop loss, and taken off at a target where there is one.

    Both follow the position: they are for as much as has been filled and not been closed, whatever is still to come.
    """

    entry: OrderTerms
    stop_ticks: int
    target_ticks: int | None
    emergency: Emergency


def exit_at_market(plan: Bracket, lots: int) -> OrderTerms:
    """Closes so many lots of what the bracket entered."""
    return OrderTerms(
        instrument=plan.entry.instrument,
        side=plan.entry.side.other,
        lots=lots,
        kind=OrderKind.MARKET,
        time_in_force=TimeInForce.GOOD_TILL_CANCEL,
        reduce_only=True,
    )


def stop_loss_of(plan: Bracket, lots: int) -> OrderTerms:
    return replace(exit_at_market(plan, lots), kind=OrderKind.STOP, stop_ticks=plan.stop_ticks)


def target_of(plan: Bracket, lots: int) -> OrderTerms | None:
    """None where the bracket has no target."""
    if plan.target_ticks is None:
        return None
    return replace(exit_at_market(plan, lots), kind=OrderKind.LIMIT, limit_ticks=plan.target_ticks)


class OneCancelsOther(Struct, frozen=True, kw_only=True, tag=True):
    """Orders of which the first fill, however small, cancels all others."""

    orders: tuple[OrderTerms, ...]


class OneTriggersOther(Struct, frozen=True, kw_only=True, tag=True):
    """An order that, when it is over, sends the others, each for at most as much as was filled."""

    first: OrderTerms
    then: tuple[OrderTerms, ...]


class Replacement(Struct, frozen=True, kw_only=True, tag=True):
    """An order in the place of one that works. `terms.lots` is what is still to be filled, not what was and will be."""

    replaces: str
    order: OrderTerms


Plan: TypeAlias = Single | Bracket | OneCancelsOther | OneTriggersOther | Replacement


class Intent(Struct, frozen=True, kw_only=True):
    """What a strategy wants, under the id of its first order. After `valid_until_ns` nothing of it is sent again."""

    cl_ord_id: str
    strategy: str
    rule: str | None
    plan: Plan
    valid_until_ns: int
