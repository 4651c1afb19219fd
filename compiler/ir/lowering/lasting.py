"""Conditions that look back: one that has held for a while, and a change of sign → operations that are there.

Assumes that the number of bars is written and whole. Guarantees that both are unknown where they cannot be told: a
condition that lasts while one of its bars is unknown, unless it does not hold now; a sign, like a crossing, on a bar
without a value and on the next.
"""

from __future__ import annotations

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.constants import constant
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import (
    Compare,
    ComparisonOperator,
    Gathered,
    Indicate,
    Logic,
    LogicOperator,
    NodeId,
    Select,
    Since,
)
from stratc.dsl.source import Span
from stratc.dsl.syntax import HeldFor


def lower_held(node: HeldFor, condition: NodeId, builder: Builder) -> NodeId:
    """It holds now, and the least of so many bars, 1 where it held and 0 where it did not, is above 0."""
    bars = constant(node.bars, builder.checked.resolved)
    if bars is None:
        raise StratcBug("a condition that lasts an unknown number of bars was lowered")
    one, nought = builder.constant(1.0, node.span), builder.constant(0.0, node.span)
    held = builder.add(Select(), (condition, one, nought), node.span)
    least = builder.add(Indicate("lowest", (float(bars),)), (held,), node.span)
    lasting = builder.add(Compare(ComparisonOperator.GREATER), (least, nought), node.span)
    return builder.add(Logic(LogicOperator.AND), (condition, lasting), node.span)


def lower_sign_change(value: NodeId, span: Span, builder: Builder) -> NodeId:
    """A crossing of nought by the last value that was not nought itself."""
    nought = builder.constant(0.0, span)
    signed = builder.add(Compare(ComparisonOperator.NOT_EQUAL), (value, nought), span)
    last = builder.add(Since(Gathered.FIRST), (signed, value), span)
    # Where the value is unknown so is this, and where it is nought the last one stands for it.
    sign = builder.add(Select(), (signed, value, last), span)
    turn = builder.add(Indicate("cross", ()), (sign, nought), span)
    return builder.add(Compare(ComparisonOperator.NOT_EQUAL), (turn, nought), span)
