"""Stop losses and targets in a bar: what the open has passed fills at the open, else the stop loss comes first.

A leg's bar has a worst end and a best end; which of the two was first, a bar does not say, so the worst was.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import LEG_HAS_STOP, LEG_HAS_TARGET, LEG_STOP, LEG_TARGET, ROLE_STOP_LOSS, ROLE_TARGET
from stratc.runtime.engine.ledger import fill_protection
from stratc.runtime.engine.legs import leg_at
from stratc.runtime.engine.pricing import against, meets, must_keep, passes, slipped
from stratc.runtime.engine.strategy import Strategy


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
