"""Sleeves: several strategies on one account, each with money of its own; how their orders are netted, see `netting`.

An instrument that two sleeves trade has a place for each of them: numbers of instruments are numbers of places, so a
place's position, lots, orders and counters are its sleeve's by construction. The first place of an instrument is its
`lead`, and it stands for the instrument where the account's rules are asked. `paid` of a place is all the money that it
has ever moved, so a sleeve's money is its part of the start and what its places moved, and all sleeves with the reserve
come to the account's, to the quantum.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def sleeve_money(book: Book, k: cython.long) -> cython.longlong:
    """The money of sleeve `k` (from 1), in quanta."""
    j: cython.long
    money: cython.longlong = book.part[k]
    for j in range(book.instruments):
        if book.sleeve_of[j] == k:
            money += book.paid[j]
    return money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def sleeve_equity(book: Book, k: cython.long) -> cython.longlong:
    """The money of sleeve `k` and what it holds at the marks, all in the account's currency, in quanta."""
    j: cython.long
    equity: cython.longlong = book.part[k]
    for j in range(book.instruments):
        if book.sleeve_of[j] == k:
            equity += book.paid[j] + book.position[j] * book.mark[j] * book.tick_value[j]
    return equity


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def note_sleeves_close(book: Book) -> cython.void:
    """The account's trading day is over: what each sleeve came to."""
    k: cython.long
    for k in range(1, book.sleeves + 1):
        book.part_close[k] = sleeve_equity(book, k)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def note_sleeves_peak(book: Book) -> cython.void:
    """A moment's marks are in: the highest that each sleeve came to."""
    k: cython.long
    equity: cython.longlong
    for k in range(1, book.sleeves + 1):
        equity = sleeve_equity(book, k)
        book.part_peak[k] = equity if equity > book.part_peak[k] else book.part_peak[k]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lots_held(book: Book, i: cython.long) -> cython.longlong:
    """The account's position in the instrument that `i` leads, over all its places; nothing for the other places."""
    j: cython.long
    lots: cython.longlong = book.position[i]
    if not book.shares:
        return lots
    if book.lead[i] != i:
        return 0
    for j in range(i + 1, book.instruments):
        if book.lead[j] == i:
            lots += book.position[j]
    return lots
