"""Orders that make sense: sizes that trade something, and no more of a whole than there is of it.

Only what holds whatever the market does is told: constants, and shares of amounts that are not negative. Everything
else the gate judges order by order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.advice import sample_quantity
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.grounds import reached
from stratc.compiler.check.orders import HALF, entries_of
from stratc.compiler.check.sense.diagnostics import BoundOutOfReach, NeverAnOrder
from stratc.compiler.check.sense.extremes import Extremes, extremes, shares_of
from stratc.compiler.check.sense.heights import Sums
from stratc.compiler.check.sense.reach import NOUGHT, ONE, Reach, check_reach
from stratc.compiler.check.sense.sides import check_sides
from stratc.compiler.check.units import QUANTITY_UNITS
from stratc.dsl.syntax import (
    Action,
    Allocate,
    Binary,
    BinaryOperator,
    Entry,
    Exit,
    Expression,
    Name,
    Node,
    Number,
    OneOf,
    Sizing,
)
from stratc.dsl.types import RATIO, UNKNOWN, Quantity

PART: Final = Reach(wanted="at most 100%", sample="", low=Decimal("-Infinity"), high=ONE)
BAND: Final = Reach(wanted="nought or more", sample="20% of target", low=NOUGHT)


def check_sense_of_orders(typing: Typing) -> None:
    sums = Sums(typing=typing)
    for rule in typing.resolved.rules:
        for action in rule.actions:
            _check_amounts(action, typing)
        check_sides(rule, sums)


def _check_amounts(action: Action, typing: Typing) -> None:
    match action:
        case Exit(portion=portion) if portion is not None and not (isinstance(portion, Name) and portion.text == HALF):
            _check_size(portion, "exit", "`exit half` or `exit all`", typing)
            _check_part(portion, "exit", "50% of position", typing)
        case Allocate(amount=amount, band=band):
            _check_size(amount, "allocate", "`allocate 95% of equity`", typing)
            if band is not None:
                check_reach("only where off by more than", band.width, band.width, BAND, typing)
        case Entry() | OneOf():
            group = [action.sizing] if isinstance(action, OneOf) else []
            for sizing in (*group, *(entry.sizing for entry in entries_of(action))):
                if sizing is not None:
                    _check_sizing(sizing, "buy" if isinstance(action, OneOf) else action.direction.value, typing)
        case _:
            return


def _check_sizing(sizing: Sizing, word: str, typing: Typing) -> None:
    size = f"`{sample_quantity(typing.header_at(sizing.amount))}` or `50% of equity`"
    if sizing.risking:
        _check_size(sizing.amount, "risking", "`risking 1% of equity`", typing)
        _check_part(sizing.amount, "risking", "1% of equity", typing)
    else:
        _check_size(sizing.amount, word, size, typing)
    if sizing.at_most is not None:
        _check_size(sizing.at_most, "at most", size, typing)


def _check_size(amount: Expression, what: str, samples: str, typing: Typing) -> None:
    """What can never be more than nought, or never a whole step of any instrument."""
    found, kind = _amount(amount, typing), typing.types.get(amount, UNKNOWN)
    if found is None or kind == UNKNOWN:
        return
    # What a lot is hangs on the instrument; its count says nothing of the smallest step.
    counted = not any(_is_of_lots(each, typing) for each in reached(amount, typing.resolved))
    quantity = counted and isinstance(kind, Quantity) and extremes(amount, typing.resolved) is not None
    instruments = typing.header_at(amount).instruments
    steps = [instrument.quantity_step for instrument in instruments]
    if found[1] <= 0:
        why = "it is not more than nought"
    elif quantity and steps and _units(amount, found[1], typing) < min(steps):
        why = f"{instruments[0].symbol} is traded in steps of {min(steps):f}"
    else:
        _check_steps(amount, what, typing)
        return
    typing.tell(NeverAnOrder(span=amount.span, text=typing.text(amount), why=why, advice=f"write {samples}"))


def _is_of_lots(node: Node, typing: Typing) -> bool:
    stated = typing.resolved.input(node.text) if isinstance(node, Name) else None
    written = node if stated is None else stated.default
    return isinstance(written, Number) and written.unit.endswith(("lot", "lots"))


def _check_steps(amount: Expression, what: str, typing: Typing) -> None:
    """A quantity that is written here is a whole number of the steps in which the instruments are counted."""
    step = max((each.quantity_step for each in typing.header_at(amount).instruments), default=None)
    if step is None or not isinstance(amount, Number) or amount.unit not in QUANTITY_UNITS or not amount.value % step:
        return
    sample, wanted = f"{what} {amount.value // step * step:f} {amount.unit}", f"a multiple of {step:f}"
    typing.tell(BoundOutOfReach(span=amount.span, what=what, wanted=wanted, found="is not", sample=sample))


def _units(amount: Expression, value: Decimal, typing: Typing) -> Decimal:
    """A quantity in single units; a round lot is a customary number of them."""
    lots = isinstance(amount, Number) and amount.unit not in QUANTITY_UNITS
    sizes = (each.round_lot for each in typing.header_at(amount).instruments)
    return value * max(sizes, default=ONE) if lots else value


def _check_part(amount: Expression, what: str, sample: str, typing: Typing) -> None:
    """Of a whole there is no more than all of it."""
    if isinstance(amount, Binary) and amount.operator is BinaryOperator.OF and typing.types.get(amount.left) == RATIO:
        check_reach(what, amount.left, amount, PART, typing, sample)


def _amount(amount: Expression, typing: Typing) -> Extremes | None:
    """The extremes of an amount, or of its share where it is one of equity or of the like, which is not negative."""
    return extremes(amount, typing.resolved) or shares_of(amount, typing.resolved)
