"""Rolls: a futures position goes from one contract to the next, or out of its contract before that expires.

A roll happens at the close of the last session in the old contract, in both contracts at their closes then, and is
booked at the first row of the new one, before anything else of that row. The position is closed in the old contract and
opened in the new one, with slippage and commission both times. Whatever names a price goes along by the gap between the
two closes: working orders, stop losses, targets and the entry price, so that a roll changes neither the risk of a
position nor its open profit. What was paid in this contract (LEG_PAID) is the ledger's, apart from that.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    LEG_BAR,
    LEG_BEST,
    LEG_COST,
    LEG_ENTRY,
    LEG_FEE,
    LEG_FLOW,
    LEG_LOTS,
    LEG_PAID,
    LEG_ROW,
    LEG_SIDE,
    LEG_STOP,
    LEG_TARGET,
    LOTS_OLDEST,
    ORDER_LIMIT,
    ORDER_LOSS,
    ORDER_PRICE,
    ORDER_STATUS,
    ORDER_STOP,
    ORDER_TARGET_KIND,
    ROLE_LEAVE,
    ROLE_ROLL,
    ROLL_COST,
    ROLL_INSTRUMENT,
    ROLL_KIND,
    ROLL_LOTS,
    ROLL_NEW,
    ROLL_OLD,
    ROLL_ON,
    ROLL_OUT,
    ROLL_ROW,
    ROLL_WIDTH,
    RULE_NONE,
    STATUS_WORKING,
    TARGET_PRICE,
    TOTAL_FEES,
    TOTAL_SLIPPAGE,
)
from stratc.runtime.engine.currency import entry_flow
from stratc.runtime.engine.ledger import after_closing, fee_of, settle, write_fill
from stratc.runtime.engine.legs import close_lots, leg_at, log_closing, share_of
from stratc.runtime.engine.pricing import slipped
from stratc.runtime.engine.slots import cancel_entries, cancel_exits, order_at
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def roll_due(book: Book) -> cython.void:
    """Carry out the roll that is announced for this row, if it is one from contract to contract."""
    at: cython.long = book.rolls_done * ROLL_WIDTH
    i: cython.long = book.roll[at + ROLL_INSTRUMENT]
    costs: cython.longlong = book.total[TOTAL_FEES] + book.total[TOTAL_SLIPPAGE]
    if book.roll[at + ROLL_KIND] != ROLL_ON:
        return
    book.roll[at + ROLL_LOTS] = book.position[i]
    move_position(book, i, book.roll[at + ROLL_OLD], book.roll[at + ROLL_NEW])
    move_orders(book, i, book.roll[at + ROLL_NEW] - book.roll[at + ROLL_OLD])
    book.signal_shift[i] = book.roll_signal[2 * book.rolls_done]
    book.signal_scale[i] = book.roll_signal[2 * book.rolls_done + 1]
    book.roll[at + ROLL_COST] = book.total[TOTAL_FEES] + book.total[TOTAL_SLIPPAGE] - costs
    next_roll(book)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def leave_due(book: Book, strategy: Strategy) -> cython.void:
    """Leave the contract at the close of this row, if that is announced: no order and no position outlives it."""
    at: cython.long = book.rolls_done * ROLL_WIDTH
    i: cython.long = book.roll[at + ROLL_INSTRUMENT]
    costs: cython.longlong = book.total[TOTAL_FEES] + book.total[TOTAL_SLIPPAGE]
    if book.roll[at + ROLL_KIND] != ROLL_OUT:
        return
    book.roll[at + ROLL_LOTS] = book.position[i]
    cancel_entries(book, strategy, i)
    cancel_exits(book, strategy, i)
    if book.position[i] != 0:
        leave_contract(book, strategy, i)
    book.over[i] = 1
    book.roll[at + ROLL_COST] = book.total[TOTAL_FEES] + book.total[TOTAL_SLIPPAGE] - costs
    next_roll(book)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_roll(book: Book) -> cython.void:
    """The row of the next roll, -1 where none is left; no two rolls have the same row."""
    book.rolls_done += 1
    book.roll_row = book.roll[book.rolls_done * ROLL_WIDTH + ROLL_ROW] if book.rolls_done < book.rolls else -1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def leave_contract(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Close the whole position at the mark, with slippage."""
    side: cython.longlong = -1 if book.position[i] > 0 else 1
    lots: cython.longlong = -side * book.position[i]
    ticks: cython.longlong = slipped(book, side, book.mark[i] * 1.0)
    fee: cython.longlong = fee_of(book, i, lots, ticks)
    write_fill(book, i, -1, RULE_NONE, ROLE_LEAVE, side, lots, ticks, fee, book.mark[i])
    settle(book, i, side, lots, ticks, fee)
    close_lots(book, i, lots, LOTS_OLDEST, ticks, RULE_NONE, ROLE_LEAVE, fee)
    after_closing(book, strategy, i, side, lots, ticks, RULE_NONE)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def move_position(book: Book, i: cython.long, old: cython.longlong, new: cython.longlong) -> cython.void:
    """Close the position in the old contract and open it in the new one; the mark is the new contract's."""
    side: cython.longlong = 1 if book.position[i] > 0 else -1
    lots: cython.longlong = side * book.position[i]
    sold: cython.longlong
    bought: cython.longlong
    fee_out: cython.longlong
    fee_in: cython.longlong
    if lots == 0:
        book.mark[i] = new
        return
    sold = slipped(book, -side, old * 1.0)
    bought = slipped(book, side, new * 1.0)
    fee_out = fee_of(book, i, lots, sold)
    fee_in = fee_of(book, i, lots, bought)
    write_fill(book, i, -1, RULE_NONE, ROLE_ROLL, -side, lots, sold, fee_out, old)
    settle(book, i, -side, lots, sold, fee_out)
    book.mark[i] = new
    write_fill(book, i, -1, RULE_NONE, ROLE_ROLL, side, lots, bought, fee_in, new)
    settle(book, i, side, lots, bought, fee_in)
    restate_legs(book, i, lots, sold, bought, new - old, fee_out, fee_in)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def restate_legs(
    book: Book,
    i: cython.long,
    lots: cython.longlong,
    sold: cython.longlong,
    bought: cython.longlong,
    gap: cython.longlong,
    fee_out: cython.longlong,
    fee_in: cython.longlong,
) -> cython.void:
    """Log every leg as closed in the old contract, and let it go on in the new one with its prices moved by the gap."""
    k: cython.long
    at: cython.long
    leg_lots: cython.longlong
    value: cython.longlong
    for k in range(book.legs[i]):
        at = leg_at(book, i, k)
        leg_lots = book.leg[at + LEG_LOTS]
        log_closing(
            book, i, at, leg_lots, sold, leg_lots * sold, RULE_NONE, ROLE_ROLL, share_of(fee_out, leg_lots, lots)
        )
        fee_out -= share_of(fee_out, leg_lots, lots)
        book.leg[at + LEG_LOTS] = leg_lots
        book.leg[at + LEG_FEE] = share_of(fee_in, leg_lots, lots)
        fee_in -= book.leg[at + LEG_FEE]
        lots -= leg_lots
        book.leg[at + LEG_PAID] = bought
        book.leg[at + LEG_COST] = leg_lots * bought
        value = leg_lots * bought * book.tick_value[i]
        book.leg[at + LEG_FLOW] = entry_flow(book, i, -book.leg[at + LEG_SIDE] * value)
        book.leg[at + LEG_ENTRY] += gap
        book.leg[at + LEG_BEST] += gap
        book.leg[at + LEG_STOP] += gap
        book.leg[at + LEG_TARGET] += gap
        book.leg[at + LEG_ROW] = book.row
        book.leg[at + LEG_BAR] = book.bars[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def move_orders(book: Book, i: cython.long, gap: cython.longlong) -> cython.void:
    """Working orders name the new contract's prices from now on; fields that an order does not use are not read."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if book.order[at + ORDER_STATUS] != STATUS_WORKING:
            continue
        book.order[at + ORDER_LIMIT] += gap
        book.order[at + ORDER_STOP] += gap
        book.order[at + ORDER_LOSS] += gap
        book.order[at + ORDER_PRICE] += gap
        if book.order[at + ORDER_TARGET_KIND] == TARGET_PRICE:
            book.order_target[i * book.slots + slot] += gap
