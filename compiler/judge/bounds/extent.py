"""Upper bounds of amounts of money: so many times the equity of that moment and so much money beside it.

An amount has several such bounds, each of them valid; they hold while equity is not below nought, and those without a
multiple always. What is not recognised has none. Ranges of inputs count whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from stratc.compiler.ir.nodes import (
    Amount,
    Arithmetic,
    ArithmeticOperator,
    Book,
    BookWord,
    CapKind,
    EnterIntent,
    NodeId,
    Program,
    Select,
    Side,
    SizingKind,
)
from stratc.compiler.judge.amounts import interval, lower, upper
from stratc.compiler.judge.bounds.ladders import levels_of
from stratc.runtime.model.record import record

KEPT = 4


@record
class Extent:
    """At most `multiple` times equity and `money` of the account's currency."""

    multiple: Fraction
    money: Fraction

    def at(self, equity: Fraction) -> Fraction:
        return self.multiple * equity + self.money

    def plus(self, other: Extent) -> Extent:
        return Extent(multiple=self.multiple + other.multiple, money=self.money + other.money)

    def times(self, factor: Fraction) -> Extent:
        return Extent(multiple=self.multiple * factor, money=self.money * factor)

    def within(self, other: Extent) -> bool:
        return self.multiple <= other.multiple and self.money <= other.money


Extents = tuple[Extent, ...]
NOTHING = Extent(multiple=Fraction(0), money=Fraction(0))


def of_equity(multiple: Fraction) -> Extent:
    return Extent(multiple=multiple, money=Fraction(0))


def of_money(money: Fraction) -> Extent:
    return Extent(multiple=Fraction(0), money=money)


def larger(one: Extent, other: Extent) -> Extent:
    """What neither exceeds."""
    return Extent(multiple=max(one.multiple, other.multiple), money=max(one.money, other.money))


def tightest(extents: Iterable[Extent]) -> Extents:
    """The few that no other one implies; those of equity alone first, then those of money alone."""
    found = sorted(set(extents), key=lambda each: (each.money, each.multiple))
    kept = [each for each in found if not any(other != each and other.within(each) for other in found)]
    return tuple(sorted(kept, key=lambda each: (each.money > 0, each.multiple > 0))[:KEPT])


def combine(each: Iterable[Extents], join: Callable[[Extent, Extent], Extent]) -> Extents:
    """Of all of several amounts together, by sum or extreme; none where one of them has none."""
    result: Extents = (NOTHING,)
    for extents in each:
        result = tightest(join(one, other) for one in result for other in extents)
    return result


def extents_of(program: Program, node: NodeId) -> Extents:
    """What bounds an amount of money."""
    return tightest(_extents(program, node))


def _extents(program: Program, node: NodeId) -> Iterator[Extent]:
    high = interval(program, node).high
    if high is not None:
        yield of_money(max(high, Fraction(0)))
    operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
    match operation:
        case Book(word=BookWord.EQUITY) if not program.sleeves:  # a sleeve's may be more than the account's
            yield of_equity(Fraction(1))
        case Arithmetic(operator=ArithmeticOperator.MULTIPLY):
            yield from _scaled(program, *arguments)
            yield from _scaled(program, *reversed(arguments))
        case Arithmetic(operator=ArithmeticOperator.DIVIDE):
            by = lower(program, arguments[1])
            if by is not None and by > 0:
                yield from (extent.times(1 / by) for extent in extents_of(program, arguments[0]))
        case Arithmetic(operator=ArithmeticOperator.MINIMUM):
            yield from (extent for each in arguments for extent in extents_of(program, each))
        case Arithmetic(operator=ArithmeticOperator.ADD):
            yield from combine((extents_of(program, each) for each in arguments), Extent.plus)
        case Arithmetic(operator=ArithmeticOperator.MAXIMUM):
            yield from combine((extents_of(program, each) for each in arguments), larger)
        case Arithmetic(operator=ArithmeticOperator.SUBTRACT) if _is_positive(program, arguments[1]):
            yield from extents_of(program, arguments[0])
        case Select():
            yield from combine((extents_of(program, each) for each in arguments[1:]), larger)
        case _:
            return


def _is_positive(program: Program, node: NodeId) -> bool:
    low = lower(program, node)
    return low is not None and low >= 0


def _scaled(program: Program, amount: NodeId, factor: NodeId) -> Iterator[Extent]:
    """So many times an amount; a factor below nought makes much of a loss."""
    by = interval(program, factor)
    if by.high is not None and by.low is not None and by.low >= 0:
        yield from (extent.times(by.high) for extent in extents_of(program, amount))


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def value_of(program: Program, entry: EnterIntent) -> Extents:
    """What bounds an entry's value at its own price: its amount, and what it is clipped to."""
    return tightest(
        extent.times(Fraction(levels_of(entry)))
        for amount in (entry.amount, entry.at_most)
        if amount is not None
        for extent in _value(program, amount)
    )


def _value(program: Program, amount: Amount) -> Extents:
    match amount.kind:
        case SizingKind.NOTIONAL:
            return extents_of(program, amount.node)
        case SizingKind.RISK:
            distance = nearest_stop(program)
            risk = extents_of(program, amount.node)
            return tuple(extent.times(1 / distance) for extent in risk) if distance > 0 else ()
        case SizingKind.QUANTITY:
            return ()


def nearest_stop(program: Program) -> Fraction:
    """How near a stop loss may be to its order's price, as a share of it."""
    floors = (lower(program, cap.bound) for cap in program.caps if cap.kind is CapKind.STOP_DISTANCE)
    return max((floor for floor in floors if floor is not None), default=Fraction(0))


def quantity_of(program: Program, entry: EnterIntent) -> Fraction | None:
    """What bounds an entry's quantity, in units of the instrument."""
    amounts = (amount for amount in (entry.amount, entry.at_most) if amount and amount.kind is SizingKind.QUANTITY)
    bounds = [bound for amount in amounts if (bound := upper(program, amount.node)) is not None]
    return max(min(bounds), Fraction(0)) * levels_of(entry) if bounds else None


def loss_of(program: Program, entry: EnterIntent, *, prices_stay_positive: bool) -> Extents:
    """What bounds what an entry loses from its own price to its stop loss; bought, never more than it is worth."""
    amounts = (amount for amount in (entry.amount, entry.at_most) if amount and amount.kind is SizingKind.RISK)
    levels = Fraction(levels_of(entry))
    risks = [extent.times(levels) for amount in amounts for extent in extents_of(program, amount.node)]
    worth = value_of(program, entry) if entry.side is Side.BUY and prices_stay_positive else ()
    return tightest((*risks, *worth))
