"""Extremes: the smallest and the largest that an expression without bars may be, over the ranges of its inputs.

Base units as in `constants`; None for what reads a bar or the account, or has no value before the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from stratc.compiler.check.constants import base_value, constant
from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import Binary, BinaryOperator, Expression, Input, Name, Number, Unary, UnaryOperator

Extremes = tuple[Decimal, Decimal]


def extremes(expression: Expression, resolved: Resolved) -> Extremes | None:
    """The least and the most; amounts in ticks, pips or points count steps."""
    match expression:
        case Number():
            value = base_value(expression)
            return value, value
        case Name(text=text):
            return _named(text, resolved)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            inner = extremes(operand, resolved)
            return None if inner is None else (-inner[1], -inner[0])
        case Binary(operator=operator, left=left, right=right):
            one, other = extremes(left, resolved), extremes(right, resolved)
            return None if one is None or other is None else _combined(operator, one, other)
        case _:
            return None


def shares_of(amount: Expression, resolved: Resolved) -> Extremes | None:
    """Between which shares of what is owned an amount lies, as `4% of equity` does; None where it is no share."""
    match amount:
        case Name(text=text):
            value = resolved.binding(text)
            return None if value is None else shares_of(value, resolved)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            inner = shares_of(operand, resolved)
            return None if inner is None else (-inner[1], -inner[0])
        case Binary(operator=BinaryOperator.OF, left=share):
            return extremes(share, resolved)
        case _:
            return None


def _named(text: str, resolved: Resolved) -> Extremes | None:
    stated = resolved.input(text)
    if stated is not None:
        return _of_input(stated, resolved)
    bound = resolved.binding(text)
    return None if bound is None else extremes(bound, resolved)


def _of_input(stated: Input, resolved: Resolved) -> Extremes | None:
    """The ends of its range; without one its default, which nothing can change then."""
    ends = (stated.range.low, stated.range.high) if stated.range is not None else (stated.default, stated.default)
    low, high = (constant(end, resolved) for end in ends)
    return None if low is None or high is None or low > high else (low, high)


def _combined(operator: BinaryOperator, one: Extremes, other: Extremes) -> Extremes | None:
    match operator:
        case BinaryOperator.ADD:
            return one[0] + other[0], one[1] + other[1]
        case BinaryOperator.SUBTRACT:
            return one[0] - other[1], one[1] - other[0]
        case BinaryOperator.MULTIPLY | BinaryOperator.OF:
            return _spread(left * right for left in one for right in other)
        case BinaryOperator.DIVIDE if other[0] > 0 or other[1] < 0:
            return _spread(left / right for left in one for right in other)
        case _:
            return None


def _spread(corners: Iterable[Decimal]) -> Extremes:
    found = tuple(corners)
    return min(found), max(found)
