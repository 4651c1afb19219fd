"""What a term of an observer may be, where registers are saturated and money is anything: bounds, and truths.

A number is a pair of bounds that it lies between. A truth is a mask: `YES` where it may hold, `NO` where it may not.
Whatever is not understood may be anything, so that a reading can only allow more than the machine would do.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Final

from stratc.compiler.ir.observer import (
    COMPARISONS,
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    Invert,
    Operator,
    PerInstrument,
    Read,
    Signal,
    Term,
)
from stratc.compiler.judge.skeleton.account import AccountSide, amount_of
from stratc.compiler.judge.terms import walk

Number = int | float | Fraction
Bounds = tuple[Number, Number]
Cells = tuple[int, ...]
ReadNumber = Callable[[Cells, int, AccountSide], Bounds]
ReadTruth = Callable[[Cells, int, AccountSide], int]
CellBounds = Callable[[int], ReadNumber]

YES: Final = 1
NO: Final = 2
EITHER: Final = YES | NO
ANYTHING: Final[Bounds] = (-inf, inf)
# Turned around, so that two comparisons of which one is the other's opposite are one question.
OPPOSITES: Final = {Operator.GREATER_EQUAL: Operator.LESS, Operator.GREATER: Operator.LESS_EQUAL}


class Reading:
    """Terms turned into functions of cells, an instrument and the account.

    `cell` gives the reader of a register by its number. `places` are the observer's instruments. `questions` are the
    comparisons with nothing but the equity at the last close: they stay as they are from one new day to the next.
    """

    def __init__(self, cell: CellBounds, places: tuple[int, ...]) -> None:
        self._cell = cell
        self._places = places
        self.questions: dict[Term, int] = {}

    # ── numbers ──

    def number(self, term: Term) -> ReadNumber:
        match term:
            case Constant(value=value):
                exact = _plain(Fraction(value))
                return lambda cells, i, account: (exact, exact)
            case PerInstrument(values=values):
                each = tuple(_plain(value) for value in values)
                return lambda cells, i, account: (each[i], each[i])
            case Read(register=register):
                return self._cell(register)
            case Ask(signal=signal):
                return lambda cells, i, account: amount_of(account, signal, i)
            case Across(operand=operand):
                return self._sum(operand)
            case Combine(operator=operator, left=left, right=right) if operator in _CALCULATIONS:
                calculate, one, two = _CALCULATIONS[operator], self.number(left), self.number(right)
                return lambda cells, i, account: calculate(one(cells, i, account), two(cells, i, account))
            case Combine(operator=operator) if operator not in _TRUTHS:
                return lambda cells, i, account: ANYTHING
            case Combine() | Invert():
                truth = self.truth(term)
                return lambda cells, i, account: _as_number(truth(cells, i, account))
            case _:
                return lambda cells, i, account: ANYTHING

    def _sum(self, operand: Term) -> ReadNumber:
        each, places = self.number(operand), self._places

        def total(cells: Cells, i: int, account: AccountSide) -> Bounds:
            low: Number = 0
            high: Number = 0
            for place in places:
                one = each(cells, place, account)
                low, high = low + one[0], high + one[1]
            return low, high

        return total

    # ── truths ──

    def truth(self, term: Term) -> ReadTruth:
        match term:
            case Invert(operand=operand):
                inner = self.truth(operand)
                return lambda cells, i, account: _SWAPPED[inner(cells, i, account)]
            case Combine(operator=Operator.AND | Operator.OR as operator, left=left, right=right):
                return self._connected(self.truth(left), self.truth(right), decisive=operator is Operator.OR)
            case Combine(operator=operator, left=left, right=right) if operator in COMPARISONS:
                return self._asked(term) if _is_of_last_close(term) else self._compared(operator, left, right)
            case _:
                number = self.number(term)
                return lambda cells, i, account: _is_not_nought(number(cells, i, account))

    def _connected(self, one: ReadTruth, two: ReadTruth, *, decisive: bool) -> ReadTruth:
        strong, weak = (YES, NO) if decisive else (NO, YES)

        def connect(cells: Cells, i: int, account: AccountSide) -> int:
            left = one(cells, i, account)
            if left == strong:
                return strong
            right = two(cells, i, account)
            return ((left | right) & strong) | (weak if left & weak and right & weak else 0)

        return connect

    def _compared(self, operator: Operator, left: Term, right: Term) -> ReadTruth:
        one, two, compare = self.number(left), self.number(right), _COMPARISONS[operator]
        return lambda cells, i, account: compare(one(cells, i, account), two(cells, i, account))

    def _asked(self, term: Combine) -> ReadTruth:
        """A comparison that is settled for the day, where the account says how."""
        turned = OPPOSITES.get(term.operator)
        key = term if turned is None else Combine(turned, term.left, term.right)
        number = self.questions.setdefault(key, len(self.questions))
        yes, no = (YES, NO) if turned is None else (NO, YES)

        def settled(cells: Cells, i: int, account: AccountSide) -> int:
            if not account.answers:
                return EITHER
            return yes if account.answers[number] else no

        return settled


def _is_of_last_close(term: Term) -> bool:
    parts = [each for each in walk(term) if not isinstance(each, Combine)]
    asked = [each for each in parts if isinstance(each, Ask)]
    return (
        bool(asked)
        and all(each.signal is Signal.EQUITY_AT_LAST_CLOSE for each in asked)
        and all(isinstance(each, Ask | Constant | Amount) for each in parts)
    )


def _plain(exact: Fraction) -> Number:
    """Whole numbers are calculated with faster."""
    return exact.numerator if exact.denominator == 1 else exact


def _as_number(truth: int) -> Bounds:
    return (0 if truth & NO else 1, 1 if truth & YES else 0)


def _is_not_nought(bounds: Bounds) -> int:
    low, high = bounds
    if low == high == 0:
        return NO
    return YES if low > 0 or high < 0 else EITHER


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plus(one: Bounds, two: Bounds) -> Bounds:
    return one[0] + two[0], one[1] + two[1]


def _minus(one: Bounds, two: Bounds) -> Bounds:
    return one[0] - two[1], one[1] - two[0]


def _times(one: Bounds, two: Bounds) -> Bounds:
    """Of what is not below nought; anything else may be anything."""
    if one[0] < 0 or two[0] < 0:
        return ANYTHING
    return one[0] * two[0], 0 if 0 in (one[1], two[1]) else one[1] * two[1]


def _least(one: Bounds, two: Bounds) -> Bounds:
    return min(one[0], two[0]), min(one[1], two[1])


def _most(one: Bounds, two: Bounds) -> Bounds:
    return max(one[0], two[0]), max(one[1], two[1])


def _less(one: Bounds, two: Bounds) -> int:
    return (YES if one[0] < two[1] else 0) | (NO if one[1] >= two[0] else 0)


def _less_equal(one: Bounds, two: Bounds) -> int:
    return (YES if one[0] <= two[1] else 0) | (NO if one[1] > two[0] else 0)


def _equal(one: Bounds, two: Bounds) -> int:
    apart = one[1] < two[0] or two[1] < one[0]
    same = one[0] == one[1] == two[0] == two[1]
    return NO if apart else YES if same else EITHER


_SWAPPED: Final = {YES: NO, NO: YES, EITHER: EITHER}
_CALCULATIONS: Final = {
    Operator.ADD: _plus,
    Operator.SUBTRACT: _minus,
    Operator.MULTIPLY: _times,
    Operator.MINIMUM: _least,
    Operator.MAXIMUM: _most,
}
_COMPARISONS: Final[dict[Operator, Callable[[Bounds, Bounds], int]]] = {
    Operator.LESS: _less,
    Operator.LESS_EQUAL: _less_equal,
    Operator.GREATER: lambda one, two: _less(two, one),
    Operator.GREATER_EQUAL: lambda one, two: _less_equal(two, one),
    Operator.EQUAL: _equal,
    Operator.NOT_EQUAL: lambda one, two: _SWAPPED[_equal(one, two)],
}
_TRUTHS: Final = COMPARISONS | {Operator.AND, Operator.OR}
