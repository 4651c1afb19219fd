"""Moving the stop losses of an open position by rule: one price for all of its legs.

A move only tightens unless it is said to be allowed to loosen. It is never held back by a cap or a halt, and no order
of its own: the stop losses that rest are replaced. A price that the market has passed already trades at the next open.
"""

from __future__ import annotations

from math import isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    BREAK_EVEN_TICKS,
    DENIED_UNKNOWN_VALUE,
    LEG_FEE,
    LEG_HAS_STOP,
    LEG_LOTS,
    LEG_STOP,
    MOVE_BREAK_EVEN,
    NO_ORDER,
)
from stratc.runtime.engine.currency import exchange_cost, worth
from stratc.runtime.engine.ledger import fee_of
from stratc.runtime.engine.legs import is_guarded, leg_at
from stratc.runtime.engine.logs import deny
from stratc.runtime.engine.orders import to_ticks
from stratc.runtime.engine.pricing import slipped
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
    """The stop at which stopping all legs out loses nothing, commissions of both ways and slippage included.

    Exact: from the average entry a tick at a time, first to the fill that pays all commissions, then to the stop that
    slips no further than to that fill. Beyond BREAK_EVEN_TICKS, where commissions eat any gain, it stays short of it.
    """
    side: cython.longlong = 1 if book.position[i] > 0 else -1
    steps: cython.long = 0
    average: cython.double = entry_value(book, i) * 1.0 / (side * book.position[i])
    fill: cython.longlong = round_down(average) if side > 0 else round_up(average)
    while steps < BREAK_EVEN_TICKS and profit_at(book, i, side, fill) < 0:
        fill += side
        steps += 1
    stop: cython.longlong = fill
    while steps < BREAK_EVEN_TICKS and side * (slipped(book, -side, stop * 1.0) - fill) < 0:
        stop += side
        steps += 1
    return stop


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def profit_at(book: Book, i: cython.long, side: cython.longlong, ticks: cython.longlong) -> cython.longlong:
    """What the open legs gain after commissions, one order a leg, if all are closed at `ticks`; in quanta.

    In another currency at the rate of now: what the rate itself has done since the entry is no gain of the trade.
    """
    k: cython.long
    at: cython.long
    entries: cython.longlong = entry_value(book, i)
    profit: cython.longlong = worth(
        book, i, (ticks * book.position[i] - side * entries) * book.tick_value[i], ticks
    ) - exchange_cost(book, i, (ticks * side * book.position[i] + entries) * book.tick_value[i], ticks)
    for k in range(book.legs[i]):
        at = leg_at(book, i, k)
        profit -= book.leg[at + LEG_FEE] + fee_of(book, i, book.leg[at + LEG_LOTS], ticks)
    return profit
