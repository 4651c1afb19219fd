"""What holding a position costs day by day: the fee for borrowed shares, and interest on what the account owes.

Both are a rate of a year of 360 days on the value at the last close, for every calendar day since the trading day
before, so that three days fall due over a weekend. Rates are whole millionths: a charge is exact and rounded half-even
to a quantum once.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    ACCOUNT_MARGINED,
    CARRY_BORROW,
    CARRY_IN_LIEU,
    CARRY_MARGIN_INTEREST,
    SETTING_ACCOUNT,
    SETTING_MARGIN_RATE,
    TOTAL_BORROW,
    TOTAL_MARGIN_INTEREST,
    YEAR_MILLIONTHS,
)
from stratc.runtime.engine.currency import exchange, net_worth, pay, worth
from stratc.runtime.engine.logs import write_carry
from stratc.runtime.engine.quantize import round_half_even


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def interest(value: cython.longlong, millionths: cython.longlong, days: cython.longlong) -> cython.longlong:
    """So many days of a yearly rate on a value of nought or more, in quanta: whole numbers until the last rounding."""
    whole: cython.longlong = value // YEAR_MILLIONTHS
    rest: cython.longlong = value - whole * YEAR_MILLIONTHS
    owed: cython.longlong = rest * millionths * days
    whole = whole * millionths * days + owed // YEAR_MILLIONTHS
    owed = owed - owed // YEAR_MILLIONTHS * YEAR_MILLIONTHS
    if 2 * owed > YEAR_MILLIONTHS or (2 * owed == YEAR_MILLIONTHS and whole % 2 != 0):
        whole += 1
    return whole


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def carry(
    book: Book, i: cython.long, kind: cython.long, total: cython.long, lots: cython.longlong, quanta: cython.longlong
) -> cython.void:
    """Book what holding paid, or cost below nought, in the instrument's currency (the account's for `i` -1).

    An account that exchanges at fills exchanges this too; a nothing is not logged.
    """
    booked: cython.longlong = quanta
    if quanta == 0:
        return
    if i < 0:
        book.money += quanta
    else:
        pay(book, i, quanta)
        if book.currency[i] != 0 and book.converts and kind != CARRY_IN_LIEU:
            booked = exchange(book, book.currency[i], quanta)
        else:
            booked = worth(book, i, quanta, book.mark[i])
    book.equity = net_worth(book)
    book.total[total] += booked
    write_carry(book, i, kind, lots, booked)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def charge_borrow(book: Book, i: cython.long, days: cython.longlong) -> cython.void:
    """The fee for the shares that a short position borrows, at the mark of the last close."""
    value: cython.longlong = -book.position[i] * book.mark[i] * book.tick_value[i]
    if book.position[i] >= 0 or book.borrow_rate[i] == 0 or value <= 0:
        return
    carry(book, i, CARRY_BORROW, TOTAL_BORROW, book.position[i], -interest(value, book.borrow_rate[i], days))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def charge_margin(book: Book, days: cython.longlong) -> cython.void:
    """Interest on the debit: what purchases cost beyond the account's money. Proceeds of short sales are collateral
    and pay for nothing, so what the short positions are worth is taken off the money first. The account's own currency
    is meant; debits in others are not charged.
    """
    j: cython.long
    debit: cython.longlong = -book.money
    if book.setting[SETTING_MARGIN_RATE] <= 0.0 or book.setting[SETTING_ACCOUNT] != ACCOUNT_MARGINED:
        return
    for j in range(book.instruments):
        if book.position[j] < 0 and book.currency[j] == 0:
            debit -= book.position[j] * book.mark[j] * book.tick_value[j]
    if debit > 0:
        carry(
            book,
            -1,
            CARRY_MARGIN_INTEREST,
            TOTAL_MARGIN_INTEREST,
            0,
            -interest(debit, round_half_even(book.setting[SETTING_MARGIN_RATE]), days),
        )
