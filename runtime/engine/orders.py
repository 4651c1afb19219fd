"""From intent to order: sizes an entry, asks the gate, and puts what is approved among the working orders.

Amounts and prices come as doubles, nan where unknown; an unknown never makes an order. `enter` and `exit_position` give
the slot of the new order (from 0), minus a DENIED_ code, or NO_ORDER where there was nothing to do.

Prices are rounded to ticks so that nothing becomes worse than named: limits to the side that trades less (buy down,
sell up), stops and stop losses away from the market (buy up, sell down).
"""

from __future__ import annotations

from math import fabs, isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    DENIED_NO_ENTRIES,
    DENIED_RULE_GUARD,
    DENIED_UNKNOWN_VALUE,
    KIND_LIMIT,
    KIND_MARKET,
    KIND_STOP,
    KIND_STOP_LIMIT,
    LIFE_BARS,
    LIFE_DATE,
    LIFE_DAY,
    LIFE_UNTIL,
    LIFE_UNTIL_FILLED,
    NO_ORDER,
    PORTION_ALL,
    PORTION_FRACTION,
    ROLE_ENTRY,
    ROLE_EXIT,
    SIZE_NONE,
    SIZE_RISK,
    STATUS_CANCELED,
    STOP_NONE,
    TARGET_DISTANCE,
    TARGET_NONE,
    TARGET_PRICE,
    TARGET_R_MULTIPLE,
    TOTAL_GUARD_CHECKS,
)
from stratc.runtime.engine.gate import denial
from stratc.runtime.engine.logs import deny
from stratc.runtime.engine.periods import period_key
from stratc.runtime.engine.quantize import round_down, round_up, whole_lots
from stratc.runtime.engine.short_sale import denial_of_short, pay_locate
from stratc.runtime.engine.sizing import size
from stratc.runtime.engine.slots import (
    cancel_resting_exits,
    end_order,
    free_slot,
    is_exit,
    is_older,
    order_at,
    outlives_session,
    place,
    working_exit_lots,
)
from stratc.runtime.engine.standing import write_standing
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.trailing import draft_trail


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def enter(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    rule: cython.long,
    side: cython.long,
    sizing: cython.long,
    amount: cython.double,
    at_most_kind: cython.long,
    at_most: cython.double,
    order_kind: cython.long,
    limit_price: cython.double,
    stop_price: cython.double,
    stop_kind: cython.long,
    stop_loss: cython.double,
    target_kind: cython.long,
    target: cython.double,
    life: cython.long,
    life_value: cython.long,
    group: cython.longlong,
    reverse: cython.bint,
) -> cython.long:
    """Open or add to a position of instrument `i` for `rule`.

    `side` BUY or SELL; `sizing` and `amount` (and `at_most_kind`, SIZE_NONE where not said): SIZE_QUANTITY in units,
    SIZE_NOTIONAL and SIZE_RISK in money. `limit_price` and `stop_price` are read where `order_kind` needs them.
    `stop_kind` STOP_NONE or STOP_PRICE; `target_kind` TARGET_NONE, TARGET_PRICE, TARGET_DISTANCE (price units) or
    TARGET_R_MULTIPLE. `life` LIFE_DAY …; `life_value` bars of LIFE_BARS, bit of `book.ends` of LIFE_UNTIL,
    last trading day of LIFE_DATE, else 0.
    `group` 0, or the number from `next_group` that the entries of a `one of` share. With `reverse` an opposite position
    is first exited at market, as an order of its own, whatever becomes of the entry. How its stop loss trails was said
    before, by `trail_next_entry`.
    """
    lots: cython.longlong
    reason: cython.long
    if reverse and side * book.position[i] < 0:
        exit_position(book, strategy, i, rule, PORTION_ALL, 1.0, KIND_MARKET, 0.0, 0.0)
    draft(book, i, rule, ROLE_ENTRY, side, order_kind, life, life_value, group)
    draft_protection(book, i, stop_kind, stop_loss, target_kind, target)
    if not draft_trail(book, i):
        return deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
    if not are_prices_known(book, i, limit_price, stop_price, stop_kind, stop_loss) or isnan(amount):
        return deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
    if is_size_unknown(sizing, stop_kind, at_most_kind, at_most) or is_target_unknown(stop_kind, target_kind, target):
        return deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
    draft_price(book, i, limit_price, stop_price)
    book.draft_lots = size(book, i, sizing, amount)
    if at_most_kind != SIZE_NONE:
        lots = size(book, i, at_most_kind, at_most)
        book.draft_lots = lots if lots < book.draft_lots else book.draft_lots
    reason = denial(book, i)
    if reason != 0:
        return deny(book, i, rule, reason, book.barred[i] if reason == DENIED_NO_ENTRIES else 0)
    return place_guarded(book, strategy, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def take_back(book: Book, strategy: Strategy, i: cython.long, slot: cython.long) -> cython.void:
    """Cancel an entry that was placed at this decision: the one that it belongs to was denied."""
    end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exit_position(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    rule: cython.long,
    portion_kind: cython.long,
    portion: cython.double,
    order_kind: cython.long,
    limit_price: cython.double,
    stop_price: cython.double,
) -> cython.long:
    """Reduce the position of `i`: PORTION_ALL, PORTION_FRACTION of it, or PORTION_QUANTITY in units.

    Clipped to the position less working exits and never denied by a cap or for cash; only an unknown portion or price
    is (UNKNOWN_VALUE). NO_ORDER where nothing is left to exit. `exit all` at market replaces exits that rest. Exits at
    a price live for the session, all others until they fill.
    """
    lots: cython.longlong
    if book.position[i] == 0:
        book.next_lot_choice = 0
        return NO_ORDER
    draft(book, i, rule, ROLE_EXIT, -1 if book.position[i] > 0 else 1, order_kind, LIFE_DAY, 0, 0)
    draft_protection(book, i, STOP_NONE, 0.0, TARGET_NONE, 0.0)
    draft_trail(book, i)
    if not are_prices_known(book, i, limit_price, stop_price, STOP_NONE, 0.0) or isnan(portion):
        return deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
    draft_price(book, i, limit_price, stop_price)
    if portion_kind == PORTION_ALL and order_kind == KIND_MARKET:
        cancel_resting_exits(book, strategy, i)
    lots = portion_lots(book, i, portion_kind, portion)
    return place_exit(book, strategy, i, lots)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_group(book: Book) -> cython.longlong:
    """A new number for the entries of a `one of`: the first that fills cancels the others."""
    book.groups += 1
    return book.groups


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def after_locate(book: Book) -> cython.void:
    """The next entry is a short sale for which shares are located before its order goes out."""
    book.next_located = True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def choose_lots(book: Book, choice: cython.long) -> cython.void:
    """The next exit closes these tax lots first (LOTS_); to be said each time, else the oldest."""
    book.next_lot_choice = choice


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def rule_may_enter(
    book: Book, i: cython.long, rule: cython.long, count_max: cython.long, period: cython.long, across: cython.bint
) -> cython.bint:
    """Whether `rule` may enter once more in this period; to be asked each time before the entries of a limited rule.

    Counts filled, working and unknown-outcome entries of the rule, a `one of` once, on `i` or across instruments. The
    answer is remembered: after a no, the entries of this rule that follow are denied with RULE_LIMIT in its place.
    """
    j: cython.long
    count: cython.longlong = 0
    book.rule_period[rule] = period
    if across:
        for j in range(book.instruments):
            count += rule_entries(book, j, rule, period_key(period, book.day))
    else:
        count = rule_entries(book, i, rule, period_key(period, book.day_of[i]))
    book.limited_rule = -1 if count < count_max else rule
    return count < count_max


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def rule_entries(book: Book, i: cython.long, rule: cython.long, key: cython.longlong) -> cython.longlong:
    """Entries of a rule on an instrument: filled in that period, or working."""
    cell: cython.long = rule * book.instruments + i
    return book.rule_working[cell] + (book.rule_filled[cell] if book.rule_key[cell] == key else 0)


# ── drafting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def draft(
    book: Book,
    i: cython.long,
    rule: cython.long,
    role: cython.long,
    side: cython.long,
    kind: cython.long,
    life: cython.long,
    life_value: cython.long,
    group: cython.longlong,
) -> cython.void:
    """Begin a draft. Orders without a price wait for the next bar or auction there is: exits beyond a session's end
    too, entries where they are placed when it is over."""
    waits: cython.bint = kind < KIND_LIMIT and life not in (LIFE_BARS, LIFE_UNTIL, LIFE_DATE)
    book.draft_rule = rule
    book.draft_role = role
    book.draft_side = side
    book.draft_kind = kind
    book.draft_life = LIFE_UNTIL_FILLED if waits else life
    book.draft_life_value = life_value
    book.draft_group = group
    book.draft_limit = book.draft_stop = 0
    book.draft_beyond = book.draft_funded = False
    book.draft_lot_choice = book.draft_level = 0
    if role == ROLE_ENTRY:
        book.draft_level = book.next_level
        book.draft_same_tick = book.next_same_tick
        book.next_level = 0
        book.next_same_tick = False
        book.draft_located = book.next_located
        book.next_located = False
    else:
        book.draft_lot_choice = book.next_lot_choice
        book.next_lot_choice = 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def draft_protection(
    book: Book,
    i: cython.long,
    stop_kind: cython.long,
    stop_loss: cython.double,
    target_kind: cython.long,
    target: cython.double,
) -> cython.void:
    """The draft's stop loss and target; a target in ticks, or in multiples of the initial risk."""
    in_price: cython.bint = target_kind in (TARGET_PRICE, TARGET_DISTANCE)
    book.draft_has_loss = stop_kind != STOP_NONE and not isnan(stop_loss)
    book.draft_loss = to_ticks(book, i, stop_loss, book.draft_side < 0) if book.draft_has_loss else 0
    book.draft_target_kind = target_kind
    book.draft_target = target * book.ticks_per_unit[i] / book.signal_scale[i] if in_price else target
    if target_kind == TARGET_PRICE:
        book.draft_target += book.signal_shift[i]
    if in_price and fabs(book.draft_target) > book.ticks_max[i]:
        book.draft_beyond = True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def are_prices_known(
    book: Book,
    i: cython.long,
    limit_price: cython.double,
    stop_price: cython.double,
    stop_kind: cython.long,
    stop_loss: cython.double,
) -> cython.bint:
    """Whether every price that the draft needs is known; orders without a price are sized at the mark."""
    kind: cython.long = book.draft_kind
    if stop_kind != STOP_NONE and isnan(stop_loss):
        return False
    if (kind in (KIND_LIMIT, KIND_STOP_LIMIT)) and isnan(limit_price):
        return False
    if (kind in (KIND_STOP, KIND_STOP_LIMIT)) and isnan(stop_price):
        return False
    return book.marked[i] != 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_size_unknown(
    sizing: cython.long, stop_kind: cython.long, at_most_kind: cython.long, at_most: cython.double
) -> cython.bint:
    """Whether an amount is missing: a bound that is unknown, or a risk without a stop loss."""
    if at_most_kind != SIZE_NONE and isnan(at_most):
        return True
    return stop_kind == STOP_NONE and (sizing == SIZE_RISK or at_most_kind == SIZE_RISK)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_target_unknown(stop_kind: cython.long, target_kind: cython.long, target: cython.double) -> cython.bint:
    """Whether a target is missing: unknown, or in multiples of a risk that no stop loss defines."""
    if target_kind == TARGET_NONE:
        return False
    return isnan(target) or (target_kind == TARGET_R_MULTIPLE and stop_kind == STOP_NONE)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def draft_price(book: Book, i: cython.long, limit_price: cython.double, stop_price: cython.double) -> cython.void:
    """The draft's prices in ticks; its own price is its limit, else its stop, else the mark."""
    buys: cython.bint = book.draft_side > 0
    book.draft_price = book.mark[i]
    if book.draft_kind == KIND_STOP or book.draft_kind == KIND_STOP_LIMIT:
        book.draft_stop = to_ticks(book, i, stop_price, buys)
        book.draft_price = book.draft_stop
    if book.draft_kind == KIND_LIMIT or book.draft_kind == KIND_STOP_LIMIT:
        book.draft_limit = to_ticks(book, i, limit_price, not buys)
        book.draft_price = book.draft_limit


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def to_ticks(book: Book, i: cython.long, price: cython.double, up: cython.bint) -> cython.longlong:
    """A price that the strategy sees in the contract's ticks, rounded up or down.

    What is beyond the instrument's bound is marked and cut to it.
    """
    x: cython.double = price * book.ticks_per_unit[i] / book.signal_scale[i] + book.signal_shift[i]
    if fabs(x) > book.ticks_max[i]:
        book.draft_beyond = True
        return book.ticks_max[i] if x > 0.0 else -book.ticks_max[i]
    return round_up(x) if up else round_down(x)


# ── placing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def place_guarded(book: Book, strategy: Strategy, i: cython.long) -> cython.long:
    """Ask the rule guards, last of all, and place the draft. Shares that may be sold short are located before them, and
    paid for when the order goes."""
    guard: cython.long
    reason: cython.long = denial_of_short(book, i)
    slot: cython.long
    equity: cython.longlong = book.equity
    located: cython.bint = book.draft_located and book.draft_side < 0
    if reason != 0:
        return deny(book, i, book.draft_rule, reason, 0)
    if located:
        strategy.observe_locate(book, book.lead[i], book.draft_lots)
    book.total[TOTAL_GUARD_CHECKS] += 1
    guard = strategy.deny_opening(
        book, book.lead[i], book.draft_side, book.draft_lots, book.draft_price, outlives_session(book, i)
    )
    if guard != 0:
        return deny(book, i, book.draft_rule, DENIED_RULE_GUARD, guard)
    if located:
        pay_locate(book, i)
    slot = place(book, strategy, i, free_slot(book, i))
    write_standing(book, i, slot, equity)
    return slot


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def portion_lots(book: Book, i: cython.long, portion_kind: cython.long, portion: cython.double) -> cython.longlong:
    """Lots of a portion of the position, rounded down and no more than the position."""
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    wanted: cython.double = held
    if portion_kind == PORTION_FRACTION:
        wanted = held * portion
    elif portion_kind != PORTION_ALL:
        wanted = portion / book.step[i]
    return held if wanted >= held else whole_lots(wanted)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def place_exit(book: Book, strategy: Strategy, i: cython.long, lots: cython.longlong) -> cython.long:
    """Place the draft as an exit of so many lots, clipped to the position less working exits.

    Where every slot is taken the oldest working exit gives way: a reducing order is never refused for want of room.
    """
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    slot: cython.long = free_slot(book, i)
    if slot < 0:
        slot = oldest_exit(book, i)
        end_order(book, strategy, i, slot, STATUS_CANCELED)
    held -= working_exit_lots(book, i)
    book.draft_lots = lots if lots < held else held
    if book.draft_lots <= 0:
        return NO_ORDER
    return place(book, strategy, i, slot)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def oldest_exit(book: Book, i: cython.long) -> cython.long:
    """The slot of the working exit that was placed first; the gate keeps two slots from entries, so there is one."""
    slot: cython.long
    oldest: cython.long = -1
    for slot in range(book.order_end[i]):
        if not is_exit(book, order_at(book, i, slot)):
            continue
        if oldest < 0 or is_older(book, i, slot, oldest):
            oldest = slot
    return oldest
