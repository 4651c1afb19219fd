"""Ranges: whether an amount that is fixed before the run makes sense where it stands.

Units do not see a lost sign or point: `buy 0 shares` and `risking 150% of equity` are measured rightly and meant
wrongly. Looks only at what is written here, inputs at their defaults; what depends on the market is the engine's to
refuse. Assumes that the units have been checked.
"""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.sense.diagnostics import AmountOutOfRange
from stratc.dsl.syntax import Binary, BinaryOperator, Expression, Number, Unary, UnaryOperator
from stratc.dsl.types import RATIO, Quantity
from stratc.runtime.model.record import record

ONE = Decimal(1)


@record
class Range:
    """Where an amount may lie: above `above`, not above `at_most`, below `below`; None where there is no such end."""

    words: str
    above: Decimal = Decimal(0)
    at_most: Decimal | None = None
    below: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        inside = self.at_most is None or value <= self.at_most
        return self.above < value and inside and (self.below is None or value < self.below)


POSITIVE = Range(words="an amount above 0")
PART = Range(words="a share above 0% and at most 100%", at_most=ONE)
BELOW_ALL = Range(words="a share between 0% and 100%", below=ONE)
NOT_NEGATIVE = Range(words="a number of 0 or more", above=-ONE)
AT_LEAST_ONE = Range(words="a whole number of at least 1")


def check_range(node: Expression, allowed: Range, what: str, sample: str, typing: Typing) -> None:
    """Tell an amount that lies outside; for `X of Y` the share X is looked at."""
    value = _fixed(node, typing)
    if value is not None and not allowed.holds(value):
        text = typing.text(node)
        typing.tell(AmountOutOfRange(span=node.span, what=what, wanted=allowed.words, found=text, sample=sample))


def check_part(node: Expression, what: str, sample: str, typing: Typing) -> None:
    """A share of a whole lies between nothing and all of it; any other amount is above nought."""
    is_share = isinstance(node, Binary) and node.operator is BinaryOperator.OF and typing.types[node.left] == RATIO
    check_range(node, PART if is_share else POSITIVE, what, sample, typing)


def check_quantity(node: Expression, what: str, typing: Typing) -> None:
    """A quantity that is written here is a whole number of the steps in which the instruments are counted."""
    if not isinstance(node, Number) or not isinstance(typing.types[node], Quantity):
        return
    step = max((item.quantity_step for item in typing.header.instruments), default=None)
    if step and node.value % step:
        sample = f"{what} {max(step, node.value // step * step):f} {node.unit}"
        check_range(node, Range(words=f"a multiple of {step:f}", below=Decimal(0)), what, sample, typing)


def check_whole(node: Expression, what: str, sample: str, typing: Typing) -> None:
    """A count of at least one, with nothing behind the point."""
    value = _fixed(node, typing)
    broken = value is not None and value != value.to_integral_value()
    check_range(
        node, Range(words=AT_LEAST_ONE.words, below=Decimal(0)) if broken else AT_LEAST_ONE, what, sample, typing
    )


def _fixed(node: Expression, typing: Typing) -> Decimal | None:
    """What is written, in base units; an amount in ticks, pips or points counts its steps."""
    match node:
        case Binary(operator=BinaryOperator.OF, left=share):
            return _fixed(share, typing)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            value = _fixed(operand, typing)
            return None if value is None else -value
        case Number(value=written):
            value = constant(node, typing.resolved)
            return written if value is None else value
        case _:
            return constant(node, typing.resolved)
