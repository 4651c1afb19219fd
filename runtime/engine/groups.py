"""Shared limits: what an instrument, its group, or all instruments on one side may hold, in units and in money.

A unit is one entry: an open leg or a working entry. Everything is counted at its worst case, as if every opening of
that side filled and no exit did; an instrument without a group shares its group's limits with nobody.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    ORDER_SIDE,
    SETTING_CAP_GROUP_MONEY,
    SETTING_CAP_GROUP_RATIO,
    SETTING_CAP_GROUP_UNITS,
    SETTING_CAP_SIDE_MONEY,
    SETTING_CAP_SIDE_RATIO,
    SETTING_CAP_SIDE_UNITS,
    SETTING_CAP_UNITS,
)
from stratc.runtime.engine.exposure import exposure_of, side_exposure, worst_value
from stratc.runtime.engine.quantize import exceeds
from stratc.runtime.engine.slots import is_entry, order_at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def shares_group(book: Book, j: cython.long, i: cython.long) -> cython.bint:
    """Whether instrument `j` is `i` or in its group."""
    return j == i or (book.group_of[i] != 0 and book.group_of[j] == book.group_of[i])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def units_on(book: Book, j: cython.long, side: cython.long) -> cython.longlong:
    """Open legs and working entries of instrument `j` on one side."""
    slot: cython.long
    at: cython.long
    units: cython.longlong = book.legs[j] if side * book.position[j] > 0 else 0
    if book.working_entries[j] == 0:
        return units
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
            units += 1
    return units


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_units_cap(book: Book, i: cython.long) -> cython.bint:
    """Units on the draft's side, the draft among them: of the instrument, of its group, of all."""
    j: cython.long
    found: cython.longlong
    own: cython.double = book.setting[SETTING_CAP_UNITS]
    shared: cython.double = book.setting[SETTING_CAP_GROUP_UNITS]
    together: cython.double = book.setting[SETTING_CAP_SIDE_UNITS]
    in_group: cython.longlong = 1
    in_all: cython.longlong = 1
    if own < 0.0 and shared < 0.0 and together < 0.0:
        return False
    if own >= 0.0 and units_on(book, i, book.draft_side) + 1 > own:
        return True
    for j in range(book.instruments):
        found = units_on(book, j, book.draft_side)
        in_all += found
        if shares_group(book, j, i):
            in_group += found
    return (shared >= 0.0 and in_group > shared) or (together >= 0.0 and in_all > together)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def group_exposure(book: Book, i: cython.long) -> cython.longlong:
    """The larger sides of all instruments in the group of `i`, with the draft, in quanta."""
    j: cython.long
    exposure: cython.longlong = 0
    for j in range(book.instruments):
        if shares_group(book, j, i):
            exposure += exposure_of(book, j, i)
    return exposure


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def one_side_exposure(book: Book, i: cython.long) -> cython.longlong:
    """All instruments on the draft's side, with the draft, in quanta."""
    j: cython.long
    exposure: cython.longlong = worst_value(book, i, book.draft_lots, book.draft_price)
    for j in range(book.instruments):
        exposure += side_exposure(book, j, book.draft_side)
    return exposure


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_shared_cap(book: Book, i: cython.long) -> cython.bint:
    """`cap position … per group` and `… per side`: a share of equity or money."""
    group_ratio: cython.double = book.setting[SETTING_CAP_GROUP_RATIO]
    group_money: cython.double = book.setting[SETTING_CAP_GROUP_MONEY]
    side_ratio: cython.double = book.setting[SETTING_CAP_SIDE_RATIO]
    side_money: cython.double = book.setting[SETTING_CAP_SIDE_MONEY]
    if group_ratio >= 0.0 and exceeds(group_exposure(book, i), group_ratio * book.equity):
        return True
    if group_money >= 0.0 and exceeds(group_exposure(book, i), group_money):
        return True
    if side_ratio >= 0.0 and exceeds(one_side_exposure(book, i), side_ratio * book.equity):
        return True
    return side_money >= 0.0 and exceeds(one_side_exposure(book, i), side_money)
