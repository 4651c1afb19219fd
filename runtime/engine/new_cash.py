"""New cash of an allocation: what was contributed buys the instrument that is furthest below its target.

Which orders the band calls for is settled before, in `offer_lots`; what they buy more than they sell is paid from new
cash first. The rest goes to the most underweight of the chosen, by lots had or bought over lots of its target, none of
which is being sold: whole lots, as many as there is cash for, and no further than the edge of its band, beyond which it
would be sold again; what then is left goes to the next. Less than a lot is new cash no more, which is told.
"""

from __future__ import annotations

from math import fabs

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    BAND_MONEY,
    BAND_NONE,
    BAND_OF_TARGET,
    DENIED_ZERO_QUANTITY,
    OFFER_CHOSEN,
    OFFER_NONE,
)
from stratc.runtime.engine.currency import rate_at
from stratc.runtime.engine.logs import deny
from stratc.runtime.engine.quantize import round_half_even, whole_lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def keep_targets(book: Book) -> cython.void:
    """Keep the lots of every target, before a band leaves some of them where they are."""
    i: cython.long
    for i in range(book.instruments):
        book.target_lots[i] = book.offer_lots[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def invest_new_cash(book: Book, rule: cython.long, band_kind: cython.long, band: cython.double) -> cython.void:
    """Raise `offer_lots` by what new cash buys."""
    best: cython.long
    wanted: cython.longlong
    room: cython.longlong
    placed: cython.double = 0.0
    bought: cython.double = bought_net(book)
    left: cython.double = book.new_cash - bought
    if book.new_cash == 0 or band_kind == BAND_NONE:
        return
    best = most_underweight(book, band_kind, band)
    while best >= 0 and left > 0.0:
        wanted = whole_lots(left / mark_value(book, best))
        room = band_edge(book, best, band_kind, band) - book.offer_lots[best]
        if wanted <= 0:
            if placed + bought <= 0.0:
                deny(book, best, rule, DENIED_ZERO_QUANTITY, 0)
            break
        wanted = wanted if wanted < room else room
        book.offer_lots[best] += wanted
        placed += wanted * mark_value(book, best)
        left -= wanted * mark_value(book, best)
        best = most_underweight(book, band_kind, band) if wanted == room else -1
    if best >= 0 or placed + bought > 0.0:
        placed = placed + bought
        book.new_cash = round_half_even(placed) if placed < book.new_cash else book.new_cash


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def mark_value(book: Book, i: cython.long) -> cython.double:
    """What a lot is worth at the mark, in quanta of the account's currency; a lot that costs nothing is worth one."""
    value: cython.double = fabs(book.mark[i] * 1.0) * book.tick_value[i] * rate_at(book, i, book.mark[i])
    return value if value > 0.0 else 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def bought_net(book: Book) -> cython.double:
    """What the orders that are settled so far buy more than they sell, at the marks; nothing where they sell more."""
    i: cython.long
    net: cython.double = 0.0
    for i in range(book.instruments):
        if book.offer[i] != OFFER_NONE:
            net += (book.offer_lots[i] - book.position[i]) * mark_value(book, i)
    return net if net > 0.0 else 0.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def most_underweight(book: Book, band_kind: cython.long, band: cython.double) -> cython.long:
    """The chosen instrument that has the smallest part of its target and room to its band's edge, or -1."""
    i: cython.long
    best: cython.long = -1
    for i in range(book.instruments):
        if book.offer[i] != OFFER_CHOSEN or book.offer_lots[i] < book.position[i] or book.target_lots[i] <= 0:
            continue
        if book.offer_lots[i] >= band_edge(book, i, band_kind, band):
            continue
        if best < 0 or lots_of_target(book, i) < lots_of_target(book, best):
            best = i
    return best


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lots_of_target(book: Book, i: cython.long) -> cython.double:
    return book.offer_lots[i] * 1.0 / book.target_lots[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def band_edge(book: Book, i: cython.long, band_kind: cython.long, band: cython.double) -> cython.longlong:
    """The most lots that the band leaves alone."""
    lots: cython.double = book.target_lots[i] * 1.0
    if band_kind == BAND_OF_TARGET:
        lots += band * book.target_lots[i]
    elif band_kind == BAND_MONEY:
        lots += band * book.quanta_per_money / mark_value(book, i)
    return book.lots_max[i] if lots >= book.lots_max[i] else whole_lots(lots)
