"""The venue: what the orders of one instrument do in one bar, honestly and against the trader where a bar hides it.

Order of events. 1 At the open: working exits, then entries, oldest first: market orders, next-open orders in the first
bar of a session, stops and limits that the open has passed. 2 Stop losses and targets: what the open has passed fills
at the open, else the stop loss comes before the target. 3 Exits at a price inside the bar, stops before limits.
4 Entries inside the bar, those nearer the open first; each is tested against its own stop loss over the whole bar, and
its target waits for the next bar. 5 The closing auction, in a session's last bar. 6 Orders that are over end. 7 Stops
that trail follow the bar's best price; one that the close is beyond fills at the close.

Prices. Market and stop orders pay slippage (ticks and a rate), rounded to ticks against the order, and never less than
the open that passed them; limits fill at their price or at an open that is better, without slippage. With
LIMIT_THROUGH a limit fills only where the price went beyond it. An exit that `keep at least` still forbids waits, the
protective ones and a halt's too.
"""

from __future__ import annotations

from math import fabs, isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    KIND_CLOSING_AUCTION,
    KIND_LIMIT,
    KIND_MARKET,
    KIND_NEXT_OPEN,
    KIND_STOP,
    KIND_STOP_LIMIT,
    LEG_ENTRY,
    LEG_HAS_STOP,
    LEG_ID,
    LEG_STOP,
    LIFE_BARS,
    LIFE_FILL_OR_KILL,
    LIFE_IMMEDIATE_OR_CANCEL,
    ORDER_BARS,
    ORDER_DAY,
    ORDER_ID,
    ORDER_KIND,
    ORDER_LIFE,
    ORDER_LIFE_VALUE,
    ORDER_LIMIT,
    ORDER_SIDE,
    ORDER_STATUS,
    ORDER_STOP,
    ORDER_TRIGGERED,
    ROLE_ENTRY,
    ROLE_EXIT,
    ROW_SESSION_END,
    STATUS_EXPIRED,
    STATUS_WORKING,
)
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.ledger import fill_order
from stratc.runtime.engine.legs import leg_at
from stratc.runtime.engine.pricing import (
    against,
    fill_at_market,
    fill_netted,
    fill_within_limit,
    meets,
    must_keep,
    passes,
)
from stratc.runtime.engine.protection import fill_protections, fill_stop, follow
from stratc.runtime.engine.quantize import at_or_above, at_or_below
from stratc.runtime.engine.short_sale import must_wait
from stratc.runtime.engine.slots import end_order, expire_day, is_entry, is_exit, is_older, order_at
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_bar(
    book: Book, strategy: Strategy, columns: Columns, r: cython.long, i: cython.long, flags: cython.long
) -> cython.void:
    """Take instrument `i` through the bar of row `r`; a bar without prices fills nothing but lets orders age.

    What trades at the open needs no other price; the bar's ends are read where something is left that they may fill.
    """
    open_x: cython.double = book.open_price * book.ticks_per_unit[i]
    if book.working[i] != 0 and not isnan(open_x):
        book.at_open = True
        fill_at_open(book, strategy, i, open_x, ROLE_EXIT)
        fill_at_open(book, strategy, i, open_x, ROLE_ENTRY)
        book.at_open = False
    if book.active[i] != 0:
        fill_rest(book, strategy, columns, r, i, open_x, flags)
    if book.trails[i] != 0:
        follow(book, strategy, columns, r, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_rest(
    book: Book,
    strategy: Strategy,
    columns: Columns,
    r: cython.long,
    i: cython.long,
    open_x: cython.double,
    flags: cython.long,
) -> cython.void:
    """The bar after its open: protective orders, then orders at a price, then the close."""
    scale: cython.double = book.ticks_per_unit[i]
    high_x: cython.double = columns.high[r] * scale
    low_x: cython.double = columns.low[r] * scale
    known: cython.bint = not (isnan(open_x) or isnan(high_x) or isnan(low_x))
    if known and book.active[i] != book.working[i]:
        fill_protections(book, strategy, i, open_x, high_x, low_x)
    if book.working[i] == 0:
        return
    if known:
        fill_inside(book, strategy, i, open_x, high_x, low_x, ROLE_EXIT)
        fill_inside(book, strategy, i, open_x, high_x, low_x, ROLE_ENTRY)
    if flags & ROW_SESSION_END != 0:
        fill_at_close(book, strategy, i, columns.close[r] * scale, ROLE_EXIT)
        fill_at_close(book, strategy, i, columns.close[r] * scale, ROLE_ENTRY)
    age_orders(book, strategy, i)
    if flags & ROW_SESSION_END != 0:
        expire_day(book, strategy, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def has_role(book: Book, at: cython.long, role: cython.long) -> cython.bint:
    """Whether a slot holds a working entry (ROLE_ENTRY) or a working exit of any kind (ROLE_EXIT)."""
    return is_entry(book, at) if role == ROLE_ENTRY else is_exit(book, at)


# ── at the open ──────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_at_open(
    book: Book, strategy: Strategy, i: cython.long, open_x: cython.double, role: cython.long
) -> cython.void:
    """Fill the exits, or the entries, that trade at the open, oldest first."""
    at: cython.long
    slot: cython.long = first_at_open(book, i, open_x, role)
    while slot >= 0:
        at = order_at(book, i, slot)
        if book.order[at + ORDER_KIND] == KIND_LIMIT or book.order[at + ORDER_TRIGGERED] == 1:
            fill_order(
                book,
                strategy,
                i,
                slot,
                against(book.order[at + ORDER_SIDE], open_x),
                against(book.order[at + ORDER_SIDE], open_x),
            )
        elif book.order[at + ORDER_KIND] == KIND_STOP_LIMIT:
            fill_within_limit(book, strategy, i, slot, open_x)
        elif book.shared[i] != 0:
            fill_netted(book, strategy, i, slot, open_x)
        else:
            fill_at_market(book, strategy, i, slot, open_x)
        slot = first_at_open(book, i, open_x, role)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def first_at_open(book: Book, i: cython.long, open_x: cython.double, role: cython.long) -> cython.long:
    """The slot of the oldest exit, or entry, that trades at the open; -1 where none does."""
    slot: cython.long
    at: cython.long
    first: cython.long = -1
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if not has_role(book, at, role) or not trades_at_open(book, i, at, open_x):
            continue
        if first < 0 or book.order[at + ORDER_ID] < book.order[order_at(book, i, first) + ORDER_ID]:
            first = slot
    return first


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def trades_at_open(book: Book, i: cython.long, at: cython.long, open_x: cython.double) -> cython.bint:
    """Whether a working order trades at the open; a stop-limit that the open triggers may rest at its limit."""
    kind: cython.longlong = book.order[at + ORDER_KIND]
    side: cython.longlong = book.order[at + ORDER_SIDE]
    if must_keep(book, i, side):
        return False
    if kind == KIND_MARKET:
        return True
    if kind == KIND_NEXT_OPEN:
        return book.day_of[i] != book.order[at + ORDER_DAY]
    if kind == KIND_LIMIT:
        return meets(book, side, open_x, book.order[at + ORDER_LIMIT]) and not must_wait(book, i, at, open_x)
    if kind == KIND_STOP:
        return passes(side, open_x, book.order[at + ORDER_STOP])
    return kind == KIND_STOP_LIMIT and stop_limit_trades_at_open(book, at, side, open_x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def stop_limit_trades_at_open(book: Book, at: cython.long, side: cython.longlong, open_x: cython.double) -> cython.bint:
    """Triggered before: a limit. Triggered by this open: trades, or rests where the open is beyond its limit."""
    limit: cython.longlong = book.order[at + ORDER_LIMIT]
    if book.order[at + ORDER_TRIGGERED] == 1:
        return meets(book, side, open_x, limit)
    if not passes(side, open_x, book.order[at + ORDER_STOP]):
        return False
    if at_or_below(open_x, limit) if side > 0 else at_or_above(open_x, limit):
        return True
    book.order[at + ORDER_TRIGGERED] = 1
    return False


# ── inside the bar ───────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_inside(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    open_x: cython.double,
    high_x: cython.double,
    low_x: cython.double,
    role: cython.long,
) -> cython.void:
    """Fill the exits, or the entries, whose price lies in the bar."""
    order_id: cython.longlong
    slot: cython.long = first_inside(book, i, open_x, high_x, low_x, role)
    while slot >= 0:
        order_id = book.order[order_at(book, i, slot) + ORDER_ID]
        fill_one_inside(book, strategy, i, slot)
        if role == ROLE_ENTRY:
            stop_out_entry(book, strategy, i, order_id, high_x, low_x)
        slot = first_inside(book, i, open_x, high_x, low_x, role)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def first_inside(
    book: Book,
    i: cython.long,
    open_x: cython.double,
    high_x: cython.double,
    low_x: cython.double,
    role: cython.long,
) -> cython.long:
    """The slot of the order to fill next: the entry nearest the open, or an exit, stops before limits; -1 for none."""
    slot: cython.long
    at: cython.long
    rank: cython.double
    best: cython.double = 0.0
    first: cython.long = -1
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if not has_role(book, at, role) or not is_reached(book, i, at, high_x, low_x):
            continue
        if must_wait(book, i, at, open_x):
            continue
        rank = fabs(touch_price(book, at) - open_x)
        if role != ROLE_ENTRY and rests_at_limit(book, at):
            rank += 1e15
        if first < 0 or rank < best or (rank == best and is_older(book, i, slot, first)):
            first = slot
            best = rank
    return first


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def rests_at_limit(book: Book, at: cython.long) -> cython.bint:
    """Whether an order waits at its limit, from the beginning or since its stop was reached."""
    return book.order[at + ORDER_KIND] == KIND_LIMIT or book.order[at + ORDER_TRIGGERED] == 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def touch_price(book: Book, at: cython.long) -> cython.longlong:
    """The price that an order waits for."""
    return book.order[at + ORDER_LIMIT] if rests_at_limit(book, at) else book.order[at + ORDER_STOP]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_reached(book: Book, i: cython.long, at: cython.long, high_x: cython.double, low_x: cython.double) -> cython.bint:
    """Whether the bar reaches an order's price; orders for the open only and those just triggered wait no longer."""
    side: cython.longlong = book.order[at + ORDER_SIDE]
    life: cython.longlong = book.order[at + ORDER_LIFE]
    if book.order[at + ORDER_KIND] < KIND_LIMIT or book.order[at + ORDER_TRIGGERED] == 2:
        return False
    if life in (LIFE_IMMEDIATE_OR_CANCEL, LIFE_FILL_OR_KILL) or must_keep(book, i, side):
        return False
    if rests_at_limit(book, at):
        return meets(book, side, low_x if side > 0 else high_x, book.order[at + ORDER_LIMIT])
    return passes(side, high_x if side > 0 else low_x, book.order[at + ORDER_STOP])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_one_inside(book: Book, strategy: Strategy, i: cython.long, slot: cython.long) -> cython.void:
    """Fill an order at its price; a stop-limit whose limit is short of its stop rests there from the next bar on."""
    at: cython.long = order_at(book, i, slot)
    side: cython.longlong = book.order[at + ORDER_SIDE]
    limit: cython.longlong = book.order[at + ORDER_LIMIT]
    stop: cython.longlong = book.order[at + ORDER_STOP]
    if rests_at_limit(book, at):
        fill_order(book, strategy, i, slot, limit, limit)
    elif book.order[at + ORDER_KIND] == KIND_STOP:
        fill_at_market(book, strategy, i, slot, stop * 1.0)
    elif side * (stop - limit) > 0:
        book.order[at + ORDER_TRIGGERED] = 2
    else:
        fill_within_limit(book, strategy, i, slot, stop * 1.0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def stop_out_entry(
    book: Book,
    strategy: Strategy,
    i: cython.long,
    order_id: cython.longlong,
    high_x: cython.double,
    low_x: cython.double,
) -> cython.void:
    """Assume the worst of an entry that filled inside the bar: its stop loss was reached after it."""
    k: cython.long = book.legs[i] - 1
    at: cython.long = leg_at(book, i, k)
    side: cython.longlong = -1 if book.position[i] > 0 else 1
    if k < 0 or book.leg[at + LEG_ID] != order_id or book.leg[at + LEG_HAS_STOP] == 0 or must_keep(book, i, side):
        return
    if passes(side, low_x if side < 0 else high_x, book.leg[at + LEG_STOP]):
        fill_stop(book, strategy, i, k, side, book.leg[at + LEG_ENTRY] * 1.0, book.leg[at + LEG_STOP])


# ── the close ────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_at_close(
    book: Book, strategy: Strategy, i: cython.long, close_x: cython.double, role: cython.long
) -> cython.void:
    """Fill the exits, or the entries, of the closing auction; they wait where the close is unknown."""
    slot: cython.long
    at: cython.long
    if isnan(close_x):
        return
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if not has_role(book, at, role):
            continue
        if book.order[at + ORDER_KIND] == KIND_CLOSING_AUCTION and not must_keep(book, i, book.order[at + ORDER_SIDE]):
            fill_at_market(book, strategy, i, slot, close_x)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def age_orders(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Every working order has seen one bar more; those whose bars are used up end."""
    slot: cython.long
    at: cython.long
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if book.order[at + ORDER_STATUS] != STATUS_WORKING:
            continue
        book.order[at + ORDER_BARS] += 1
        if book.order[at + ORDER_TRIGGERED] == 2:
            book.order[at + ORDER_TRIGGERED] = 1
        if is_used_up(book, at):
            end_order(book, strategy, i, slot, STATUS_EXPIRED)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_used_up(book: Book, at: cython.long) -> cython.bint:
    """Whether an order's bars are over: one for immediate orders, its number for `good for`."""
    life: cython.longlong = book.order[at + ORDER_LIFE]
    if life in (LIFE_IMMEDIATE_OR_CANCEL, LIFE_FILL_OR_KILL):
        return True
    return life == LIFE_BARS and book.order[at + ORDER_BARS] >= book.order[at + ORDER_LIFE_VALUE]
