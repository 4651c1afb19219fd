"""Corporate actions on the ex date, before anything trades: tax lots and resting orders restated, dividends paid.

A split restates the lots of a position as a whole: what is no whole lot is paid in cash at the last close, restated,
and is taken off the cost of the lot that it belonged to. Costs stay what they were, to the quantum. A dividend is paid
to who held at the last close, and by who was short. Orders follow FINRA Rule 5330: on a cash dividend of a tick or more
buy limits and sell stops are reduced by it, down to a tick, unless the account says `do_not_reduce`; a split restates
price and quantity; a reverse split cancels what works. Stop losses and targets are the account's own and are restated
in every case, since the lot that they protect is.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    CARRY_DIVIDEND,
    CARRY_IN_LIEU,
    EVENT_AMOUNT,
    EVENT_BORROW,
    EVENT_DAY,
    EVENT_DENOMINATOR,
    EVENT_DIVIDEND,
    EVENT_END,
    EVENT_KIND,
    EVENT_NEXT,
    EVENT_NUMERATOR,
    EVENT_SPLIT,
    EVENT_WIDTH,
    KIND_LIMIT,
    KIND_STOP,
    KIND_STOP_LIMIT,
    LEG_BEST,
    LEG_COST,
    LEG_ENTRY,
    LEG_FEE,
    LEG_FLOW,
    LEG_HAS_STOP,
    LEG_HAS_TARGET,
    LEG_LOTS,
    LEG_PAID,
    LEG_RISK,
    LEG_STOP,
    LEG_TARGET,
    LEG_TRAIL,
    LEG_TRAIL_KIND,
    LEG_WIDTH,
    ORDER_HAS_LOSS,
    ORDER_KIND,
    ORDER_LIMIT,
    ORDER_LOSS,
    ORDER_LOTS,
    ORDER_PRICE,
    ORDER_SIDE,
    ORDER_STATUS,
    ORDER_STOP,
    ORDER_TARGET_KIND,
    ORDER_TRAIL,
    ORDER_TRAIL_KIND,
    PRICES_RAW,
    PRICES_TOTAL_RETURN,
    ROLE_CORPORATE_ACTION,
    RULE_NONE,
    SETTING_DO_NOT_REDUCE,
    STATUS_CANCELED,
    STATUS_WORKING,
    TARGET_DISTANCE,
    TARGET_PRICE,
    TOTAL_DIVIDENDS,
    TOTAL_IN_LIEU,
    TRAIL_DISTANCE,
)
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.currency import hold
from stratc.runtime.engine.holding import carry
from stratc.runtime.engine.ledger import after_closing, end_trip, settle, write_fill
from stratc.runtime.engine.legs import close_leg, close_lots, drop_leg, leg_at
from stratc.runtime.engine.quantize import round_down, round_half_even, round_up
from stratc.runtime.engine.restating import restate
from stratc.runtime.engine.slots import end_order, order_at
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def apply_events(book: Book, strategy: Strategy, columns: Columns, i: cython.long, day: cython.longlong) -> cython.void:
    """What has become effective for an instrument by this trading day, in order."""
    at: cython.long
    while book.event_next[i] >= 0 and book.event[book.event_next[i] * EVENT_WIDTH + EVENT_DAY] <= day:
        at = book.event_next[i] * EVENT_WIDTH
        book.event_next[i] = book.event[at + EVENT_NEXT]
        if book.event[at + EVENT_KIND] == EVENT_SPLIT:
            split(book, strategy, columns, i, book.event[at + EVENT_NUMERATOR], book.event[at + EVENT_DENOMINATOR])
        elif book.event[at + EVENT_KIND] == EVENT_DIVIDEND:
            pay_dividend(book, columns, i, book.event[at + EVENT_AMOUNT])
        elif book.event[at + EVENT_KIND] == EVENT_END:
            end_instrument(book, strategy, i, book.event[at + EVENT_AMOUNT])
        elif book.event[at + EVENT_KIND] == EVENT_BORROW:
            book.borrow_lots[i] = book.event[at + EVENT_AMOUNT]
            book.borrow_rate[i] = book.event[at + EVENT_NUMERATOR]
            book.locate_fee[i] = book.event[at + EVENT_DENOMINATOR]


# ── splits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def split(
    book: Book,
    strategy: Strategy,
    columns: Columns,
    i: cython.long,
    new: cython.longlong,
    old: cython.longlong,
) -> cython.void:
    """`new` lots for `old` ones: position, mark, orders and what signals have seen."""
    held: cython.longlong = book.position[i] * book.mark[i]
    if book.position[i] != 0:
        split_legs(book, i, new, old)
    restate_orders(book, strategy, i, new, old)
    book.mark[i] = round_half_even(book.mark[i] * (old * 1.0 / new))
    book.prior_close[i] = round_half_even(book.prior_close[i] * (old * 1.0 / new))
    hold(book, i, (book.position[i] * book.mark[i] - held) * book.tick_value[i])
    if book.signal_prices[i] != PRICES_RAW:
        restate(book, columns, i, old * 1.0 / new, new * 1.0 / old)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def split_legs(book: Book, i: cython.long, new: cython.longlong, old: cython.longlong) -> cython.void:
    """Restate the legs, oldest first, so that their lots add up to the whole lots of the position."""
    k: cython.long = 0
    at: cython.long
    side: cython.longlong = 1 if book.position[i] > 0 else -1
    before: cython.longlong = 0
    after: cython.longlong = 0
    share: cython.longlong
    cash: cython.longlong = fraction_value(book, i, new, old)
    while k < book.legs[i]:
        at = leg_at(book, i, k)
        before += book.leg[at + LEG_LOTS]
        share = before * new // old - after
        after += share
        if share == 0:
            drop_fraction(book, i, k, cash)
            continue
        if k == book.legs[i] - 1:
            book.leg[at + LEG_COST] -= cash
        book.leg[at + LEG_LOTS] = share
        restate_leg(book, at, side, new, old)
        k += 1
    book.position[i] = side * after
    if after == 0:
        end_trip(book, i)
    carry(book, i, CARRY_IN_LIEU, TOTAL_IN_LIEU, book.position[i], side * cash * book.tick_value[i])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def drop_fraction(book: Book, i: cython.long, k: cython.long, cash: cython.longlong) -> cython.void:
    """A leg that makes no whole lot: the next one takes it over with its cost; the last is closed for the cash."""
    at: cython.long = leg_at(book, i, k)
    if k == book.legs[i] - 1:
        close_leg(book, i, k, book.leg[at + LEG_LOTS], book.mark[i], cash, RULE_NONE, ROLE_CORPORATE_ACTION, 0)
        return
    book.leg[at + LEG_WIDTH + LEG_COST] += book.leg[at + LEG_COST]
    book.leg[at + LEG_WIDTH + LEG_FLOW] += book.leg[at + LEG_FLOW]
    book.leg[at + LEG_WIDTH + LEG_FEE] += book.leg[at + LEG_FEE]
    drop_leg(book, i, k)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fraction_value(book: Book, i: cython.long, new: cython.longlong, old: cython.longlong) -> cython.longlong:
    """What the position's fraction of a lot is worth at the last close, in lots x ticks, rounded half-even."""
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    rest: cython.longlong = held * new - held * new // old * old
    return round_half_even(book.mark[i] * (rest * 1.0 / new))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def restate_leg(
    book: Book, at: cython.long, side: cython.longlong, new: cython.longlong, old: cython.longlong
) -> cython.void:
    """A leg's prices in the new shares: the entry for show (its cost is exact), stop loss and target on ticks."""
    ratio: cython.double = old * 1.0 / new
    book.leg[at + LEG_ENTRY] = round_half_even(book.leg[at + LEG_ENTRY] * ratio)
    book.leg[at + LEG_PAID] = book.leg[at + LEG_ENTRY]
    book.leg[at + LEG_RISK] = round_half_even(book.leg[at + LEG_RISK] * ratio)
    book.leg[at + LEG_BEST] = round_half_even(book.leg[at + LEG_BEST] * ratio)
    if book.leg[at + LEG_TRAIL_KIND] == TRAIL_DISTANCE:
        book.leg[at + LEG_TRAIL] = round_up(book.leg[at + LEG_TRAIL] * ratio)
    if book.leg[at + LEG_HAS_STOP] != 0:
        book.leg[at + LEG_STOP] = away(-side, book.leg[at + LEG_STOP] * ratio)
    if book.leg[at + LEG_HAS_TARGET] != 0:
        book.leg[at + LEG_TARGET] = away(side, book.leg[at + LEG_TARGET] * ratio)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def away(side: cython.longlong, x: cython.double) -> cython.longlong:
    """A price on ticks, up for a side above nought, else down."""
    return round_up(x) if side > 0 else round_down(x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def restate_orders(
    book: Book, strategy: Strategy, i: cython.long, new: cython.longlong, old: cython.longlong
) -> cython.void:
    """Working orders in the new shares; a reverse split cancels them, and so does a quantity below one lot."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if book.order[at + ORDER_STATUS] != STATUS_WORKING:
            continue
        lots = book.order[at + ORDER_LOTS] * new // old
        if new < old or lots == 0:
            end_order(book, strategy, i, slot, STATUS_CANCELED)
        else:
            book.order[at + ORDER_LOTS] = lots
            restate_order(book, i, slot, old * 1.0 / new)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def restate_order(book: Book, i: cython.long, slot: cython.long, ratio: cython.double) -> cython.void:
    """An order's prices in the new shares, rounded as when it was drafted: to the side that trades less."""
    at: cython.long = order_at(book, i, slot)
    side: cython.longlong = book.order[at + ORDER_SIDE]
    book.order[at + ORDER_LIMIT] = away(-side, book.order[at + ORDER_LIMIT] * ratio)
    book.order[at + ORDER_STOP] = away(side, book.order[at + ORDER_STOP] * ratio)
    book.order[at + ORDER_PRICE] = round_half_even(book.order[at + ORDER_PRICE] * ratio)
    if book.order[at + ORDER_HAS_LOSS] != 0:
        book.order[at + ORDER_LOSS] = away(-side, book.order[at + ORDER_LOSS] * ratio)
    if book.order[at + ORDER_TARGET_KIND] == TARGET_PRICE or book.order[at + ORDER_TARGET_KIND] == TARGET_DISTANCE:
        book.order_target[i * book.slots + slot] *= ratio
    if book.order[at + ORDER_TRAIL_KIND] == TRAIL_DISTANCE:
        book.order[at + ORDER_TRAIL] = round_up(book.order[at + ORDER_TRAIL] * ratio)


# ── dividends ────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def pay_dividend(book: Book, columns: Columns, i: cython.long, quanta: cython.longlong) -> cython.void:
    """So many quanta a lot, on the ex date, which is when the price falls by it; shorts pay."""
    value: cython.double = book.mark[i] * book.tick_value[i]
    if book.position[i] != 0:
        carry(book, i, CARRY_DIVIDEND, TOTAL_DIVIDENDS, book.position[i], book.position[i] * quanta)
    if book.setting[SETTING_DO_NOT_REDUCE] <= 0.0 and quanta >= book.tick_value[i]:
        reduce_orders(book, i, quanta * 1.0 / book.tick_value[i])
    if book.signal_prices[i] == PRICES_TOTAL_RETURN and book.marked[i] != 0 and quanta < value:
        restate(book, columns, i, 1.0 - quanta / value, 1.0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def reduce_orders(book: Book, i: cython.long, ticks: cython.double) -> cython.void:
    """Buy limits and sell stops, those of legs too, less the dividend, down to a tick."""
    n: cython.long
    at: cython.long
    for n in range(book.order_end[i]):
        at = order_at(book, i, n)
        if book.order[at + ORDER_STATUS] != STATUS_WORKING:
            continue
        if book.order[at + ORDER_KIND] == KIND_LIMIT and book.order[at + ORDER_SIDE] > 0:
            book.order[at + ORDER_LIMIT] = round_down(book.order[at + ORDER_LIMIT] - ticks)
        elif book.order[at + ORDER_KIND] == KIND_STOP and book.order[at + ORDER_SIDE] < 0:
            book.order[at + ORDER_STOP] = round_down(book.order[at + ORDER_STOP] - ticks)
        elif book.order[at + ORDER_KIND] == KIND_STOP_LIMIT and book.order[at + ORDER_SIDE] < 0:
            book.order[at + ORDER_STOP] = round_down(book.order[at + ORDER_STOP] - ticks)
            book.order[at + ORDER_LIMIT] = round_down(book.order[at + ORDER_LIMIT] - ticks)
    for n in range(book.legs[i]):
        at = leg_at(book, i, n)
        if book.position[i] > 0 and book.leg[at + LEG_HAS_STOP] != 0:
            book.leg[at + LEG_STOP] = round_down(book.leg[at + LEG_STOP] - ticks)
            book.leg[at + LEG_BEST] = round_down(book.leg[at + LEG_BEST] - ticks)
        elif book.position[i] < 0 and book.leg[at + LEG_HAS_TARGET] != 0:
            book.leg[at + LEG_TARGET] = round_down(book.leg[at + LEG_TARGET] - ticks)


# ── the end of an instrument ─────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def end_instrument(book: Book, strategy: Strategy, i: cython.long, ticks: cython.longlong) -> cython.void:
    """A merger for cash or a delisting: orders end, and every lot is closed at `ticks`, without a fee."""
    slot: cython.long
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    side: cython.longlong = -1 if book.position[i] > 0 else 1
    for slot in range(book.order_end[i]):
        if book.order[order_at(book, i, slot) + ORDER_STATUS] == STATUS_WORKING:
            end_order(book, strategy, i, slot, STATUS_CANCELED)
    if held == 0:
        return
    write_fill(book, i, -1, RULE_NONE, ROLE_CORPORATE_ACTION, side, held, ticks, 0, ticks)
    settle(book, i, side, held, ticks, 0)
    close_lots(book, i, held, 0, ticks, RULE_NONE, ROLE_CORPORATE_ACTION, 0)
    after_closing(book, strategy, i, side, held, ticks, RULE_NONE)
