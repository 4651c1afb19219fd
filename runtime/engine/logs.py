"""The engine's logs: tables of whole numbers that grow, one function a log that gives the place of its next row.

Where the machine has no memory left the last row is written over and `book.failure` is set; the loop then stops with
MemoryError, so that no run ends with a log that silently lacks rows.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    CARRY_INSTRUMENT,
    CARRY_KIND,
    CARRY_LOTS,
    CARRY_QUANTA,
    CARRY_ROW,
    CARRY_WIDTH,
    CLOSING_WIDTH,
    DENIAL_GUARD,
    DENIAL_INSTRUMENT,
    DENIAL_REASON,
    DENIAL_ROW,
    DENIAL_RULE,
    DENIAL_WIDTH,
    DENIALS_KEPT,
    FILL_WIDTH,
    NOTE_INSTRUMENT,
    NOTE_ROW,
    NOTE_RULE,
    NOTE_WIDTH,
    PLACED_WIDTH,
)
from stratc.runtime.engine.memory import grown, is_missing


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_fill(book: Book) -> cython.long:
    """Where the next row of the fills begins."""
    more: cython.p_longlong
    if book.fill_count == book.fill_room:
        more = grown(book.fill_log, book.fill_room * FILL_WIDTH, 2 * book.fill_room * FILL_WIDTH)
        if is_missing(more):
            book.failure = True
            return (book.fill_count - 1) * FILL_WIDTH
        book.fill_log = more
        book.fill_room *= 2
    book.fill_count += 1
    return (book.fill_count - 1) * FILL_WIDTH


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_closing(book: Book) -> cython.long:
    """Where the next row of the closings begins: one for each part of a leg that a fill closed."""
    more: cython.p_longlong
    if book.closing_count == book.closing_room:
        more = grown(book.closing_log, book.closing_room * CLOSING_WIDTH, 2 * book.closing_room * CLOSING_WIDTH)
        if is_missing(more):
            book.failure = True
            return (book.closing_count - 1) * CLOSING_WIDTH
        book.closing_log = more
        book.closing_room *= 2
    book.closing_count += 1
    return (book.closing_count - 1) * CLOSING_WIDTH


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_placed(book: Book) -> cython.long:
    """Where the next row of the orders begins; its number is the order's id."""
    more: cython.p_longlong
    if book.order_count == book.order_room:
        more = grown(book.order_log, book.order_room * PLACED_WIDTH, 2 * book.order_room * PLACED_WIDTH)
        if is_missing(more):
            book.failure = True
            return (book.order_count - 1) * PLACED_WIDTH
        book.order_log = more
        book.order_room *= 2
    book.order_count += 1
    return (book.order_count - 1) * PLACED_WIDTH


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def deny(book: Book, i: cython.long, rule: cython.long, reason: cython.long, guard: cython.long) -> cython.long:
    """Count a denial, keep its row while there is room for DENIALS_KEPT, and give minus the reason."""
    more: cython.p_longlong
    at: cython.long
    book.denied[reason] += 1
    if book.denial_count >= DENIALS_KEPT:
        return -reason
    if book.denial_count == book.denial_room:
        more = grown(book.denial_log, book.denial_room * DENIAL_WIDTH, 2 * book.denial_room * DENIAL_WIDTH)
        if is_missing(more):
            book.failure = True
            return -reason
        book.denial_log = more
        book.denial_room *= 2
    at = book.denial_count * DENIAL_WIDTH
    book.denial_log[at + DENIAL_ROW] = book.row
    book.denial_log[at + DENIAL_INSTRUMENT] = i
    book.denial_log[at + DENIAL_RULE] = rule
    book.denial_log[at + DENIAL_REASON] = reason
    book.denial_log[at + DENIAL_GUARD] = guard
    book.denial_count += 1
    return -reason


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def write_note(book: Book, i: cython.long, rule: cython.long) -> cython.void:
    """Log that a rule fired which notes it, on instrument `i`."""
    more: cython.p_longlong
    at: cython.long
    if book.note_count == book.note_room:
        more = grown(book.note_log, book.note_room * NOTE_WIDTH, 2 * book.note_room * NOTE_WIDTH)
        if is_missing(more):
            book.failure = True
            return
        book.note_log = more
        book.note_room *= 2
    at = book.note_count * NOTE_WIDTH
    book.note_log[at + NOTE_ROW] = book.row
    book.note_log[at + NOTE_INSTRUMENT] = i
    book.note_log[at + NOTE_RULE] = rule
    book.note_count += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def write_carry(
    book: Book, i: cython.long, kind: cython.long, lots: cython.longlong, quanta: cython.longlong
) -> cython.void:
    """Log what holding `lots` of instrument `i` (-1: the account) paid, or cost below nought, in quanta."""
    more: cython.p_longlong
    at: cython.long
    if book.carry_count == book.carry_room:
        more = grown(book.carry_log, book.carry_room * CARRY_WIDTH, 2 * book.carry_room * CARRY_WIDTH)
        if is_missing(more):
            book.failure = True
            return
        book.carry_log = more
        book.carry_room *= 2
    at = book.carry_count * CARRY_WIDTH
    book.carry_log[at + CARRY_ROW] = book.row
    book.carry_log[at + CARRY_INSTRUMENT] = i
    book.carry_log[at + CARRY_KIND] = kind
    book.carry_log[at + CARRY_LOTS] = lots
    book.carry_log[at + CARRY_QUANTA] = quanta
    book.carry_count += 1
