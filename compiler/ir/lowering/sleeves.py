"""Sleeves of a book, and the place that a name of one of them means by an instrument."""

from __future__ import annotations

from stratc.compiler.ir.nodes import Sleeve
from stratc.compiler.resolve.symbols import Resolved


def lower_sleeves(resolved: Resolved) -> tuple[Sleeve, ...]:
    return tuple(
        Sleeve(name=each.name, title=each.title, percent=each.part, places=each.places, span=each.line.span)
        for each in resolved.blocks.sleeves
    )


def place_of_symbol(resolved: Resolved, symbol: str, name: str) -> int:
    """The place of an instrument as a rule of that name means it: its sleeve's own, or the only one."""
    sleeve = next((each for each in resolved.blocks.sleeves if each.owns(name)), None)
    if sleeve is not None and symbol in sleeve.symbols:
        return sleeve.places[sleeve.symbols.index(symbol)]
    return [instrument.symbol for instrument in resolved.header.named].index(symbol)
