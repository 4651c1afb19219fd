"""Facts that a book is told before a run: how its instruments are held, what sector they are of, what will happen."""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import EVENT_INSTRUMENT, EVENT_NEXT, EVENT_WIDTH
from stratc.runtime.engine.memory import release, whole_numbers


def set_holding(
    book: Book, i: cython.long, signal_prices: cython.long, restrictable: cython.long, borrow_rate: cython.longlong
) -> None:
    """Which prices the signals of `i` read (PRICES_), whether its short sales are restricted after a fall, and
    what borrowing it costs, in millionths of its value a year, until an event says otherwise.
    """
    book.signal_prices[i] = signal_prices
    book.restrictable[i] = restrictable
    book.borrow_rate[i] = borrow_rate


def set_sector(book: Book, i: cython.long, number: cython.long) -> None:
    """Instruments of one number, from 1, are of one sector; until it is said, each is alone."""
    book.sector[i] = number


def set_events(book: Book, table: list[int]) -> None:
    """What will happen: EVENT_WIDTH numbers an event, in order of day; EVENT_NEXT is written here."""
    n: cython.long
    i: cython.long
    release(book.event)
    book.event = whole_numbers(len(table))
    for n in range(len(table)):
        book.event[n] = table[n]
    for i in range(book.instruments):
        book.event_next[i] = -1
    for n in range(len(table) // EVENT_WIDTH - 1, -1, -1):
        i = table[n * EVENT_WIDTH + EVENT_INSTRUMENT]
        book.event[n * EVENT_WIDTH + EVENT_NEXT] = book.event_next[i]
        book.event_next[i] = n
