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
    """`top 3 and short bottom 3`: as many as there are; shares are located, other instruments borrow nothing."""
    shorts = None if action.ranking is None else action.ranking.shorts
    if action.ranking is None or shorts is None:
        if action.locate is not None:
            typing.tell(LocateToBuy(span=action.locate.span))
        return
    symbols = [each.symbol for each in typing.header.instruments if each.kind is InstrumentKind.EQUITY]
    if action.locate is not None and typing.header.instruments and not symbols:
        typing.tell(LocateOfNoShare(span=action.locate.span, symbol=typing.header.instruments[0].symbol))
    header, count = typing.header, shorts.value
    traded = len(header.instruments)
    others = action.ranking.count
    alike = (shorts.unit == "%") == (others.unit == "%")
    whole = shorts.unit == "" and count == count.to_integral_value() and count >= 1
    if shorts.unit == "%":
        fits_in = alike and 0 < count <= 100 - others.value and (header.universe or count * traded >= 100)
    else:
        fits_in = alike and whole and not others.value + count > traded >= others.value
    # A slip in the other count is told there.
    if not fits_in and all(problem.span != others.span for problem in typing.problems):
        typing.tell(ShortPlacesUnclear(span=shorts.span, count=typing.text(shorts), traded=traded))
    share = next((each for each in header.instruments if each.kind is InstrumentKind.EQUITY), None)
    if share is not None and action.locate is None:
        typing.tell(ShortPlacesOfShares(span=shorts.span, symbol=share.symbol))
    elif header.account_kind == "cash":
        typing.tell(ShortPlacesOfCash(span=shorts.span))
    if action.new_cash:
        typing.tell(NewCashBesideShorts(span=action.span))
