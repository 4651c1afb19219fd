"""Currencies: amounts of two of them never meet in one sum or comparison; pairs are counted in lots."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.currencies.diagnostics import CurrenciesMixed, LotsOfPairs
from stratc.compiler.check.mending import plain
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.compiler.resolve.symbols import EACH_ITS_OWN, Header
from stratc.dsl.syntax import Expression, Number
from stratc.dsl.types import EACH, Money, Price, PriceDiff, Quantity, Stated, Type
from stratc.runtime.model.instrument import InstrumentKind

# How many of them make a lot: standard, mini, micro.
LOTS: Final = {
    form: Decimal(parts)
    for name, parts in (("lot", 1), ("mini lot", 10), ("micro lot", 100))
    for form in (name, f"{name}s")
}


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


def as_read(kind: Type, header: Header) -> Type:
    """A value in each instrument's own currency, read for the instruments of a header: in theirs, where it is one."""
    match kind:
        case Price(of=of, currency=currency) if currency == EACH_ITS_OWN:
            return Price(of, header.price_currency)
        case PriceDiff(of=of, currency=currency) if currency == EACH_ITS_OWN:
            return PriceDiff(of, header.price_currency)
        case Money(currency=currency) if currency == EACH_ITS_OWN:
            return Money(header.price_currency)
        case _:
            return kind


def lots_of_pairs(number: Number, typing: Typing) -> Type:
    """A lot is so many units of a currency pair; of nothing else is it said without `round`."""
    instruments = typing.header_at(number).instruments
    if len({instrument.round_lot for instrument in instruments}) > 1:
        remedy = "write units, or a rule for each pair"
        return typing.tell(NotSupportedYet(span=number.span, what="lots of several sizes", instead_of_it=remedy))
    for instrument in instruments:
        if instrument.kind is not InstrumentKind.FOREX:
            unit = instrument.quantity_unit
            form = f"{plain(number)} {unit}"
            if unit == "shares":
                form += f"` or `{plain(number)} round lots"
            return typing.tell(LotsOfPairs(span=number.span, symbol=instrument.symbol, unit=unit, form=form))
    return Quantity(EACH)


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
