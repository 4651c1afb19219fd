"""What the account comes to when an opening order goes out, written into the order's row of the log.

This is the moment that static bounds speak of. Positions count at the mark, openings at their own price: what a limit
or a stop fills at at worst, else the mark. A position counts without what is already being sold at market, or in the
same way as the order buys, because that fills no later than the order does; where `keep at least` may hold exits back,
nothing is left out. The equity is that by which the order was sized, before a locate is paid.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    BUY,
    KIND_LIMIT,
    KIND_MARKET,
    ORDER_HAS_LOSS,
    ORDER_ID,
    ORDER_KIND,
    ORDER_LOSS,
    ORDER_LOTS,
    ORDER_PRICE,
    ORDER_SIDE,
    PLACED_EQUITY,
    PLACED_EXPOSURE,
    PLACED_GROSS,
    PLACED_HELD,
    PLACED_RISK,
    PLACED_WIDTH,
    SELL,
    SETTING_KEEP_SESSIONS,
)
from stratc.runtime.engine.currency import worth
from stratc.runtime.engine.slots import is_entry, is_exit, order_at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def write_standing(book: Book, i: cython.long, slot: cython.long, equity: cython.longlong) -> cython.void:
    """Complete the row of the opening order in this slot; `equity` is that before its costs."""
    j: cython.long
    at: cython.long = order_at(book, i, slot)
    row: cython.long = book.order[at + ORDER_ID] * PLACED_WIDTH
    kind: cython.long = book.order[at + ORDER_KIND]
    gross: cython.longlong = 0
    book.order_log[row + PLACED_EQUITY] = equity
    book.order_log[row + PLACED_EXPOSURE] = larger_side(book, i, kind)
    for j in range(book.instruments):
        if book.position[j] != 0 or book.working_entries[j] != 0:
            gross += larger_side(book, j, kind)
    book.order_log[row + PLACED_GROSS] = gross
    book.order_log[row + PLACED_HELD] = lots_on(book, i, book.order[at + ORDER_SIDE])
    book.order_log[row + PLACED_RISK] = at_stake(book, i, at)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def at_stake(book: Book, i: cython.long, at: cython.long) -> cython.longlong:
    """What an order loses from its own price to its stop loss, costs apart, in quanta; without one its whole value.

    What is bought at a price above nought loses no more than it is worth.
    """
    price: cython.longlong = book.order[at + ORDER_PRICE]
    ticks: cython.longlong = price - book.order[at + ORDER_LOSS]
    ticks = ticks if ticks >= 0 else -ticks
    if book.order[at + ORDER_HAS_LOSS] == 0 or (book.order[at + ORDER_SIDE] > 0 and price > 0 and ticks > price):
        return value_at(book, i, book.order[at + ORDER_LOTS], price)
    return worth(book, i, book.order[at + ORDER_LOTS] * ticks * book.tick_value[i], book.order[at + ORDER_LOSS])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def larger_side(book: Book, j: cython.long, kind: cython.long) -> cython.longlong:
    """The larger side of an instrument, in quanta of the account."""
    long_side: cython.longlong = value_on(book, j, BUY, kind)
    short_side: cython.longlong = value_on(book, j, SELL, kind)
    return long_side if long_side > short_side else short_side


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def value_on(book: Book, j: cython.long, side: cython.long, kind: cython.long) -> cython.longlong:
    """What stays of the position on one side, and its working openings at their own price."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = side * book.position[j] - (
        lots_leaving(book, j, kind) if side * book.position[j] > 0 else 0
    )
    value: cython.longlong = value_at(book, j, lots, book.mark[j]) if lots > 0 else 0
    if book.working_entries[j] == 0:
        return value
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
            value += value_at(book, j, book.order[at + ORDER_LOTS], book.order[at + ORDER_PRICE])
    return value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def value_at(book: Book, j: cython.long, lots: cython.longlong, ticks: cython.longlong) -> cython.longlong:
    """So many lots at a price, in quanta of the account, without sign."""
    ticks = ticks if ticks >= 0 else -ticks
    return worth(book, j, lots * ticks * book.tick_value[j], ticks)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lots_leaving(book: Book, j: cython.long, kind: cython.long) -> cython.longlong:
    """Lots that working exits close no later than an order of this kind fills."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = 0
    if book.setting[SETTING_KEEP_SESSIONS] > 0.0 or book.working[j] == book.working_entries[j]:
        return 0
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_exit(book, at) and leaves_by(book.order[at + ORDER_KIND], kind):
            lots += book.order[at + ORDER_LOTS]
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def leaves_by(exit_kind: cython.longlong, kind: cython.long) -> cython.bint:
    """Whether an exit needs no price and goes out in the next bar, or in the auction of the order itself."""
    return exit_kind == KIND_MARKET or (exit_kind == kind and exit_kind < KIND_LIMIT)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lots_on(book: Book, i: cython.long, side: cython.longlong) -> cython.longlong:
    """Lots on a side if all its working openings filled."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = side * book.position[i] if side * book.position[i] > 0 else 0
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
            lots += book.order[at + ORDER_LOTS]
    return lots
