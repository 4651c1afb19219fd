"""Trailing stops: from what an entry says to a leg's stop loss that follows the best price since the entry.

The distance is fixed with the order: ticks, a share of the best price, or a multiple of the initial risk (the last two
in billionths). A leg's stop is the tighter of its stop loss and the best price less the distance, rounded away from the
market, and never loosens. `protection.follow` moves it, once a bar.
"""

from __future__ import annotations

from math import fabs, isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    LEG_BEST,
    LEG_HAS_STOP,
    LEG_RISK,
    LEG_SIDE,
    LEG_STOP,
    LEG_TRAIL,
    LEG_TRAIL_KIND,
    ROLE_ENTRY,
    TRAIL_DISTANCE,
    TRAIL_NONE,
    TRAIL_R_MULTIPLE,
    TRAIL_RATE,
)
from stratc.runtime.engine.quantize import round_down, round_half_even, round_up


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def trail_next_entry(book: Book, kind: cython.long, amount: cython.double) -> cython.void:
    """Say how the stop of the entry that follows trails: TRAIL_DISTANCE in price units, TRAIL_RATE a fraction of the
    best price, TRAIL_R_MULTIPLE of the initial risk; nan, unknown, denies it."""
    book.next_trail_kind = kind
    book.next_trail = amount


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def draft_trail(book: Book, i: cython.long) -> cython.bint:
    """Take what was said for this draft, where it is an entry; whether it is known."""
    x: cython.double = book.next_trail
    book.draft_trail_kind = TRAIL_NONE
    if book.draft_role != ROLE_ENTRY or book.next_trail_kind == TRAIL_NONE:
        return True
    book.draft_trail_kind = book.next_trail_kind
    book.next_trail_kind = TRAIL_NONE
    book.draft_trail = 0
    if isnan(x):
        return False
    x *= book.ticks_per_unit[i] / book.signal_scale[i] if book.draft_trail_kind == TRAIL_DISTANCE else 1e9
    if fabs(x) > (book.ticks_max[i] * 1.0 if book.draft_trail_kind == TRAIL_DISTANCE else 1e15):
        book.draft_beyond = True
    else:
        book.draft_trail = round_up(x) if book.draft_trail_kind == TRAIL_DISTANCE else round_half_even(x)
    return book.draft_trail_kind != TRAIL_R_MULTIPLE or book.draft_has_loss


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def drafted_distance(book: Book) -> cython.double:
    """How far the draft's trailing stop lies from its own price, in ticks."""
    if book.draft_trail_kind == TRAIL_DISTANCE:
        return book.draft_trail * 1.0
    if book.draft_trail_kind == TRAIL_RATE:
        return fabs(book.draft_price * 1.0) * (book.draft_trail / 1e9)
    return fabs((book.draft_price - book.draft_loss) * 1.0) * (book.draft_trail / 1e9)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def begin_trail(book: Book, at: cython.long, kind: cython.longlong, amount: cython.longlong) -> cython.void:
    """Begin to trail a new leg, whose best price is its entry's; a multiple of its risk is a distance from now on."""
    if kind == TRAIL_R_MULTIPLE:
        kind = TRAIL_DISTANCE
        amount = round_up(book.leg[at + LEG_RISK] * (amount / 1e9))
    book.leg[at + LEG_TRAIL_KIND] = kind
    book.leg[at + LEG_TRAIL] = amount
    if kind != TRAIL_NONE:
        tighten(book, at)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def tighten(book: Book, at: cython.long) -> cython.void:
    """Bring a leg's stop loss to its distance from the best price, where that is tighter."""
    side: cython.longlong = book.leg[at + LEG_SIDE]
    best: cython.double = book.leg[at + LEG_BEST]
    distance: cython.double = book.leg[at + LEG_TRAIL]
    if book.leg[at + LEG_TRAIL_KIND] == TRAIL_RATE:
        distance = fabs(best) * (distance / 1e9)
    stop: cython.longlong = round_down(best - distance) if side > 0 else round_up(best + distance)
    if book.leg[at + LEG_HAS_STOP] == 0 or side * (stop - book.leg[at + LEG_STOP]) > 0:
        book.leg[at + LEG_HAS_STOP] = 1
        book.leg[at + LEG_STOP] = stop
