"""Facts that a book is told before a run: how its instruments are held, what sector they are of, what will happen,
what is paid in and taken out.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    EVENT_INSTRUMENT,
    EVENT_NEXT,
    EVENT_WIDTH,
    ROLL_INSTRUMENT,
    ROLL_KIND,
    ROLL_NEW,
    ROLL_OLD,
    ROLL_ROW,
    ROLL_WIDTH,
)
from stratc.runtime.engine.memory import real_numbers, release, release_reals, whole_numbers


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


def set_notional_min(book: Book, i: cython.long, quanta: cython.longlong) -> None:
    """What an opening order must be worth at least, in quanta of the instrument's currency."""
    book.notional_min[i] = quanta


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


def begin_rolls(book: Book, count: cython.long) -> None:
    """Make room for so many rolls; `announce_roll` then names them in the order of rows, each before its row comes."""
    release(book.roll)
    release_reals(book.roll_signal)
    book.roll = whole_numbers(count * ROLL_WIDTH)
    book.roll_signal = real_numbers(count * 2)


def announce_roll(
    book: Book,
    i: cython.long,
    row: cython.longlong,
    kind: cython.long,
    old: cython.longlong,
    new: cython.longlong,
    shift: cython.double,
    scale: cython.double,
) -> None:
    """Instrument `i` leaves its contract at row `row`, with ROLL_ON for one at `new` ticks where it is at `old`.

    `shift` and `scale` are those of its signal prices from that row on. A row before the first only sets these.
    """
    at: cython.long = book.rolls * ROLL_WIDTH
    if row < 0:
        book.signal_shift[i] = shift
        book.signal_scale[i] = scale
        return
    book.roll[at + ROLL_ROW] = row
    book.roll[at + ROLL_INSTRUMENT] = i
    book.roll[at + ROLL_KIND] = kind
    book.roll[at + ROLL_OLD] = old
    book.roll[at + ROLL_NEW] = new
    book.roll_signal[2 * book.rolls] = shift
    book.roll_signal[2 * book.rolls + 1] = scale
    book.rolls += 1
    if book.rolls == book.rolls_done + 1:
        book.roll_row = row


def set_flows(book: Book, table: list[int]) -> None:
    """Money that was paid in, or taken out below nought: pairs of a row, the last of its moment, and quanta, in order.

    The flows that the text plans are then not booked: the table is what happened. Once all of a table are booked
    another may follow.
    """
    n: cython.long
    release(book.flow)
    book.flow = whole_numbers(len(table))
    for n in range(len(table)):
        book.flow[n] = table[n]
    book.flows = len(table) // 2
    book.flow_next = 0
    book.flow_row = table[0] if book.flows > 0 else -1
    book.plans_flows = False
