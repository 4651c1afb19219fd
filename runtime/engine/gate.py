"""The gate: whether an opening order may go out. First denial wins, in the order of `runtime.model.denial`.

Judges the draft in the book. Exposure counts positions at the mark and working openings at the worse of the mark and
their own price, both directions apart, as if every opening filled and no exit did. Orders that reduce never come here.
Amounts of money are compared with one part in 10^9 of tolerance, the width by which sizes are rounded.
"""

from __future__ import annotations

from math import fabs

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    ACCOUNT_CASH,
    DENIED_ARITHMETIC_LIMIT,
    DENIED_BELOW_MINIMUM,
    DENIED_CAP_DAY_TRADES,
    DENIED_CAP_ENTRIES,
    DENIED_CAP_GROSS,
    DENIED_CAP_LEVERAGE,
    DENIED_CAP_ORDERS_PER_SECOND,
    DENIED_CAP_POSITION,
    DENIED_CAP_UNITS,
    DENIED_CASH,
    DENIED_CONTRACT_OVER,
    DENIED_HALTED,
    DENIED_NO_CONVERSION_RATE,
    DENIED_NO_ENTRIES,
    DENIED_ORDER_SLOTS,
    DENIED_OUTSIDE_HOURS,
    DENIED_RULE_LIMIT,
    DENIED_SAME_TICK,
    DENIED_STOP_DISTANCE,
    DENIED_TIME_OVER,
    DENIED_WRONG_SIDE_OF_PRICE,
    DENIED_ZERO_QUANTITY,
    KIND_LIMIT,
    LIFE_DATE,
    LIFE_UNTIL,
    ORDER_GROUP,
    ORDER_KIND,
    ORDER_LOTS,
    ORDER_PRICE,
    ORDER_SIDE,
    REMEMBERED_SESSIONS,
    SETTING_ACCOUNT,
    SETTING_CAP_DAY_TRADES,
    SETTING_CAP_DAY_TRADES_SESSIONS,
    SETTING_CAP_ENTRIES,
    SETTING_CAP_ENTRIES_SESSIONS,
    SETTING_CAP_GROSS_MONEY,
    SETTING_CAP_GROSS_RATIO,
    SETTING_CAP_LEVERAGE,
    SETTING_CAP_ORDERS_PER_SECOND,
    SETTING_CAP_POSITION_MONEY,
    SETTING_CAP_POSITION_RATIO,
    SETTING_CAP_POSITION_UNITS,
    SETTING_KEEP_SESSIONS,
    SETTING_STOP_DISTANCE,
    TARGET_DISTANCE,
    TARGET_NONE,
    TARGET_PRICE,
    TRAIL_NONE,
    TRAIL_RATE,
)
from stratc.runtime.engine.currency import at_worst, is_rate_known
from stratc.runtime.engine.exposure import exposure_over_places, gross_exposure, worst_value
from stratc.runtime.engine.groups import is_beyond_shared_cap, is_beyond_units_cap
from stratc.runtime.engine.ledger import fee_of
from stratc.runtime.engine.quantize import exceeds, round_half_even
from stratc.runtime.engine.sleeves import sleeve_money
from stratc.runtime.engine.slots import day_over, free_slot, is_entry, is_exit, order_at
from stratc.runtime.engine.trailing import drafted_distance


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def denial(book: Book, i: cython.long) -> cython.long:
    """The first reason against the draft, or 0; what is unknown was denied before, rule guards are asked after."""
    if not is_rate_known(book, i):
        return DENIED_NO_CONVERSION_RATE
    if book.draft_lots == 0:
        return DENIED_ZERO_QUANTITY
    if is_below_minimum(book, i):
        return DENIED_BELOW_MINIMUM
    if is_on_wrong_side(book):
        return DENIED_WRONG_SIDE_OF_PRICE
    if book.halted != 0:
        return DENIED_HALTED
    if book.over[i] != 0:
        return DENIED_CONTRACT_OVER
    if book.outside_hours[i] != 0:
        return DENIED_OUTSIDE_HOURS
    if book.barred[i] != 0:
        return DENIED_NO_ENTRIES
    if book.draft_life == LIFE_UNTIL and (book.ends[i] >> book.draft_life_value) & 1 != 0:
        return DENIED_TIME_OVER
    if book.draft_life == LIFE_DATE and book.draft_life_value <= day_over(book, i):
        return DENIED_TIME_OVER
    if book.draft_same_tick:
        return DENIED_SAME_TICK
    if book.limited_rule == book.draft_rule:
        return DENIED_RULE_LIMIT
    if is_stop_too_near(book):
        return DENIED_STOP_DISTANCE
    return denial_by_cap(book, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def denial_by_cap(book: Book, i: cython.long) -> cython.long:
    """The first cap that the draft would break, then cash, room and the bound of the arithmetic."""
    if is_beyond_position_cap(book, i) or is_beyond_shared_cap(book, i):
        return DENIED_CAP_POSITION
    if is_beyond_units_cap(book, i):
        return DENIED_CAP_UNITS
    if is_beyond_gross_cap(book, i):
        return DENIED_CAP_GROSS
    if is_beyond_leverage_cap(book, i):
        return DENIED_CAP_LEVERAGE
    if is_capped(book, SETTING_CAP_ORDERS_PER_SECOND, book.orders_in_moment + 1):
        return DENIED_CAP_ORDERS_PER_SECOND
    if is_beyond_entries_cap(book):
        return DENIED_CAP_ENTRIES
    if is_beyond_day_trades_cap(book, i):
        return DENIED_CAP_DAY_TRADES
    if is_beyond_cash(book, i):
        return DENIED_CASH
    if not has_room(book, i):
        return DENIED_ORDER_SLOTS
    if is_beyond_arithmetic(book, i):
        return DENIED_ARITHMETIC_LIMIT
    return 0


# ── prices ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_on_wrong_side(book: Book) -> cython.bint:
    """A stop loss must lie where the order would lose, a target where it would gain."""
    if book.draft_has_loss and book.draft_side * (book.draft_price - book.draft_loss) <= 0:
        return True
    if book.draft_trail_kind != TRAIL_NONE and book.draft_trail <= 0:
        return True
    if book.draft_trail_kind == TRAIL_RATE and book.draft_trail >= 1_000_000_000:
        return True
    if book.draft_target_kind == TARGET_NONE:
        return False
    if book.draft_target_kind == TARGET_PRICE:
        return book.draft_side * (book.draft_target - book.draft_price) <= 0.0
    if book.draft_target_kind == TARGET_DISTANCE:
        return book.draft_target <= 0.0
    return book.draft_target <= 0.0 or not book.draft_has_loss


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_below_minimum(book: Book, i: cython.long) -> cython.bint:
    """Whether the venue takes no order of so little worth, at the draft's own price."""
    return book.draft_lots * fabs(book.draft_price * 1.0) * book.tick_value[i] < book.notional_min[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_stop_too_near(book: Book) -> cython.bint:
    """`stop distance at least`: a share of the order's own price."""
    bound: cython.double = book.setting[SETTING_STOP_DISTANCE]
    if bound < 0.0:
        return False
    if book.draft_trail_kind != TRAIL_NONE and exceeds(bound * fabs(book.draft_price * 1.0), drafted_distance(book)):
        return True
    if not book.draft_has_loss:
        return False
    return exceeds(bound * fabs(book.draft_price * 1.0), fabs((book.draft_price - book.draft_loss) * 1.0))


# ── exposure ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_position_cap(book: Book, i: cython.long) -> cython.bint:
    """A share of equity, money or units, on the larger side of the instrument."""
    ratio: cython.double = book.setting[SETTING_CAP_POSITION_RATIO]
    money: cython.double = book.setting[SETTING_CAP_POSITION_MONEY]
    units: cython.double = book.setting[SETTING_CAP_POSITION_UNITS]
    if ratio >= 0.0 and exceeds(exposure_over_places(book, i), ratio * book.equity):
        return True
    if money >= 0.0 and exceeds(exposure_over_places(book, i), money):
        return True
    return units >= 0.0 and exceeds(worst_lots(book, i) * book.step[i], units)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def worst_lots(book: Book, i: cython.long) -> cython.longlong:
    """Lots on the draft's side if the draft and every working opening of that side filled, in all its places."""
    j: cython.long
    lots: cython.longlong = book.draft_lots + place_lots(book, i)
    if book.shared[i] != 0:
        for j in range(book.instruments):
            if j != i and book.lead[j] == book.lead[i]:
                lots += place_lots(book, j)
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def place_lots(book: Book, i: cython.long) -> cython.longlong:
    """What a place holds on the draft's side, and what its working openings of that side add."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = 0
    if book.draft_side * book.position[i] > 0:
        lots += book.draft_side * book.position[i]
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] == book.draft_side:
            lots += book.order[at + ORDER_LOTS]
    return lots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_gross_cap(book: Book, i: cython.long) -> cython.bint:
    """A share of equity or money, on all instruments together."""
    ratio: cython.double = book.setting[SETTING_CAP_GROSS_RATIO]
    money: cython.double = book.setting[SETTING_CAP_GROSS_MONEY]
    if ratio >= 0.0 and exceeds(gross_exposure(book, i), ratio * book.equity):
        return True
    return money >= 0.0 and exceeds(gross_exposure(book, i), money)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_leverage_cap(book: Book, i: cython.long) -> cython.bint:
    """Gross exposure over equity."""
    bound: cython.double = book.setting[SETTING_CAP_LEVERAGE]
    return bound >= 0.0 and exceeds(gross_exposure(book, i), bound * book.equity)


# ── counts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_capped(book: Book, setting: cython.long, count: cython.longlong) -> cython.bint:
    """Whether a count is beyond its cap."""
    return book.setting[setting] >= 0.0 and count > book.setting[setting]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def counted(book: Book, ring: cython.p_longlong, sessions: cython.double) -> cython.longlong:
    """The sum over the account's last so many sessions, this one included."""
    back: cython.long
    count: cython.longlong = 0
    for back in range(REMEMBERED_SESSIONS - 1):
        if back < sessions and back <= book.session:
            count += ring[(book.session - back) & (REMEMBERED_SESSIONS - 1)]
    return count


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_entries_cap(book: Book) -> cython.bint:
    """Entries filled in the window and working ones; a `one of` works as one."""
    if book.setting[SETTING_CAP_ENTRIES] < 0.0:
        return False
    filled: cython.longlong = counted(book, book.entries_on, book.setting[SETTING_CAP_ENTRIES_SESSIONS])
    return is_capped(book, SETTING_CAP_ENTRIES, filled + book.working_counted + (0 if has_sibling(book) else 1))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def has_sibling(book: Book) -> cython.bint:
    """Whether the draft belongs to a `one of` that has a working entry already: the number given out last."""
    return book.draft_group != 0 and book.draft_group == book.placed_group


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_day_trades_cap(book: Book, i: cython.long) -> cython.bint:
    """Day trades in the window, and those that open positions, working entries and this order may still become."""
    j: cython.long
    if book.setting[SETTING_CAP_DAY_TRADES] < 0.0:
        return False
    count: cython.longlong = 1
    count += counted(book, book.day_trades_on, book.setting[SETTING_CAP_DAY_TRADES_SESSIONS])
    for j in range(book.instruments):
        if book.armed_day[j] >= 0 and book.armed_day[j] == book.day_of[j]:
            count += 1
        if has_rival(book, j):
            count += 1
    return is_capped(book, SETTING_CAP_DAY_TRADES, count)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def has_rival(book: Book, j: cython.long) -> cython.bint:
    """Whether an instrument has a working entry that the draft's fill would not cancel."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_entry(book, at) and (book.draft_group == 0 or book.order[at + ORDER_GROUP] != book.draft_group):
            return True
    return False


# ── cash, room, arithmetic ───────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_cash(book: Book, i: cython.long) -> cython.bint:
    """A cash account buys with cash that no other working purchase needs, costs included, and does not sell short.

    A sleeve buys with its own, and never with what the account has not. It has no cash in another currency: where fills
    do not exchange, nothing quoted in one can be bought.
    """
    j: cython.long
    needed: cython.longlong
    own: cython.longlong
    if book.setting[SETTING_ACCOUNT] != ACCOUNT_CASH:
        return False
    if book.draft_side < 0 or (book.currency[i] != 0 and not book.converts):
        return True
    needed = own = price_to_pay(book, i, book.draft_lots, book.draft_price)
    for j in range(book.instruments):
        needed += committed(book, j)
        if book.sleeves != 0 and book.sleeve_of[j] == book.sleeve_of[i]:
            own += committed(book, j)
    if book.sleeves != 0 and own > sleeve_money(book, book.sleeve_of[i]):
        return True
    return needed > book.money + (expected_proceeds(book) if book.draft_funded else 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def committed(book: Book, j: cython.long) -> cython.longlong:
    """What the working purchases of an instrument would cost, fees included, in quanta."""
    slot: cython.long
    at: cython.long
    cost: cython.longlong = 0
    for slot in range(book.order_end[j]):
        at = order_at(book, j, slot)
        if is_entry(book, at) and book.order[at + ORDER_SIDE] > 0:
            cost += price_to_pay(book, j, book.order[at + ORDER_LOTS], book.order[at + ORDER_PRICE])
    return cost


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def price_to_pay(book: Book, i: cython.long, lots: cython.longlong, price: cython.longlong) -> cython.longlong:
    """What a purchase takes out of the account at worst: value, commission and what exchanging the money costs."""
    value: cython.longlong = worst_value(book, i, lots, price)
    if book.currency[i] != 0:
        value += round_half_even(value * book.conversion_cost)
    return value + fee_of(book, i, lots, price)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def expected_proceeds(book: Book) -> cython.longlong:
    """What the working exits that need no price would bring at the marks, fees paid, in quanta.

    Nothing where `keep at least` may hold exits back: what may not be sold yet pays for nothing.
    """
    j: cython.long
    slot: cython.long
    at: cython.long
    proceeds: cython.longlong = 0
    if book.setting[SETTING_KEEP_SESSIONS] > 0.0:
        return 0
    for j in range(book.instruments):
        for slot in range(book.order_end[j]):
            at = order_at(book, j, slot)
            if is_exit(book, at) and book.order[at + ORDER_SIDE] < 0 and book.order[at + ORDER_KIND] < KIND_LIMIT:
                proceeds += received(book, j, book.order[at + ORDER_LOTS] * book.mark[j] * book.tick_value[j])
                proceeds -= fee_of(book, j, book.order[at + ORDER_LOTS], book.mark[j])
    return proceeds


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def received(book: Book, j: cython.long, quanta: cython.longlong) -> cython.longlong:
    """What a sale for so much of the instrument's currency brings in the account's."""
    return quanta if book.currency[j] == 0 else at_worst(book, book.currency[j], quanta)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def has_room(book: Book, i: cython.long) -> cython.bint:
    """A free slot, two left for exits, and a leg for every opening that may fill."""
    if book.working_entries[i] >= book.slots - 2 or free_slot(book, i) < 0:
        return False
    return book.legs[i] + book.working_entries[i] < book.slots


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_beyond_arithmetic(book: Book, i: cython.long) -> cython.bint:
    """Prices and quantities for which 64-bit money would not be safe."""
    return book.draft_beyond or worst_lots(book, i) > book.lots_max[i]
