"""Currencies: amounts of two of them never meet in one sum or comparison."""

from __future__ import annotations

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.currencies.diagnostics import CurrenciesMixed
from stratc.dsl.syntax import Expression, Number
from stratc.dsl.types import Money, Price, PriceDiff, Stated, Type


def are_mixed(left: Type, right: Type) -> bool:
    """Whether two types would fit if their currencies were one."""
    match left, right:
        case (Money() | Stated(), Money() | Stated()):
            return left.currency != right.currency
        case (Stated(currency=one), Price(currency=other) | PriceDiff(currency=other)):
            return one != other
        case (Price(currency=one) | PriceDiff(currency=one), Stated(currency=other)):
            return one != other
        case _:
            return False


def mixed(
    node: Expression, left: Expression, left_type: Type, right: Expression, right_type: Type, typing: Typing
) -> CurrenciesMixed:
    return CurrenciesMixed(
        span=node.span,
        left=typing.text(left),
        left_currency=_currency(left_type),
        right=typing.text(right),
        right_currency=_currency(right_type),
        advice=_advice(left, left_type, right, right_type),
    )


def _currency(kind: Type) -> str:
    return kind.currency if isinstance(kind, Money | Stated | Price | PriceDiff) else ""


def _advice(left: Expression, left_type: Type, right: Expression, right_type: Type) -> str:
    for one, other, price in ((left, right_type, left_type), (right, left_type, right_type)):
        if isinstance(one, Number) and isinstance(other, Price | PriceDiff) and isinstance(price, Stated):
            return f"a price is an amount of {_currency(other)}: write that amount"
    return (
        "sizes, risks and caps convert by themselves; compare `invested`, `open_profit` or `equity`, which are all in "
        "the account's currency"
    )
