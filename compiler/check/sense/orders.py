"""Orders that make sense: sizes that trade something, stop losses and targets on the side where they belong.

Only what holds on every bar is told: constants, and prices that are written as a column with a distance, an extreme or
a multiple of it. Everything else the gate judges order by order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.advice import sample_distance, sample_quantity
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.sense.diagnostics import NeverAnOrder, WrongSide
from stratc.compiler.check.sense.extremes import Extremes, extremes
from stratc.compiler.check.sense.prices import Place, own_price, place_of, reference_of, surely_below
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Direction,
    Entry,
    Expression,
    Missing,
    Number,
    OneOf,
    Sizing,
    Target,
    Unary,
    UnaryOperator,
    walk,
)
from stratc.dsl.types import R_MULTIPLE, UNKNOWN, PriceDiff, Quantity, Stated

SIDES: Final = {Direction.BUY: ("below", "above", "-", "+"), Direction.SHORT: ("above", "below", "+", "-")}


def check_sense_of_orders(typing: Typing) -> None:
    for rule in typing.resolved.rules:
        for action in rule.actions:
            entries = entries_of(action)
            sizings = [entry.sizing for entry in entries] + [action.sizing if isinstance(action, OneOf) else None]
            for sizing in sizings:
                if sizing is not None:
                    _check_size(sizing.amount, sizing, typing)
            for entry in entries:
                _check_sides(entry, typing)


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_size(amount: Expression, sizing: Sizing, typing: Typing) -> None:
    """What can never be more than nought, or never a whole step of any instrument."""
    found, kind = _amount(amount, typing), typing.types.get(amount, UNKNOWN)
    if found is None or kind == UNKNOWN:
        return
    # What a lot is hangs on the instrument; its count says nothing of the smallest step.
    counted = not any(isinstance(each, Number) and each.unit.endswith(("lot", "lots")) for each in walk(amount))
    quantity = counted and isinstance(kind, Quantity) and extremes(amount, typing.resolved) is not None
    steps = [instrument.quantity_step for instrument in typing.header.instruments]
    if found[1] <= 0:
        why = "it is not more than nought"
    elif quantity and steps and found[1] < min(steps):
        why = f"{typing.header.instruments[0].symbol} is traded in steps of {min(steps):f}"
    else:
        return
    sample = "`risking 1% of equity`" if sizing.risking else f"`{sample_quantity(typing.header)}` or `50% of equity`"
    typing.tell(NeverAnOrder(span=amount.span, text=typing.text(amount), why=why, advice=f"write {sample}"))


def _amount(amount: Expression, typing: Typing) -> Extremes | None:
    """The extremes of an amount, or of its share where it is one of equity or of the like, which is not negative."""
    match amount:
        case Binary(operator=BinaryOperator.OF, left=share):
            return extremes(share, typing.resolved)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            inner = _amount(operand, typing)
            return None if inner is None else (-inner[1], -inner[0])
        case _:
            return extremes(amount, typing.resolved)


# ── sides ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_sides(entry: Entry, typing: Typing) -> None:
    price = reference_of(entry, typing)
    if price is None:
        return
    loss_side, _, loss_sign, _ = SIDES[entry.direction]
    if entry.stop_loss is not None and not isinstance(entry.stop_loss.price, Missing):
        stop = place_of(entry.stop_loss.price, typing)
        if stop is not None and _never(entry.direction, stop, price, losing=True):
            own = own_price(entry.order) if entry.order is not None else None
            base = "close" if own is None else typing.text(own)
            advice = f"`stop loss at {base} {loss_sign} {sample_distance(typing.header)}`"
            typing.tell(
                WrongSide(
                    span=entry.stop_loss.price.span,
                    what="stop loss",
                    side=loss_side,
                    word=entry.direction.value,
                    advice=advice,
                )
            )
    if entry.target is not None:
        _check_target(entry, entry.target, price, typing)


def _check_target(entry: Entry, target: Target, price: Place, typing: Typing) -> None:
    _, gain_side, _, gain_sign = SIDES[entry.direction]
    kind = typing.types.get(target.value)
    if kind == R_MULTIPLE or isinstance(kind, PriceDiff | Stated):
        found = extremes(target.value, typing.resolved)
        wrong = found is not None and found[1] <= Decimal(0)
    else:
        goal = place_of(target.value, typing)
        wrong = goal is not None and _never(entry.direction, goal, price, losing=False)
    if not wrong:
        return
    advice = "`target 2R`" if entry.stop_loss else f"`target close {gain_sign} {sample_distance(typing.header)}`"
    typing.tell(
        WrongSide(span=target.value.span, what="target", side=gain_side, word=entry.direction.value, advice=advice)
    )


def _never(direction: Direction, place: Place, price: Place, *, losing: bool) -> bool:
    """Whether a stop loss (losing) or a target lies on the wrong side of the price, or at it, on every bar."""
    wanted_below = (direction is Direction.BUY) == losing
    return surely_below(price, place) if wanted_below else surely_below(place, price)
