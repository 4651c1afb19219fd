"""Caps that say `then reduce`: what the market moved beyond them is brought back by orders at market.

Tested at the end of each moment, after the rules have decided. A position counts at its mark, without what leaves it at
market already; working openings were tested when they were ordered, and are no drift. Of several positions under one
cap each is reduced in the same proportion, rounded to fewer lots, and what would add to them is canceled.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    BUY,
    KIND_LIMIT,
    KIND_MARKET,
    LIFE_DAY,
    ORDER_KIND,
    ORDER_LOTS,
    ORDER_SIDE,
    ROLE_REDUCE,
    RULE_NONE,
    SELL,
    SETTING_REDUCE_GROSS_MONEY,
    SETTING_REDUCE_GROSS_RATIO,
    SETTING_REDUCE_GROUP_MONEY,
    SETTING_REDUCE_GROUP_RATIO,
    SETTING_REDUCE_LEVERAGE,
    SETTING_REDUCE_POSITION_MONEY,
    SETTING_REDUCE_POSITION_RATIO,
    SETTING_REDUCE_POSITION_UNITS,
    SETTING_REDUCE_SIDE_MONEY,
    SETTING_REDUCE_SIDE_RATIO,
    STATUS_CANCELED,
    STOP_NONE,
    TARGET_NONE,
    UNDER_CAP_ALL,
    UNDER_CAP_GROUP,
    UNDER_CAP_ONE,
    UNDER_CAP_SIDE,
)
from stratc.runtime.engine.exposure import worst_value
from stratc.runtime.engine.groups import shares_group
from stratc.runtime.engine.orders import draft, draft_price, draft_protection, place_exit
from stratc.runtime.engine.quantize import exceeds, whole_lots
from stratc.runtime.engine.slots import (
    cancel_resting_exits,
    end_order,
    is_entry,
    is_exit,
    order_at,
    working_exit_lots,
)
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def reduce_to_caps(book: Book, strategy: Strategy) -> cython.void:
    """Bring every position back that lies beyond a cap which says so: its own cap first, that of all together last."""
    i: cython.long
    one: cython.double
    group: cython.double
    side: cython.double
    whole: cython.double
    for i in range(book.instruments):
        if book.position[i] == 0:
            continue
        bring_back_units(book, strategy, i)
        one = tighter_of(book, SETTING_REDUCE_POSITION_RATIO, SETTING_REDUCE_POSITION_MONEY)
        bring_back(book, strategy, UNDER_CAP_ONE, i, one)
        group = tighter_of(book, SETTING_REDUCE_GROUP_RATIO, SETTING_REDUCE_GROUP_MONEY)
        bring_back(book, strategy, UNDER_CAP_GROUP, i, group)
    side = tighter_of(book, SETTING_REDUCE_SIDE_RATIO, SETTING_REDUCE_SIDE_MONEY)
    bring_back(book, strategy, UNDER_CAP_SIDE, BUY, side)
    bring_back(book, strategy, UNDER_CAP_SIDE, SELL, side)
    whole = tighter_of(book, SETTING_REDUCE_GROSS_RATIO, SETTING_REDUCE_GROSS_MONEY)
    bring_back(book, strategy, UNDER_CAP_ALL, 0, whole)
    bring_back(book, strategy, UNDER_CAP_ALL, 0, share_of_equity(book, SETTING_REDUCE_LEVERAGE))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def share_of_equity(book: Book, setting: cython.long) -> cython.double:
    """The bound of a cap that is a share of equity, in quanta; -1 where there is none, nought where equity is gone."""
    if book.setting[setting] < 0.0:
        return -1.0
    return book.setting[setting] * book.equity if book.equity > 0 else 0.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def tighter_of(book: Book, share: cython.long, money: cython.long) -> cython.double:
    """The tighter of a cap as a share of equity and one in money, in quanta; -1 where there is neither."""
    bound: cython.double = share_of_equity(book, share)
    if book.setting[money] >= 0.0 and (bound < 0.0 or book.setting[money] < bound):
        return book.setting[money]
    return bound


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def bring_back(
    book: Book, strategy: Strategy, under: cython.long, key: cython.long, bound: cython.double
) -> cython.void:
    """Reduce the positions under one cap in the same proportion."""
    j: cython.long
    kept: cython.double
    value: cython.longlong = 0
    if bound < 0.0:
        return
    for j in range(book.instruments):
        if is_under(book, j, under, key):
            value += worst_value(book, j, staying(book, j), book.mark[j])
    if not exceeds(value, bound):
        return
    kept = bound / value
    for j in range(book.instruments):
        if is_under(book, j, under, key):
            keep_lots(book, strategy, j, whole_lots(staying(book, j) * kept))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def bring_back_units(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """`cap position 100 shares, then reduce`: a split, or a position that was taken over, may be beyond it."""
    units: cython.double = book.setting[SETTING_REDUCE_POSITION_UNITS]
    if units >= 0.0 and exceeds(staying(book, i) * book.step[i], units):
        keep_lots(book, strategy, i, whole_lots(units / book.step[i]))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_under(book: Book, j: cython.long, under: cython.long, key: cython.long) -> cython.bint:
    """Whether the position of instrument `j` counts: all, those of the side or in the group of `key`, or `key` only."""
    if book.position[j] == 0:
        return False
    if under == UNDER_CAP_SIDE:
        return key * book.position[j] > 0
    if under == UNDER_CAP_GROUP:
        return shares_group(book, j, key)
    return under == UNDER_CAP_ALL or j == key


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def staying(book: Book, j: cython.long) -> cython.longlong:
    """Lots of the position without those that working exits close without waiting for a price."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = book.position[j] if book.position[j] > 0 else -book.position[j]
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_exit(book, at) and book.order[at + ORDER_KIND] < KIND_LIMIT:
            lots -= book.order[at + ORDER_LOTS]
    return lots if lots > 0 else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def keep_lots(book: Book, strategy: Strategy, j: cython.long, kept: cython.longlong) -> cython.void:
    """Exit what is more than the lots to keep, oldest tax lots first; exits that wait for a price give way."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = staying(book, j) - kept
    held: cython.longlong = book.position[j] if book.position[j] > 0 else -book.position[j]
    if lots <= 0:
        return
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] * book.position[j] > 0:
            end_order(book, strategy, j, slot, STATUS_CANCELED)
    if lots > held - working_exit_lots(book, j):
        cancel_resting_exits(book, strategy, j)
    draft(book, j, RULE_NONE, ROLE_REDUCE, -1 if book.position[j] > 0 else 1, KIND_MARKET, LIFE_DAY, 0, 0)
    draft_protection(book, j, STOP_NONE, 0.0, TARGET_NONE, 0.0)
    draft_price(book, j, 0.0, 0.0)
    place_exit(book, strategy, j, lots)
