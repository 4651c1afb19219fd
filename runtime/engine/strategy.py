"""What the engine asks of a strategy: its values a bar, its decisions a moment, its rule guards and their observers.

Emitted code is a final subclass, in an extension of its own: the loop, which is compiled beside it, calls it directly,
and what the engine asks now and then is dispatched. A strategy may read the book (`runtime.engine.words`) and order
(`runtime.engine.orders`), nothing else.
"""

from __future__ import annotations

from typing import Protocol

import cython

from stratc.runtime.engine.book import Book


@cython.cclass
class Strategy(Protocol):
    """A strategy that orders nothing and denies nothing but what its subclass says.

    Quantities are whole lots and prices whole ticks of instrument `i`; `side` is BUY or SELL; `opening` is true of what
    opens or adds to a position and false of what reduces it; `outlives_session` says of an order that it may be
    working after the session in which it was placed, and is the same when the order is decided, sent and done.
    """

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def signals(self, book: Book, r: cython.long, i: cython.long) -> cython.void:
        """Take in bar `r` of instrument `i`; fills and mark are booked. Sets `book.ends` and hours if needed."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def begin_again(self, book: Book, i: cython.long) -> cython.void:
        """Forget every bar of instrument `i`: its bars so far come again, restated for a split."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def join_bars(self, book: Book) -> cython.void:
        """All bars of a moment are in; before `decide`, which does this itself, and where bars are told again."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def decide(self, book: Book, r: cython.long) -> cython.void:
        """Order what the rules want, at the end of the moment whose last row is `r`; only where `book.fresh[i]`."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def deny_opening(
        self,
        book: Book,
        i: cython.long,
        side: cython.long,
        lots: cython.longlong,
        price_ticks: cython.longlong,
        outlives_session: cython.bint,
        /,
    ) -> cython.long:
        """The number (from 1) of the rule guard that denies this opening, or 0."""
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_order(
        self,
        book: Book,
        i: cython.long,
        opening: cython.bint,
        side: cython.long,
        lots: cython.longlong,
        price_ticks: cython.longlong,
        outlives_session: cython.bint,
        /,
    ) -> cython.void:
        """An order was accepted. Protective orders come with their entry and are not orders of their own here."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_order_done(
        self, book: Book, i: cython.long, opening: cython.bint, outlives_session: cython.bint, /
    ) -> cython.void:
        """An order has been filled, canceled or has expired; after its fill was observed."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_fill(
        self,
        book: Book,
        i: cython.long,
        opening: cython.bint,
        side: cython.long,
        lots: cython.longlong,
        price_ticks: cython.longlong,
        rule: cython.long,
        /,
    ) -> cython.void:
        """A fill is booked. One that crosses zero comes in two parts, the closing one first."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_locate(self, book: Book, i: cython.long, lots: cython.longlong, /) -> cython.void:
        """So many lots were located for a short sale; the rule guards are asked of its order next."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_flow(self, book: Book, moved: cython.longlong, /) -> cython.void:
        """So many quanta were paid in, or taken out below nought; the book has them."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_new_day(self, book: Book, i: cython.long, /) -> cython.void:
        """Trading day `book.day_of[i]` of instrument `i` has begun; the account's, where it is the first to reach it,
        has too, and `book.equity_at_last_close` is that of the new one."""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def observe_mark(self, book: Book, /) -> cython.void:
        """A moment's bars are all marked, before decisions."""
