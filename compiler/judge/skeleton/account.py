"""The account as an observer in the skeleton may ask it: sides and counts are known, money is anything.

What a signal may be is a pair of bounds. Quantities and values of a side that nothing is held of and nothing works on
are nought; everything that needs a price lies anywhere.
"""

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

from stratc.compiler.ir.observer import Signal


class Holding(NamedTuple):
    """One instrument: the sign of its position, and whether entries of a side work."""

    position: int
    buys: bool
    shorts: bool


class AccountSide(NamedTuple):
    """What an event finds. `side` is that of the order or the fill; `answers` settle the questions of the day."""

    holdings: tuple[Holding, ...]
    side: int
    outlives: bool | None
    answers: tuple[bool, ...]


# Where nobody asks for more than the side of an event.
UNASKED: Final = {side: AccountSide(holdings=(), side=side, outlives=None, answers=()) for side in (-1, 0, 1)}
NOUGHT: Final = (0, 0)
SOME: Final = (1, inf)
NONE_OR_SOME: Final = (0, inf)
TRUE_OR_FALSE: Final = (0, 1)
NO_TELLING: Final = (-inf, inf)


def amount_of(account: AccountSide, signal: Signal, i: int) -> tuple[int | float, int | float]:
    """What a signal may be for instrument `i`; a signal that is not known here may be anything."""
    match signal:
        case Signal.ORDER_BUYS:
            return (int(account.side > 0),) * 2 if account.side else TRUE_OR_FALSE
        case Signal.ORDER_OUTLIVES_SESSION:
            return TRUE_OR_FALSE if account.outlives is None else (int(account.outlives),) * 2
        case Signal.FILL_WHOLE_TICKET:
            return TRUE_OR_FALSE
        case _ if i < 0 or not account.holdings:
            return NO_TELLING
        case _:
            return _of_holding(account.holdings[i], signal)


def _of_holding(held: Holding, signal: Signal) -> tuple[int | float, int | float]:
    match signal:
        case Signal.LONG_QUANTITY:
            return SOME if held.position > 0 else NOUGHT
        case Signal.SHORT_QUANTITY:
            return SOME if held.position < 0 else NOUGHT
        case Signal.LONG_VALUE_AFTER:
            return NONE_OR_SOME if held.position > 0 or held.buys else NOUGHT
        case Signal.SHORT_VALUE_AFTER:
            return NONE_OR_SOME if held.position < 0 or held.shorts else NOUGHT
        case Signal.EXPOSURE_AFTER:
            return NONE_OR_SOME if held.position or held.buys or held.shorts else NOUGHT
        case Signal.FILL_OLDER_TICKETS | Signal.FILL_OLDER_SAME_SIZE:
            # Told after the fill: of a position that is closed no ticket is older than the one that was named.
            return NOUGHT if held.position == 0 else NONE_OR_SOME
        case _:
            return NO_TELLING
