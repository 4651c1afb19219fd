"""Currencies other than the account's: balances in quanta of their own, and what they are worth in the account's.

Currency 0 is the account's, the others count from 1. `book.foreign[k]` is the balance in currency `k` with all
positions that are quoted in it at their marks. Money rule: an amount of another currency is a whole number of its own
quanta; it becomes one of the account's by one multiplication with a rate and one rounding, half-even to a quantum of
the account's currency. What is exchanged, and what equity counts, is worth less by `conversion_cost` where it is
received and costs more by it where it is owed: longs at the bid, shorts at the ask. Exposures count at the middle.

A rate is what was known: at a bar's fills that of the bar's beginning, at its mark that of its close. A pair that is
itself the price of the account's currency (USD/JPY in dollars) is exchanged at its own fill. A rate that is missing or
too old is nan: opening orders are denied (NO_CONVERSION_RATE), what is held stays valued at the last known.
"""

from __future__ import annotations

from math import isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    ACCOUNT_BALANCE,
    INTEREST_WIDTH,
    RATE_WIDTH,
    SETTING_ACCOUNT,
    TOTAL_CONVERSION,
    TOTAL_INTEREST,
    TOTAL_INTEREST_UNKNOWN,
)
from stratc.runtime.engine.quantize import round_half_even


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def take_rates(book: Book, which: cython.long) -> cython.void:
    """The rates of the book's row, RATE_AT_OPEN or RATE_AT_CLOSE; one that is not known leaves the last there."""
    k: cython.long
    rate: cython.double
    for k in range(1, book.currencies + 1):
        rate = book.rates[(book.place * book.currencies + k - 1) * RATE_WIDTH + which]
        book.rate_known[k] = 0 if isnan(rate) else 1
        if book.rate_known[k] != 0:
            book.rate[k] = rate


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_rate_known(book: Book, i: cython.long) -> cython.bint:
    """Whether money of the instrument can be counted in the account's currency now."""
    return book.currency[i] == 0 or book.rate_known[book.currency[i]] != 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def rate_at(book: Book, i: cython.long, ticks: cython.longlong) -> cython.double:
    """Quanta of the account's currency for one quantum of the instrument's, while its price is at `ticks`."""
    if book.currency[i] == 0:
        return 1.0
    return book.rate_by_price[i] / ticks if book.rate_by_price[i] > 0.0 and ticks > 0 else book.rate[book.currency[i]]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def worth(book: Book, i: cython.long, quanta: cython.longlong, ticks: cython.longlong) -> cython.longlong:
    """An amount in the instrument's currency, in the account's, at the middle rate, while its price is at `ticks`."""
    return quanta if book.currency[i] == 0 else round_half_even(quanta * rate_at(book, i, ticks))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def take_fill_rate(book: Book, i: cython.long, ticks: cython.longlong) -> cython.void:
    """A fill of the pair that joins the two currencies is the newest rate there is."""
    if book.rate_by_price[i] > 0.0 and ticks > 0:
        book.rate[book.currency[i]] = book.rate_by_price[i] / ticks


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def at_worst(book: Book, k: cython.long, quanta: cython.longlong) -> cython.longlong:
    """An amount of currency `k` in the account's: what is had at the bid, what is owed at the ask."""
    cost: cython.double = book.conversion_cost
    return round_half_even(quanta * book.rate[k] * (1.0 - cost if quanta > 0 else 1.0 + cost))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def net_worth(book: Book) -> cython.longlong:
    """Equity: the account's own currency, and all others at worst."""
    k: cython.long
    equity: cython.longlong = book.money + book.holdings
    for k in range(1, book.currencies + 1):
        equity += at_worst(book, k, book.foreign[k])
    return equity


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def hold(book: Book, i: cython.long, quanta: cython.longlong) -> cython.void:
    """Positions of the instrument are worth so much more, in its currency."""
    if book.currency[i] == 0:
        book.holdings += quanta
    else:
        book.foreign[book.currency[i]] += quanta
    book.equity = net_worth(book)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def pay(book: Book, i: cython.long, quanta: cython.longlong) -> cython.void:
    """Receive so much in the instrument's currency, or pay it where it is negative."""
    if book.currency[i] == 0:
        book.money += quanta
        book.paid[i] += quanta
    else:
        book.foreign[book.currency[i]] += quanta


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exchange(book: Book, k: cython.long, quanta: cython.longlong) -> cython.longlong:
    """Exchange an amount of currency `k` for the account's, at worst; what that costs is counted."""
    got: cython.longlong = at_worst(book, k, quanta)
    book.foreign[k] -= quanta
    book.money += got
    book.total[TOTAL_CONVERSION] += round_half_even(quanta * book.rate[k]) - got
    book.equity = net_worth(book)
    return got


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def pays_in_full(book: Book) -> cython.bint:
    """Whether purchases are paid and sales received, and not profit and loss alone."""
    return book.setting[SETTING_ACCOUNT] != ACCOUNT_BALANCE


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exchange_cost(book: Book, i: cython.long, both_ways: cython.longlong, ticks: cython.longlong) -> cython.longlong:
    """What exchanging the values of an entry and its exit costs; of a balance account's profit alone it is left out."""
    if book.currency[i] == 0 or not book.converts or not pays_in_full(book):
        return 0
    return round_half_even(worth(book, i, both_ways, ticks) * book.conversion_cost)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def entry_flow(book: Book, i: cython.long, quanta: cython.longlong) -> cython.longlong:
    """What an entry paid (below nought) or received, in the account's currency; exchanged where fills are."""
    if book.currency[i] != 0 and book.converts and pays_in_full(book):
        return exchange(book, book.currency[i], quanta)
    return worth(book, i, quanta, 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def closing_profit(
    book: Book, i: cython.long, flow: cython.longlong, received: cython.longlong, profit: cython.longlong
) -> cython.longlong:
    """What closing a part of a leg brought in the account's currency, exchanged where that is done at fills.

    `flow` is what its entry became in the account's currency; `received` and `profit` are in the instrument's.
    """
    k: cython.long = book.currency[i]
    if k == 0:
        return profit
    if not book.converts:
        return worth(book, i, profit, 0)
    return exchange(book, k, received) + flow if pays_in_full(book) else exchange(book, k, profit)


# ── overnight interest ───────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def accrue(book: Book, i: cython.long) -> cython.void:
    """Interest of the nights that have passed with the instrument's last session, in the account's currency.

    The row says what a lot earns (below nought: costs) in quanta of the instrument's currency, long and short; nan is
    unknown: nothing is booked, and counted.
    """
    at: cython.longlong = book.place * INTEREST_WIDTH + (0 if book.position[i] > 0 else 1)
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    amount: cython.longlong
    if isnan(book.interest[at]):
        book.total[TOTAL_INTEREST_UNKNOWN] += 1
        return
    amount = round_half_even(held * book.interest[at] * rate_at(book, i, book.mark[i]))
    book.money += amount
    book.paid[i] += amount
    book.total[TOTAL_INTEREST] += amount
    book.equity = net_worth(book)
