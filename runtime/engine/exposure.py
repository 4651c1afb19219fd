"""Exposure: positions and working openings in quanta at their worst case, as if every opening filled and no exit did.

Both directions of an instrument are counted apart, and the larger of the two is what it may come to.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import BUY, ORDER_LOTS, ORDER_PRICE, ORDER_SIDE, SELL
from stratc.runtime.engine.currency import worth
from stratc.runtime.engine.slots import is_entry, order_at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def worst_value(book: Book, i: cython.long, lots: cython.longlong, price: cython.longlong) -> cython.longlong:
    """Lots at the larger of a price and the mark, in quanta of the account's currency, without sign."""
    mark: cython.longlong = book.mark[i] if book.mark[i] >= 0 else -book.mark[i]
    price = price if price >= 0 else -price
    price = price if price > mark else mark
    return worth(book, i, lots * price * book.tick_value[i], price)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def side_exposure(book: Book, i: cython.long, side: cython.long) -> cython.longlong:
    """The position on one side with all working openings of that side, in quanta."""
    slot: cython.long
    at: cython.long
    exposure: cython.longlong = 0
    if side * book.position[i] > 0:
        exposure = worst_value(book, i, side * book.position[i], book.mark[i])
    if book.working_entries[i] == 0:
        return exposure
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
            exposure += worst_value(book, i, book.order[at + ORDER_LOTS], book.order[at + ORDER_PRICE])
    return exposure


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exposure_of(book: Book, j: cython.long, i: cython.long) -> cython.longlong:
    """The larger side of instrument `j`, with the draft where it is the draft's instrument `i`."""
    long_side: cython.longlong = side_exposure(book, j, BUY)
    short_side: cython.longlong = side_exposure(book, j, SELL)
    if j == i and book.draft_side > 0:
        long_side += worst_value(book, i, book.draft_lots, book.draft_price)
    elif j == i:
        short_side += worst_value(book, i, book.draft_lots, book.draft_price)
    return long_side if long_side > short_side else short_side


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exposure_over_places(book: Book, i: cython.long) -> cython.longlong:
    """The draft's instrument in every place that it has."""
    j: cython.long
    exposure: cython.longlong = exposure_of(book, i, i)
    if book.shared[i] != 0:
        for j in range(book.instruments):
            if j != i and book.lead[j] == book.lead[i]:
                exposure += exposure_of(book, j, i)
    return exposure


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def gross_exposure(book: Book, i: cython.long) -> cython.longlong:
    """All instruments together, with the draft on `i`."""
    j: cython.long
    gross: cython.longlong = 0
    for j in range(book.instruments):
        gross += exposure_of(book, j, i)
    return gross
