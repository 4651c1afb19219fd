"""Checks of short sales: whether a locate stands where shares are borrowed, and who may fill a short place."""

from __future__ import annotations

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.shorting.diagnostics import (
    LocateOfNoShare,
    LocateToBuy,
    NewCashBesideShorts,
    ShortPlacesOfCash,
    ShortPlacesOfShares,
    ShortPlacesUnclear,
)
from stratc.dsl.syntax import Allocate, Direction, Entry
from stratc.runtime.model.instrument import InstrumentKind


def check_locate(entry: Entry, typing: Typing) -> None:
    """Of several instruments that are traded, one that is a share is enough."""
    if entry.locate is None:
        return
    instruments = typing.header_at(entry).instruments
    if entry.direction is Direction.BUY:
        typing.tell(LocateToBuy(span=entry.locate.span))
    elif instruments and not any(each.kind is InstrumentKind.EQUITY for each in instruments):
        typing.tell(LocateOfNoShare(span=entry.locate.span, symbol=instruments[0].symbol))


def check_short_places(action: Allocate, typing: Typing) -> None:
    """`top 3 and short bottom 3`: as many as there are, of instruments that are sold without borrowing anything."""
    shorts = None if action.ranking is None else action.ranking.shorts
    if action.ranking is None or shorts is None:
        return
    header, count = typing.header, shorts.value
    traded = len(header.instruments)
    whole = shorts.unit == "" and count == count.to_integral_value() and count >= 1
    if not whole or (action.ranking.count.value + count > traded >= action.ranking.count.value):
        typing.tell(ShortPlacesUnclear(span=shorts.span, count=typing.text(shorts), traded=traded))
    share = next((each for each in header.instruments if each.kind is InstrumentKind.EQUITY), None)
    if share is not None:
        typing.tell(ShortPlacesOfShares(span=shorts.span, symbol=share.symbol))
    elif header.account_kind == "cash":
        typing.tell(ShortPlacesOfCash(span=shorts.span))
    if action.new_cash:
        typing.tell(NewCashBesideShorts(span=action.span))
