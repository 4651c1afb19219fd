"""Ranges of values: between which numbers an expression lies on every bar.

Read from constants, from what the standard library promises of its outputs, from words that cannot be negative, and
from the hours of the session. An `input` may take other values than its default, so it lies anywhere. The answer is
never narrower than the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.timing.clock import close_seconds
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import Binary, BinaryOperator, Call, Expression, History, Member, Name, Unary, UnaryOperator

INFINITE: Final = Decimal("Infinity")
NEVER_NEGATIVE: Final = frozenset(
    {
        "volume",
        "bars_held",
        "sessions_held",
        "bars_since_exit",
        "sessions_since_exit",
        "units_held",
        "losses_in_a_row",
        "exits_of_position",
        "initial_risk",
        "entries_today",
    }
)
DEPTH_MAX: Final = 16


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; an open end does not belong to it."""

    low: Decimal = -INFINITE
    high: Decimal = INFINITE
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def within(self, other: Range) -> Range:
        """What lies in both."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Range(low, high, low_open, not high_closed)


ANYWHERE: Final = Range()
NOT_NEGATIVE: Final = Range(low=Decimal(0))


def range_of(expression: Expression, typing: Typing, depth: int = 0) -> Range:
    """Where the value of an expression lies whenever it is known; anywhere below so many bindings and operators."""
    if depth > DEPTH_MAX:
        return ANYWHERE
    value = None if reads_input(expression, typing.resolved) else constant(expression, typing.resolved)
    if value is not None:
        return Range(value, value)
    match expression:
        case Name(text=text):
            return _named(text, typing, depth)
        case Call():
            return _called(expression, None, typing, depth)
        case Member(base=base, member=member):
            called = typing.resolved.binding(base.text) if isinstance(base, Name) else base
            return _called(called, member.text, typing, depth) if isinstance(called, Call) else ANYWHERE
        case History(base=base):
            return range_of(base, typing, depth + 1)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            return _negative(range_of(operand, typing, depth + 1))
        case Binary(operator=BinaryOperator.ADD, left=left, right=right):
            return _sum(range_of(left, typing, depth + 1), range_of(right, typing, depth + 1))
        case Binary(operator=BinaryOperator.SUBTRACT, left=left, right=right):
            return _sum(range_of(left, typing, depth + 1), _negative(range_of(right, typing, depth + 1)))
        case _:
            return ANYWHERE


def _named(text: str, typing: Typing, depth: int) -> Range:
    if text in typing.resolved.declared:
        value = typing.resolved.binding(text)
        return ANYWHERE if value is None else range_of(value, typing, depth + 1)
    if text == "time":
        return time_range(typing)
    return NOT_NEGATIVE if text in NEVER_NEGATIVE else ANYWHERE


def time_range(typing: Typing) -> Range:
    """The times of day at which bars close, on the exchange's clock; the whole day where sessions pass midnight."""
    if typing.header.daily or not typing.header.interval_seconds:
        return ANYWHERE
    seconds = close_seconds(typing.header)
    return ANYWHERE if seconds is None else Range(Decimal(seconds[0]), Decimal(seconds[1]))


def _called(call: Call, output: str | None, typing: Typing, depth: int) -> Range:
    """What is promised of an output of a call, the first where none is named."""
    if call.function.text == "abs" and len(call.arguments) == 1:
        return NOT_NEGATIVE
    indicator = catalogue.lookup(call.function.text)
    if indicator is None:
        return ANYWHERE
    for each in indicator.outputs:
        if output in (None, each.name):
            low = -INFINITE if each.at_least is None else Decimal(str(each.at_least))
            high = INFINITE if each.at_most is None else Decimal(str(each.at_most))
            return Range(low, high)
    return ANYWHERE


def _negative(found: Range) -> Range:
    return Range(-found.high, -found.low, found.high_open, found.low_open)


def _sum(one: Range, other: Range) -> Range:
    """Infinite ends of one sign only meet each other, so no sum is undefined."""
    low_open, high_open = one.low_open or other.low_open, one.high_open or other.high_open
    return Range(one.low + other.low, one.high + other.high, low_open, high_open)
