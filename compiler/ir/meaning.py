"""What the operations mean on known and unknown values: the only definition, used by folding and by the interpreter.

Numbers are doubles with nan for unknown; truth values are Kleene's: True, False, None. Arithmetic whose result is no
finite number is unknown, and so is everything computed from an unknown. Generated code does the same operations on the
same doubles in the same order, so its results have the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, isnan, nan
from typing import assert_never

from stratc.compiler.ir.nodes import ArithmeticOperator, ComparisonOperator, LogicOperator

Truth = bool | None


def known(value: float) -> float:
    """The value, or unknown where it is no finite number."""
    return value if isfinite(value) else nan


def calculate(operator: ArithmeticOperator, values: tuple[float, ...]) -> float:
    if any(isnan(value) for value in values):
        return nan
    first, second = values if len(values) == 2 else (values[0], nan)
    match operator:
        case ArithmeticOperator.ADD:
            return known(first + second)
        case ArithmeticOperator.SUBTRACT:
            return known(first - second)
        case ArithmeticOperator.MULTIPLY:
            return known(first * second)
        case ArithmeticOperator.DIVIDE:
            return known(first / second) if second != 0.0 else nan
        case ArithmeticOperator.NEGATE:
            return -first
        case ArithmeticOperator.ABSOLUTE:
            return abs(first)
        case ArithmeticOperator.MINIMUM:
            return second if second < first else first
        case ArithmeticOperator.MAXIMUM:
            return second if second > first else first
        case _:
            assert_never(operator)


def compare(operator: ComparisonOperator, left: float | Truth, right: float | Truth) -> Truth:
    """Numbers in any way, truth values only for equality."""
    if left is None or right is None or isnan(left) or isnan(right):
        return None
    match operator:
        case ComparisonOperator.LESS:
            return left < right
        case ComparisonOperator.LESS_EQUAL:
            return left <= right
        case ComparisonOperator.GREATER:
            return left > right
        case ComparisonOperator.GREATER_EQUAL:
            return left >= right
        case ComparisonOperator.EQUAL:
            return left == right
        case ComparisonOperator.NOT_EQUAL:
            return left != right
        case _:
            assert_never(operator)


def combine(operator: LogicOperator, values: Iterable[Truth]) -> Truth:
    """Kleene's logic: a false decides a conjunction and a true a disjunction, whatever else is unknown."""
    found = set(values)
    match operator:
        case LogicOperator.NOT:
            (value,) = found
            return None if value is None else not value
        case LogicOperator.AND:
            return False if False in found else None if None in found else True
        case LogicOperator.OR:
            return True if True in found else None if None in found else False
        case _:
            assert_never(operator)
