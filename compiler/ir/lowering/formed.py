"""What patterns publish once they have formed → nodes: members of sequences and of their steps, pivots.

Assumes that the sequence that is read was lowered before (it stands above in the text). Guarantees that a value is
unknown before the pattern first formed, and kept until it forms again.
"""

from __future__ import annotations

from stratc.compiler.bug import StratcBug
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import (
    Column,
    Compare,
    ComparisonOperator,
    Delay,
    Gathered,
    Indicate,
    Logic,
    LogicOperator,
    NodeId,
    Reached,
    Since,
)
from stratc.dsl.source import Span
from stratc.dsl.syntax import Expression, Member, Name, Sequence


def step_reached(sequence: Sequence, step: int, span: Span, builder: Builder) -> NodeId:
    """Whether this step comes true on the bar; the last step's is what the sequence's own name means."""
    return builder.add(Reached(step), (builder.sequences[sequence.name.text],), span)


def formed(sequence: Sequence, span: Span, builder: Builder) -> NodeId:
    return step_reached(sequence, len(sequence.steps) - 1, span, builder)


def lower_extreme(node: Member, builder: Builder) -> NodeId:
    """`sweep.low`: the lowest low from the first step to the last."""
    sequence = builder.checked.resolved.sequence(node.base.text) if isinstance(node.base, Name) else None
    if sequence is None:
        raise StratcBug(f"`{node.member.text}` is read of something that is no sequence")
    begun = step_reached(sequence, 0, node.span, builder)
    column = builder.add(Column(node.member.text), (), node.span)
    gathered = Gathered.LOWEST if node.member.text == "low" else Gathered.HIGHEST
    return _published(sequence, builder.add(Since(gathered), (begun, column), node.span), node.span, builder)


def lower_seen(node: Expression, bars: int, builder: Builder) -> NodeId:
    """`gap.high[2]`: a column so many bars before the bar of a step."""
    step = builder.checked.resolved.step_read(node)
    if step is None or not isinstance(node, Member):
        raise StratcBug("what is no step of a sequence was lowered as one")
    sequence, number = step
    column = builder.add(Column(node.member.text), (), node.span)
    value = column if bars == 0 else builder.add(Delay(bars), (column,), node.span)
    if number < len(sequence.steps) - 1:
        reached = step_reached(sequence, number, node.span, builder)
        value = builder.add(Since(Gathered.FIRST), (reached, value), node.span)
    return _published(sequence, value, node.span, builder)


def _published(sequence: Sequence, value: NodeId, span: Span, builder: Builder) -> NodeId:
    return builder.add(Since(Gathered.FIRST), (formed(sequence, span, builder), value), span)


def lower_pivot(function: str, series: NodeId, sides_bars: tuple[int, int], span: Span, builder: Builder) -> NodeId:
    """The series as many bars ago as the right side has, when both sides lie beyond it."""
    left, right = sides_bars
    stem, operator = ("highest", ComparisonOperator.GREATER)
    if function == "pivot_low":
        stem, operator = ("lowest", ComparisonOperator.LESS)
    top = builder.add(Delay(right), (series,), span)
    after = builder.add(Indicate(stem, (float(right),)), (series,), span)
    before = builder.add(Indicate(stem, (float(left),)), (series,), span)
    before = builder.add(Delay(right + 1), (before,), span)
    sides = tuple(builder.add(Compare(operator), (top, side), span) for side in (before, after))
    found = builder.add(Logic(LogicOperator.AND), sides, span)
    return builder.add(Since(Gathered.FIRST), (found, top), span)
