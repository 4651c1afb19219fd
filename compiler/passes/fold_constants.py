"""Computes what depends on constants only, and drops from conjunctions and disjunctions what cannot matter."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import cast

from stratc.compiler.ir.meaning import calculate, combine, compare
from stratc.compiler.ir.nodes import (
    Arithmetic,
    Compare,
    Constant,
    Logic,
    LogicOperator,
    Node,
    NodeId,
    Of,
    OfLeg,
    Parameter,
    Program,
    Select,
)
from stratc.compiler.passes.renumber import renumber


def fold_constants(program: Program) -> Program:
    nodes: list[Node] = []
    moved: dict[NodeId, NodeId] = {}
    for node in program.nodes:
        arguments = tuple(moved[argument] for argument in node.arguments)
        folded = simplify(replace(node, arguments=arguments), nodes)
        if isinstance(folded, Node):
            moved[node.id] = len(nodes)
            nodes.append(replace(folded, id=len(nodes)))
        else:
            moved[node.id] = folded
    return renumber(program, tuple(nodes), moved)


def simplify(node: Node, before: list[Node]) -> Node | NodeId:
    """The node in its simplest form, or the earlier node that means the same.

    On longer bars even a constant is unknown until the first of them is over, so nothing is folded there.
    """
    if node.bars is not None:
        return node
    operations = [before[argument].operation for argument in node.arguments]
    values = tuple(operation.value for operation in operations if isinstance(operation, Constant))
    all_known = len(values) == len(operations)
    match node.operation:
        case Arithmetic(operator=arithmetic) if all_known:
            result = calculate(arithmetic, cast("tuple[float, ...]", values))
            return node if isnan(result) else constant(node, result)
        case Compare(operator=comparison) if all_known:
            return constant(node, cast("bool", compare(comparison, *values)))
        case Logic(operator=LogicOperator.NOT) if all_known:
            return constant(node, not values[0])
        case Of() | OfLeg() if isinstance(operations[0], Constant | Parameter):
            return node.arguments[0]
        case Select() if isinstance(operations[0], Constant):
            return node.arguments[1 if operations[0].value else 2]
        case Logic(operator=logic) if logic is not LogicOperator.NOT:
            return simplify_logic(node, logic, before)
        case _:
            return node


def simplify_logic(node: Node, operator: LogicOperator, before: list[Node]) -> Node | NodeId:
    """In a conjunction a true is neutral and a false decides; in a disjunction the other way round."""
    neutral = combine(operator, ())
    left = []
    for argument in dict.fromkeys(node.arguments):
        operation = before[argument].operation
        if not isinstance(operation, Constant):
            left.append(argument)
        elif bool(operation.value) is not neutral:
            return constant(node, not neutral)
    if not left:
        return constant(node, bool(neutral))
    return left[0] if len(left) == 1 else replace(node, arguments=tuple(left))


def constant(node: Node, value: float) -> Node:
    return replace(node, operation=Constant(value), arguments=(), warmup=0, bars=None)
