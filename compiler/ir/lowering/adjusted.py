"""Prices over rolls: between what rules read and what the contract itself is at.

Rules read prices on one scale that no roll breaks (`runtime.feeds.continuous`); levels compared with levels, and
distances with distances, need nothing else. Where a price meets money, a quantity, a ratio or an amount as it is
written (`4_000 USD`), it is first made the contract's own: `price / signal_scale + signal_shift`, of the moment, so
that the past is where a chart adjusted back from this contract has it. Nothing is added where nothing is rolled.
"""

from __future__ import annotations

from stratc.compiler.check.contracts.check import rolled_roots
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import ArithmeticOperator, Book, BookWord, NodeId
from stratc.dsl.source import Span
from stratc.dsl.types import Price, PriceDiff, Stated, Type
from stratc.runtime.model.contracts import Adjustment


def adjustment(builder: Builder) -> Adjustment | None:
    """How prices are joined; None where none are."""
    resolved = builder.checked.resolved
    if not rolled_roots(resolved):
        return None
    said = resolved.roll.adjusted if resolved.roll is not None else ""
    return Adjustment(said) if said else Adjustment.DIFFERENCE


def of_contract(node: NodeId, kind: Type, span: Span, builder: Builder) -> NodeId:
    """A price or a distance that rules read, as the contract's own."""
    joined = adjustment(builder)
    if joined is Adjustment.RATIO and isinstance(kind, Price | PriceDiff):
        return builder.arithmetic(ArithmeticOperator.DIVIDE, span, node, _scale(span, builder))
    if joined is Adjustment.DIFFERENCE and isinstance(kind, Price):
        return builder.arithmetic(ArithmeticOperator.ADD, span, node, _shift(span, builder))
    return node


def as_read(node: NodeId, kind: Type, span: Span, builder: Builder) -> NodeId:
    """A price or a distance of the contract, among those that rules read; the way back of `of_contract`."""
    joined = adjustment(builder)
    if joined is Adjustment.RATIO and isinstance(kind, Price | PriceDiff):
        return builder.arithmetic(ArithmeticOperator.MULTIPLY, span, node, _scale(span, builder))
    if joined is Adjustment.DIFFERENCE and isinstance(kind, Price):
        return builder.arithmetic(ArithmeticOperator.SUBTRACT, span, node, _shift(span, builder))
    return node


def stated_price(node: NodeId, kind: Type, span: Span, builder: Builder) -> NodeId:
    """An amount as it is written that stands for a price: it means the contract's."""
    return as_read(node, Price("each"), span, builder) if isinstance(kind, Stated) else node


def stated_distance(node: NodeId, kind: Type, span: Span, builder: Builder) -> NodeId:
    """An amount as it is written, or so many ticks, that stands for a distance."""
    return as_read(node, PriceDiff("each"), span, builder) if isinstance(kind, Stated) else node


def _scale(span: Span, builder: Builder) -> NodeId:
    return builder.add(Book(BookWord.SIGNAL_SCALE), (), span)


def _shift(span: Span, builder: Builder) -> NodeId:
    return builder.add(Book(BookWord.SIGNAL_SHIFT), (), span)
