"""A choice → the part of the amount that each instrument gets, as one number node read of each of them.

Every leaf says whether the instrument is its own (`Among`), every condition selects, so exactly one path is taken for
all of them. A path whose condition is unknown makes the number unknown, and `decided` tells that: the rule waits.
"""

from __future__ import annotations

from typing import assert_never

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.allocations.choices import conditions_of, score_of, shares_of
from stratc.compiler.check.constants import base_value
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.expressions import lower_expression
from stratc.compiler.ir.nodes import (
    Among,
    ArithmeticOperator,
    Compare,
    ComparisonOperator,
    IsKnown,
    Logic,
    LogicOperator,
    NodeId,
    Select,
)
from stratc.dsl.source import Span
from stratc.dsl.syntax import Allocate, Cash, Choice, Instrument, Mix, Name, Number, Part, Picked, Rest, Rule, Switch


def lower_choice(choice: Choice, builder: Builder) -> NodeId:
    """What part of the amount the instrument gets: from 0 to 1, unknown while the choice is."""
    match choice:
        case Switch():
            condition = lower_expression(choice.condition, builder)
            then, otherwise = lower_choice(choice.then, builder), lower_choice(choice.otherwise, builder)
            return builder.add(Select(), (condition, then, otherwise), choice.span)
        case Mix(parts=parts):
            if any(isinstance(part.share, Name | Rest) for part in parts):
                return _computed(choice, builder)
            # Equal parts are divided by their number once, so that a single one is exactly the whole.
            equal = 1.0 / len(parts)
            return _sum(
                [_scaled(_held(part.held, builder), _written(part, equal), part.span, builder) for part in parts],
                choice.span,
                builder,
            )
        case _:
            assert_never(choice)


def _computed(mix: Mix, builder: Builder) -> NodeId:
    """Each part has its share, no less than nothing and no more than what the parts before it leave."""
    nothing, left = builder.constant(0.0, mix.span), builder.constant(1.0, mix.span)
    found = []
    for part in mix.parts:
        share = left
        if isinstance(part.share, Name):
            at_least = builder.arithmetic(
                ArithmeticOperator.MAXIMUM, part.span, lower_expression(part.share, builder), nothing
            )
            share = builder.arithmetic(ArithmeticOperator.MINIMUM, part.span, at_least, left)
        elif isinstance(part.share, Number):
            given = builder.constant(float(base_value(part.share)), part.span)
            share = builder.arithmetic(ArithmeticOperator.MINIMUM, part.span, given, left)
        held = _held(part.held, builder)
        found.append(builder.arithmetic(ArithmeticOperator.MULTIPLY, part.span, held, share))
        left = builder.arithmetic(ArithmeticOperator.SUBTRACT, part.span, left, share)
    return _sum(found, mix.span, builder)


def _written(part: Part, equal: float) -> float:
    return float(base_value(part.share)) if isinstance(part.share, Number) else equal


def _sum(nodes: list[NodeId], span: Span, builder: Builder) -> NodeId:
    total = nodes[0]
    for node in nodes[1:]:
        total = builder.arithmetic(ArithmeticOperator.ADD, span, total, node)
    return total


def decided(rule: Rule, builder: Builder) -> list[NodeId]:
    """That it is known which path is taken, where a rule allocates by a choice."""
    choices = [action.choice for action in rule.actions if isinstance(action, Allocate)]
    found = [choice for choice in choices if choice is not None and _asks(choice)]
    return [builder.add(IsKnown(), (lower_choice(choice, builder),), choice.span) for choice in found]


def _asks(choice: Choice) -> bool:
    """Whether a choice depends on anything."""
    picks = isinstance(choice, Mix) and any(isinstance(part.held, Picked | Mix | Switch) for part in choice.parts)
    return picks or any(True for _ in conditions_of(choice)) or any(True for _ in shares_of(choice))


def _scaled(node: NodeId, share: float, span: Span, builder: Builder) -> NodeId:
    if share == 1.0:
        return node
    return builder.arithmetic(ArithmeticOperator.MULTIPLY, span, node, builder.constant(share, span))


def _held(held: Instrument | Cash | Picked | Choice, builder: Builder) -> NodeId:
    match held:
        case Cash():
            return builder.constant(0.0, held.span)
        case Instrument():
            return _number(_is(held, builder), held.span, builder)
        case Picked():
            return _picked(held, builder)
        case Mix() | Switch():
            return lower_choice(held, builder)
        case _:
            assert_never(held)


def _is(named: Instrument, builder: Builder) -> NodeId:
    traded = [instrument.symbol for instrument in builder.checked.resolved.header.instruments]
    if named.symbol not in traded:
        raise StratcBug(f"`{named.symbol}` is held and not traded")
    return builder.add(Among((traded.index(named.symbol),)), (), named.span)


def _number(truth: NodeId, span: Span, builder: Builder) -> NodeId:
    """1 where it is true, 0 where it is false."""
    return builder.add(Select(), (truth, builder.constant(1.0, span), builder.constant(0.0, span)), span)


def _picked(picked: Picked, builder: Builder) -> NodeId:
    """An equal part where the instrument is one of the best: where fewer of the others lie before it than there are
    places. Of equal scores the one that is named first lies before."""
    span, count = picked.span, int(picked.count.value)
    scores = [lower_expression(score_of(picked, named), builder) for named in picked.among]
    places = builder.constant(float(count), span)
    total = builder.constant(0.0, span)
    for k, named in enumerate(picked.among):
        ahead = [_before(picked, scores, j, k, builder) for j in range(len(scores)) if j != k]
        fewer = _fewer(ahead, places, span, builder)
        mine = builder.add(Logic(LogicOperator.AND), (fewer, _is(named, builder)), span)
        total = builder.arithmetic(ArithmeticOperator.ADD, span, total, _number(mine, span, builder))
    return _scaled(_known_with(total, scores, span, builder), 1.0 / count, span, builder)


def _before(picked: Picked, scores: list[NodeId], j: int, k: int, builder: Builder) -> NodeId:
    """Whether the score of `j` lies before that of `k`."""
    if picked.lowest:
        operator = ComparisonOperator.LESS_EQUAL if j < k else ComparisonOperator.LESS
    else:
        operator = ComparisonOperator.GREATER_EQUAL if j < k else ComparisonOperator.GREATER
    return builder.add(Compare(operator), (scores[j], scores[k]), picked.span)


def _fewer(ahead: list[NodeId], places: NodeId, span: Span, builder: Builder) -> NodeId:
    total = builder.constant(0.0, span)
    for node in ahead:
        total = builder.arithmetic(ArithmeticOperator.ADD, span, total, _number(node, span, builder))
    return builder.add(Compare(ComparisonOperator.LESS), (total, places), span)


def _known_with(total: NodeId, scores: list[NodeId], span: Span, builder: Builder) -> NodeId:
    """The total, unknown while one of the scores is: the best of some is known when all of them are."""
    for score in scores:
        nought = builder.arithmetic(ArithmeticOperator.MULTIPLY, span, score, builder.constant(0.0, span))
        total = builder.arithmetic(ArithmeticOperator.ADD, span, total, nought)
    return total
