"""Instruments whose bars have ended: what is still held of them is closed at the last mark, and said to be so.

That no bar comes is known only when time has passed without one, so a position is closed out on the first trading day
that lies SETTING_GONE_DAYS days after the instrument's last; nothing looks ahead. The last print is what the data say;
what a shareholder was paid may be more or less.
"""

from __future__ import annotations

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    KIND_MARKET,
    LIFE_DAY,
    ROLE_CLOSE_OUT,
    RULE_NONE,
    SETTING_GONE_DAYS,
    STOP_NONE,
    TARGET_NONE,
)
from stratc.runtime.engine.ledger import fill_order
from stratc.runtime.engine.orders import draft, draft_price, draft_protection, place_exit
from stratc.runtime.engine.slots import cancel_entries, cancel_exits
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def close_gone(book: Book, strategy: Strategy) -> cython.void:
    """Close out every instrument that has been without a bar for longer than the setting allows; none below nought."""
    i: cython.long
    if book.setting[SETTING_GONE_DAYS] < 0.0:
        return
    for i in range(book.instruments):
        if book.day - book.day_of[i] <= book.setting[SETTING_GONE_DAYS]:
            continue
        if book.position[i] != 0 or book.working[i] != 0:
            cancel_entries(book, strategy, i)
            cancel_exits(book, strategy, i)
            if book.position[i] != 0:
                exit_at_last_mark(book, strategy, i)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def exit_at_last_mark(book: Book, strategy: Strategy, i: cython.long) -> cython.void:
    """Exit the whole position at the last mark."""
    held: cython.longlong = book.position[i] if book.position[i] > 0 else -book.position[i]
    slot: cython.long
    draft(book, i, RULE_NONE, ROLE_CLOSE_OUT, -1 if book.position[i] > 0 else 1, KIND_MARKET, LIFE_DAY, 0, 0)
    draft_protection(book, i, STOP_NONE, 0.0, TARGET_NONE, 0.0)
    draft_price(book, i, 0.0, 0.0)
    slot = place_exit(book, strategy, i, held)
    fill_order(book, strategy, i, slot, book.mark[i], book.mark[i])
