"""A program with other nodes: every reference of its rules, limits and names follows the nodes to their new ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from stratc.compiler.ir.nodes import (
    AllocateIntent,
    Amount,
    EnterIntent,
    ExitIntent,
    Intent,
    MoveStopIntent,
    Node,
    NodeId,
    NoteIntent,
    OneOfIntent,
    OrderShape,
    Program,
    Rule,
)

Moves = Mapping[NodeId, NodeId]


def renumber(program: Program, nodes: tuple[Node, ...], moved: Moves) -> Program:
    """`moved` tells where each old node went; a binding whose node is gone goes too."""
    return replace(
        program,
        nodes=nodes,
        bindings=tuple(replace(b, node=moved[b.node]) for b in program.bindings if b.node in moved),
        rules=tuple(_rule(rule, moved) for rule in program.rules),
        no_entries=tuple(replace(each, condition=moved[each.condition]) for each in program.no_entries),
        flows=tuple(replace(flow, amount=moved[flow.amount]) for flow in program.flows),
        halts_when=tuple(replace(each, condition=moved[each.condition]) for each in program.halts_when),
        caps=tuple(replace(cap, bound=moved[cap.bound]) for cap in program.caps),
        halts=tuple(replace(halt, threshold=moved[halt.threshold]) for halt in program.halts),
    )


def _optional(node: NodeId | None, moved: Moves) -> NodeId | None:
    return None if node is None else moved[node]


def _rule(rule: Rule, moved: Moves) -> Rule:
    intents = tuple(_intent(intent, moved) for intent in rule.intents)
    return replace(rule, condition=_optional(rule.condition, moved), intents=intents)


def _intent(intent: Intent, moved: Moves) -> Intent:
    match intent:
        case EnterIntent():
            return _entry(intent, moved)
        case ExitIntent():
            return replace(intent, node=_optional(intent.node, moved), order=_order(intent.order, moved))
        case MoveStopIntent():
            return replace(intent, node=_optional(intent.node, moved))
        case NoteIntent():
            return intent
        case OneOfIntent():
            return replace(intent, legs=tuple(_entry(leg, moved) for leg in intent.legs))
        case AllocateIntent():
            return _allocation(intent, moved)
        case _:
            assert_never(intent)


def _entry(entry: EnterIntent, moved: Moves) -> EnterIntent:
    target, trail = entry.target, entry.trail
    return replace(
        entry,
        amount=_amount(entry.amount, moved),
        at_most=_amount(entry.at_most, moved) if entry.at_most else None,
        order=_order(entry.order, moved),
        stop_loss=_optional(entry.stop_loss, moved),
        target=replace(target, node=moved[target.node]) if target else None,
        trail=replace(trail, node=moved[trail.node]) if trail else None,
        levels=replace(entry.levels, last=moved[entry.levels.last]) if entry.levels else None,
    )


def _allocation(intent: AllocateIntent, moved: Moves) -> AllocateIntent:
    ranking, band = intent.ranking, intent.band
    return replace(
        intent,
        amount=moved[intent.amount],
        ranking=replace(ranking, score=moved[ranking.score]) if ranking else None,
        where=_optional(intent.where, moved),
        weight=_optional(intent.weight, moved),
        band=replace(band, node=moved[band.node]) if band else None,
    )


def _amount(amount: Amount, moved: Moves) -> Amount:
    return replace(amount, node=moved[amount.node])


def _order(order: OrderShape, moved: Moves) -> OrderShape:
    return replace(
        order, limit_price=_optional(order.limit_price, moved), stop_price=_optional(order.stop_price, moved)
    )
