"""A formula as it stood on the bar before: what it reads is read one bar earlier, and what never changes stays.

Maps an expression to one that says the same of the bar before, written as a text would write it (`close[1]`,
`rsi(close, 14)[1]`), so that both can be compared by how they are written. What is not understood is taken back whole.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from stratc.compiler.check.constants import is_constant
from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import Binary, BinaryOperator, Crosses, Expression, History, Name, Number, Unary, Within

DEPTH_MAX: Final = 16
KEPT: Final = frozenset({BinaryOperator.OF})


def earlier(node: Expression, resolved: Resolved, depth: int = 0) -> Expression:
    """What the expression was one bar ago."""
    if depth > DEPTH_MAX or is_constant(node, resolved):
        return node if depth <= DEPTH_MAX else _taken_back(node)
    match node:
        case Name(text=text) if (value := resolved.binding(text)) is not None:
            return earlier(value, resolved, depth + 1)
        case Unary(operand=operand):
            return replace(node, operand=earlier(operand, resolved, depth + 1))
        case Binary(operator=operator, left=left, right=right) if operator not in KEPT:
            return replace(node, left=earlier(left, resolved, depth + 1), right=earlier(right, resolved, depth + 1))
        case Crosses(left=left, right=right):
            return replace(node, left=earlier(left, resolved, depth + 1), right=earlier(right, resolved, depth + 1))
        case Within(value=value, range=ends):
            low, high = earlier(ends.low, resolved, depth + 1), earlier(ends.high, resolved, depth + 1)
            return replace(node, value=earlier(value, resolved, depth + 1), range=replace(ends, low=low, high=high))
        case History(base=base, offset=Number(value=bars, unit="") as offset):
            return replace(node, base=base, offset=replace(offset, value=bars + 1))
        case _:
            return _taken_back(node)


def _taken_back(node: Expression) -> History:
    return History(span=node.span, base=node, offset=Number(span=node.span, value=Decimal(1), unit=""))
