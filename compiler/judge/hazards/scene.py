"""What nodes may be in a situation that is made up: intervals for numbers, true, false or unknown for conditions.

A scene says what some words, columns and nodes are; all else may be anything, within what the standard library declares
of its outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    Arithmetic,
    ArithmeticOperator,
    Book,
    BookWord,
    Column,
    Compare,
    ComparisonOperator,
    Constant,
    Indicate,
    Logic,
    LogicOperator,
    NodeId,
    Parameter,
    PriceStep,
    Program,
    Select,
)
from stratc.compiler.ir.observer import Operator
from stratc.compiler.judge.amounts import OPERATORS, interval
from stratc.compiler.judge.intervals import ANY, COUNT, Interval, calculate, compare
from stratc.dsl.stdlib import catalogue

COMPARISONS: Final = {
    ComparisonOperator.LESS: Operator.LESS,
    ComparisonOperator.LESS_EQUAL: Operator.LESS_EQUAL,
    ComparisonOperator.GREATER: Operator.GREATER,
    ComparisonOperator.GREATER_EQUAL: Operator.GREATER_EQUAL,
    ComparisonOperator.EQUAL: Operator.EQUAL,
    ComparisonOperator.NOT_EQUAL: Operator.NOT_EQUAL,
}
# A step of a price is above nought, whatever the instrument.
STEP: Final = Interval(Fraction(1, 10**12), None)


# What counts something is never below nought.
COUNTING: Final = frozenset(
    {
        BookWord.BARS_HELD,
        BookWord.SESSIONS_HELD,
        BookWord.UNITS_HELD,
        BookWord.EXITS_OF_POSITION,
        BookWord.BARS_SINCE_EXIT,
        BookWord.SESSIONS_SINCE_EXIT,
        BookWord.LOSSES_IN_A_ROW,
        BookWord.ENTRIES_TODAY,
        BookWord.DAYS_SINCE_PURCHASE,
        BookWord.DAYS_SINCE_LOSS,
        BookWord.BAR,
    }
)


def point(value: Fraction) -> Interval:
    return Interval(value, value)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A situation of one instrument."""

    program: Program
    truths: Mapping[BookWord, bool] = field(default_factory=dict)
    words: Mapping[BookWord, Interval] = field(default_factory=dict)
    columns: Mapping[str, Interval] = field(default_factory=dict)
    nodes: Mapping[NodeId, Interval] = field(default_factory=dict)

    def may_hold(self, node: NodeId | None) -> bool:
        """Whether a condition may be true; none is."""
        return node is None or self.truth(node) is not False

    def truth(self, node: NodeId) -> bool | None:
        operation, arguments = self.program.nodes[node].operation, self.program.nodes[node].arguments
        match operation:
            case Constant(value=bool(value)):
                return value
            case Book(word=word):
                return self.truths.get(word)
            case Logic(operator=LogicOperator.NOT):
                inner = self.truth(arguments[0])
                return None if inner is None else not inner
            case Logic(operator=operator):
                decisive = operator is LogicOperator.OR
                each = [self.truth(argument) for argument in arguments]
                return decisive if decisive in each else None if None in each else not decisive
            case Compare(operator=operator) if self.program.nodes[arguments[0]].kind == "number":
                one, two = (self.number(each) for each in arguments)
                return compare(COMPARISONS[operator], one, two)
            case _:
                return None

    def number(self, node: NodeId) -> Interval:
        if node in self.nodes:
            return self.nodes[node]
        operation, arguments = self.program.nodes[node].operation, self.program.nodes[node].arguments
        match operation:
            case Constant() | Parameter():
                return interval(self.program, node)
            case Book(word=word):
                return self.words.get(word, COUNT if word in COUNTING else ANY)
            case Column(name=name) if self.program.nodes[node].bars is None:
                return self.columns.get(name, COUNT if name == "volume" else ANY)
            case PriceStep():
                return STEP
            case Arithmetic(operator=operator):
                return _calculated(operator, [self.number(each) for each in arguments])
            case Select():
                return self._either(*arguments)
            case Indicate(stem=stem):
                return _declared(stem)
            case _:
                return ANY

    def _either(self, condition: NodeId, then: NodeId, otherwise: NodeId) -> Interval:
        holds = self.truth(condition)
        if holds is not None:
            return self.number(then if holds else otherwise)
        one, two = self.number(then), self.number(otherwise)
        low = None if one.low is None or two.low is None else min(one.low, two.low)
        high = None if one.high is None or two.high is None else max(one.high, two.high)
        return Interval(low, high)


def _calculated(operator: ArithmeticOperator, given: list[Interval]) -> Interval:
    match operator:
        case ArithmeticOperator.NEGATE:
            return calculate(Operator.SUBTRACT, point(Fraction(0)), given[0])
        case ArithmeticOperator.ABSOLUTE:
            return given[0] if given[0].low is not None and given[0].low >= 0 else COUNT
        case ArithmeticOperator.DIVIDE:
            return _quotient(*given)
        case _:
            return calculate(OPERATORS[operator], *given) if operator in OPERATORS else ANY


def _quotient(one: Interval, two: Interval) -> Interval:
    """Of two intervals without negative numbers; anything else may be anything."""
    if one.low is None or one.low < 0 or two.low is None or two.low < 0:
        return ANY
    low = Fraction(0) if not two.high else one.low / two.high
    return Interval(low, None if one.high is None or two.low == 0 else one.high / two.low)


def _declared(stem: str) -> Interval:
    """What the standard library says of an indicator's first output."""
    indicator = catalogue.lookup(stem)
    if indicator is None:
        return ANY
    first = indicator.outputs[0]
    low = None if first.at_least is None else Fraction(str(first.at_least))
    high = None if first.at_most is None else Fraction(str(first.at_most))
    return Interval(low, high)
