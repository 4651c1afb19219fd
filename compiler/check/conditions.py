"""Conditions: in which states of the position they can hold.

Maps a condition to the states in which it may be true and those in which it may be false. A state is flat, pending (no
position, but an opening order works), long or short. What is not about the position may be either in all of them, so
the answer never leaves out a state that is possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import Binary, BinaryOperator, Expression, HeldFor, Name, Unary, UnaryOperator, When

FLAT: Final = "flat"
PENDING: Final = "pending"
LONG: Final = "long"
SHORT: Final = "short"
ALL: Final = frozenset({FLAT, PENDING, LONG, SHORT})
NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class States:
    """Where a condition may be true, and where it may be false."""

    true: frozenset[str]
    false: frozenset[str]


ANYTHING: Final = States(ALL, ALL)


def states_of(condition: Expression, resolved: Resolved, named: dict[str, States]) -> States:
    """The states of a condition; those of bindings are kept in `named`, so that each is followed once."""
    match condition:
        case Name(text=text):
            if text not in named:
                named[text] = _named(text, resolved, named)
            return named[text]
        case Unary(operator=UnaryOperator.NOT, operand=operand):
            inner = states_of(operand, resolved, named)
            return States(inner.false, inner.true)
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            one, other = states_of(left, resolved, named), states_of(right, resolved, named)
            return States(one.true & other.true, one.false | other.false)
        case Binary(operator=BinaryOperator.OR, left=left, right=right):
            one, other = states_of(left, resolved, named), states_of(right, resolved, named)
            return States(one.true | other.true, one.false & other.false)
        case HeldFor(condition=inner):
            # Where it has held for a while it holds now; that it has not says nothing.
            return States(states_of(inner, resolved, named).true, ALL)
        case Binary():
            return _compared(condition, resolved)
        case _:
            return ANYTHING


def _named(text: str, resolved: Resolved, named: dict[str, States]) -> States:
    if text in (FLAT, LONG, SHORT) and text not in resolved.declared:
        here = frozenset({text})
        return States(here, ALL - here)
    value = resolved.binding(text)
    return ANYTHING if value is None else states_of(value, resolved, named)


def _compared(node: Binary, resolved: Resolved) -> States:
    """Comparisons of constants, and of `position` with nought; an input may take other values than its default."""
    if isinstance(node.left, Name) and node.left.text == "position" and constant(node.right, resolved) == 0:
        return _position_against_nought(node.operator)
    left, right = constant(node.left, resolved), constant(node.right, resolved)
    if left is None or right is None or reads_input(node, resolved):
        return ANYTHING
    holds = _holds(node.operator, left, right)
    return ANYTHING if holds is None else States(ALL, NONE) if holds else States(NONE, ALL)


def _position_against_nought(operator: BinaryOperator) -> States:
    none = frozenset({FLAT, PENDING})
    where = {
        BinaryOperator.GREATER: frozenset({LONG}),
        BinaryOperator.LESS: frozenset({SHORT}),
        BinaryOperator.GREATER_EQUAL: none | {LONG},
        BinaryOperator.LESS_EQUAL: none | {SHORT},
        BinaryOperator.EQUAL: none,
        BinaryOperator.NOT_EQUAL: frozenset({LONG, SHORT}),
    }.get(operator, ALL)
    return States(where, ALL - where if where != ALL else ALL)


def _holds(operator: BinaryOperator, left: Decimal, right: Decimal) -> bool | None:
    match operator:
        case BinaryOperator.LESS:
            return left < right
        case BinaryOperator.LESS_EQUAL:
            return left <= right
        case BinaryOperator.GREATER:
            return left > right
        case BinaryOperator.GREATER_EQUAL:
            return left >= right
        case BinaryOperator.EQUAL:
            return left == right
        case BinaryOperator.NOT_EQUAL:
            return left != right
        case _:
            return None


def states_when(clauses: tuple[When, ...], resolved: Resolved) -> frozenset[str]:
    """The states in which all clauses may hold."""
    possible, named = ALL, dict[str, States]()
    for clause in clauses:
        possible &= states_of(clause.condition, resolved, named).true
    return possible
