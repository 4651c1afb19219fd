"""Stop losses and targets in a bar: what the open has passed fills at the open, else the stop loss comes first.

A leg's bar has a worst end and a best end; which of the two was first, a bar does not say, so the worst was. A stop
that trails the price was at its place before the bar; when the bar is over, `follow` moves it to the bar's best price.
"""

from __future__ import annotations

from math import isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    LEG_BAR,
    LEG_BEST,
    LEG_HAS_STOP,
    LEG_HAS_TARGET,
    LEG_STOP,
    LEG_TARGET,
    LEG_TRAIL_KIND,
    LEG_WHOLE_BAR,
    ROLE_STOP_LOSS,
    ROLE_TARGET,
    TRAIL_NONE,
)
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.ledger import fill_protection
from stratc.runtime.engine.legs import leg_at
from stratc.runtime.engine.pricing import against, meets, must_keep, passes, slipped
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.trailing import tighten


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_protections(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    open_x: cython.double,
    high_x: cython.double,
    low_x: cython.double,
) -> cython.void:
    """Fill the stop losses and targets that the bar reaches; every fill may renumber the legs, so begin again."""
    k: cython.long = 0
    side: cython.longlong = -1 if book.position[i] > 0 else 1
    if must_keep(book, i, side):
        return
    while k < book.legs[i]:
        if fill_leg(book, strategy, i, k, side, open_x, low_x if side < 0 else high_x, high_x if side < 0 else low_x):
            k = 0
        else:
            k += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_leg(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    k: cython.long,
    side: cython.longlong,
    open_x: cython.double,
    worst: cython.double,
    best: cython.double,
) -> cython.bint:
    """Fill a leg's stop loss or target; `side` is that of its exit, `worst` and `best` the bar's ends for the leg."""
    at: cython.long = leg_at(book, i, k)
    stop: cython.longlong = book.leg[at + LEG_STOP]
    target: cython.longlong = book.leg[at + LEG_TARGET]
    stopped: cython.bint = book.leg[at + LEG_HAS_STOP] != 0 and passes(side, worst, stop)
    gained: cython.bint = book.leg[at + LEG_HAS_TARGET] != 0 and meets(book, side, best, target)
    if gained and (not stopped or meets(book, side, open_x, target)):
        fill_target(book, strategy, i, k, side, open_x, target)
        return True
    if stopped:
        fill_stop(book, strategy, i, k, side, open_x, stop)
        return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_target(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    k: cython.long,
    side: cython.longlong,
    open_x: cython.double,
    target: cython.longlong,
) -> cython.void:
    """At the target, or at an open that is better."""
    ticks: cython.longlong = against(side, open_x) if meets(book, side, open_x, target) else target
    fill_protection(book, strategy, i, k, ROLE_TARGET, ticks, ticks)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_stop(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    k: cython.long,
    side: cython.longlong,
    open_x: cython.double,
    stop: cython.longlong,
) -> cython.void:
    """At the stop, or at an open that is beyond it, with slippage."""
    x: cython.double = open_x if passes(side, open_x, stop) else stop * 1.0
    fill_protection(book, strategy, i, k, ROLE_STOP_LOSS, slipped(book, side, x), against(side, x))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def follow(book: Book, strategy: Strategy, columns: Columns, r: cython.long, i: cython.long) -> cython.void:
    """The bar is over: stops that trail follow its best price, and one that its close is beyond was certainly reached.

    Where in the bar, nobody knows, so that one fills at the close, which is worse than the stop. Every fill may
    renumber the legs, so begin again: nothing follows twice.
    """
    k: cython.long = 0
    close_x: cython.double = columns.close[r] * book.ticks_per_unit[i]
    side: cython.longlong = -1 if book.position[i] > 0 else 1
    best: cython.double = columns.high[r] if side < 0 else columns.low[r]
    while k < book.legs[i]:
        follow_leg(book, i, leg_at(book, i, k), side, best * book.ticks_per_unit[i], close_x)
        if is_left_behind(book, i, k, side, close_x):
            fill_protection(book, strategy, i, k, ROLE_STOP_LOSS, slipped(book, side, close_x), against(side, close_x))
            k = 0
        else:
            k += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def follow_leg(
    book: Book, i: cython.long, at: cython.long, side: cython.longlong, best: cython.double, close_x: cython.double
) -> cython.void:
    """Of the bar in which a leg was opened after the open, only the close is known to be later than the entry."""
    ticks: cython.longlong
    seen: cython.double = best
    if book.leg[at + LEG_BAR] == book.bars[i] and book.leg[at + LEG_WHOLE_BAR] == 0:
        seen = close_x
    if book.leg[at + LEG_TRAIL_KIND] == TRAIL_NONE or isnan(seen):
        return
    ticks = against(side, seen)
    if side * (ticks - book.leg[at + LEG_BEST]) < 0:
        book.leg[at + LEG_BEST] = ticks
        tighten(book, at)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_left_behind(
    book: Book, i: cython.long, k: cython.long, side: cython.longlong, close_x: cython.double
) -> cython.bint:
    """Whether the close is beyond a trailing leg's stop."""
    at: cython.long = leg_at(book, i, k)
    if book.leg[at + LEG_TRAIL_KIND] == TRAIL_NONE or isnan(close_x) or must_keep(book, i, side):
        return False
    return passes(side, close_x, book.leg[at + LEG_STOP])
