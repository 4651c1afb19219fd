"""Whether a rule's condition may be true of an instrument as the skeleton knows it.

Kleene's logic over sets of answers: what is not a word of the account that the skeleton keeps may be true, false or
unknown, each time anew.
"""

from __future__ import annotations

from math import inf
from typing import Final

from stratc.compiler.ir.nodes import (
    Book,
    BookWord,
    Compare,
    ComparisonOperator,
    Constant,
    Logic,
    LogicOperator,
    NodeId,
)
from stratc.compiler.judge.amounts import interval
from stratc.compiler.judge.skeleton.outline import COUNTING, Outline
from stratc.compiler.judge.skeleton.place import Place

TRUE: Final = 1
FALSE: Final = 2
UNKNOWN: Final = 4
ANY_ANSWER: Final = TRUE | FALSE | UNKNOWN
Bounds = tuple[float, float]


class Conditions:
    """The conditions of one outline; answers are remembered by instrument."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._program = outline.program
        self._counted = dict(outline.counted)
        self._known: dict[tuple[NodeId, Place], bool] = {}

    def may_hold(self, node: NodeId | None, place: Place) -> bool:
        if node is None:
            return True
        key = (node, place)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = bool(self._answers(node, place) & TRUE)
        return found

    def _answers(self, node: NodeId, place: Place) -> int:
        operation, arguments = self._program.nodes[node].operation, self._program.nodes[node].arguments
        match operation:
            case Constant(value=bool() as value):
                return TRUE if value else FALSE
            case Logic(operator=LogicOperator.NOT):
                inner = self._answers(arguments[0], place)
                return inner & UNKNOWN | (FALSE if inner & TRUE else 0) | (TRUE if inner & FALSE else 0)
            case Logic(operator=operator):
                given = [self._answers(each, place) for each in arguments]
                return _connect(given, decisive=FALSE if operator is LogicOperator.AND else TRUE)
            case Book(word=BookWord.FLAT, leg=None):
                if not self._outline.asks_flat:
                    return TRUE | FALSE
                return TRUE if place.position == 0 and not any(place.entries) else FALSE
            case Book(word=BookWord.LONG, leg=None):
                return TRUE if place.position > 0 else FALSE
            case Book(word=BookWord.SHORT, leg=None):
                return TRUE if place.position < 0 else FALSE
            case Compare(operator=comparison):
                one, two = (self._bounds(each, place) for each in arguments)
                return _compare(comparison, one, two)
            case _:
                return ANY_ANSWER

    def _bounds(self, node: NodeId, place: Place) -> Bounds | None:
        """What a number lies between; None where it certainly is unknown.

        One that may be unknown counts as known: in Kleene's logic what is true with an unknown is true with any answer.
        """
        operation = self._program.nodes[node].operation
        match operation:
            case Book(word=word, leg=None) if word in COUNTING and word in self._counted:
                return _counted(word, place, self._counted[word])
            case Book(word=BookWord.POSITION, leg=None):
                return (1e-12, inf) if place.position > 0 else (-inf, -1e-12) if place.position < 0 else (0.0, 0.0)
            case _:
                found = interval(self._program, node)
                return (
                    -inf if found.low is None else float(found.low),
                    inf if found.high is None else float(found.high),
                )


def _counted(word: BookWord, place: Place, most: int) -> Bounds | None:
    held = {BookWord.SESSIONS_HELD: place.sessions, BookWord.BARS_HELD: place.bars}
    if word in held and place.position == 0:
        return None
    since = {
        BookWord.SESSIONS_SINCE_EXIT: place.sessions_since,
        BookWord.BARS_SINCE_EXIT: place.bars_since,
        BookWord.ENTRIES_TODAY: place.entered_today,
    }
    value = (held | since)[word]
    return float(value), inf if value >= most else float(value)


def _connect(given: list[int], *, decisive: int) -> int:
    weak = (TRUE | FALSE) ^ decisive
    found = decisive if any(each & decisive for each in given) else 0
    if all(each & weak for each in given):
        found |= weak
    if any(each & UNKNOWN for each in given) and all(each & (weak | UNKNOWN) for each in given):
        found |= UNKNOWN
    return found


def _compare(operator: ComparisonOperator, one: Bounds | None, two: Bounds | None) -> int:
    if one is None or two is None:
        return UNKNOWN
    match operator:
        case ComparisonOperator.LESS:
            return _less(one, two)
        case ComparisonOperator.GREATER:
            return _less(two, one)
        case ComparisonOperator.LESS_EQUAL:
            return _swapped(_less(two, one))
        case ComparisonOperator.GREATER_EQUAL:
            return _swapped(_less(one, two))
        case _:
            apart = one[1] < two[0] or two[1] < one[0]
            same = one[0] == one[1] == two[0] == two[1]
            equal = FALSE if apart else TRUE if same else TRUE | FALSE
            return equal if operator is ComparisonOperator.EQUAL else _swapped(equal)


def _less(one: Bounds, two: Bounds) -> int:
    return (TRUE if one[0] < two[1] else 0) | (FALSE if one[1] >= two[0] else 0)


def _swapped(answers: int) -> int:
    return (FALSE if answers & TRUE else 0) | (TRUE if answers & FALSE else 0)
