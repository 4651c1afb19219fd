"""What an amount of the text may be: numbers as intervals over the ranges of inputs, money as multiples of equity.

Everything is an over-approximation: what is not recognised is unbounded. A range counts whole, since `--set` may choose
any of it; an input without a range cannot be set, so that its default is all that it may be.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    Arithmetic,
    ArithmeticOperator,
    Book,
    BookWord,
    Constant,
    Datum,
    NodeId,
    Parameter,
    Program,
)
from stratc.compiler.ir.observer import Operator
from stratc.compiler.judge.intervals import ANY, Interval, calculate
from stratc.runtime.model.known import SeriesReading

OPERATORS: Final = {
    ArithmeticOperator.ADD: Operator.ADD,
    ArithmeticOperator.SUBTRACT: Operator.SUBTRACT,
    ArithmeticOperator.MULTIPLY: Operator.MULTIPLY,
    ArithmeticOperator.MINIMUM: Operator.MINIMUM,
    ArithmeticOperator.MAXIMUM: Operator.MAXIMUM,
}


def interval(program: Program, node: NodeId) -> Interval:
    """The numbers that a node may be: constants, inputs, and sums, products and extremes of such."""
    operation = program.nodes[node].operation
    arguments = program.nodes[node].arguments
    match operation:
        case Constant(value=value):
            return _point(float(value))
        case Parameter(name=name):
            return _range(program, name)
        case Arithmetic(operator=ArithmeticOperator.NEGATE):
            return calculate(Operator.SUBTRACT, _point(0.0), interval(program, arguments[0]))
        case Arithmetic(operator=operator) if operator in OPERATORS:
            one, two = (interval(program, each) for each in arguments)
            return calculate(OPERATORS[operator], one, two)
        case Datum(request=SeriesReading(low=low, high=high)) if low is not None and high is not None:
            # A table with a value outside its declared range is refused, and an unknown sizes nothing.
            return Interval(Fraction(str(low)), Fraction(str(high)))
        case _:
            return ANY


def _point(value: float) -> Interval:
    number = Fraction(str(value))
    return Interval(number, number)


def _range(program: Program, name: str) -> Interval:
    declared = next(each for each in program.inputs if each.name == name)
    if declared.low is None or declared.high is None:
        return _point(declared.default)
    return Interval(Fraction(str(declared.low)), Fraction(str(declared.high)))


def upper(program: Program, node: NodeId) -> Fraction | None:
    """The largest number that a node may be, or None."""
    return interval(program, node).high


def lower(program: Program, node: NodeId) -> Fraction | None:
    """The smallest number that a node may be, or None."""
    return interval(program, node).low


def multiple_of_equity(program: Program, node: NodeId) -> Fraction | None:
    """A bound of an amount of money as a multiple of equity at that moment, or None.

    Factors may not be negative: two of them would make an amount of a loss, or of an equity below nought.
    """
    operation = program.nodes[node].operation
    arguments = program.nodes[node].arguments
    match operation:
        case Book(word=BookWord.EQUITY):
            # A sleeve's equity may be more than the account's, where others have lost more than they had.
            return None if program.sleeves else Fraction(1)
        case Arithmetic(operator=ArithmeticOperator.MULTIPLY):
            one, two = arguments
            return _share(program, one, two) if _share(program, one, two) is not None else _share(program, two, one)
        case Arithmetic(operator=ArithmeticOperator.DIVIDE):
            multiple, by = multiple_of_equity(program, arguments[0]), lower(program, arguments[1])
            return None if multiple is None or by is None or by <= 0 else multiple / by
        case Arithmetic(operator=ArithmeticOperator.MINIMUM):
            bounds = [bound for each in arguments if (bound := multiple_of_equity(program, each)) is not None]
            return min(bounds, default=None)
        case Arithmetic(operator=ArithmeticOperator.ADD | ArithmeticOperator.MAXIMUM as operator):
            left, right = (multiple_of_equity(program, each) for each in arguments)
            if left is None or right is None:
                return None
            return left + right if operator is ArithmeticOperator.ADD else max(left, right)
        case _:
            return None


def _share(program: Program, amount: NodeId, factor: NodeId) -> Fraction | None:
    """So many times an amount of money; None where one is unbounded or the factor may be negative."""
    multiple, by = multiple_of_equity(program, amount), interval(program, factor)
    if multiple is None or by.high is None or by.low is None or by.low < 0:
        return None
    return multiple * by.high
