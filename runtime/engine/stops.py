"""Moving the stop losses of an open position by rule: one price for all of its legs.

A move only tightens unless it is said to be allowed to loosen. It is never held back by a cap or a halt, and no order
of its own: the stop losses that rest are replaced. A price that the market has passed already trades at the next open.
"""

from __future__ import annotations

from math import fabs, isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    DENIED_UNKNOWN_VALUE,
    LEG_FEE,
    LEG_HAS_STOP,
    LEG_LOTS,
    LEG_STOP,
    MOVE_BREAK_EVEN,
    NO_ORDER,
    SETTING_SLIP_RATE,
    SETTING_SLIP_TICKS,
)
from stratc.runtime.engine.ledger import fee_of
from stratc.runtime.engine.legs import is_guarded, leg_at
from stratc.runtime.engine.logs import deny
from stratc.runtime.engine.orders import to_ticks
from stratc.runtime.engine.quantize import round_down, round_up
from stratc.runtime.engine.words import entry_value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def move_stop(
    book: Book, i: cython.long, rule: cython.long, kind: cython.long, price: cython.double, looser: cython.bint
) -> cython.long:
    """Move the stop loss of every leg of `i` to MOVE_PRICE `price`, or to MOVE_BREAK_EVEN.

    Gives NO_ORDER without a position, minus DENIED_UNKNOWN_VALUE where the price is unknown or beyond the instrument's
    bound (the stops stay), else how many stop losses moved. With `looser` it may also move away from the market.
    """
    k: cython.long
    moved: cython.long = 0
    stop: cython.longlong
    if book.position[i] == 0:
        return NO_ORDER
    book.draft_beyond = False
    if kind == MOVE_BREAK_EVEN:
        stop = break_even(book, i)
    else:
        stop = 0 if isnan(price) else to_ticks(book, i, price, book.position[i] < 0)
        if isnan(price) or book.draft_beyond:
            return deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
    for k in range(book.legs[i]):
        moved += 1 if move_leg(book, i, leg_at(book, i, k), stop, looser) else 0
    return moved


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def move_leg(book: Book, i: cython.long, at: cython.long, stop: cython.longlong, looser: cython.bint) -> cython.bint:
    """Move one leg's stop loss, where it may; a leg without one gets one."""
    nearer: cython.longlong = stop - book.leg[at + LEG_STOP] if book.position[i] > 0 else book.leg[at + LEG_STOP] - stop
    if book.leg[at + LEG_HAS_STOP] != 0 and (nearer == 0 or (nearer < 0 and not looser)):
        return False
    if not is_guarded(book, at):
        book.active[i] += 1
    book.leg[at + LEG_HAS_STOP] = 1
    book.leg[at + LEG_STOP] = stop
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def break_even(book: Book, i: cython.long) -> cython.longlong:
    """The tick at which stopping all legs out loses nothing: average entry, fees paid, fees and slippage to be paid.

    What is to be paid depends on the price: it is taken at the entry, then at the price that this gives.
    """
    average: cython.double = average_entry(book, i)
    side: cython.double = 1.0 if book.position[i] > 0 else -1.0
    near: cython.double = average + side * costs_in_ticks(book, i, average)
    x: cython.double = average + side * costs_in_ticks(book, i, near)
    return round_up(x) if side > 0.0 else round_down(x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def average_entry(book: Book, i: cython.long) -> cython.double:
    """The average price of the open legs, in ticks."""
    value: cython.double = entry_value(book, i)
    lots: cython.double = book.position[i]
    return value / fabs(lots)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def costs_in_ticks(book: Book, i: cython.long, x: cython.double) -> cython.double:
    """What a stop at `x` must gain for each lot: fees paid, fees of one order a leg, slippage."""
    k: cython.long
    at: cython.long
    lots: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    fees: cython.longlong = 0
    for k in range(book.legs[i]):
        at = leg_at(book, i, k)
        fees += book.leg[at + LEG_FEE] + fee_of(book, i, book.leg[at + LEG_LOTS], round_up(fabs(x)))
    slip: cython.double = book.setting[SETTING_SLIP_TICKS] + book.setting[SETTING_SLIP_RATE] * fabs(x)
    return slip + fees / (lots * 1.0 * book.tick_value[i])
