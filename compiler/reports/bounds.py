"""A sheet of bounds → text for a trader: each quantity with its bound, why it holds and what it takes for granted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from textwrap import wrap
from typing import Final

from stratc.compiler.judge.bounds import BoundSheet, Stated
from stratc.compiler.judge.bounds.extent import Extent
from stratc.compiler.judge.bounds.sheet import Quantity
from stratc.compiler.judge.sizes import percent

WIDTH: Final = 100
NAMES: Final = {
    Quantity.POSITION: "position",
    Quantity.UNITS: "units",
    Quantity.GROSS: "gross exposure",
    Quantity.LEVERAGE: "leverage",
    Quantity.COMMITTED: "committed capital",
    Quantity.ORDERS: "orders per second",
    Quantity.LOSS: "loss per session",
    Quantity.WORST: "worst loss",
}
COLUMN: Final = 20
EVERYWHERE: Final = (
    "positions count at the mark, working and unknown-outcome orders at their own price, as if all of them filled; "
    "what is being sold at market counts as sold. What prices do to a position after its orders is drift, not counted"
)


def show_bounds(sheet: BoundSheet, title: str, equity: Fraction | None) -> str:
    """The text of `show --stage bounds`; without an equity bounds are told as parts of it."""
    money = "" if equity is None else f", at {amount(equity, sheet.currency)} of equity"
    lines = [f"Bounds of `{title}`: what no run exceeds when an order goes out{money}", ""]
    for stated in sheet:
        lines += _told(sheet, stated, equity)
    assumed = dict.fromkeys(f"{NAMES[stated.quantity]}: {stated.assumes}" for stated in sheet if stated.assumes)
    lines += ["", "What this takes for granted"]
    for text in (EVERYWHERE, *assumed):
        lines += wrap(f"- {text}", WIDTH, subsequent_indent="  ")
    return "\n".join(lines)


def _told(sheet: BoundSheet, stated: Stated, equity: Fraction | None) -> Iterator[str]:
    said = _bound(sheet, stated, equity) if stated.is_bound else "no bound"
    yield f"{NAMES[stated.quantity]:<{COLUMN}}{said}"
    for line in _reasons(stated):
        yield from wrap(line, WIDTH, initial_indent=" " * COLUMN, subsequent_indent=" " * (COLUMN + 2))


def _reasons(stated: Stated) -> Iterator[str]:
    obstacle = stated.obstacle
    if obstacle is None:
        yield stated.because
        return
    yield f"{obstacle.line.text}: {obstacle.text}" if obstacle.line.number else obstacle.text
    if obstacle.remedy:
        yield f"a remedy: {obstacle.remedy}"


def _bound(sheet: BoundSheet, stated: Stated, equity: Fraction | None) -> str:
    match stated.quantity:
        case Quantity.LEVERAGE:
            return f"at most {_number(stated.number)}x"
        case Quantity.ORDERS:
            return f"at most {_number(stated.number)}"
        case Quantity.UNITS:
            units = dict.fromkeys(unit for _, unit in sheet.instruments)
            return f"at most {_number(stated.number)} {' or '.join(units)}".rstrip() + _each(sheet)
        case Quantity.POSITION:
            return _money(sheet, stated, equity) + _each(sheet)
        case _:
            return _money(sheet, stated, equity)


def _each(sheet: BoundSheet) -> str:
    return "" if len(sheet.instruments) == 1 else " of each instrument"


def _money(sheet: BoundSheet, stated: Stated, equity: Fraction | None) -> str:
    """Every bound that may be the tighter one at some equity, and what they come to now."""
    parts = [_extent(extent, sheet.currency) for extent in stated.extents]
    said = " and at most ".join(parts)
    found = stated.money_at(equity)
    told = found is not None and any(extent.multiple for extent in stated.extents)
    return f"at most {said}" + (f" ({amount(found, sheet.currency)})" if told and found is not None else "")


def _extent(extent: Extent, currency: str) -> str:
    relative = f"{percent(extent.multiple)} of equity" if extent.multiple or not extent.money else ""
    return " + ".join(part for part in (relative, amount(extent.money, currency) if extent.money else "") if part)


def _number(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):,.6g}"


def amount(value: Fraction, currency: str) -> str:
    return f"{float(value):,.2f} {currency}"
