"""Halts: tested at each moment's end on the marks; what they cancel, deny and flatten, and when they end.

A halt trips when equity is at or below its baseline less `threshold` of it (rounded half-even to a quantum). It is a
trigger, not a bound. While one is tripped the gate denies openings (HALTED); protections stay. `book.halt_floor` is the
highest equity at which an armed halt trips, so that the loop makes one comparison a moment. A halt without a baseline
has a condition instead, which the strategy asks before its rules (`halt_now`).
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    BASELINE_LAST_CLOSE,
    BASELINE_NONE,
    BASELINE_PEAK,
    HALT_BASELINE,
    HALT_FLATTEN,
    HALT_FLOOR,
    HALT_TIMES,
    HALT_TRIPPED,
    HALT_UNTIL,
    HALT_WIDTH,
    KIND_MARKET,
    LIFE_DAY,
    NO_FLOOR,
    ROLE_FLATTEN,
    RULE_NONE,
    STOP_NONE,
    TARGET_NONE,
    TOTAL_HALTS,
    UNTIL_NEXT_SESSION,
)
from stratc.runtime.engine.orders import draft, draft_price, draft_protection, place_exit
from stratc.runtime.engine.quantize import round_half_even
from stratc.runtime.engine.slots import cancel_entries, cancel_exits
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def set_floors(book: Book) -> cython.void:
    """Compute every armed halt's floor anew, and the highest of them."""
    k: cython.long
    at: cython.long
    base: cython.longlong
    book.halt_floor = NO_FLOOR
    book.peak_halts = False
    for k in range(book.halts):
        at = k * HALT_WIDTH
        if book.halt[at + HALT_TRIPPED] != 0 or book.halt[at + HALT_BASELINE] == BASELINE_NONE:
            continue
        base = baseline(book, book.halt[at + HALT_BASELINE])
        # All money was taken out: there is nothing to lose a part of until some comes.
        book.halt[at + HALT_FLOOR] = base - round_half_even(book.halt_threshold[k] * base) if base != 0 else NO_FLOOR
        if book.halt[at + HALT_FLOOR] > book.halt_floor:
            book.halt_floor = book.halt[at + HALT_FLOOR]
        if book.halt[at + HALT_BASELINE] == BASELINE_PEAK:
            book.peak_halts = True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def baseline(book: Book, which: cython.longlong) -> cython.longlong:
    """The equity that a halt compares with."""
    if which == BASELINE_LAST_CLOSE:
        return book.close_basis
    if which == BASELINE_PEAK:
        return book.peak
    return book.start_equity


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def trip_halts(book: Book, strategy: Strategy) -> cython.void:
    """Trip every armed halt whose floor is reached: cancel working entries, and flatten where one says so."""
    k: cython.long
    at: cython.long
    flattens: cython.bint = False
    for k in range(book.halts):
        at = k * HALT_WIDTH
        if book.halt[at + HALT_TRIPPED] != 0 or book.halt[at + HALT_BASELINE] == BASELINE_NONE:
            continue
        if book.equity <= book.halt[at + HALT_FLOOR]:
            trip(book, at)
            flattens = flattens or book.halt[at + HALT_FLATTEN] != 0
    stand_down(book, strategy, flattens)
    set_floors(book)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def halt_now(book: Book, strategy: Strategy, k: cython.long) -> cython.void:
    """The condition of halt `k` is true: trip it, unless it is tripped."""
    at: cython.long = k * HALT_WIDTH
    if book.halt[at + HALT_TRIPPED] == 0:
        trip(book, at)
        stand_down(book, strategy, book.halt[at + HALT_FLATTEN] != 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def trip(book: Book, at: cython.long) -> cython.void:
    """Note that the halt whose fields begin at `at` has tripped."""
    book.halt[at + HALT_TRIPPED] = 1
    book.halt[at + HALT_TIMES] += 1
    book.total[TOTAL_HALTS] += 1
    book.halted += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def stand_down(book: Book, strategy: Strategy, flattens: cython.bint) -> cython.void:
    """Cancel working entries, and exit positions where a halt that has tripped says so."""
    i: cython.long
    for i in range(book.instruments):
        cancel_entries(book, strategy, i)
        if flattens and book.position[i] != 0:
            flatten(book, strategy, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def bar_entries(book: Book, strategy: Strategy, i: cython.long, statement: cython.long) -> cython.void:
    """From here on the statement of this number (from 1) bars entries of `i`, and those that work are canceled; 0 ends
    it. Exits and protective orders go on."""
    book.barred[i] = statement
    if statement != 0 and book.working_entries[i] != 0:
        cancel_entries(book, strategy, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def flatten(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Exit the whole position at market in the instrument's next bar, in place of the exits that work."""
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    cancel_exits(book, strategy, i)
    draft(book, i, RULE_NONE, ROLE_FLATTEN, -1 if book.position[i] > 0 else 1, KIND_MARKET, LIFE_DAY, 0, 0)
    draft_protection(book, i, STOP_NONE, 0.0, TARGET_NONE, 0.0)
    draft_price(book, i, 0.0, 0.0)
    place_exit(book, strategy, i, held)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def end_session_halts(book: Book) -> cython.void:
    """Release the halts that last until the next session, which has begun."""
    k: cython.long
    at: cython.long
    for k in range(book.halts):
        at = k * HALT_WIDTH
        if book.halt[at + HALT_TRIPPED] != 0 and book.halt[at + HALT_UNTIL] == UNTIL_NEXT_SESSION:
            book.halt[at + HALT_TRIPPED] = 0
            book.halted -= 1
