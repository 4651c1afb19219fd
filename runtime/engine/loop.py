"""The loop: one row after another, and what one row does.

A row: a new trading day begins; the venue fills what worked; the mark and equity follow; the strategy takes the bar in.
At a moment's end: peak and halts, then the strategy decides and caps reduce. `process_row` is the whole step, the same
for a backtest's columns, a paper run and a live one. `run_rows` takes complete columns, in chunks, so that progress and
Ctrl-C work; `run_row` takes one bar, which lies where the caller has put it.
"""

from __future__ import annotations

from math import isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    RATE_AT_CLOSE,
    RATE_AT_OPEN,
    REMEMBERED_SESSIONS,
    ROW_DAY_SHIFT,
    ROW_FLAGS,
    ROW_INSTRUMENT_SHIFT,
    ROW_INSTRUMENTS,
    ROW_MOMENT_END,
    ROW_SESSION_END,
    STAND_FLAT,
)
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.corporate import apply_events
from stratc.runtime.engine.currency import accrue, hold, net_worth, take_rates
from stratc.runtime.engine.flows import take_flows
from stratc.runtime.engine.gone import close_gone
from stratc.runtime.engine.halts import end_session_halts, set_floors, stand_down, trip_halts
from stratc.runtime.engine.holding import charge_borrow, charge_margin
from stratc.runtime.engine.netting import net_orders
from stratc.runtime.engine.quantize import round_half_even
from stratc.runtime.engine.reducing import reduce_to_caps
from stratc.runtime.engine.restating import tell_again
from stratc.runtime.engine.rolling import leave_due, roll_due
from stratc.runtime.engine.short_sale import watch_fall
from stratc.runtime.engine.sleeves import note_sleeves_close, note_sleeves_peak
from stratc.runtime.engine.slots import expire_day, expire_until
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.venue import fill_bar


def run_rows(book: Book, strategy: Strategy, columns: Columns, first: cython.long, last: cython.long) -> None:
    """Process rows `first` to `last`, the last not included; raises MemoryError where a log could not grow."""
    r: cython.long
    if book.session < 0:
        set_floors(book)
    with cython.nogil:
        for r in range(first, last):
            process_row(book, strategy, columns, r, r)
    if book.failure:
        raise MemoryError("the logs of the run do not fit into memory")


def run_row(book: Book, strategy: Strategy, columns: Columns, number: cython.long, r: cython.long) -> int:
    """Process row `number` of the run, whose bar lies at `r` of the columns; gives how many lines the logs have then.

    Of the bars before nothing is read but what each instrument's last place holds, so that an instrument needs one
    place, unless its signals are restated: then bar `number` must lie at `number`. Orders that ended count as lines.
    """
    if book.session < 0:
        set_floors(book)
    process_row(book, strategy, columns, number, r)
    if book.failure:
        raise MemoryError("the logs of the run do not fit into memory")
    return (
        book.fill_count
        + book.order_count
        + book.ended_count
        + book.denial_count
        + book.carry_count
        + book.note_count
        + book.rolls_done
    )


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def process_row(book: Book, strategy: Strategy, columns: Columns, number: cython.long, r: cython.long) -> cython.void:
    """One bar of one instrument, and the moment's end where it is the last of its moment.

    `number` is what the row is called in logs and announcements, `r` where its values lie.
    """
    row: cython.longlong = columns.rows[r]
    day: cython.longlong = row >> ROW_DAY_SHIFT
    i: cython.long = (row >> ROW_INSTRUMENT_SHIFT) & ROW_INSTRUMENTS
    flags: cython.long = row & ROW_FLAGS
    book.row = number
    book.place = r
    book.open_price = columns.open[r]
    if number == book.roll_row:
        roll_due(book)
    if day != book.day_of[i]:
        begin_day(book, strategy, columns, i, day)
    if book.currencies != 0:
        take_rates(book, RATE_AT_OPEN)
    book.bars[i] += 1
    book.shut[i] |= flags & ROW_SESSION_END
    if book.shares and book.shared[i] != 0 and book.lead[i] == i:
        begin_places(book, strategy, columns, i, day)
        net_orders(book, i)
    if book.active[i] != 0:
        fill_bar(book, strategy, columns, r, i, flags)
    if book.currencies != 0:
        take_rates(book, RATE_AT_CLOSE)
        book.equity = net_worth(book)
    mark_bar(book, i, columns.close[r])
    if number == book.roll_row:
        leave_due(book, strategy)
    if book.restrictable[i] != 0:
        watch_fall(book, strategy, i, columns.low[r] * book.ticks_per_unit[i])
    if book.stale:
        tell_again(book, strategy, columns, r)
    strategy.signals(book, r, i)
    if book.ends[i] != 0:
        expire_until(book, strategy, i)
    book.fresh[i] = 1
    if flags & ROW_MOMENT_END != 0:
        end_moment(book, strategy, r)
    columns.equity[r] = book.equity


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def mark_bar(book: Book, i: cython.long, close: cython.double) -> cython.void:
    """Mark the instrument at the close, rounded half-even to a tick; an unknown close leaves the mark as it was."""
    mark: cython.longlong
    if isnan(close):
        return
    mark = round_half_even(close * book.ticks_per_unit[i])
    if book.position[i] != 0:
        hold(book, i, book.position[i] * (mark - book.mark[i]) * book.tick_value[i])
    book.mark[i] = mark
    book.marked[i] = 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def end_moment(book: Book, strategy: Strategy, r: cython.long) -> cython.void:
    """All bars of a moment are in: peak, halts, decisions, caps that reduce."""
    i: cython.long
    if book.equity > book.peak:
        book.peak = book.equity
        if book.peak_halts:
            set_floors(book)
    elif book.equity <= book.halt_floor:
        trip_halts(book, strategy)
    if book.row == book.flow_row:
        take_flows(book, strategy)
    if book.sleeves != 0:
        note_sleeves_peak(book)
    strategy.observe_mark(book)
    if book.standing_down != 0:
        stand_down(book, strategy, book.standing_down == STAND_FLAT)
        book.standing_down = 0
    strategy.decide(book, r)
    if book.reduces:
        reduce_to_caps(book, strategy)
    book.fresh[0] = 0
    for i in range(1, book.instruments):
        book.fresh[i] = 0
    book.orders_in_moment = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def begin_day(book: Book, strategy: Strategy, columns: Columns, i: cython.long, day: cython.longlong) -> cython.void:
    """A new trading day of an instrument, and of the account where it is the first to reach it."""
    days: cython.longlong = day - book.day_of[i] if book.day_of[i] >= 0 else 0
    if book.day_of[i] < 0:
        book.purchase_day[i] = day
        book.loss_day[i] = day
    book.day_of[i] = day
    book.prior_close[i] = book.mark[i]
    book.shut[i] = 0
    book.sessions[i] += 1
    if day > book.day:
        begin_account_day(book, strategy, day)
    strategy.observe_new_day(book, i)
    if book.accrues and book.position[i] != 0:
        accrue(book, i)
    expire_day(book, strategy, i)
    if book.position[i] < 0:
        charge_borrow(book, i, days)
    if book.event_next[i] >= 0:
        apply_events(book, strategy, columns, i, day)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def begin_places(book: Book, strategy: Strategy, columns: Columns, i: cython.long, day: cython.longlong) -> cython.void:
    """The day of every place of an instrument begins with that of its lead `i`, before its orders are netted."""
    j: cython.long
    for j in range(i + 1, book.instruments):
        if book.lead[j] == i and book.day_of[j] != day:
            begin_day(book, strategy, columns, j, day)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def begin_account_day(book: Book, strategy: Strategy, day: cython.longlong) -> cython.void:
    """The account's day: equity of the last close, counters of the session, halts that end with it."""
    days: cython.longlong = day - book.day if book.day >= 0 else 0
    book.day = day
    book.session += 1
    book.entries_on[book.session & (REMEMBERED_SESSIONS - 1)] = 0
    book.day_trades_on[book.session & (REMEMBERED_SESSIONS - 1)] = 0
    book.settling[book.session & (REMEMBERED_SESSIONS - 1)] = 0
    book.equity_at_last_close = book.close_basis = book.equity
    note_sleeves_close(book)
    charge_margin(book, days)
    end_session_halts(book)
    set_floors(book)
    close_gone(book, strategy)
