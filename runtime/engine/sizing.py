"""From an amount to whole lots: by quantity, by money's worth, or by money lost at the stop with costs.

All three round down; one part in 10^9 below a whole lot counts as that lot, because amounts come out of divisions. What
is more than the instrument's `lots_max` becomes `lots_max + 1`, which the gate denies.
"""

from __future__ import annotations

from math import fabs

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    SETTING_FEE_PER_ORDER,
    SETTING_FEE_RATE,
    SETTING_SLIP_RATE,
    SETTING_SLIP_TICKS,
    SIZE_NOTIONAL,
    SIZE_QUANTITY,
)
from stratc.runtime.engine.currency import is_rate_known, pays_in_full, rate_at
from stratc.runtime.engine.quantize import whole_lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def size(book: Book, i: cython.long, sizing: cython.long, amount: cython.double) -> cython.longlong:
    """Lots of the draft's order, at its price and stop loss; 0 for an amount that is not positive or without a rate."""
    lots: cython.double
    if not is_rate_known(book, i):
        return 0
    if sizing == SIZE_QUANTITY:
        lots = amount / book.step[i]
    elif sizing == SIZE_NOTIONAL:
        lots = over(amount * book.quanta_per_money, lot_value(book, i))
    else:
        lots = over(amount * book.quanta_per_money - 2.0 * book.setting[SETTING_FEE_PER_ORDER], lot_risk(book, i))
    return book.lots_max[i] + 1 if lots >= book.lots_max[i] + 1.0 else whole_lots(lots)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def over(money: cython.double, money_per_lot: cython.double) -> cython.double:
    """How many lots money is enough for; where a lot costs nothing, more than any instrument allows."""
    if money <= 0.0:
        return 0.0
    return money / money_per_lot if money_per_lot > 0.0 else 1e18


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lot_value(book: Book, i: cython.long) -> cython.double:
    """What one lot is worth at the draft's price, in quanta of the account's currency."""
    return fabs(book.draft_price * 1.0) * book.tick_value[i] * rate_at(book, i, book.draft_price)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lot_risk(book: Book, i: cython.long) -> cython.double:
    """What one lot loses from the draft's price to its stop loss, with commission and slippage of both ways, in quanta.

    Minimum commissions are left out: they do not grow with the quantity.
    """
    value: cython.double = lot_value(book, i)
    tick: cython.double = book.tick_value[i] * rate_at(book, i, book.draft_loss)
    loss: cython.double = fabs((book.draft_price - book.draft_loss) * 1.0) * tick
    fees: cython.double = book.fee_per_lot[i] + book.setting[SETTING_FEE_RATE] * value
    slip: cython.double = book.setting[SETTING_SLIP_TICKS] * tick + book.setting[SETTING_SLIP_RATE] * value
    return loss + 2.0 * (fees + slip) + exchange_per_lot(book, i, value, loss)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exchange_per_lot(book: Book, i: cython.long, value: cython.double, loss: cython.double) -> cython.double:
    """What exchanging a lot's money costs: its value on both ways where purchases are paid, else its loss."""
    if book.currency[i] == 0:
        return 0.0
    return book.conversion_cost * (2.0 * value if pays_in_full(book) and book.converts else loss)
