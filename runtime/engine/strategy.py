"""What the engine asks of a strategy: its values a bar, its decisions a moment, its rule guards and their observers.

In emitted code a final class of the same name with the same methods stands in this place, so nothing here is dispatched
at run time. A strategy may read the book (`runtime.engine.words`) and order (`runtime.engine.orders`), nothing else.
"""

from __future__ import annotations

from typing import Protocol

import cython

from stratc.runtime.engine.book import Book


class Strategy(Protocol):
    """A strategy that orders nothing and denies nothing but what its subclass says.

    Quantities are whole lots and prices whole ticks of instrument `i`; `side` is BUY or SELL; `opening` is true of what
    opens or adds to a position and false of what reduces it.
    """

    def signals(self, book: Book, r: int, i: int) -> None:
        """Take in bar `r` of instrument `i`; fills and mark are booked. Sets `book.ends` and hours if needed."""

    def begin_again(self, book: Book, i: int) -> None:
        """Forget every bar of instrument `i`: its bars so far come again, restated for a split."""

    def join_bars(self, book: Book) -> None:
        """All bars of a moment are in; before `decide`, which does this itself, and where bars are told again."""

    def decide(self, book: Book, r: int) -> None:
        """Order what the rules want, at the end of the moment whose last row is `r`; only where `book.fresh[i]`."""

    def deny_opening(
        self, book: Book, i: int, side: int, lots: int, price_ticks: int, outlives_session: cython.bint, /
    ) -> int:
        """The number (from 1) of the rule guard that denies this opening, or 0."""
        return 0

    def observe_order(
        self, book: Book, i: int, opening: cython.bint, side: int, lots: int, price_ticks: int, /
    ) -> None:
        """An order was accepted. Protective orders come with their entry and are not orders of their own here."""

    def observe_order_done(self, book: Book, i: int, opening: cython.bint, /) -> None:
        """An order has been filled, canceled or has expired; after its fill was observed."""

    def observe_fill(
        self, book: Book, i: int, opening: cython.bint, side: int, lots: int, price_ticks: int, rule: int, /
    ) -> None:
        """A fill is booked. One that crosses zero comes in two parts, the closing one first."""

    def observe_locate(self, book: Book, i: int, lots: int, /) -> None:
        """So many lots were located for a short sale, whose order comes next."""

    def observe_new_day(self, book: Book, i: int, /) -> None:
        """Trading day `book.day_of[i]` of instrument `i` has begun; the account's, where it is the first to reach it,
        has too, and `book.equity_at_last_close` is that of the new one."""

    def observe_mark(self, book: Book, /) -> None:
        """A moment's bars are all marked, before decisions."""
