"""Multiples and shares: which ratios a bare number may stand beside.

`volume / sma(volume, 20)` counts how many times one amount is in another of its own kind: a multiple, and `1.5` says
what is meant. A change, a rank, a distance over a price, a profit over equity is a share, and there `2` could be 2% or
200%: the text has to say which. A share of nought is nought in every unit, and `1 + change` is the whole and a change.
"""

from __future__ import annotations

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.resolve.words import BUILT_IN
from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Unit
from stratc.dsl.syntax import Binary, BinaryOperator, Call, Expression, History, IfElse, Name, Number, Over, Unary
from stratc.dsl.types import RATIO, UNKNOWN, Plain, Price, PriceDiff, Quantity


def is_multiple(node: Expression, typing: Typing) -> bool:
    """Whether a ratio counts times: a quotient of two amounts of one kind, or what smooths and scales such a one."""
    match node:
        case Number(unit=unit):
            return unit == "x"
        case Name(text=text):
            stated = typing.resolved.input(text)
            value = typing.resolved.binding(text) if stated is None else stated.default
            return value is not None and is_multiple(value, typing)
        case Unary(operand=inner) | History(base=inner):
            return is_multiple(inner, typing)
        case Over(call=call):
            return any(is_multiple(argument.value, typing) for argument in call.arguments)
        case Call():
            return _is_multiple_call(node, typing)
        case Binary(operator=BinaryOperator.DIVIDE, left=left, right=right):
            return _counts_times(node, typing) or _is_times(left, typing)
        case Binary(operator=BinaryOperator.ADD, left=left, right=right):
            return constant(left, typing.resolved) == 1 or any(_is_times(side, typing) for side in (left, right))
        case IfElse(then=then, otherwise=otherwise):
            times = [_is_times(side, typing) for side in (then, otherwise)]
            return any(times) and all(
                found or _is_bare(side) for found, side in zip(times, (then, otherwise), strict=True)
            )
        case Binary(operator=BinaryOperator.MULTIPLY, left=left, right=right):
            return any(_is_times(side, typing) for side in (left, right))
        case _:
            return False


def _is_times(node: Expression, typing: Typing) -> bool:
    return typing.types.get(node) == RATIO and is_multiple(node, typing)


def _is_multiple_call(call: Call, typing: Typing) -> bool:
    if not call.arguments:
        return False
    if call.function.text in BUILT_IN:
        return all(is_multiple(argument.value, typing) or _is_bare(argument.value) for argument in call.arguments)
    indicator = catalogue.lookup(call.function.text)
    same = indicator is not None and indicator.outputs[0].unit in (Unit.SAME, Unit.DIFFERENCE)
    return same and is_multiple(call.arguments[0].value, typing)


def _is_bare(node: Expression) -> bool:
    return isinstance(node, Number) and not node.unit


def _counts_times(node: Binary, typing: Typing) -> bool:
    """Whether both sides of a quotient are amounts of one kind; money over money is a share of an account."""
    left, right = (typing.types.get(side, UNKNOWN) for side in (node.left, node.right))
    if isinstance(left, Plain):
        return left == right != UNKNOWN
    return isinstance(left, Price | PriceDiff | Quantity) and type(left) is type(right)


def stands_for_ratio(number: Expression, ratio: Expression, typing: Typing) -> bool:
    """Whether a bare constant compared with a ratio says what it means."""
    return constant(number, typing.resolved) == 0 or is_multiple(ratio, typing)


def stands_in_sum(number: Expression, ratio: Expression, node: Binary, typing: Typing) -> bool:
    """Whether a bare constant in a sum with a ratio does: beside a multiple, or as the whole in `1 + change`."""
    whole = node.left is number and constant(number, typing.resolved) == 1
    return whole or is_multiple(ratio, typing)
