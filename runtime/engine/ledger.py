"""The ledger: what a fill does to money, legs and counters, exactly.

Fills close legs oldest first, unless their exit names other lots; a protective fill closes its own leg. Where the
account must offset first in, first out (SETTING_FIFO), both close the oldest legs, and the leg whose protection filled
takes over the oldest leg's instead.

Money is exact: notional = lots x ticks x tick_value quanta; the only rounding is a fee's, half-even to a quantum, once
an order (`fee_of`), and the split of that fee over the parts that a fill closes, whose sum is the fee.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    FILL_FEE,
    FILL_INSTRUMENT,
    FILL_LOTS,
    FILL_ORDER,
    FILL_ROLE,
    FILL_ROW,
    FILL_RULE,
    FILL_SIDE,
    FILL_SLIPPAGE,
    FILL_TICKS,
    LEG_ID,
    LEG_LOTS,
    LEG_RULE,
    LOTS_OLDEST,
    ORDER_GROUP,
    ORDER_ID,
    ORDER_LOT_CHOICE,
    ORDER_LOTS,
    ORDER_OUTLIVES,
    ORDER_ROLE,
    ORDER_RULE,
    ORDER_SIDE,
    REMEMBERED_SESSIONS,
    ROLE_ENTRY,
    SETTING_FEE_MINIMUM,
    SETTING_FEE_PER_ORDER,
    SETTING_FEE_RATE,
    SETTING_FEE_RATE_MAX,
    SETTING_FIFO,
    SETTING_SETTLES,
    SETTLES_IN_MAX,
    SETTLES_IN_ONE,
    SETTLES_IN_TWO,
    STATUS_CANCELED,
    STATUS_FILLED,
    TOTAL_DAY_TRADES,
    TOTAL_FEES,
    TOTAL_FILLS,
    TOTAL_SLIPPAGE,
)
from stratc.runtime.engine.currency import hold, pay, rate_at, take_fill_rate, worth
from stratc.runtime.engine.legs import close_leg, close_lots, leg_at, leg_to_close, open_leg, pass_protection, share_of
from stratc.runtime.engine.logs import next_fill
from stratc.runtime.engine.periods import period_key
from stratc.runtime.engine.quantize import round_half_even
from stratc.runtime.engine.slots import cancel_exits, cancel_group, end_order, order_at, vacate
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fee_of(book: Book, i: cython.long, lots: cython.longlong, ticks: cython.longlong) -> cython.longlong:
    """The commission of one order in quanta: by order, unit and value, at least and at most, rounded half-even."""
    value: cython.double = lots * ticks * book.tick_value[i] * rate_at(book, i, ticks)
    value = value if value >= 0.0 else -value
    fee: cython.double = book.setting[SETTING_FEE_PER_ORDER] + book.setting[SETTING_FEE_RATE] * value
    fee += book.fee_per_lot[i] * lots
    if fee < book.setting[SETTING_FEE_MINIMUM]:
        fee = book.setting[SETTING_FEE_MINIMUM]
    if book.setting[SETTING_FEE_RATE_MAX] >= 0.0 and fee > book.setting[SETTING_FEE_RATE_MAX] * value:
        fee = book.setting[SETTING_FEE_RATE_MAX] * value
    return round_half_even(fee)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def order_fee(
    book: Book, i: cython.long, side: cython.longlong, lots: cython.longlong, ticks: cython.longlong
) -> cython.longlong:
    """The commission of an order that fills; of a shared instrument its part of the account's."""
    lead: cython.long = book.lead[i]
    before: cython.longlong
    fee: cython.longlong
    if book.shared[i] == 0:
        return fee_of(book, i, lots, ticks)
    if side != book.net_side[lead]:
        return 0
    fee = fee_of(book, i, book.net_lots[lead], ticks)
    before = book.net_done[lead]
    book.net_done[lead] += lots
    return share_of(fee, book.net_done[lead], book.net_of[lead]) - share_of(fee, before, book.net_of[lead])


# ── fills ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_order(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    slot: cython.long,
    ticks: cython.longlong,
    reference: cython.longlong,
) -> cython.void:
    """Fill a working order whole at `ticks`; `reference` is the price without slippage.

    An exit closes no more than the position. An entry against an opposite position closes it first: two parts.
    """
    at: cython.long = order_at(book, i, slot)
    side: cython.longlong = book.order[at + ORDER_SIDE]
    lots: cython.longlong = book.order[at + ORDER_LOTS]
    group: cython.longlong = book.order[at + ORDER_GROUP]
    opening: cython.bint = book.order[at + ORDER_ROLE] == ROLE_ENTRY
    outlives: cython.bint = book.order[at + ORDER_OUTLIVES] != 0
    against: cython.longlong = -side * book.position[i]
    closed: cython.longlong = 0 if against <= 0 else (against if against < lots else lots)
    if not opening:
        lots = closed
        if lots == 0:
            end_order(book, strategy, i, slot, STATUS_CANCELED)
            return
    fee: cython.longlong = order_fee(book, i, side, lots, ticks)
    closing_fee: cython.longlong = share_of(fee, closed, lots)
    vacate(book, i, slot, STATUS_FILLED)
    if closed > 0:
        log_fill(book, i, at, closed, ticks, closing_fee, reference)
        settle(book, i, side, closed, ticks, closing_fee)
        note_tickets(book, i, closed, book.order[at + ORDER_LOT_CHOICE])
        close_lots(
            book,
            i,
            closed,
            LOTS_OLDEST if book.setting[SETTING_FIFO] != 0.0 else book.order[at + ORDER_LOT_CHOICE],
            ticks,
            book.order[at + ORDER_RULE],
            book.order[at + ORDER_ROLE],
            closing_fee,
        )
        after_closing(book, strategy, i, side, closed, ticks, book.order[at + ORDER_RULE])
        note_tickets(book, i, 0, LOTS_OLDEST)
    if lots > closed:
        log_fill(book, i, at, lots - closed, ticks, fee - closing_fee, reference)
        settle(book, i, side, lots - closed, ticks, fee - closing_fee)
        open_leg(book, i, slot, lots - closed, ticks, fee - closing_fee)
        strategy.observe_fill(book, book.lead[i], opening, side, lots - closed, ticks, book.order[at + ORDER_RULE])
    if opening:
        count_filled(book, i, book.order[at + ORDER_RULE])
    strategy.observe_order_done(book, book.lead[i], opening, outlives)
    if group != 0:
        cancel_group(book, strategy, i, group)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_protection(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    k: cython.long,
    role: cython.long,
    ticks: cython.longlong,
    reference: cython.longlong,
) -> cython.void:
    """Fill the stop loss or target of leg `k`: all of its lots."""
    at: cython.long = leg_at(book, i, k)
    lots: cython.longlong = book.leg[at + LEG_LOTS]
    rule: cython.longlong = book.leg[at + LEG_RULE]
    side: cython.longlong = -1 if book.position[i] > 0 else 1
    fee: cython.longlong = fee_of(book, i, lots, ticks)
    write_fill(book, i, book.leg[at + LEG_ID], rule, role, side, lots, ticks, fee, reference)
    settle(book, i, side, lots, ticks, fee)
    if k > 0 and book.setting[SETTING_FIFO] != 0.0:
        pass_protection(book, i, k)
        close_lots(book, i, lots, LOTS_OLDEST, ticks, rule, role, fee)
    else:
        close_leg(book, i, k, lots, ticks, lots * ticks, rule, role, fee)
    after_closing(book, strategy, i, side, lots, ticks, rule)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def settle(
    book: Book,
    i: cython.long,
    side: cython.longlong,
    lots: cython.longlong,
    ticks: cython.longlong,
    fee: cython.longlong,
) -> cython.void:
    """Money and position after a part of a fill; holdings stay those of the last mark."""
    take_fill_rate(book, i, ticks)
    pay(book, i, -side * lots * ticks * book.tick_value[i])
    use_cash(book, i, side, lots, ticks * book.tick_value[i])
    book.money -= fee
    book.paid[i] -= fee
    book.position[i] += side * lots
    hold(book, i, side * lots * book.mark[i] * book.tick_value[i])
    book.total[TOTAL_FEES] += fee


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def use_cash(
    book: Book, i: cython.long, side: cython.longlong, lots: cython.longlong, lot_quanta: cython.longlong
) -> cython.void:
    """A fill of so many lots at so many quanta of the instrument's currency each: what the sale of a holding brings
    settles later (of a short sale the broker keeps it), a purchase uses new cash first, and what is left of that and
    buys no lot is new no more."""
    paid: cython.longlong
    sessions: cython.long
    if side < 0:
        if book.position[i] <= 0 or book.setting[SETTING_SETTLES] <= 0.0:
            return
        sessions = 1 if book.day >= SETTLES_IN_ONE else 2 if book.day >= SETTLES_IN_TWO else SETTLES_IN_MAX
        book.settling[(book.session + sessions) & (REMEMBERED_SESSIONS - 1)] += worth(book, i, lots * lot_quanta, 0)
    elif book.new_cash != 0:
        paid = worth(book, i, lots * lot_quanta, 0)
        book.new_cash = book.new_cash - paid if book.new_cash >= paid + worth(book, i, lot_quanta, 0) else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def after_closing(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    side: cython.longlong,
    lots: cython.longlong,
    ticks: cython.longlong,
    rule: cython.longlong,
) -> cython.void:
    """Count a day trade, tell the observers, and cancel exits that have nothing left to close."""
    opening: cython.bint = False
    if book.armed_day[book.lead[i]] == book.day_of[i]:
        book.armed_day[book.lead[i]] = -1
        book.total[TOTAL_DAY_TRADES] += 1
        book.day_trades_on[book.session & (REMEMBERED_SESSIONS - 1)] += 1
    book.trip_exits[i] += 1
    if book.position[i] == 0:
        end_trip(book, i)
    strategy.observe_fill(book, book.lead[i], opening, side, lots, ticks, rule)
    if book.position[i] == 0 and book.working[i] != book.working_entries[i]:
        cancel_exits(book, strategy, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def end_trip(book: Book, i: cython.long) -> cython.void:
    """The position is closed: remember when, with what profit after fees, and how many losses there were in a row."""
    book.trips[i] += 1
    book.exit_bar[i] = book.bars[i]
    book.exit_session[i] = book.sessions[i]
    book.last_profit[i] = book.trip_profit[i]
    book.losses[i] = book.losses[i] + 1 if book.trip_profit[i] < 0 else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def count_filled(book: Book, i: cython.long, rule: cython.longlong) -> cython.void:
    """Count an entry that has filled: for its rule's period, its instrument's day and the account's session."""
    cell: cython.longlong = rule * book.instruments + i
    key: cython.longlong = period_key(book.rule_period[rule], book.day_of[i])
    if book.rule_key[cell] != key:
        book.rule_key[cell] = key
        book.rule_filled[cell] = 0
    book.rule_filled[cell] += 1
    if book.entries_day[i] != book.day_of[i]:
        book.entries_day[i] = book.day_of[i]
        book.entries_filled[i] = 0
    book.entries_filled[i] += 1
    book.entries_on[book.session & (REMEMBERED_SESSIONS - 1)] += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def note_tickets(book: Book, i: cython.long, closed: cython.longlong, choice: cython.longlong) -> cython.void:
    """What rules of first in, first out ask of an exit: which ticket it named first, whatever the account closes."""
    k: cython.long
    named: cython.long = leg_to_close(book, i, choice)
    lots: cython.longlong = book.leg[leg_at(book, i, named) + LEG_LOTS]
    book.fill_older = 0
    book.fill_older_same_size = 0
    book.fill_whole = 1
    if choice == LOTS_OLDEST or book.position[i] == 0:
        return
    book.fill_older = named
    book.fill_whole = 1 if closed == lots else 0
    for k in range(named):
        if book.leg[leg_at(book, i, k) + LEG_LOTS] == lots:
            book.fill_older_same_size += 1


# ── the log of fills ─────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def log_fill(
    book: Book,
    i: cython.long,
    order: cython.long,
    lots: cython.longlong,
    ticks: cython.longlong,
    fee: cython.longlong,
    reference: cython.longlong,
) -> cython.void:
    """Log a part of an order's fill; `order` is where the order's fields begin."""
    write_fill(
        book,
        i,
        book.order[order + ORDER_ID],
        book.order[order + ORDER_RULE],
        book.order[order + ORDER_ROLE],
        book.order[order + ORDER_SIDE],
        lots,
        ticks,
        fee,
        reference,
    )


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def write_fill(
    book: Book,
    i: cython.long,
    order_id: cython.longlong,
    rule: cython.longlong,
    role: cython.longlong,
    side: cython.longlong,
    lots: cython.longlong,
    ticks: cython.longlong,
    fee: cython.longlong,
    reference: cython.longlong,
) -> cython.void:
    """Log a part of a fill; its slippage is what `ticks` is worse than `reference`, in quanta."""
    at: cython.long = next_fill(book)
    slippage: cython.longlong = worth(book, i, side * (ticks - reference) * lots * book.tick_value[i], ticks)
    book.fill_log[at + FILL_ROW] = book.row
    book.fill_log[at + FILL_INSTRUMENT] = i
    book.fill_log[at + FILL_ORDER] = order_id
    book.fill_log[at + FILL_RULE] = rule
    book.fill_log[at + FILL_ROLE] = role
    book.fill_log[at + FILL_SIDE] = side
    book.fill_log[at + FILL_LOTS] = lots
    book.fill_log[at + FILL_TICKS] = ticks
    book.fill_log[at + FILL_FEE] = fee
    book.fill_log[at + FILL_SLIPPAGE] = slippage
    book.total[TOTAL_FILLS] += 1
    book.total[TOTAL_SLIPPAGE] += slippage
