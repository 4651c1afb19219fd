"""Constants: what an expression amounts to before any bar is seen, in base units.

Ratios are fractions, durations seconds, times seconds of the day. Amounts in ticks, pips or points have no value here:
their step belongs to the instrument. An `input` counts at its default; `reads_input` tells where one is read.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Clock,
    Expression,
    Name,
    Node,
    Number,
    Unary,
    UnaryOperator,
    children,
)

SCALES: Final = {
    "%": Decimal("0.01"),
    "bps": Decimal("0.0001"),
    "second": Decimal(1),
    "seconds": Decimal(1),
    "sec": Decimal(1),
    "min": Decimal(60),
    "minute": Decimal(60),
    "minutes": Decimal(60),
    "hour": Decimal(3600),
    "hours": Decimal(3600),
}
STEP_UNITS: Final = {
    "tick": "tick",
    "ticks": "tick",
    "pip": "pip",
    "pips": "pip",
    "point": "point",
    "points": "point",
}
DURATION_UNITS: Final = frozenset({"second", "seconds", "sec", "min", "minute", "minutes", "hour", "hours"})


def base_value(number: Number) -> Decimal:
    """A number of the text in base units; amounts in steps count steps."""
    return number.value * SCALES.get(number.unit, Decimal(1))


def constant(expression: Expression, resolved: Resolved) -> Decimal | None:
    """The value of an expression that reads no bar and no account; None where it does, or has none."""
    match expression:
        case Number(unit=unit):
            return None if unit in STEP_UNITS else base_value(expression)
        case Clock(second_of_day=second):
            return Decimal(second)
        case Name(text=text):
            return _named(text, resolved)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            value = constant(operand, resolved)
            return None if value is None else -value
        case Binary(operator=operator, left=left, right=right):
            one, other = constant(left, resolved), constant(right, resolved)
            return None if one is None or other is None else _combined(operator, one, other)
        case _:
            return None


def _named(text: str, resolved: Resolved) -> Decimal | None:
    stated = resolved.input(text)
    if stated is not None:
        return constant(stated.default, resolved) if not isinstance(stated.default, Name) else None
    bound = resolved.binding(text)
    return None if bound is None else constant(bound, resolved)


def _combined(operator: BinaryOperator, left: Decimal, right: Decimal) -> Decimal | None:
    try:
        match operator:
            case BinaryOperator.ADD:
                return left + right
            case BinaryOperator.SUBTRACT:
                return left - right
            case BinaryOperator.MULTIPLY | BinaryOperator.OF:
                return left * right
            case BinaryOperator.DIVIDE:
                return left / right
            case _:
                return None
    except ArithmeticError:
        return None


def is_constant(expression: Expression, resolved: Resolved) -> bool:
    """Whether nothing of the market or the account is read: numbers, steps, inputs and their arithmetic."""
    match expression:
        case Number() | Clock():
            return True
        case Name(text=text):
            return resolved.input(text) is not None or _is_constant_binding(text, resolved)
        case Unary(operand=operand):
            return is_constant(operand, resolved)
        case Binary(left=left, right=right):
            return is_constant(left, resolved) and is_constant(right, resolved)
        case _:
            return False


def _is_constant_binding(text: str, resolved: Resolved) -> bool:
    bound = resolved.binding(text)
    return bound is not None and is_constant(bound, resolved)


def reads_input(expression: Node, resolved: Resolved) -> bool:
    """Whether an `input` is read anywhere below, through bindings too."""
    if isinstance(expression, Name):
        if resolved.input(expression.text) is not None:
            return True
        bound = resolved.binding(expression.text)
        return bound is not None and reads_input(bound, resolved)
    below = (argument.value for argument in expression.arguments) if isinstance(expression, Call) else None
    return any(reads_input(child, resolved) for child in (below or children(expression)))
