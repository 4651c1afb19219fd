"""Terms of observers: walking through them, and calculating now what never changes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from stratc.compiler.ir.observer import (
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    Invert,
    Operator,
    PerInstrument,
    Signal,
    Term,
)
from stratc.compiler.judge import ruletree as tree


def literal(number: tree.Number) -> Term:
    """Money is an amount, everything else a plain number."""
    return Amount(number.value) if number.unit.isupper() and number.unit.isalpha() else Constant(number.value)


def walk(term: Term) -> Iterator[Term]:
    """The term and all its parts."""
    yield term
    match term:
        case Combine(left=left, right=right):
            yield from walk(left)
            yield from walk(right)
        case Invert(operand=operand) | Across(operand=operand):
            yield from walk(operand)
        case _:
            pass


def signals_of(term: Term) -> Iterator[Signal]:
    """What the term asks of the account."""
    return (each.signal for each in walk(term) if isinstance(each, Ask))


def is_fixed(term: Term) -> bool:
    """Whether a term is a number that never changes, perhaps another for each instrument."""
    return all(isinstance(each, Constant | PerInstrument | Amount | Combine) for each in walk(term))


def _calculate(operator: Operator, left: Fraction, right: Fraction) -> Fraction:
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUBTRACT:
            return left - right
        case Operator.MULTIPLY:
            return left * right
        case Operator.MINIMUM:
            return min(left, right)
        case _:
            return max(left, right)


def fold(operator: Operator, left: Term, right: Term) -> Term:
    """The combination, calculated now where both sides are numbers."""
    match left, right:
        case Constant(value=one), Constant(value=two):
            return Constant(_calculate(operator, Fraction(one), Fraction(two)))
        case PerInstrument(values=values), Constant(value=two):
            return PerInstrument(tuple(_calculate(operator, each, Fraction(two)) for each in values))
        case Constant(value=one), PerInstrument(values=values):
            return PerInstrument(tuple(_calculate(operator, Fraction(one), each) for each in values))
        case PerInstrument(values=one_each), PerInstrument(values=two_each):
            pairs = zip(one_each, two_each, strict=True)
            return PerInstrument(tuple(_calculate(operator, one, two) for one, two in pairs))
        case _:
            return Combine(operator, left, right)
