"""Checks of short sales: whether a locate stands where shares are borrowed."""

from __future__ import annotations

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.shorting.diagnostics import LocateOfNoShare, LocateToBuy
from stratc.dsl.syntax import Direction, Entry
from stratc.runtime.model.instrument import InstrumentKind


def check_locate(entry: Entry, typing: Typing) -> None:
    """Of several instruments that are traded, one that is a share is enough."""
    if entry.locate is None:
        return
    instruments = typing.header.instruments
    if entry.direction is Direction.BUY:
        typing.tell(LocateToBuy(span=entry.locate.span))
    elif instruments and not any(each.kind is InstrumentKind.EQUITY for each in instruments):
        typing.tell(LocateOfNoShare(span=entry.locate.span, symbol=instruments[0].symbol))
