"""Conditions that hold on single bars: a crossing, also one that is written with the bar before, and a time of day."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from stratc.compiler.ir.nodes import (
    Compare,
    ComparisonOperator,
    Constant,
    Delay,
    Follow,
    Indicate,
    Logic,
    LogicOperator,
    NodeId,
    Parameter,
    Program,
    Reached,
    Time,
)
from stratc.compiler.judge.amounts import lower, upper
from stratc.runtime.model.clock import SecondOfDay
from stratc.runtime.model.record import record


@record
class Ordered:
    """A comparison as it is meant: the larger side, the smaller one, and whether they may be the same."""

    larger: NodeId
    smaller: NodeId
    strict: bool


def is_event(program: Program, each: frozenset[NodeId]) -> bool:
    """Whether conditions that must all hold do so on single bars, and not on the next one too."""
    orders = [found for node in each if (found := _ordered(program, node)) is not None]
    return (
        any(_is_event(program, node) for node in each)
        or any(_turns(program, now, before) for now in orders for before in orders)
        or _is_one_bar_of_a_day(program, each, orders)
    )


def _is_event(program: Program, node: NodeId) -> bool:
    """A crossing or a step of a sequence; of several that may each do, every one has to be."""
    operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
    match operation:
        case Follow() | Reached():
            return True
        case Indicate(stem=stem):
            return stem == "cross"
        case Compare() | Delay():
            return any(_is_event(program, part) for part in arguments)
        case Logic(operator=LogicOperator.OR):
            return all(_is_event(program, part) for part in arguments)
        case Logic(operator=LogicOperator.AND):
            return any(_is_event(program, part) for part in arguments)
        case _:
            return False


def _ordered(program: Program, node: NodeId) -> Ordered | None:
    operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
    if not isinstance(operation, Compare):
        return None
    match operation.operator:
        case ComparisonOperator.GREATER | ComparisonOperator.GREATER_EQUAL as operator:
            strict = operator is ComparisonOperator.GREATER
            return Ordered(larger=arguments[0], smaller=arguments[1], strict=strict)
        case ComparisonOperator.LESS | ComparisonOperator.LESS_EQUAL as operator:
            strict = operator is ComparisonOperator.LESS
            return Ordered(larger=arguments[1], smaller=arguments[0], strict=strict)
        case ComparisonOperator.EQUAL | ComparisonOperator.NOT_EQUAL:
            return None


def _turns(program: Program, now: Ordered, before: Ordered) -> bool:
    """`close > line and close[1] <= line[1]`: what is the larger side now was the smaller one a bar ago."""
    return (
        (now.strict or before.strict)
        and _is_bar_before(program, now.larger, before.smaller)
        and _is_bar_before(program, now.smaller, before.larger)
    )


def _is_bar_before(program: Program, node: NodeId, other: NodeId) -> bool:
    """A number that is written was the same a bar ago."""
    if node == other:
        return isinstance(program.nodes[node].operation, Constant | Parameter)
    return program.nodes[other].operation == Delay(1) and program.nodes[other].arguments == (node,)


def _is_one_bar_of_a_day(program: Program, each: frozenset[NodeId], orders: list[Ordered]) -> bool:
    """A time of day that is said to the bar."""
    for node in each:
        operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
        if operation == Compare(ComparisonOperator.EQUAL) and any(_is_clock(program, part) for part in arguments):
            return True
    since = list(_ends(lower(program, each.smaller) for each in orders if _is_clock(program, each.larger)))
    until = list(
        _ends(upper(program, each.larger) for each in orders if _is_clock(program, each.smaller) and each.strict)
    )
    return bool(since and until) and 0 < min(until) - max(since) <= program.interval_seconds


def _ends(found: Iterator[Fraction | None]) -> Iterator[Fraction]:
    return (each for each in found if each is not None)


def _is_clock(program: Program, node: NodeId) -> bool:
    operation = program.nodes[node].operation
    return isinstance(operation, Time) and isinstance(operation.request, SecondOfDay)
