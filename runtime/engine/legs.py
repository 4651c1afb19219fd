"""Legs: the open tax lots of an instrument, oldest first, each with its stop loss and target.

A leg's lots are what its protection would close, so protection follows the position by construction. What a leg closes
is logged with its share of the fees; the shares of a fee add up to it.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    CLOSING_BARS,
    CLOSING_COST,
    CLOSING_DAY_IN,
    CLOSING_DAY_OUT,
    CLOSING_FEES,
    CLOSING_INSTRUMENT,
    CLOSING_LOTS,
    CLOSING_PROFIT,
    CLOSING_ROLE_OUT,
    CLOSING_ROW_IN,
    CLOSING_ROW_OUT,
    CLOSING_RULE_IN,
    CLOSING_RULE_OUT,
    CLOSING_SIDE,
    CLOSING_TICKS_IN,
    CLOSING_TICKS_OUT,
    CLOSING_VALUE,
    LEG_BAR,
    LEG_BEST,
    LEG_COST,
    LEG_DAY,
    LEG_ENTRY,
    LEG_FEE,
    LEG_FLOW,
    LEG_HAS_STOP,
    LEG_HAS_TARGET,
    LEG_ID,
    LEG_LEVEL,
    LEG_LOTS,
    LEG_PAID,
    LEG_RISK,
    LEG_ROW,
    LEG_RULE,
    LEG_SIDE,
    LEG_STOP,
    LEG_TARGET,
    LEG_TRAIL,
    LEG_TRAIL_KIND,
    LEG_WHOLE_BAR,
    LEG_WIDTH,
    LOTS_HIGHEST_COST,
    LOTS_NEWEST,
    LOTS_OLDEST,
    ORDER_HAS_LOSS,
    ORDER_ID,
    ORDER_LEVEL,
    ORDER_LOSS,
    ORDER_RULE,
    ORDER_SIDE,
    ORDER_TARGET_KIND,
    ORDER_TRAIL,
    ORDER_TRAIL_KIND,
    TARGET_DISTANCE,
    TARGET_NONE,
    TARGET_PRICE,
    TOTAL_REALIZED,
    TRAIL_NONE,
)
from stratc.runtime.engine.currency import closing_profit, entry_flow
from stratc.runtime.engine.logs import next_closing
from stratc.runtime.engine.quantize import round_down, round_half_even, round_up
from stratc.runtime.engine.slots import order_at
from stratc.runtime.engine.trailing import begin_trail


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def share_of(amount: cython.longlong, lots: cython.longlong, of_lots: cython.longlong) -> cython.longlong:
    """The part of a fee that falls to `lots` of `of_lots`, rounded half-even; all of it where they are the same."""
    return amount if lots == of_lots else round_half_even(amount * (lots * 1.0 / of_lots))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def leg_at(book: Book, i: cython.long, k: cython.long) -> cython.long:
    """Where a leg's fields begin in `book.leg`."""
    return (i * book.slots + k) * LEG_WIDTH


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def pass_protection(book: Book, i: cython.long, k: cython.long) -> cython.void:
    """Leg `k`, whose protection has filled, takes over the oldest leg's, which is about to be closed in its place.

    Its level in a ladder too: what has sold at one level's target leaves that level idle, whichever lots were closed.
    """
    at: cython.long = leg_at(book, i, k)
    oldest: cython.long = leg_at(book, i, 0)
    before: cython.bint = is_guarded(book, at)
    book.leg[at + LEG_HAS_STOP] = book.leg[oldest + LEG_HAS_STOP]
    book.leg[at + LEG_STOP] = book.leg[oldest + LEG_STOP]
    book.leg[at + LEG_HAS_TARGET] = book.leg[oldest + LEG_HAS_TARGET]
    book.leg[at + LEG_TARGET] = book.leg[oldest + LEG_TARGET]
    book.leg[at + LEG_TRAIL_KIND] = book.leg[oldest + LEG_TRAIL_KIND]
    book.leg[at + LEG_TRAIL] = book.leg[oldest + LEG_TRAIL]
    book.leg[at + LEG_BEST] = book.leg[oldest + LEG_BEST]
    book.leg[at + LEG_LEVEL] = book.leg[oldest + LEG_LEVEL]
    count_trails(book, i)
    if before and not is_guarded(book, at):
        book.active[i] -= 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_guarded(book: Book, at: cython.long) -> cython.bint:
    """Whether a leg has a stop loss or a target."""
    return book.leg[at + LEG_HAS_STOP] != 0 or book.leg[at + LEG_HAS_TARGET] != 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def count_trails(book: Book, i: cython.long) -> cython.void:
    """Count the legs whose stop follows the price."""
    k: cython.long
    book.trails[i] = 0
    for k in range(book.legs[i]):
        if book.leg[leg_at(book, i, k) + LEG_TRAIL_KIND] != TRAIL_NONE:
            book.trails[i] += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def open_leg(
    book: Book, i: cython.long, slot: cython.long, lots: cython.longlong, ticks: cython.longlong, fee: cython.longlong
) -> cython.void:
    """Open a leg from the order in `slot`, which is vacated but not yet overwritten; the gate left room for it."""
    order: cython.long = order_at(book, i, slot)
    at: cython.long = leg_at(book, i, book.legs[i])
    risk: cython.longlong = ticks - book.order[order + ORDER_LOSS] if book.order[order + ORDER_HAS_LOSS] != 0 else 0
    if book.legs[i] == 0:
        book.position_bar[i] = book.bars[i]
        book.position_session[i] = book.sessions[i]
        book.position_whole[i] = book.at_open
        book.trip_profit[i] = 0
        book.trip_exits[i] = 0
    book.legs[i] += 1
    book.entry_session[i] = book.sessions[i]
    book.armed_day[book.lead[i]] = book.day_of[i]
    book.leg[at + LEG_SIDE] = book.order[order + ORDER_SIDE]
    book.leg[at + LEG_LOTS] = lots
    book.leg[at + LEG_ENTRY] = ticks
    book.leg[at + LEG_COST] = lots * ticks
    book.leg[at + LEG_DAY] = book.day_of[i]
    if book.order[order + ORDER_SIDE] > 0:
        book.purchase_day[book.lead[i]] = book.day_of[i]
    book.leg[at + LEG_PAID] = ticks
    book.leg[at + LEG_HAS_STOP] = book.order[order + ORDER_HAS_LOSS]
    book.leg[at + LEG_STOP] = book.order[order + ORDER_LOSS]
    book.leg[at + LEG_HAS_TARGET] = book.order[order + ORDER_TARGET_KIND] != TARGET_NONE
    book.leg[at + LEG_ROW] = book.row
    book.leg[at + LEG_BAR] = book.bars[i]
    book.leg[at + LEG_RULE] = book.order[order + ORDER_RULE]
    book.leg[at + LEG_ID] = book.order[order + ORDER_ID]
    book.leg[at + LEG_LEVEL] = book.order[order + ORDER_LEVEL]
    book.leg[at + LEG_RISK] = risk if risk >= 0 else -risk
    book.leg[at + LEG_FEE] = fee
    book.leg[at + LEG_FLOW] = entry_flow(book, i, -book.leg[at + LEG_SIDE] * lots * ticks * book.tick_value[i])
    book.leg[at + LEG_BEST] = ticks
    book.leg[at + LEG_WHOLE_BAR] = book.at_open
    begin_trail(book, at, book.order[order + ORDER_TRAIL_KIND], book.order[order + ORDER_TRAIL])
    count_trails(book, i)
    if book.leg[at + LEG_HAS_TARGET] != 0:
        book.leg[at + LEG_TARGET] = target_ticks(book, i, order, book.order_target[i * book.slots + slot], at)
    if is_guarded(book, at):
        book.active[i] += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def target_ticks(
    book: Book, i: cython.long, order: cython.long, target: cython.double, at: cython.long
) -> cython.longlong:
    """The target's tick, rounded away from the entry: a price, a distance in ticks, or a multiple of initial risk."""
    kind: cython.longlong = book.order[order + ORDER_TARGET_KIND]
    side: cython.longlong = book.order[order + ORDER_SIDE]
    x: cython.double = target
    if kind == TARGET_DISTANCE:
        x = book.leg[at + LEG_ENTRY] + side * target
    elif kind != TARGET_PRICE:
        x = book.leg[at + LEG_ENTRY] + side * target * book.leg[at + LEG_RISK]
    return round_up(x) if side > 0 else round_down(x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def leg_to_close(book: Book, i: cython.long, choice: cython.long) -> cython.long:
    """The leg that an exit closes first: the oldest, the newest, or that of the highest or lowest cost a lot.

    Of legs of one cost the oldest is taken.
    """
    k: cython.long
    best: cython.long = 0
    sign: cython.longlong = 1 if choice == LOTS_HIGHEST_COST else -1
    if choice == LOTS_OLDEST:
        return 0
    if choice == LOTS_NEWEST:
        return book.legs[i] - 1
    for k in range(1, book.legs[i]):
        if sign * (book.leg[leg_at(book, i, k) + LEG_ENTRY] - book.leg[leg_at(book, i, best) + LEG_ENTRY]) > 0:
            best = k
    return best


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def close_lots(
    book: Book,
    i: cython.long,
    lots: cython.longlong,
    choice: cython.long,
    ticks: cython.longlong,
    rule: cython.longlong,
    role: cython.longlong,
    fee: cython.longlong,
) -> cython.void:
    """Close that many lots, legs in the order of `choice` (LOTS_)."""
    part: cython.longlong
    part_fee: cython.longlong
    k: cython.long
    while lots > 0:
        k = leg_to_close(book, i, choice)
        part = book.leg[leg_at(book, i, k) + LEG_LOTS]
        part = part if part < lots else lots
        part_fee = share_of(fee, part, lots)
        close_leg(book, i, k, part, ticks, part * ticks, rule, role, part_fee)
        lots -= part
        fee -= part_fee


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def cost_of(book: Book, leg: cython.long, lots: cython.longlong) -> cython.longlong:
    """What so many lots of a leg cost, in lots x ticks: exact, but after a split a part is rounded half-even."""
    whole: cython.longlong = book.leg[leg + LEG_COST] // book.leg[leg + LEG_LOTS]
    rest: cython.longlong = book.leg[leg + LEG_COST] - whole * book.leg[leg + LEG_LOTS]
    if rest == 0:
        return whole * lots
    if lots == book.leg[leg + LEG_LOTS]:
        return book.leg[leg + LEG_COST]
    return whole * lots + round_half_even((rest * 1.0 / book.leg[leg + LEG_LOTS]) * lots)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def close_leg(
    book: Book,
    i: cython.long,
    k: cython.long,
    lots: cython.longlong,
    ticks: cython.longlong,
    value: cython.longlong,
    rule: cython.longlong,
    role: cython.longlong,
    fee: cython.longlong,
) -> cython.void:
    """Close lots of a leg: log it with its share of the entry's fee, book its profit, drop the leg when it is empty.

    `value` is what is paid for them, in lots x ticks.
    """
    leg: cython.long = leg_at(book, i, k)
    log_closing(book, i, leg, lots, ticks, value, rule, role, fee)
    if book.leg[leg + LEG_LOTS] == 0:
        drop_leg(book, i, k)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def log_closing(
    book: Book,
    i: cython.long,
    leg: cython.long,
    lots: cython.longlong,
    ticks: cython.longlong,
    value: cython.longlong,
    rule: cython.longlong,
    role: cython.longlong,
    fee: cython.longlong,
) -> cython.void:
    """Log lots of the leg whose fields begin at `leg` as closed, at what was paid for them in this contract."""
    at: cython.long = next_closing(book)
    side: cython.longlong = book.leg[leg + LEG_SIDE]
    cost: cython.longlong = cost_of(book, leg, lots)
    entry_fee: cython.longlong = share_of(book.leg[leg + LEG_FEE], lots, book.leg[leg + LEG_LOTS])
    flow: cython.longlong = share_of(book.leg[leg + LEG_FLOW], lots, book.leg[leg + LEG_LOTS])
    book.closing_log[at + CLOSING_INSTRUMENT] = i
    book.closing_log[at + CLOSING_SIDE] = side
    book.closing_log[at + CLOSING_LOTS] = lots
    book.closing_log[at + CLOSING_ROW_IN] = book.leg[leg + LEG_ROW]
    book.closing_log[at + CLOSING_TICKS_IN] = book.leg[leg + LEG_PAID]
    book.closing_log[at + CLOSING_RULE_IN] = book.leg[leg + LEG_RULE]
    book.closing_log[at + CLOSING_ROW_OUT] = book.row
    book.closing_log[at + CLOSING_TICKS_OUT] = ticks
    book.closing_log[at + CLOSING_RULE_OUT] = rule
    book.closing_log[at + CLOSING_ROLE_OUT] = role
    book.closing_log[at + CLOSING_FEES] = entry_fee + fee
    book.closing_log[at + CLOSING_BARS] = book.bars[i] - book.leg[leg + LEG_BAR]
    book.closing_log[at + CLOSING_COST] = cost
    book.closing_log[at + CLOSING_VALUE] = value
    book.closing_log[at + CLOSING_DAY_IN] = book.leg[leg + LEG_DAY]
    book.closing_log[at + CLOSING_DAY_OUT] = book.day_of[i]
    profit: cython.longlong = closing_profit(
        book, i, flow, side * value * book.tick_value[i], side * (value - cost) * book.tick_value[i]
    )
    book.closing_log[at + CLOSING_PROFIT] = profit
    book.leg[leg + LEG_FLOW] -= flow
    book.total[TOTAL_REALIZED] += profit
    book.trip_profit[i] += profit - entry_fee - fee
    if profit < entry_fee + fee:
        book.loss_day[book.lead[i]] = book.day_of[i]
    book.leg[leg + LEG_LOTS] -= lots
    book.leg[leg + LEG_COST] -= cost
    book.leg[leg + LEG_FEE] -= entry_fee


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def drop_leg(book: Book, i: cython.long, k: cython.long) -> cython.void:
    """Take an empty leg out; the younger ones move up."""
    n: cython.long
    at: cython.long = leg_at(book, i, k)
    if is_guarded(book, at):
        book.active[i] -= 1
    book.legs[i] -= 1
    for n in range(at, leg_at(book, i, book.legs[i])):
        book.leg[n] = book.leg[n + LEG_WIDTH]
    count_trails(book, i)
