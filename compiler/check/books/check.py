"""Books: whether the account can be shared out, and what sleeves that share an instrument may order.

Where two sleeves trade one instrument all their orders are netted at its open, so nothing there may fill at another
moment, or be held back alone; and nobody sells short what another sleeve holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.check.books.diagnostics import BookOfAccount, SharedInstrument
from stratc.compiler.check.checked import Typing
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import Span
from stratc.dsl.syntax import Action, Cap, Direction, Entry, Exit, Floor, MoveStop, OneOf, OrderPhrase, OrderWord
from stratc.runtime.model.instrument import Instrument, InstrumentKind

ACCOUNTS: Final = frozenset({"cash", "margin", "crypto"})
BOUGHT: Final = frozenset({InstrumentKind.EQUITY, InstrumentKind.CRYPTO})
AT_OPEN: Final = frozenset({OrderWord.MARKET, OrderWord.NEXT_BAR, OrderWord.NEXT_OPEN, OrderWord.OPENING_AUCTION})
# Caps that are right where they count the orders of every sleeve in full.
COUNTED: Final = frozenset({"position", "gross", "leverage", "orders", "entries", "day_trades"})
ALONE: Final = "let one of the sleeves trade another instrument, or keep it on an account of its own"
AT_MARKET: Final = f"order it at market: `at next open`, or `at market`; else {ALONE}"


def check_books(typing: Typing) -> None:
    """Every problem of a book that is one of its account or of what its sleeves share."""
    if not typing.resolved.blocks.sleeves:
        return
    typing.problems.extend(_of_account(typing))
    typing.problems.extend(_of_instruments(typing))
    shared = typing.resolved.blocks.shared
    for rule in typing.resolved.rules:
        met = next((each.symbol for each in rule.instruments if each.symbol in shared), None)
        for action in rule.actions if met is not None else ():
            for span, why, advice in _not_netted(action):
                typing.problems.append(SharedInstrument(span=span, symbol=met or "", why=why, advice=advice))
    limits: tuple[Cap | Floor, ...] = (*typing.resolved.caps, *typing.resolved.floors)
    for limit in limits if shared else ():
        typing.problems.extend(_of_limit(limit, min(shared)))


def _of_account(typing: Typing) -> Iterator[Problem]:
    header = typing.header
    if header.account_kind and header.account_kind not in ACCOUNTS:
        what = f"a book on a `{header.account_kind}` account is not built"
        advice = "books are kept on a `cash`, `margin` or `crypto` account"
        yield BookOfAccount(span=header.anchor, what=what, advice=advice)


def _of_instruments(typing: Typing) -> Iterator[Problem]:
    for sleeve in typing.resolved.blocks.sleeves:
        for place in sleeve.places if len(typing.header.instruments) > max(sleeve.places, default=0) else ():
            what = _why_not_held(typing.header.instruments[place], sleeve.currency, typing.header.currency)
            if what:
                advice = "a book holds what is bought for its price in the account's currency: run this sleeve alone"
                yield BookOfAccount(span=sleeve.line.path.span, what=what, advice=advice)
                break


def _why_not_held(instrument: Instrument, wanted: str, currency: str) -> str:
    """Why a book cannot hold it; that the sleeve is for another currency than the account is told already."""
    if instrument.kind not in BOUGHT:
        return f"`{instrument.symbol}` is not bought and sold for its price"
    if currency and wanted in ("", currency) and instrument.currency != currency:
        return f"`{instrument.symbol}` is quoted in {instrument.currency}, the account is in {currency}"
    return ""


def _of_limit(limit: Cap | Floor, symbol: str) -> Iterator[Problem]:
    if isinstance(limit, Cap) and limit.kind.text in COUNTED and not limit.reduce:
        return
    reduces = isinstance(limit, Cap) and limit.reduce
    held_back = "so nothing may hold back the order of one of them alone"
    why = "and how much of each would be brought back is not said" if reduces else held_back
    yield SharedInstrument(span=limit.span, symbol=symbol, why=why, advice=f"leave this limit out, or {ALONE}")


def _not_netted(action: Action) -> Iterator[tuple[Span, str, str]]:
    """What an action asks for that would not fill whole at the next open, or opens short."""
    match action:
        case Entry(direction=direction, reverse=reverse, order=order):
            if direction is Direction.SHORT or reverse:
                yield action.span, "and a short sale would sell what the other holds", f"go long only, or {ALONE}"
            for part in (action.stop_loss, action.target, action.trailing, action.level_target):
                if part is not None:
                    why = "and this order could fill against one of the other"
                    yield part.span, why, f"leave with a rule, at market; else {ALONE}"
            yield from _waits(order)
        case Exit(order=order):
            yield from _waits(order)
        case OneOf() | MoveStop():
            yield action.span, "and this order waits for a price", AT_MARKET
        case _:
            pass


def _waits(order: OrderPhrase | None) -> Iterator[tuple[Span, str, str]]:
    if order is not None and order.word not in AT_OPEN:
        yield order.span, "and this order does not fill at the next open", AT_MARKET
