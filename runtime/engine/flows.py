"""Money that is paid in and taken out: when it arrives, how much of it can go, and what it does to baselines.

A flow is booked at the end of a moment, on the marks of all its bars and before anything is decided. It is no profit:
every baseline of halts moves in proportion to equity, so that a flow changes no loss and no drawdown, in per cent.
Where there is no equity to be in proportion to, the amount itself is added. `equity_at_last_close`, which rules of the
law ask, stays what it was.

A withdrawal takes what there is and never more: settled cash that no working purchase needs and that is no proceeds of
a short sale; of a balance account the balance, less open losses. What is not there is not owed later. Shares settle
three, two or one session after their sale, by the day.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    ACCOUNT_BALANCE,
    CARRY_CONTRIBUTION,
    CARRY_WITHDRAWAL,
    FUNDED_MAX,
    REMEMBERED_SESSIONS,
    SETTING_ACCOUNT,
    SETTLES_IN_MAX,
    TOTAL_FUNDED,
    TOTAL_NOT_MOVED,
)
from stratc.runtime.engine.currency import at_worst, net_worth, worth
from stratc.runtime.engine.gate import committed
from stratc.runtime.engine.halts import set_floors
from stratc.runtime.engine.logs import write_carry
from stratc.runtime.engine.periods import period_key
from stratc.runtime.engine.quantize import round_half_even
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.words import settled_profit


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def plan_flow(
    book: Book,
    strategy: Strategy,
    number: cython.long,
    period: cython.long,
    amount: cython.double,
    withdraw: cython.bint,
) -> cython.void:
    """A flow of the text, due at this moment: booked once a period, and not beside a table of what happened.

    `number` is that of the flow behind the numbers of the rules; `amount` is money and not less than nothing.
    """
    cell: cython.long = number * book.instruments
    key: cython.longlong = period_key(period, book.day)
    asked: cython.longlong = FUNDED_MAX
    if not book.plans_flows or (book.rule_filled[cell] != 0 and book.rule_key[cell] == key):
        return
    book.rule_filled[cell] = 1
    book.rule_key[cell] = key
    if not amount > 0.0:
        return
    if amount * book.quanta_per_money < FUNDED_MAX:
        asked = round_half_even(amount * book.quanta_per_money)
    move_money(book, strategy, -asked if withdraw else asked)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def take_flows(book: Book, strategy: Strategy) -> cython.void:
    """Book the flows of the table that have come by this row."""
    while book.flow_row == book.row:
        move_money(book, strategy, book.flow[2 * book.flow_next + 1])
        book.flow_next += 1
        book.flow_row = book.flow[2 * book.flow_next] if book.flow_next < book.flows else -1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def move_money(book: Book, strategy: Strategy, asked: cython.longlong) -> cython.void:
    """Pay so many quanta in, or out below nought as far as they are there; log what was asked for and what was done."""
    moved: cython.longlong = asked
    free: cython.longlong
    if asked < 0:
        free = withdrawable(book)
        moved = asked if free >= -asked else -free
    elif book.total[TOTAL_FUNDED] > FUNDED_MAX - asked:
        moved = 0
    move_baselines(book, moved)
    book.money += moved
    book.equity = net_worth(book)
    book.new_cash = book.new_cash + moved if book.new_cash + moved > 0 else 0
    book.total[TOTAL_FUNDED] += moved
    book.total[TOTAL_NOT_MOVED] += 1 if moved != asked else 0
    set_floors(book)
    write_carry(book, -1, CARRY_WITHDRAWAL if asked < 0 else CARRY_CONTRIBUTION, asked, moved)
    if moved != 0:
        strategy.observe_flow(book, moved)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def move_baselines(book: Book, moved: cython.longlong) -> cython.void:
    """Every baseline in proportion to equity, rounded half-even to a quantum."""
    book.peak += in_proportion(book, moved, book.peak)
    book.start_equity += in_proportion(book, moved, book.start_equity)
    book.close_basis += in_proportion(book, moved, book.close_basis)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def in_proportion(book: Book, moved: cython.longlong, basis: cython.longlong) -> cython.longlong:
    """What a flow adds to a baseline; with the last money a baseline goes too."""
    if book.equity <= 0 or basis <= 0:
        return moved
    if moved == -book.equity:
        return -basis
    return round_half_even(moved * (basis * 1.0 / book.equity))


# ── what may go ──────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def withdrawable(book: Book) -> cython.longlong:
    """What may be taken out now, in quanta: never below nought."""
    j: cython.long
    free: cython.longlong = book.money
    if book.setting[SETTING_ACCOUNT] == ACCOUNT_BALANCE:
        free = book.total[TOTAL_FUNDED] + settled_profit(book)
        free = free if free < book.equity else book.equity
        return free if free > 0 else 0
    free -= unsettled(book)
    for j in range(1, book.currencies + 1):
        free -= debit(book, j)
    for j in range(book.instruments):
        free -= committed(book, j)
        if book.position[j] < 0:
            free += worth(book, j, book.position[j] * book.mark[j] * book.tick_value[j], book.mark[j])
    free = free if free < book.equity else book.equity
    return free if free > 0 else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def debit(book: Book, k: cython.long) -> cython.longlong:
    """What is owed in another currency, at worst, in quanta of the account."""
    j: cython.long
    balance: cython.longlong = book.foreign[k]
    for j in range(book.instruments):
        if book.currency[j] == k:
            balance -= book.position[j] * book.mark[j] * book.tick_value[j]
    return -at_worst(book, k, balance) if balance < 0 else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def unsettled(book: Book) -> cython.longlong:
    """Proceeds of sales that have not settled, in quanta: they stand at the session on which they will have."""
    ahead: cython.long
    proceeds: cython.longlong = 0
    for ahead in range(1, SETTLES_IN_MAX + 1):
        proceeds += book.settling[(book.session + ahead) & (REMEMBERED_SESSIONS - 1)]
    return proceeds
