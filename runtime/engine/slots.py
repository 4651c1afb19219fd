"""Working orders: from the draft that was approved to a slot, and from a slot to how its order ended.

Counters that words and caps read (`working`, `working_entries`, `rule_working`, `active`) change here and nowhere else.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    KIND_LIMIT,
    KIND_NEXT_OPEN,
    LIFE_BARS,
    LIFE_DATE,
    LIFE_DAY,
    LIFE_UNTIL,
    LIFE_UNTIL_FILLED,
    ORDER_BARS,
    ORDER_COUNTS,
    ORDER_DAY,
    ORDER_GROUP,
    ORDER_HAS_LOSS,
    ORDER_ID,
    ORDER_KIND,
    ORDER_LEVEL,
    ORDER_LIFE,
    ORDER_LIFE_VALUE,
    ORDER_LIMIT,
    ORDER_LOSS,
    ORDER_LOT_CHOICE,
    ORDER_LOTS,
    ORDER_OUTLIVES,
    ORDER_PRICE,
    ORDER_ROLE,
    ORDER_RULE,
    ORDER_SIDE,
    ORDER_STATUS,
    ORDER_STOP,
    ORDER_TARGET_KIND,
    ORDER_TRAIL,
    ORDER_TRAIL_KIND,
    ORDER_TRIGGERED,
    ORDER_WIDTH,
    PLACED_EQUITY,
    PLACED_EXPOSURE,
    PLACED_GROSS,
    PLACED_HELD,
    PLACED_ID,
    PLACED_INSTRUMENT,
    PLACED_KIND,
    PLACED_LIMIT,
    PLACED_LOTS,
    PLACED_RISK,
    PLACED_ROLE,
    PLACED_ROW,
    PLACED_ROW_DONE,
    PLACED_RULE,
    PLACED_SIDE,
    PLACED_STATUS,
    PLACED_STOP,
    PLACED_WIDTH,
    ROLE_ENTRY,
    SETTING_KEEP_SESSIONS,
    STATUS_CANCELED,
    STATUS_EXPIRED,
    STATUS_WORKING,
    TOTAL_ORDERS,
)
from stratc.runtime.engine.logs import next_placed
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def order_at(book: Book, i: cython.long, slot: cython.long) -> cython.long:
    """Where a slot's fields begin in `book.order`."""
    return (i * book.slots + slot) * ORDER_WIDTH


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def free_slot(book: Book, i: cython.long) -> cython.long:
    """The first free slot of an instrument, or -1."""
    slot: cython.long
    for slot in range(book.slots):
        if book.order[order_at(book, i, slot) + ORDER_STATUS] == 0:
            return slot
    return -1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def place(book: Book, strategy: Strategy, i: cython.long, slot: cython.long) -> cython.long:
    """Put the draft into a free slot as a working order and tell the observers; gives the slot."""
    at: cython.long = order_at(book, i, slot)
    opening: cython.bint = book.draft_role == ROLE_ENTRY
    book.order[at + ORDER_STATUS] = STATUS_WORKING
    book.order[at + ORDER_ID] = write_placed(book, i)
    book.order[at + ORDER_RULE] = book.draft_rule
    book.order[at + ORDER_ROLE] = book.draft_role
    book.order[at + ORDER_KIND] = book.draft_kind
    book.order[at + ORDER_SIDE] = book.draft_side
    book.order[at + ORDER_LOTS] = book.draft_lots
    book.order[at + ORDER_LIMIT] = book.draft_limit
    book.order[at + ORDER_STOP] = book.draft_stop
    book.order[at + ORDER_TRIGGERED] = 0
    book.order[at + ORDER_HAS_LOSS] = book.draft_has_loss
    book.order[at + ORDER_LOSS] = book.draft_loss
    book.order[at + ORDER_TARGET_KIND] = book.draft_target_kind
    book.order[at + ORDER_TRAIL_KIND] = book.draft_trail_kind
    book.order[at + ORDER_TRAIL] = book.draft_trail
    book.order[at + ORDER_LIFE] = book.draft_life
    book.order[at + ORDER_LIFE_VALUE] = book.draft_life_value
    book.order[at + ORDER_BARS] = 0
    book.order[at + ORDER_GROUP] = book.draft_group
    book.order[at + ORDER_COUNTS] = 0
    book.order[at + ORDER_DAY] = book.day_of[i]
    book.order[at + ORDER_PRICE] = book.draft_price
    book.order[at + ORDER_LOT_CHOICE] = book.draft_lot_choice
    book.order[at + ORDER_LEVEL] = book.draft_level
    book.order[at + ORDER_OUTLIVES] = outlives_session(book, i)
    book.order_target[i * book.slots + slot] = book.draft_target
    book.working[i] += 1
    book.active[i] += 1
    if slot >= book.order_end[i]:
        book.order_end[i] = slot + 1
    if opening:
        count_entry(book, i, at)
    book.placed_group = book.draft_group
    book.orders_in_moment += 1
    book.total[TOTAL_ORDERS] += 1
    strategy.observe_order(
        book,
        book.lead[i],
        opening,
        book.draft_side,
        book.draft_lots,
        book.draft_price,
        book.order[at + ORDER_OUTLIVES] != 0,
    )
    return slot


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def outlives_session(book: Book, i: cython.long) -> cython.bint:
    """Whether the draft may be working after the session in which it is placed: what lives for bars, to a moment or to
    a later day, what begins to work in the next session, and what waits until it may fill. All else ends with the
    session, filled or not (`expire_day`)."""
    if book.shut[i] != 0 or book.draft_kind == KIND_NEXT_OPEN:
        return True
    if book.draft_life == LIFE_DATE:
        return book.draft_life_value > book.day_of[i]
    if book.draft_life == LIFE_UNTIL_FILLED:
        return book.draft_role != ROLE_ENTRY or waits_to_turn(book, i)
    return book.draft_life == LIFE_BARS or book.draft_life == LIFE_UNTIL


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def waits_to_turn(book: Book, i: cython.long) -> cython.bint:
    """Whether the draft would turn a position round that `keep at least` may hold beyond the session."""
    return book.setting[SETTING_KEEP_SESSIONS] > 0.0 and book.draft_side * book.position[i] < 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def write_placed(book: Book, i: cython.long) -> cython.longlong:
    """Log the draft as an order; gives its id."""
    at: cython.long = next_placed(book)
    book.order_log[at + PLACED_ROW] = book.row
    book.order_log[at + PLACED_ID] = at // PLACED_WIDTH
    book.order_log[at + PLACED_INSTRUMENT] = i
    book.order_log[at + PLACED_RULE] = book.draft_rule
    book.order_log[at + PLACED_ROLE] = book.draft_role
    book.order_log[at + PLACED_KIND] = book.draft_kind
    book.order_log[at + PLACED_SIDE] = book.draft_side
    book.order_log[at + PLACED_LOTS] = book.draft_lots
    book.order_log[at + PLACED_LIMIT] = book.draft_limit
    book.order_log[at + PLACED_STOP] = book.draft_stop
    book.order_log[at + PLACED_STATUS] = STATUS_WORKING
    book.order_log[at + PLACED_ROW_DONE] = -1
    book.order_log[at + PLACED_EQUITY] = 0
    book.order_log[at + PLACED_EXPOSURE] = 0
    book.order_log[at + PLACED_GROSS] = 0
    book.order_log[at + PLACED_HELD] = 0
    book.order_log[at + PLACED_RISK] = 0
    return at // PLACED_WIDTH


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def count_entry(book: Book, i: cython.long, at: cython.long) -> cython.void:
    """Count a working entry; the entries of a `one of` count once, by the first of them."""
    rule: cython.longlong = book.order[at + ORDER_RULE]
    book.working_entries[i] += 1
    if group_size(book, i, book.order[at + ORDER_GROUP]) > 1:
        return
    book.order[at + ORDER_COUNTS] = 1
    book.working_counted += 1
    book.rule_working[rule * book.instruments + i] += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def group_size(book: Book, i: cython.long, group: cython.longlong) -> cython.long:
    """Working entries of a `one of`; 0 for the group 0, which is none."""
    slot: cython.long
    at: cython.long
    size: cython.long = 0
    if group == 0:
        return 0
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if book.order[at + ORDER_STATUS] == STATUS_WORKING and book.order[at + ORDER_GROUP] == group:
            size += 1
    return size


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def vacate(book: Book, i: cython.long, slot: cython.long, status: cython.long) -> cython.void:
    """Free a slot whose order is done, and log how it ended; observers are told by the caller."""
    at: cython.long = order_at(book, i, slot)
    placed: cython.long = book.order[at + ORDER_ID] * PLACED_WIDTH
    book.order_log[placed + PLACED_STATUS] = status
    book.order_log[placed + PLACED_ROW_DONE] = book.row
    book.ended_count += 1
    book.order[at + ORDER_STATUS] = 0
    book.working[i] -= 1
    book.active[i] -= 1
    if book.order[at + ORDER_ROLE] == ROLE_ENTRY:
        book.working_entries[i] -= 1
        if book.order[at + ORDER_COUNTS] != 0:
            book.working_counted -= 1
            book.rule_working[book.order[at + ORDER_RULE] * book.instruments + i] -= 1
    while book.order_end[i] > 0 and book.order[order_at(book, i, book.order_end[i] - 1) + ORDER_STATUS] == 0:
        book.order_end[i] -= 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def end_order(book: Book, strategy: Strategy, i: cython.long, slot: cython.long, status: cython.long) -> cython.void:
    """Cancel or expire an order that has not filled, and tell the observers."""
    at: cython.long = order_at(book, i, slot)
    opening: cython.bint = book.order[at + ORDER_ROLE] == ROLE_ENTRY
    outlives: cython.bint = book.order[at + ORDER_OUTLIVES] != 0
    vacate(book, i, slot, status)
    strategy.observe_order_done(book, book.lead[i], opening, outlives)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_entry(book: Book, at: cython.long) -> cython.bint:
    """Whether a slot holds a working entry."""
    return book.order[at + ORDER_STATUS] == STATUS_WORKING and book.order[at + ORDER_ROLE] == ROLE_ENTRY


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_exit(book: Book, at: cython.long) -> cython.bint:
    """Whether a slot holds a working exit."""
    return book.order[at + ORDER_STATUS] == STATUS_WORKING and book.order[at + ORDER_ROLE] != ROLE_ENTRY


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_older(book: Book, i: cython.long, slot: cython.long, other: cython.long) -> cython.bint:
    """Whether one slot's order was placed before another's."""
    return book.order[order_at(book, i, slot) + ORDER_ID] < book.order[order_at(book, i, other) + ORDER_ID]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def lives(book: Book, at: cython.long, life: cython.long) -> cython.bint:
    """Whether a slot holds a working order with that life."""
    return book.order[at + ORDER_STATUS] == STATUS_WORKING and book.order[at + ORDER_LIFE] == life


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def cancel_entries(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Cancel all working entries of an instrument."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at):
            end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def cancel_exits(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Cancel all working exits of an instrument; protective orders stay."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_exit(book, at):
            end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def cancel_exits_of(book: Book, strategy: Strategy, i: cython.long, rule: cython.long) -> cython.void:
    """Cancel the working exits of an instrument that one rule placed."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_exit(book, at) and book.order[at + ORDER_RULE] == rule:
            end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def cancel_resting_exits(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Cancel the exits of an instrument that wait for a price."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_exit(book, at) and book.order[at + ORDER_KIND] >= KIND_LIMIT:
            end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def cancel_group(book: Book, strategy: Strategy, i: cython.long, group: cython.longlong) -> cython.void:
    """Cancel what is left of a `one of`, one of whose entries has filled."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at) and book.order[at + ORDER_GROUP] == group:
            end_order(book, strategy, i, slot, STATUS_CANCELED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def expire_until(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """End the orders whose named time has come with this bar, by the bits of `book.ends`."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if lives(book, at, LIFE_UNTIL) and (book.ends[i] >> book.order[at + ORDER_LIFE_VALUE]) & 1 != 0:
            end_order(book, strategy, i, slot, STATUS_EXPIRED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def expire_day(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """End what does not outlive the session that is over, day orders for this session that have worked in it, and those
    whose last day it was."""
    slot: cython.long
    at: cython.long
    over: cython.longlong = day_over(book, i)
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if (
            (lives(book, at, LIFE_DAY) and book.order[at + ORDER_BARS] > 0)
            or (lives(book, at, LIFE_DATE) and book.order[at + ORDER_LIFE_VALUE] <= over)
            or ends_with_session(book, at, over)
        ):
            end_order(book, strategy, i, slot, STATUS_EXPIRED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def ends_with_session(book: Book, at: cython.long, over: cython.longlong) -> cython.bint:
    """Whether a working order was placed in a session that is over, and must not outlive it."""
    if book.order[at + ORDER_STATUS] != STATUS_WORKING or book.order[at + ORDER_OUTLIVES] != 0:
        return False
    return book.order[at + ORDER_DAY] <= over


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def day_over(book: Book, i: cython.long) -> cython.longlong:
    """The last trading day of an instrument, or a day after it, whose session is over."""
    return book.day_of[i] if book.shut[i] != 0 else book.day_of[i] - 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def working_exit_lots(book: Book, i: cython.long) -> cython.longlong:
    """Lots that the working exits of an instrument would close; protective orders are none of these."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = 0
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_exit(book, at):
            lots += book.order[at + ORDER_LOTS]
    return lots
