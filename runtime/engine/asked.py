"""What rules of the law ask of an account, of one instrument over all places that it leads.

Values and quantities count working openings at their own price: a limit, a stop, else the mark. Two orders meet where
one would trade with the other: prices that cross, or one of them at market. Two at market for one open do not: they are
netted before they are sent. A stop that has not been triggered rests at no venue and meets nothing; a profit target
rests as a limit.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    KIND_LIMIT,
    KIND_STOP,
    KIND_STOP_LIMIT,
    LEG_HAS_TARGET,
    LEG_SIDE,
    LEG_TARGET,
    ORDER_KIND,
    ORDER_LIMIT,
    ORDER_LOTS,
    ORDER_PRICE,
    ORDER_SIDE,
    ORDER_STATUS,
    ORDER_TRIGGERED,
    STATUS_WORKING,
)
from stratc.runtime.engine.currency import worth
from stratc.runtime.engine.legs import leg_at
from stratc.runtime.engine.slots import is_entry, order_at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lots_worth(book: Book, i: cython.long, lots: cython.longlong, ticks: cython.longlong) -> cython.longlong:
    """So many lots at a price, in quanta of the account; a price below nought counts as far from it as one above."""
    price: cython.longlong = ticks if ticks >= 0 else -ticks
    return worth(book, i, lots * price * book.tick_value[i], price)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def side_value(book: Book, i: cython.long, side: cython.long) -> cython.longlong:
    """One side of an instrument: the position at the mark, openings at their own price."""
    j: cython.long
    slot: cython.long
    at: cython.long
    value: cython.longlong = 0
    for j in range(i, book.instruments if book.shares else i + 1):
        if book.lead[j] != i:
            continue
        if side * book.position[j] > 0:
            value += lots_worth(book, j, side * book.position[j], book.mark[j])
        for slot in range(book.order_end[j]):
            at = order_at(book, j, slot)
            if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
                value += lots_worth(book, j, book.order[at + ORDER_LOTS], book.order[at + ORDER_PRICE])
    return value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def side_lots(book: Book, i: cython.long, side: cython.long) -> cython.longlong:
    """Lots of one side of an instrument: the positions of its places, and openings that work."""
    j: cython.long
    slot: cython.long
    at: cython.long
    lots: cython.longlong = 0
    for j in range(i, book.instruments if book.shares else i + 1):
        if book.lead[j] != i:
            continue
        if side * book.position[j] > 0:
            lots += side * book.position[j]
        for slot in range(book.order_end[j]):
            at = order_at(book, j, slot)
            if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
                lots += book.order[at + ORDER_LOTS]
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def working_lots(book: Book, i: cython.long, side: cython.long) -> cython.longlong:
    """Lots of all orders of one side that work, whether they open or close; protections are no orders of their own."""
    j: cython.long
    slot: cython.long
    at: cython.long
    lots: cython.longlong = 0
    for j in range(i, book.instruments if book.shares else i + 1):
        if book.lead[j] != i:
            continue
        for slot in range(book.order_end[j]):
            at = order_at(book, j, slot)
            if book.order[at + ORDER_STATUS] == STATUS_WORKING and book.order[at + ORDER_SIDE] == side:
                lots += book.order[at + ORDER_LOTS]
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def draft_is_at_market(book: Book) -> cython.bint:
    """Whether the order that is being decided, or was just sent, names no limit: it takes the price that there is."""
    return book.draft_kind != KIND_LIMIT and book.draft_kind != KIND_STOP_LIMIT


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def draft_meets(book: Book, i: cython.long, side: cython.long) -> cython.bint:
    """Whether that order would trade with a working order of this account on the other side of the instrument."""
    j: cython.long
    k: cython.long
    at: cython.long
    if book.draft_kind == KIND_STOP or book.draft_kind == KIND_STOP_LIMIT:
        return False
    for j in range(i, book.instruments if book.shares else i + 1):
        if book.lead[j] != i:
            continue
        for k in range(book.order_end[j]):
            at = order_at(book, j, k)
            if book.order[at + ORDER_STATUS] != STATUS_WORKING or book.order[at + ORDER_SIDE] != -side:
                continue
            if order_meets(book, i, at, side):
                return True
        for k in range(book.legs[j]):
            at = leg_at(book, j, k)
            if book.leg[at + LEG_HAS_TARGET] == 0 or book.leg[at + LEG_SIDE] != side:
                continue
            if limit_meets(book, side, book.leg[at + LEG_TARGET]):
                return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def order_meets(book: Book, i: cython.long, at: cython.long, side: cython.long) -> cython.bint:
    """The same of the one order at `at`. One at the market meets a draft whose limit the last price has reached."""
    kind: cython.longlong = book.order[at + ORDER_KIND]
    if kind in (KIND_STOP, KIND_STOP_LIMIT) and book.order[at + ORDER_TRIGGERED] == 0:
        return False
    if kind in (KIND_LIMIT, KIND_STOP_LIMIT):
        return limit_meets(book, side, book.order[at + ORDER_LIMIT])
    if book.draft_kind == KIND_LIMIT:
        return side * (book.draft_limit - book.mark[i]) >= 0
    return kind == KIND_STOP


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def limit_meets(book: Book, side: cython.long, limit_ticks: cython.longlong) -> cython.bint:
    """Whether the draft reaches a limit on the other side: by its own limit, at the market by the last price.

    A market order trades with the best that others offer: with an own limit only where the price has come to it.
    """
    return side * (book.draft_price - limit_ticks) >= 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def second_now(book: Book) -> cython.longlong:
    """The clock second in which the row's bar closed, since 1970; nought where the run has no times."""
    return book.moments[book.place] // 1000000000 if book.dated else 0
