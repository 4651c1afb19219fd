"""Netting: the orders of several sleeves in one instrument, as the one order that the account sends.

Where an instrument is shared every order is at market (the compiler refuses others). What works when its bar opens is
one order of the account, buys less sells. All of them fill at that order's price, which is the plain open where nothing
is left of it (`pricing.fill_netted`); its commission is borne by the side that it is on, in proportion to lots, and
comes out to the quantum (`ledger.order_fee`).
"""

from __future__ import annotations

from math import isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    KIND_MARKET,
    KIND_NEXT_OPEN,
    ORDER_DAY,
    ORDER_KIND,
    ORDER_LOTS,
    ORDER_SIDE,
    ORDER_STATUS,
    STATUS_WORKING,
)
from stratc.runtime.engine.slots import order_at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def net_orders(book: Book, i: cython.long) -> cython.void:
    """A shared instrument's bar begins, `i` leads it: the one order that its places' orders for this open come to."""
    j: cython.long
    slot: cython.long
    at: cython.long
    bought: cython.longlong = 0
    sold: cython.longlong = 0
    for j in range(i, book.instruments):
        if book.lead[j] != i:
            continue
        for slot in range(book.order_end[j]):
            at = order_at(book, j, slot)
            if is_for_this_open(book, i, at):
                if book.order[at + ORDER_SIDE] > 0:
                    bought += book.order[at + ORDER_LOTS]
                else:
                    sold += book.order[at + ORDER_LOTS]
    book.net_side[i] = 1 if bought > sold else (-1 if sold > bought else 0)
    book.net_lots[i] = bought - sold if bought > sold else sold - bought
    book.net_of[i] = bought if bought > sold else sold
    book.net_done[i] = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_for_this_open(book: Book, i: cython.long, at: cython.long) -> cython.bint:
    """Whether an order works that trades at the open of the instrument that `i` leads."""
    if book.order[at + ORDER_STATUS] != STATUS_WORKING or isnan(book.open_price):
        return False
    if book.order[at + ORDER_KIND] == KIND_NEXT_OPEN:
        return book.day_of[i] != book.order[at + ORDER_DAY]
    return book.order[at + ORDER_KIND] == KIND_MARKET
