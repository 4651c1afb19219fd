"""What a strategy may read of its account: one function for each word, from whole numbers to doubles.

Money is in the account's currency, prices in price units, quantities in the instrument's units; nan is unknown. This is
one of the two places (with `quantize`) where the engine's whole numbers become doubles: one correctly rounded division.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    ACCOUNT_BALANCE,
    LEG_COST,
    LEG_ENTRY,
    LEG_FLOW,
    LEG_LOTS,
    LEG_PAID,
    LEG_RISK,
    LEG_WIDTH,
    ORDER_LOTS,
    ORDER_SIDE,
    SETTING_ACCOUNT,
    TOTAL_BORROW,
    TOTAL_DIVIDENDS,
    TOTAL_FEES,
    TOTAL_FUNDED,
    TOTAL_INTEREST,
    TOTAL_LOCATE,
    TOTAL_MARGIN_INTEREST,
    TOTAL_REALIZED,
)
from stratc.runtime.engine.currency import at_worst, pays_in_full, worth
from stratc.runtime.engine.quantize import unknown
from stratc.runtime.engine.sleeves import sleeve_equity, sleeve_money
from stratc.runtime.engine.slots import is_entry, order_at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_flat(book: Book, i: cython.long) -> cython.bint:
    """No position and no working opening order."""
    return book.position[i] == 0 and book.working_entries[i] == 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_long(book: Book, i: cython.long) -> cython.bint:
    return book.position[i] > 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_short(book: Book, i: cython.long) -> cython.bint:
    return book.position[i] < 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_position(book: Book, i: cython.long) -> cython.double:
    """Signed quantity, 0 when flat."""
    return book.position[i] * book.step[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_on_order(book: Book, i: cython.long) -> cython.double:
    """Signed quantity of the working entries, what is left of each; exits are not counted."""
    slot: cython.long
    at: cython.long
    lots: cython.longlong = 0
    if book.working_entries[i] == 0:
        return 0.0
    for slot in range(book.order_end[i]):
        at = order_at(book, i, slot)
        if is_entry(book, at):
            lots += book.order[at + ORDER_SIDE] * book.order[at + ORDER_LOTS]
    return lots * book.step[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def entry_value(book: Book, i: cython.long) -> cython.longlong:
    """What the open legs cost, in lots x ticks, unsigned by side; a split changes nothing of it, a roll moves it on."""
    _k: cython.long
    at: cython.long = i * book.slots * LEG_WIDTH
    value: cython.longlong = 0
    for _k in range(book.legs[i]):
        value += book.leg[at + LEG_COST]
        value += book.leg[at + LEG_LOTS] * (book.leg[at + LEG_ENTRY] - book.leg[at + LEG_PAID])
        at += LEG_WIDTH
    return value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def seen(book: Book, i: cython.long, ticks: cython.double) -> cython.double:
    """A price of the contract, in ticks, among the prices that the strategy reads."""
    return (ticks - book.signal_shift[i]) / book.ticks_per_unit[i] * book.signal_scale[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_signal_shift(book: Book, i: cython.long) -> cython.double:
    """What the contract's price is above the price that the strategy reads, after `signal_scale`."""
    return book.signal_shift[i] / book.ticks_per_unit[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_signal_scale(book: Book, i: cython.long) -> cython.double:
    """By what the contract's price is multiplied to make the price that the strategy reads."""
    return book.signal_scale[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_entry_price(book: Book, i: cython.long) -> cython.double:
    """Average price of the open position's entries; nan when flat."""
    lots: cython.longlong = book.position[i]
    if lots == 0:
        return unknown()
    value: cython.double = entry_value(book, i)
    return seen(book, i, value / (lots if lots > 0 else -lots))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_invested(book: Book, i: cython.long) -> cython.double:
    """What the open position's entries were worth when they filled, before fees; 0 when flat."""
    _k: cython.long
    at: cython.long = i * book.slots * LEG_WIDTH
    flow: cython.longlong = 0
    if book.currency[i] == 0:
        return entry_value(book, i) * book.tick_value[i] / book.quanta_per_money
    for _k in range(book.legs[i]):
        flow += book.leg[at + LEG_FLOW]
        at += LEG_WIDTH
    return (flow if flow > 0 else -flow) / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_open_profit(book: Book, i: cython.long) -> cython.double:
    """Profit of the open position at the mark, before fees; 0 when flat."""
    lots: cython.longlong = book.position[i]
    if lots == 0:
        return 0.0
    entries: cython.longlong = entry_value(book, i)
    profit: cython.longlong = lots * book.mark[i] - (entries if lots > 0 else -entries)
    if book.currency[i] == 0:
        return profit * book.tick_value[i] / book.quanta_per_money
    return foreign_profit(book, i, profit * book.tick_value[i]) / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def foreign_profit(book: Book, i: cython.long, profit: cython.longlong) -> cython.longlong:
    """The open profit of an instrument in another currency: where purchases were exchanged, with what that changed."""
    _k: cython.long
    at: cython.long = i * book.slots * LEG_WIDTH
    flow: cython.longlong = 0
    if not (book.converts and pays_in_full(book)):
        return at_worst(book, book.currency[i], profit)
    for _k in range(book.legs[i]):
        flow += book.leg[at + LEG_FLOW]
        at += LEG_WIDTH
    return at_worst(book, book.currency[i], book.position[i] * book.mark[i] * book.tick_value[i]) + flow


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_bars_held(book: Book, i: cython.long) -> cython.double:
    """Bars closed since the bar of the position's first fill, 0 on that bar; nan when flat."""
    if book.position[i] == 0:
        return unknown()
    return (book.bars[i] - book.position_bar[i]) * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_sessions_held(book: Book, i: cython.long) -> cython.double:
    """Sessions begun since that of the position's first fill, 0 in that session; nan when flat."""
    if book.position[i] == 0:
        return unknown()
    return (book.sessions[i] - book.position_session[i]) * 1.0


# ── what managing a position asks ────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_units_held(book: Book, i: cython.long) -> cython.double:
    """Entries that are open, wholly or in part; 0 when flat."""
    return book.legs[i] * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_last_entry_price(book: Book, i: cython.long) -> cython.double:
    """Price of the youngest open entry; nan when flat."""
    if book.legs[i] == 0:
        return unknown()
    return seen(book, i, book.leg[(i * book.slots + book.legs[i] - 1) * LEG_WIDTH + LEG_ENTRY] * 1.0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_exits_of_position(book: Book, i: cython.long) -> cython.double:
    """Fills that have reduced the open position; nan when flat."""
    return book.trip_exits[i] * 1.0 if book.position[i] != 0 else unknown()


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def risk_value(book: Book, i: cython.long) -> cython.longlong:
    """The open legs' lots times their initial risk in ticks; 0 where one has none."""
    _k: cython.long
    at: cython.long = i * book.slots * LEG_WIDTH
    value: cython.longlong = 0
    for _k in range(book.legs[i]):
        if book.leg[at + LEG_RISK] == 0:
            return 0
        value += book.leg[at + LEG_LOTS] * book.leg[at + LEG_RISK]
        at += LEG_WIDTH
    return value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_initial_risk(book: Book, i: cython.long) -> cython.double:
    """Average distance of the open entries from their initial stop losses; nan when flat or where one had none."""
    value: cython.double = risk_value(book, i)
    lots: cython.longlong = book.position[i]
    if value == 0.0 or lots == 0:
        return unknown()
    return value / (lots if lots > 0 else -lots) / book.ticks_per_unit[i] * book.signal_scale[i]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_open_profit_r(book: Book, i: cython.long) -> cython.double:
    """Profit of the open position at the mark, before fees, in multiples of its initial risk; nan as that."""
    risk: cython.double = risk_value(book, i)
    lots: cython.longlong = book.position[i]
    if risk == 0.0 or lots == 0:
        return unknown()
    entries: cython.longlong = entry_value(book, i)
    profit: cython.longlong = lots * book.mark[i] - (entries if lots > 0 else -entries)
    return profit / risk


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_bars_since_exit(book: Book, i: cython.long) -> cython.double:
    """Bars closed since the bar in which a position was last closed, 0 on that bar; before that, all bars so far."""
    return (book.bars[i] - book.exit_bar[i]) * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_sessions_since_exit(book: Book, i: cython.long) -> cython.double:
    """Sessions begun since that in which a position was last closed; before that, all sessions so far."""
    return (book.sessions[i] - book.exit_session[i]) * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_losses_in_a_row(book: Book, i: cython.long) -> cython.double:
    """Round trips, flat to flat, that lost after fees since the last that did not."""
    return book.losses[i] * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_last_profit(book: Book, i: cython.long) -> cython.double:
    """Profit of the last round trip, flat to flat, after fees; nan before the first is over."""
    return book.last_profit[i] / book.quanta_per_money if book.trips[i] != 0 else unknown()


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_entries_today(book: Book, i: cython.long) -> cython.double:
    """Entries of the instrument that have filled on its present trading day."""
    return book.entries_filled[i] * 1.0 if book.entries_day[i] == book.day_of[i] else 0.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_days_since_purchase(book: Book, i: cython.long) -> cython.double:
    """Calendar days since the instrument was last bought; before that, all days so far."""
    return (book.day_of[i] - book.purchase_day[book.lead[i]]) * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_days_since_loss(book: Book, i: cython.long) -> cython.double:
    """Calendar days since a lot of it was last closed at a loss; before that, all days so far."""
    return (book.day_of[i] - book.loss_day[book.lead[i]]) * 1.0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_sector_exposure(book: Book, i: cython.long) -> cython.double:
    """What the positions of the instrument's sector are worth at the marks, longs and shorts added up."""
    j: cython.long
    lots: cython.longlong
    exposure: cython.longlong = 0
    for j in range(book.instruments):
        if book.sleeve_of[j] != book.sleeve_of[i]:
            continue
        if j == i or (book.sector[i] != 0 and book.sector[j] == book.sector[i]):
            lots = book.position[j] if book.position[j] > 0 else -book.position[j]
            exposure += worth(book, j, lots * book.mark[j] * book.tick_value[j], book.mark[j])
    return exposure / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def phase_since_entry(book: Book, i: cython.long) -> cython.longlong:
    """The bar's place in the window since the position's first entry, in the bits of clock windows.

    1, forget: no position, or entered in this bar; 2, the bar lies wholly inside; 4, the value is published.
    """
    if book.position[i] == 0:
        return 1
    if book.position_bar[i] != book.bars[i]:
        return 6
    return 7 if book.position_whole[i] != 0 else 5


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def phase_at_entry(book: Book, i: cython.long) -> cython.longlong:
    """Which value is that of the decision that opened the position, as bits.

    1, this bar's, for it is flat and a decision on it would open one; 2, that of the bar before, for a position was
    left in this bar while the order of another was working or filled; 4, there is a position.
    """
    left: cython.longlong = 2 if book.exit_bar[i] == book.bars[i] else 0
    if book.position[i] != 0:
        return 4 | (left if book.position_bar[i] == book.bars[i] else 0)
    return left if book.working_entries[i] != 0 else 1


# ── the account, or the sleeve whose place it is ──────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_equity(book: Book, i: cython.long) -> cython.double:
    """Equity at the marks, longs and shorts alike."""
    if book.sleeves != 0:
        return sleeve_equity(book, book.sleeve_of[i]) / book.quanta_per_money
    return book.equity / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def settled_profit(book: Book) -> cython.longlong:
    """Profit that needs no mark: what was closed, and what holding paid and cost, less fees."""
    held: cython.longlong = book.total[TOTAL_DIVIDENDS] + book.total[TOTAL_BORROW] + book.total[TOTAL_MARGIN_INTEREST]
    held += book.total[TOTAL_LOCATE] + book.total[TOTAL_INTEREST]
    return book.total[TOTAL_REALIZED] + held - book.total[TOTAL_FEES]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_cash(book: Book, i: cython.long) -> cython.double:
    """What is left after purchases; where nothing is bought (futures, forex, contracts for difference), the balance."""
    if book.setting[SETTING_ACCOUNT] == ACCOUNT_BALANCE:
        return (book.total[TOTAL_FUNDED] + settled_profit(book)) / book.quanta_per_money
    if book.sleeves != 0:
        return sleeve_money(book, book.sleeve_of[i]) / book.quanta_per_money
    return book.money / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_equity_at_last_close(book: Book, i: cython.long) -> cython.double:
    """Equity when the account's trading day before this one ended; at first, the start equity. Moves with flows."""
    if book.sleeves != 0:
        return book.part_close[book.sleeve_of[i]] / book.quanta_per_money
    return book.close_basis / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_peak_equity(book: Book, i: cython.long) -> cython.double:
    """The highest equity at the marks so far. Moves with flows."""
    if book.sleeves != 0:
        return book.part_peak[book.sleeve_of[i]] / book.quanta_per_money
    return book.peak / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_start_equity(book: Book, i: cython.long) -> cython.double:
    if book.sleeves != 0:
        return book.part[book.sleeve_of[i]] / book.quanta_per_money
    return book.start_equity / book.quanta_per_money


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def word_bar(book: Book, i: cython.long) -> cython.double:
    """1 on the instrument's first bar."""
    return book.bars[i] * 1.0
