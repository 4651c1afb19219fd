"""Short sales: whether shares can be borrowed, and the restriction after a fall of a tenth.

The restriction is Rule 201 of Regulation SHO (17 CFR 242.201(b)(1)): once a share trades a tenth or more below its last
close, it may be sold short for the rest of that day and the next only above the national best bid. Bars show no bid, so
the model takes the strict reading: a short sale that is restricted goes as a limit order only, and fills only where the
price comes up through the limit from below; where the market is already there, it waits.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    CARRY_LOCATE,
    DENIED_NO_BORROW,
    DENIED_SHORT_RESTRICTED,
    KIND_LIMIT,
    ORDER_KIND,
    ORDER_LIMIT,
    ORDER_LOTS,
    ORDER_SIDE,
    STATUS_CANCELED,
    TOTAL_LOCATE,
)
from stratc.runtime.engine.holding import carry
from stratc.runtime.engine.slots import end_order, is_entry, order_at
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def denial_of_short(book: Book, i: cython.long) -> cython.long:
    """Why the draft may not be sold short, or 0; what closes a long position first is no short sale."""
    short: cython.longlong = book.draft_lots - (book.position[i] if book.position[i] > 0 else 0)
    if book.draft_side > 0 or short <= 0:
        return 0
    if book.borrow_lots[i] >= 0 and short + borrowed(book, i) > book.borrow_lots[i]:
        return DENIED_NO_BORROW
    if is_restricted(book, i) and book.draft_kind != KIND_LIMIT:
        return DENIED_SHORT_RESTRICTED
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def pay_locate(book: Book, i: cython.long) -> cython.void:
    """The fee for locating the draft's shares, due whether its order fills or not."""
    fee: cython.longlong = book.locate_fee[i] * book.draft_lots
    carry(book, i, CARRY_LOCATE, TOTAL_LOCATE, -book.draft_lots, -fee)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def borrowed(book: Book, i: cython.long) -> cython.longlong:
    """Lots that short positions and working short sales have borrowed or located, in all places of the instrument."""
    j: cython.long
    lots: cython.longlong = borrowed_by(book, i)
    if book.shared[i] != 0:
        for j in range(book.instruments):
            if j != i and book.lead[j] == book.lead[i]:
                lots += borrowed_by(book, j)
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def borrowed_by(book: Book, i: cython.long) -> cython.longlong:
    """The same of one place."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = -book.position[i] if book.position[i] < 0 else 0
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] < 0:
            lots += book.order[at + ORDER_LOTS]
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_restricted(book: Book, i: cython.long) -> cython.bint:
    """Whether the fall was in this session or in the one before it."""
    return book.restrictable[i] != 0 and book.sessions[i] <= book.restricted_until[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def watch_fall(book: Book, strategy: Strategy, i: cython.long, low_x: cython.double) -> cython.void:
    """After a bar: a low of a tenth below the last close begins the restriction and ends what it does not allow."""
    slot: cython.long
    at: cython.long
    if book.prior_close[i] <= 0 or not 10.0 * low_x <= 9.0 * book.prior_close[i] + 0.01:
        return
    book.restricted_until[i] = book.sessions[i] + 1
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] < 0 and book.order[at + ORDER_KIND] != KIND_LIMIT:
            end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def must_wait(book: Book, i: cython.long, at: cython.long, open_x: cython.double) -> cython.bint:
    """Whether a working order is a restricted short sale whose limit the market has passed already."""
    if book.restrictable[i] == 0 or book.order[at + ORDER_SIDE] > 0 or book.position[i] > 0:
        return False
    return is_entry(book, at) and is_restricted(book, i) and open_x >= book.order[at + ORDER_LIMIT]
