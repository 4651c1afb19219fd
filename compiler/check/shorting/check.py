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
from stratc.dsl.syntax import Allocate, Direction, Entry, Number
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
    header = typing.header
    why, advice = _unclear_places(shorts, action.ranking.count, typing)
    # A slip in the other count is told there.
    if why and all(problem.span != action.ranking.count.span for problem in typing.problems):
        typing.tell(ShortPlacesUnclear(span=shorts.span, count=typing.text(shorts), why=why, advice=advice))
    share = next((each for each in header.instruments if each.kind is InstrumentKind.EQUITY), None)
    if share is not None and action.locate is None:
        typing.tell(ShortPlacesOfShares(span=shorts.span, symbol=share.symbol))
    elif header.account_kind == "cash":
        typing.tell(ShortPlacesOfCash(span=shorts.span))
    if action.new_cash:
        typing.tell(NewCashBesideShorts(span=action.span))


def _unclear_places(shorts: Number, others: Number, typing: Typing) -> tuple[str, str]:
    """Why so many cannot be sold short beside those that are bought, and what to write; empty where they can. The
    members of a universe are not counted here."""
    traded, universe = len(typing.header.instruments), bool(typing.header.universe)
    both = f"{typing.text(others)} and {typing.text(shorts)}"
    together = f"write whole numbers that are together at most {traded}, `top 1 and short bottom 1`"
    if (shorts.unit == "%") != (others.unit == "%"):
        numbers, parts = "`top 1 and short bottom 1`", "`top 10% and short bottom 10%`"
        return f"{both} are a number and a share", f"write numbers for both ends, {numbers}, or shares, {parts}"
    if shorts.unit == "%":
        if not 0 < shorts.value <= 100 - others.value:
            return f"{both} are not two parts of one whole", "write shares that are together at most 100%"
        if universe or shorts.value * traded >= 100:
            return "", ""
        return f"{typing.text(shorts)} of {traded} instruments are less than one", together
    if shorts.unit or shorts.value < 1 or shorts.value != shorts.value.to_integral_value():
        return f"{typing.text(shorts)} is no number of instruments", "write a whole number of at least 1"
    if universe or not traded or others.value + shorts.value <= traded:
        return "", ""
    if traded < 2:
        return (
            "one instrument cannot stand at both ends",
            "name more instruments after `trade`, or write rules with `buy` and `short`",
        )
    return f"{both} of {traded} instruments are more than there are", together
