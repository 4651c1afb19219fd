"""What a price does to an order: whether it fills it, at which tick, and what it costs more than the market.

Prices `x` are doubles in tick units, not yet on the grid. Market and stop orders pay slippage, ticks and a rate, and
are rounded to ticks against the order; limits fill where the price reached them, or beyond with LIMIT_THROUGH.
"""

from __future__ import annotations

from math import fabs

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    LIMIT_THROUGH,
    ORDER_LIMIT,
    ORDER_ROLE,
    ORDER_SIDE,
    ROLE_ENTRY,
    SETTING_CAP_SLIPPAGE,
    SETTING_KEEP_SESSIONS,
    SETTING_LIMIT_FILL,
    SETTING_SLIP_RATE,
    SETTING_SLIP_TICKS,
    STATUS_CANCELED,
)
from stratc.runtime.engine.ledger import fill_order
from stratc.runtime.engine.quantize import at_or_above, at_or_below, exceeds, round_down, round_half_even, round_up
from stratc.runtime.engine.slots import end_order, order_at
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def slipped(book: Book, side: cython.longlong, x: cython.double) -> cython.longlong:
    """The tick at which a market order fills where the market is at `x`."""
    worse: cython.double = book.setting[SETTING_SLIP_TICKS] + book.setting[SETTING_SLIP_RATE] * fabs(x)
    return round_up(x + worse) if side > 0 else round_down(x - worse)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def against(side: cython.longlong, x: cython.double) -> cython.longlong:
    """A price on the ticks, rounded against the order."""
    return round_up(x) if side > 0 else round_down(x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def passes(side: cython.longlong, x: cython.double, ticks: cython.longlong) -> cython.bint:
    """Whether a price has reached a stop of that side: at or above for a buy, at or below for a sell."""
    return at_or_above(x, ticks) if side > 0 else at_or_below(x, ticks)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def meets(book: Book, side: cython.longlong, x: cython.double, ticks: cython.longlong) -> cython.bint:
    """Whether a price fills a limit of that side: at it, or beyond it, as the fill model says."""
    beyond: cython.longlong = 1 if book.setting[SETTING_LIMIT_FILL] == LIMIT_THROUGH else 0
    if beyond != 0:
        return not at_or_above(x, ticks) if side > 0 else not at_or_below(x, ticks)
    return at_or_below(x, ticks) if side > 0 else at_or_above(x, ticks)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def must_keep(book: Book, i: cython.long, side: cython.longlong) -> cython.bint:
    """Whether a fill of that side would reduce a position that `keep at least` still holds."""
    if book.setting[SETTING_KEEP_SESSIONS] <= 0.0 or side * book.position[i] >= 0:
        return False
    return book.sessions[i] - book.entry_session[i] < book.setting[SETTING_KEEP_SESSIONS]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_at_market(book: Book, strategy: Strategy, i: cython.long, slot: cython.long, x: cython.double) -> cython.void:
    """Fill at `x` with slippage; an entry whose slippage is beyond `cap slippage` is canceled instead."""
    at: cython.long = order_at(book, i, slot)
    side: cython.longlong = book.order[at + ORDER_SIDE]
    cap: cython.double = book.setting[SETTING_CAP_SLIPPAGE]
    worse: cython.double = book.setting[SETTING_SLIP_TICKS] + book.setting[SETTING_SLIP_RATE] * fabs(x)
    if cap >= 0.0 and book.order[at + ORDER_ROLE] == ROLE_ENTRY and exceeds(worse, cap * fabs(x)):
        end_order(book, strategy, i, slot, STATUS_CANCELED)
        return
    fill_order(book, strategy, i, slot, slipped(book, side, x), against(side, x))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_netted(
    book: Book, strategy: Strategy, i: cython.long, slot: cython.long, open_x: cython.double
) -> cython.void:
    """Fill an order of a shared instrument at the price of the account's."""
    side: cython.longlong = book.net_side[book.lead[i]]
    if side == 0:
        fill_order(book, strategy, i, slot, round_half_even(open_x), round_half_even(open_x))
    else:
        fill_order(book, strategy, i, slot, slipped(book, side, open_x), against(side, open_x))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_within_limit(
    book: Book, strategy: Strategy, i: cython.long, slot: cython.long, x: cython.double
) -> cython.void:
    """Fill a stop-limit order that has just been triggered at `x`: with slippage, but no worse than its limit."""
    at: cython.long = order_at(book, i, slot)
    side: cython.longlong = book.order[at + ORDER_SIDE]
    limit: cython.longlong = book.order[at + ORDER_LIMIT]
    ticks: cython.longlong = slipped(book, side, x)
    reference: cython.longlong = against(side, x)
    ticks = limit if side * (ticks - limit) > 0 else ticks
    reference = limit if side * (reference - limit) > 0 else reference
    fill_order(book, strategy, i, slot, ticks, reference)
