"""Ladders: entries that rest at several prices of one rule, each a level that is idle, working or held.

What a level is doing is nowhere written down but in the orders and legs that carry its number (from 1, over the whole
program), so it cannot be forgotten, counted twice or be at odds with the account: it works while an order of its number
does, is held while a leg of its number is open, and is idle else. Only an idle level is given an order. A level's leg
has the target of its entry, so that what is sold there is what was bought.

Levels are placed between two prices, counted from the lower; the nearest to the market is asked for first.
"""

from __future__ import annotations

from math import fabs, pow

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    DENIED_CONTRACT_OVER,
    DENIED_HALTED,
    DENIED_NO_ENTRIES,
    DENIED_OUTSIDE_HOURS,
    DENIED_TIME_OVER,
    DENIED_UNKNOWN_VALUE,
    KIND_LIMIT,
    LEG_HAS_TARGET,
    LEG_LEVEL,
    LEG_TARGET,
    ORDER_KIND,
    ORDER_LEVEL,
    ORDER_LIMIT,
    ORDER_SIDE,
    ORDER_STATUS,
    PRICE_MAX,
    SPACING_GEOMETRIC,
    STATUS_WORKING,
    TARGET_NEXT_LEVEL,
    TARGET_PRICE,
    TRAIL_NONE,
)
from stratc.runtime.engine.legs import leg_at
from stratc.runtime.engine.logs import deny
from stratc.runtime.engine.orders import enter, to_ticks
from stratc.runtime.engine.slots import is_exit, order_at
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lay_levels(
    book: Book,
    number: cython.longlong,
    count: cython.long,
    spacing: cython.long,
    first_price: cython.double,
    last_price: cython.double,
) -> cython.void:
    """The levels of the next `enter_levels`: `count` (2 or more) from price to price, numbered from `number` on."""
    book.level_number = number
    book.level_count = count
    book.level_spacing = spacing
    book.level_low = first_price if first_price < last_price else last_price
    book.level_high = last_price if first_price < last_price else first_price


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def enter_levels(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    rule: cython.long,
    side: cython.long,
    sizing: cython.long,
    amount: cython.double,
    at_most_kind: cython.long,
    at_most: cython.double,
    stop_kind: cython.long,
    stop_loss: cython.double,
    target_kind: cython.long,
    target: cython.double,
    life: cython.long,
    life_value: cython.long,
) -> cython.long:
    """Rest an entry at a limit on every idle level that the market is beyond; gives how many orders that made.

    The levels are those of `lay_levels`, the rest is as `enter` has it, for each level alone: how its stop trails and
    that its shares are located too. TARGET_NEXT_LEVEL is the next level up, of a short sale down: one level has none.
    """
    n: cython.long
    k: cython.long
    done: cython.long
    placed: cython.long = 0
    no: cython.bint = False
    steps: cython.long = book.level_count - 1 if target_kind == TARGET_NEXT_LEVEL else book.level_count
    trail_kind: cython.long = book.next_trail_kind
    located: cython.bint = book.next_located
    say_of_entry(book, TRAIL_NONE, no)
    if book.marked[i] == 0 or not are_levels_usable(book):
        return deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
    for n in range(steps):
        k = steps - 1 - n if side > 0 else book.level_count - steps + n
        if not is_level_wanted(book, i, side, k):
            continue
        say_of_entry(book, trail_kind, located)
        book.next_level = book.level_number + k
        book.next_same_tick = falls_together(book, i, side, k)
        done = enter(
            book,
            strategy,
            i,
            rule,
            side,
            sizing,
            amount,
            at_most_kind,
            at_most,
            KIND_LIMIT,
            level_price(book, k),
            0.0,
            stop_kind,
            stop_loss,
            TARGET_PRICE if target_kind == TARGET_NEXT_LEVEL else target_kind,
            level_price(book, k + side) if target_kind == TARGET_NEXT_LEVEL else target,
            life,
            life_value,
            0,
            no,
        )
        if done < 0 and denies_the_moment(done):
            return placed
        placed += done >= 0
    return placed


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def say_of_entry(book: Book, trail_kind: cython.long, located: cython.bint) -> cython.void:
    """How the stop of the next entry trails (its distance stays said), and whether its shares are located."""
    book.next_trail_kind = trail_kind
    book.next_located = located


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def are_levels_usable(book: Book) -> cython.bint:
    """Whether both ends are known, and above nought where each step is a multiple of the one before."""
    if not (fabs(book.level_low) < PRICE_MAX and fabs(book.level_high) < PRICE_MAX):
        return False
    return book.level_spacing != SPACING_GEOMETRIC or book.level_low > 0.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def level_price(book: Book, k: cython.long) -> cython.double:
    """The price of the level `k` steps above the lowest; not yet on the ticks."""
    part: cython.double = k * 1.0 / (book.level_count - 1)
    if k == book.level_count - 1:
        return book.level_high
    if book.level_spacing == SPACING_GEOMETRIC:
        return book.level_low * pow(book.level_high / book.level_low, part)
    return book.level_low + (book.level_high - book.level_low) * part


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_level_wanted(book: Book, i: cython.long, side: cython.long, k: cython.long) -> cython.bint:
    """Whether a level is idle, the market beyond it, and no order of our own in its way."""
    ticks: cython.longlong = to_ticks(book, i, level_price(book, k), side < 0)
    if side * (book.mark[i] - ticks) <= 0:
        return False
    return is_level_idle(book, i, book.level_number + k) and not meets_own_order(book, i, side, ticks)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_level_idle(book: Book, i: cython.long, level: cython.longlong) -> cython.bint:
    """Whether neither a working order nor an open leg is the level's."""
    slot: cython.long
    k: cython.long
    at: cython.long
    found: cython.long = 0
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if book.order[at + ORDER_STATUS] == STATUS_WORKING and book.order[at + ORDER_LEVEL] == level:
            found += 1
    for k in range(book.legs[i]):
        if book.leg[leg_at(book, i, k) + LEG_LEVEL] == level:
            found += 1
    return found == 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def meets_own_order(book: Book, i: cython.long, side: cython.long, ticks: cython.longlong) -> cython.bint:
    """Whether an order at this limit could trade with a target or an exit of ours that rests: that is no trade."""
    slot: cython.long
    k: cython.long
    at: cython.long
    if side * book.position[i] <= 0:
        return False
    for k in range(book.legs[i]):
        at = leg_at(book, i, k)
        if book.leg[at + LEG_HAS_TARGET] != 0 and side * (book.leg[at + LEG_TARGET] - ticks) <= 0:
            return True
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if not is_exit(book, at) or book.order[at + ORDER_KIND] != KIND_LIMIT:
            continue
        if book.order[at + ORDER_SIDE] == -side and side * (book.order[at + ORDER_LIMIT] - ticks) <= 0:
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def falls_together(book: Book, i: cython.long, side: cython.long, k: cython.long) -> cython.bint:
    """Whether a level and the next one, up for a purchase and down for a short sale, are rounded to the same tick."""
    other: cython.long = k + side
    if other < 0 or other >= book.level_count:
        return False
    return to_ticks(book, i, level_price(book, k), side < 0) == to_ticks(book, i, level_price(book, other), side < 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def denies_the_moment(done: cython.long) -> cython.bint:
    """Whether an entry was denied for the moment's sake: then every other level would be too, and once is enough."""
    return -done in (
        DENIED_HALTED,
        DENIED_CONTRACT_OVER,
        DENIED_OUTSIDE_HOURS,
        DENIED_NO_ENTRIES,
        DENIED_TIME_OVER,
        DENIED_UNKNOWN_VALUE,
    )
