"""Constants: what an expression amounts to before any bar is seen, in base units, and which bindings are one.

Ratios are fractions, durations seconds, times seconds of the day. Amounts in ticks, pips or points have no value here:
their step belongs to the instrument. An `input` counts at its default. Bindings are read from top to bottom, each once,
so following them takes no longer than reading the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from decimal import Decimal
from typing import Final

from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Clock,
    Expression,
    Input,
    Let,
    Name,
    Node,
    Number,
    Unary,
    UnaryOperator,
    children,
)
from stratc.runtime.model.record import record

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


@record
class Followed:
    """What is known of names without seeing a bar: the values of constants, those that are fixed before the run, and
    those that read an input, through bindings too."""

    values: Mapping[str, Decimal]
    fixed: Set[str]
    from_inputs: Set[str]


def follow(declared: Mapping[str, Input | Let], opaque: Set[str]) -> Followed:
    """What declarations in the order of the text stand for; nothing of those that are `opaque`."""
    values: dict[str, Decimal] = {}
    fixed: set[str] = set()
    from_inputs: set[str] = set()
    found = Followed(values=values, fixed=fixed, from_inputs=from_inputs)
    for name, statement in declared.items():
        stated = isinstance(statement, Input)
        written = statement.default if isinstance(statement, Input) else statement.value
        follows = name not in opaque and not (stated and isinstance(written, Name))
        value = value_of(written, found) if follows else None
        if value is not None:
            values[name] = value
        if stated or (follows and is_fixed(written, found)):
            fixed.add(name)
        if stated or (follows and reads_any(written, from_inputs)):
            from_inputs.add(name)
    return found


def value_of(expression: Expression, followed: Followed) -> Decimal | None:
    """The value of an expression that reads no bar and no account; None where it does, or hangs on the instrument."""
    match expression:
        case Number(unit=unit):
            return None if unit in STEP_UNITS or unit.endswith(("lot", "lots")) else base_value(expression)
        case Clock(second_of_day=second):
            return Decimal(second)
        case Name(text=text):
            return followed.values.get(text)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            value = value_of(operand, followed)
            return None if value is None else -value
        case Binary(operator=operator, left=left, right=right):
            one, other = value_of(left, followed), value_of(right, followed)
            return None if one is None or other is None else _combined(operator, one, other)
        case _:
            return None


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


def is_fixed(expression: Expression, followed: Followed) -> bool:
    """Whether nothing of the market or the account is read: numbers, steps, inputs and their arithmetic."""
    match expression:
        case Number() | Clock():
            return True
        case Name(text=text):
            return text in followed.fixed
        case Unary(operand=operand):
            return is_fixed(operand, followed)
        case Binary(left=left, right=right):
            return is_fixed(left, followed) and is_fixed(right, followed)
        case _:
            return False


def reads_any(node: Node, names: Set[str]) -> bool:
    """Whether one of the names is read anywhere below."""
    if isinstance(node, Name):
        return node.text in names
    below = (argument.value for argument in node.arguments) if isinstance(node, Call) else None
    return any(reads_any(child, names) for child in (below or children(node)))
