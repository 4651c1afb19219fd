"""Whether a condition can ever be true: its comparisons, gathered as ranges of the values that they compare.

Of a conjunction all parts must hold at once, so what its comparisons leave of a value is cut down from one to the next;
of a disjunction one part is enough. A value is known by how it is written. What is not understood may be true, an
unknown value makes no condition true, and after so many steps everything may be true: only what certainly never
happens is said.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.earlier import earlier
from stratc.compiler.check.ranges import ANYWHERE, Range, range_of
from stratc.compiler.check.timing.clock import exchange_zones
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Crosses,
    Expression,
    HeldFor,
    History,
    Name,
    Node,
    Number,
    Unary,
    UnaryOperator,
    When,
    Within,
)
from stratc.dsl.types import BOOL, TIME

STEPS_MAX: Final = 20_000
# How many bars ago a condition is followed.
AGO: Final = frozenset(range(1, 5))

_MIRRORED: Final = {
    BinaryOperator.LESS: BinaryOperator.GREATER,
    BinaryOperator.LESS_EQUAL: BinaryOperator.GREATER_EQUAL,
    BinaryOperator.GREATER: BinaryOperator.LESS,
    BinaryOperator.GREATER_EQUAL: BinaryOperator.LESS_EQUAL,
    BinaryOperator.EQUAL: BinaryOperator.EQUAL,
}
_OPPOSITE: Final = {
    BinaryOperator.LESS: BinaryOperator.GREATER_EQUAL,
    BinaryOperator.LESS_EQUAL: BinaryOperator.GREATER,
    BinaryOperator.GREATER: BinaryOperator.LESS_EQUAL,
    BinaryOperator.GREATER_EQUAL: BinaryOperator.LESS,
    BinaryOperator.NOT_EQUAL: BinaryOperator.EQUAL,
}

Left = dict[Hashable, Range]


@dataclass(slots=True)
class Chances:
    """The notebook of one check: `steps` counts what was looked at, for all conditions together."""

    typing: Typing
    steps: int = field(default=0)

    def first_impossible(self, clauses: tuple[When, ...]) -> Expression | None:
        """The clause with which a rule's conditions become impossible; None where they may hold."""
        left: Left = {}
        for clause in clauses:
            if not self._may_be(clause.condition, left, wanted=True):
                return clause.condition
        return None

    def may_last(self, condition: Expression) -> bool:
        """Whether a condition may hold on two bars in a row, as far as it may hold at all."""
        left: Left = {}
        if not self._may_be(condition, left, wanted=True):
            return True  # told as one that never holds
        return self._may_be(earlier(condition, self.typing.resolved), left, wanted=True)

    def _may_be(self, node: Expression, left: Left, *, wanted: bool) -> bool:
        """Whether a condition may have the wanted outcome, given what is `left` of each value, which it cuts down."""
        self.steps += 1
        if self.steps > STEPS_MAX:
            return True
        match node:
            case Name(text=text):
                value = self.typing.resolved.binding(text)
                return value is None or self._may_be(value, left, wanted=wanted)
            case Unary(operator=UnaryOperator.NOT, operand=operand):
                return self._may_be(operand, left, wanted=not wanted)
            case Binary(operator=BinaryOperator.AND | BinaryOperator.OR, left=one, right=other):
                if (node.operator is BinaryOperator.AND) is wanted:
                    return self._may_be(one, left, wanted=wanted) and self._may_be(other, left, wanted=wanted)
                return self._either(one, other, left, wanted=wanted)
            case History(base=base, offset=Number(value=bars, unit="")) if self._is_condition(base) and bars in AGO:
                past: Expression = base
                for _ in range(int(bars)):
                    past = earlier(past, self.typing.resolved)
                return isinstance(past, History) or self._may_be(past, left, wanted=wanted)
            case HeldFor(condition=condition) if wanted:
                return self._may_be(condition, left, wanted=True)
            case Binary() | Crosses() | Within() if self._is_told(node):
                return True
            case Binary(operator=operator):
                found = operator if wanted else _OPPOSITE.get(operator)
                return found is None or self._compared(node.left, found, node.right, left)
            case Crosses(left=one, right=other, above=above) if wanted:
                now, before = BinaryOperator.GREATER, BinaryOperator.LESS_EQUAL
                if not above:
                    now, before = BinaryOperator.LESS, BinaryOperator.GREATER_EQUAL
                resolved = self.typing.resolved
                first, second = earlier(one, resolved), earlier(other, resolved)
                return self._compared(one, now, other, left) and self._compared(first, before, second, left)
            case Within() if wanted:
                return self._within(node, left)
            case _:
                return True

    def _is_condition(self, node: Expression) -> bool:
        return self.typing.types.get(node) == BOOL

    def _is_told(self, node: Node) -> bool:
        """Whether something is wrong with a comparison already: then nothing is known of what it means."""
        start, end = node.span.start, node.span.end
        return any(start <= problem.span.start and problem.span.end <= end for problem in self.typing.problems)

    def _either(self, one: Expression, other: Expression, left: Left, *, wanted: bool) -> bool:
        """One of two is enough; what is left of the values is then unsure, and stays as it was."""
        return any(self._may_be(part, dict(left), wanted=wanted) for part in (one, other))

    def _compared(self, one: Expression, operator: BinaryOperator, other: Expression, left: Left) -> bool:
        bound, mirrored = self._fixed(other), self._fixed(one)
        if bound is not None:
            return self._cut(self._key(one), range_of(one, self.typing), _range_to(operator, bound), left)
        if mirrored is not None:
            operator = _MIRRORED.get(operator, operator)
            return self._cut(self._key(other), range_of(other, self.typing), _range_to(operator, mirrored), left)
        # Two values that move: their difference is held against nought.
        first, second = self._key(one), self._key(other)
        if repr(first) > repr(second):
            first, second, operator = second, first, _MIRRORED.get(operator, operator)
        return self._cut((first, second), ANYWHERE, _range_to(operator, Decimal(0)), left)

    def _within(self, node: Within, left: Left) -> bool:
        low, high = self._fixed(node.range.low), self._fixed(node.range.high)
        if low is None or high is None:
            return True
        if not self._is_time(node):
            return self._cut(self._key(node.value), range_of(node.value, self.typing), Range(low, high), left)
        zone = iana_zone(node.range.zone.text) if node.range.zone is not None else None
        here = zone is None or (zone,) == exchange_zones(self.typing.header)
        key = ("time", None if here else zone, self._key(node.value))
        whole = range_of(node.value, self.typing) if here else ANYWHERE
        if low < high:
            return self._cut(key, whole, Range(low, high, high_open=True), left)
        # Past midnight: late in the day or early.
        late, early = Range(low=low), Range(high=high, high_open=True)
        return any(self._cut(key, whole, part, dict(left)) for part in (late, early))

    def _is_time(self, node: Within) -> bool:
        """Whether times of day are meant, also where one is read some bars earlier, which nobody has typed."""
        value = node.value
        while isinstance(value, History) and value not in self.typing.types:
            value = value.base
        # The ends of a range are of the kind of its value, and ends that never change were typed where they stand.
        return TIME in (self.typing.types.get(value), self.typing.types.get(node.range.low))

    def _fixed(self, expression: Expression) -> Decimal | None:
        """The value of what is the same on every bar of every run."""
        resolved = self.typing.resolved
        return None if reads_input(expression, resolved) else constant(expression, resolved)

    def _cut(self, key: Hashable, whole: Range, part: Range, left: Left) -> bool:
        """Whether something is left of a value that must lie in `part` too."""
        left[key] = left.get(key, whole).within(part)
        return not left[key].empty

    def _key(self, node: Node) -> Hashable:
        """How a value is written, wherever it stands."""
        self.steps += 1
        parts = (self._part(getattr(node, each.name)) for each in fields(node) if each.name != "span")
        return (type(node).__name__, *parts)

    def _part(self, value: object) -> Hashable:
        match value:
            case Node():
                return self._key(value)
            case tuple():
                return tuple(self._part(item) for item in value)
            case _:
                return str(value)


def _range_to(operator: BinaryOperator, bound: Decimal) -> Range:
    """The values that compare so with a bound."""
    match operator:
        case BinaryOperator.LESS:
            return Range(high=bound, high_open=True)
        case BinaryOperator.LESS_EQUAL:
            return Range(high=bound)
        case BinaryOperator.GREATER:
            return Range(low=bound, low_open=True)
        case BinaryOperator.GREATER_EQUAL:
            return Range(low=bound)
        case BinaryOperator.EQUAL:
            return Range(bound, bound)
        case _:
            return ANYWHERE
