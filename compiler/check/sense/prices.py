"""Where a price lies beside the bar: a column, and on which side of it, as far as the text decides that.

`low` is at or below `open` and `close`, which are at or below `high`. Prices are taken as positive, so that a share
below one hundred percent is lower; a wrong answer would only be one for a future that trades below nought.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.sense.extremes import extremes
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Entry,
    Expression,
    Name,
    OrderPhrase,
    OrderWord,
    Unary,
    UnaryOperator,
)
from stratc.dsl.types import Price, PriceDiff
from stratc.runtime.model.record import record

COLUMNS: Final = frozenset({"open", "high", "low", "close"})
NEVER_NEGATIVE: Final = frozenset({"atr", "true_range", "abs", "stdev"})


@record
class Place:
    """A price: a column of the bar, moved by something whose sign is within `least`..`most` (-1, 0, 1)."""

    column: str
    least: int
    most: int


def reference_of(entry: Entry, typing: Typing) -> Place | None:
    """The price that an entry is judged at when it is decided: its limit, else its stop, else the close."""
    order = entry.order
    if order is not None and order.levels is not None:
        return None
    own = None if order is None else own_price(order)
    return Place(column="close", least=0, most=0) if own is None else place_of(own, typing)


def own_price(order: OrderPhrase) -> Expression | None:
    """The price that an order names and is sized at; None for one at market."""
    return order.stop_price if order.word is OrderWord.STOP else order.limit_price


def place_of(price: Expression, typing: Typing) -> Place | None:
    """Where a price lies; None where the text does not decide it."""
    match price:
        case Name(text=text) if text in COLUMNS:
            return Place(column=text, least=0, most=0)
        case Name(text=text):
            bound = typing.resolved.binding(text)
            return None if bound is None else place_of(bound, typing)
        case Call():
            return _extreme(price)
        case Binary(operator=BinaryOperator.ADD | BinaryOperator.SUBTRACT as operator, left=left, right=right):
            return _moved(left, right, typing, sign=1 if operator is BinaryOperator.ADD else -1)
        case Binary(operator=BinaryOperator.MULTIPLY, left=left, right=right):
            one = _scaled(left, right, typing)
            return one if one is not None else _scaled(right, left, typing)
        case Binary(operator=BinaryOperator.OF, left=left, right=right):
            return _scaled(right, left, typing) if isinstance(typing.types.get(price), Price) else None
        case _:
            return None


def _extreme(call: Call) -> Place | None:
    """`highest(high, 20)` is at or above this bar's high, `lowest(low, 20)` at or below its low."""
    series = call.arguments[0].value if call.arguments else None
    if not isinstance(series, Name) or series.text not in COLUMNS or call.function.text not in ("highest", "lowest"):
        return None
    up = call.function.text == "highest"
    return Place(column=series.text, least=0 if up else -1, most=1 if up else 0)


def _moved(base: Expression, distance: Expression, typing: Typing, *, sign: int) -> Place | None:
    place, moves = place_of(base, typing), _signs(distance, typing)
    if place is None or moves is None or not isinstance(typing.types.get(base), Price):
        return None
    least, most = sorted((sign * moves[0], sign * moves[1]))
    return _shifted(place, least, most)


def _scaled(base: Expression, factor: Expression, typing: Typing) -> Place | None:
    place, times = place_of(base, typing), extremes(factor, typing.resolved)
    if place is None or times is None or times[0] <= 0 or not isinstance(typing.types.get(base), Price):
        return None
    return _shifted(place, _sign(times[0] - 1), _sign(times[1] - 1))


def _shifted(place: Place, least: int, most: int) -> Place:
    return Place(column=place.column, least=_sum_low(place.least, least), most=_sum_high(place.most, most))


def _sum_low(one: int, other: int) -> int:
    """The least sign of a sum: negative as soon as one part may be."""
    return -1 if min(one, other) < 0 else max(one, other)


def _sum_high(one: int, other: int) -> int:
    return 1 if max(one, other) > 0 else min(one, other)


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def _signs(distance: Expression, typing: Typing) -> tuple[int, int] | None:
    """The signs that a distance may have: of constants, of what is never negative, and of products of the two."""
    fixed = extremes(distance, typing.resolved)
    if fixed is not None:
        return _sign(fixed[0]), _sign(fixed[1])
    match distance:
        case Call(function=function) if function.text in NEVER_NEGATIVE:
            return 0, 1
        case Name(text=text):
            bound = typing.resolved.binding(text)
            return None if bound is None else _signs(bound, typing)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            inner = _signs(operand, typing)
            return None if inner is None else (-inner[1], -inner[0])
        case Binary(operator=BinaryOperator.MULTIPLY, left=left, right=right):
            return _product(_signs(left, typing), _signs(right, typing))
        case Binary(operator=BinaryOperator.OF, left=left, right=right) if isinstance(
            typing.types.get(distance), PriceDiff
        ):
            share = extremes(left, typing.resolved)
            return None if share is None or place_of(right, typing) is None else (_sign(share[0]), _sign(share[1]))
        case _:
            return None


def _product(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return None
    corners = [left * right for left in one for right in other]
    return min(corners), max(corners)


def surely_below(lower: Place, upper: Place) -> bool:
    """Whether one price is at or below the other on every bar."""
    ordered = lower.column == upper.column or lower.column == "low" or upper.column == "high"
    return ordered and lower.most <= 0 <= upper.least
