"""From intent to order: sizes an entry, asks the gate, and puts what is approved among the working orders.

Amounts and prices come as doubles, nan where unknown; an unknown never makes an order. `enter` and `exit_position` give
the slot of the new order (from 0), minus a DENIED_ code, or NO_ORDER where there was nothing to do.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def enter(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    rule: cython.long,
    side: cython.long,
    sizing: cython.long,
    amount: cython.double,
    at_most_kind: cython.long,
    at_most: cython.double,
    order_kind: cython.long,
    limit_price: cython.double,
    stop_price: cython.double,
    stop_kind: cython.long,
    stop_loss: cython.double,
    target_kind: cython.long,
    target: cython.double,
    life: cython.long,
    life_value: cython.long,
    group: cython.longlong,
    reverse: cython.bint,
) -> cython.long:
    """Open or add to a position of instrument `i` for `rule`.

    `side` BUY or SELL; `sizing` and `amount` (and `at_most_kind`, SIZE_NONE where not said): SIZE_QUANTITY in units,
    SIZE_NOTIONAL and SIZE_RISK in money. `limit_price` and `stop_price` are read where `order_kind` needs them.
    `stop_kind` STOP_NONE or STOP_PRICE; `target_kind` TARGET_NONE, TARGET_PRICE, TARGET_DISTANCE (price units) or
    TARGET_R_MULTIPLE. `life` LIFE_DAY …; `life_value` bars of LIFE_BARS, bit of `book.ends` of LIFE_UNTIL, else 0.
    `group` 0, or the number from `next_group` that the entries of a `one of` share. With `reverse` an opposite position
    is first exited at market, as an order of its own.
    """
    raise NotImplementedError


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exit_position(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    rule: cython.long,
    portion_kind: cython.long,
    portion: cython.double,
    order_kind: cython.long,
    limit_price: cython.double,
    stop_price: cython.double,
) -> cython.long:
    """Reduce the position of `i`: PORTION_ALL, PORTION_FRACTION of it, or PORTION_QUANTITY in units.

    Clipped to the position less working exits and never denied by a cap or for cash; only an unknown portion or price
    is (UNKNOWN_VALUE). NO_ORDER where nothing is left to exit. `exit all` at market replaces exits that rest.
    """
    raise NotImplementedError


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_group(book: Book) -> cython.longlong:
    """A new number for the entries of a `one of`: the first that fills cancels the others."""
    book.groups += 1
    return book.groups


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def rule_may_enter(
    book: Book, i: cython.long, rule: cython.long, count_max: cython.long, period: cython.long, across: cython.bint
) -> cython.bint:
    """Whether `rule` may enter once more in this period; to be asked each time before the entries of a limited rule.

    Counts filled, working and unknown-outcome entries of the rule, a `one of` once, on `i` or across instruments. The
    answer is remembered: after a no, the entries of this rule that follow are denied with RULE_LIMIT in its place.
    """
    raise NotImplementedError
