"""The logs while a run goes on: how many lines each has, and single lines of one, for whoever follows it row by row."""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    CARRY_WIDTH,
    CLOSING_WIDTH,
    DENIAL_WIDTH,
    FILL_WIDTH,
    LOG_CARRIES,
    LOG_CLOSINGS,
    LOG_DENIALS,
    LOG_NOTES,
    LOG_ORDERS,
    LOG_ROLLS,
    NOTE_WIDTH,
    PLACED_WIDTH,
    ROLL_WIDTH,
)


def log_counts(book: Book) -> list[int]:
    """How many lines each log has, in the order of their numbers."""
    return [
        book.fill_count,
        book.closing_count,
        book.order_count,
        book.denial_count,
        book.rolls_done,
        book.carry_count,
        book.note_count,
    ]


def log_lines(book: Book, which: cython.long, first: cython.long, last: cython.long) -> list[int]:
    """Lines `first` to `last` of a log, the last not included; both must be there."""
    k: cython.long
    memory: cython.p_longlong = book.fill_log
    width: cython.long = FILL_WIDTH
    if which == LOG_CLOSINGS:
        memory, width = book.closing_log, CLOSING_WIDTH
    elif which == LOG_ORDERS:
        memory, width = book.order_log, PLACED_WIDTH
    elif which == LOG_DENIALS:
        memory, width = book.denial_log, DENIAL_WIDTH
    elif which == LOG_ROLLS:
        memory, width = book.roll, ROLL_WIDTH
    elif which == LOG_CARRIES:
        memory, width = book.carry_log, CARRY_WIDTH
    elif which == LOG_NOTES:
        memory, width = book.note_log, NOTE_WIDTH
    told: list[int] = []
    for k in range(first * width, last * width):
        told.append(memory[k])
    return told
