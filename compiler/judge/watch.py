"""Observers tied to the engine: what it asks of rule guards, answered by machines.

A `Watch` is handed to the interpreted strategy (and its text form, `compiler.judge.guard_text`, to the emitter). Events
of the engine are events of the observers; signals are read off the book, orders at their own price: what a limit or a
stop would fill at at worst. An observer's days are those of its own instruments: one begins with the first of them to
reach it, and the first of a run is where the observer begins, not a new day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from stratc.compiler.ir.observer import EventKind, Observer, Requirement, Signal
from stratc.compiler.judge.observe import NO_INSTRUMENT, Machine, Value
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import BUY, ORDER_LOTS, ORDER_PRICE, ORDER_SIDE, SELL
from stratc.runtime.engine.currency import worth
from stratc.runtime.engine.sleeves import lots_held
from stratc.runtime.engine.slots import is_entry, order_at
from stratc.runtime.model.record import record


@record
class Happening:
    """One event as the engine told it; `row` is the row of the columns. `denied_by` is a guard's number or 0."""

    row: int
    kind: EventKind
    instrument: int
    side: int
    lots: int
    price_ticks: int
    rule: int
    denied_by: int


@record
class Breach:
    """A requirement that an event broke: the observer by its index, and the event by its place in `happenings`."""

    observer: int
    requirement: Requirement
    happening: int


@dataclass(slots=True)
class BookSituation:
    """The book at one event; `draft_*` describe an opening order that is not in the book yet (side 0: none)."""

    book: Book
    side: int = 0
    draft_instrument: int = NO_INSTRUMENT
    draft_lots: int = 0
    draft_ticks: int = 0
    outlives: bool = False

    @property
    def quanta(self) -> int:
        return int(self.book.quanta_per_money)

    def signal(self, signal: Signal, instrument: int) -> Value:
        match signal:
            case Signal.EQUITY:
                return self.book.equity
            case Signal.EQUITY_AT_LAST_CLOSE:
                return self.book.equity_at_last_close
            case Signal.CASH:
                return self.book.money
            case Signal.LONG_VALUE_AFTER:
                return self.side_value(instrument, BUY)
            case Signal.SHORT_VALUE_AFTER:
                return self.side_value(instrument, SELL)
            case Signal.EXPOSURE_AFTER:
                return max(self.side_value(instrument, BUY), self.side_value(instrument, SELL))
            case Signal.LONG_VALUE:
                return self._value(instrument, max(lots_held(self.book, instrument), 0), self.book.mark[instrument])
            case Signal.SHORT_VALUE:
                return self._value(instrument, max(-lots_held(self.book, instrument), 0), self.book.mark[instrument])
            case Signal.LONG_QUANTITY:
                return max(lots_held(self.book, instrument), 0)
            case Signal.SHORT_QUANTITY:
                return max(-lots_held(self.book, instrument), 0)
            case Signal.ORDER_BUYS:
                return self.side == BUY
            case Signal.ORDER_OUTLIVES_SESSION:
                return self.outlives
            case Signal.FILL_OLDER_TICKETS:
                return self.book.fill_older  # of the ticket that the order named, whichever the account closes
            case Signal.FILL_OLDER_SAME_SIZE:
                return self.book.fill_older_same_size
            case Signal.FILL_WHOLE_TICKET:
                return self.book.fill_whole != 0
            case _:
                assert_never(signal)

    def side_value(self, i: int, side: int) -> int:
        """One side of an instrument in the account's quanta, over all places that it leads."""
        book = self.book
        value = sum(self._place_value(j, side) for j in range(i, book.instruments) if book.lead[j] == i)
        if i == self.draft_instrument and side == self.side:
            value += self._value(i, self.draft_lots, self.draft_ticks)
        return value

    def _place_value(self, i: int, side: int) -> int:
        """The position at the mark, openings at their own price."""
        book = self.book
        value = self._value(i, max(side * book.position[i], 0), book.mark[i])
        for slot in range(book.order_end[i]):
            at = order_at(book, i, slot)
            if is_entry(book, at) and book.order[at + ORDER_SIDE] == side:
                value += self._value(i, book.order[at + ORDER_LOTS], book.order[at + ORDER_PRICE])
        return value

    def _value(self, i: int, lots: int, ticks: int) -> int:
        return worth(self.book, i, lots * abs(ticks) * self.book.tick_value[i], abs(ticks))


class Watch:
    """Rule observers over one run. The guards of the first `armed` of them deny; the others only watch.

    After the run `checked` and `denied` count by observer, `breaches` lists what was broken, `happenings` all events.
    """

    def __init__(self, observers: Sequence[Observer], *, armed: int) -> None:
        self.machines = [Machine(observer) for observer in observers]
        self.armed = armed
        self.checked = [0] * len(self.machines)
        self.denied = [0] * len(self.machines)
        self.days = [-1] * len(self.machines)
        self.breaches: list[Breach] = []
        self.happenings: list[Happening] = []

    def seed(self, happening: str, days_ago: int, times: int) -> None:
        """Tell all observers of something that happened before the run."""
        for machine in self.machines:
            machine.seed(happening, days_ago, times)

    def deny_opening(self, book: Book, i: int, side: int, lots: int, price_ticks: int, outlives_session: int, /) -> int:
        """The number, from 1, of the first guard that refuses the order, or 0."""
        situation = BookSituation(book, side, i, lots, price_ticks, bool(outlives_session))
        for index, machine in enumerate(self.machines[: self.armed]):
            if i in machine.observer.instruments and machine.observer.guards:
                self.checked[index] += 1
            if machine.denies(i, situation) is not None:
                self.denied[index] += 1
                self._note(book, EventKind.ORDER_OPENING, i, side, lots, price_ticks, denied_by=index + 1)
                return index + 1
        return 0

    def observe_order(self, book: Book, i: int, opening: int, side: int, lots: int, price_ticks: int, /) -> None:
        kind = EventKind.ORDER_OPENING if opening else EventKind.ORDER_CLOSING
        self._note(book, kind, i, side, lots, price_ticks)
        self._tell(kind, i, BookSituation(book, side))

    def observe_order_done(self, book: Book, i: int, opening: int, /) -> None:
        kind = EventKind.DONE_OPENING if opening else EventKind.DONE_CLOSING
        self._note(book, kind, i, 0, 0, 0)
        self._tell(kind, i, BookSituation(book))

    def observe_fill(
        self, book: Book, i: int, opening: int, side: int, lots: int, price_ticks: int, rule: int, /
    ) -> None:
        kind = EventKind.FILL_OPENING if opening else EventKind.FILL_CLOSING
        self._note(book, kind, i, side, lots, price_ticks, rule=rule)
        self._tell(kind, i, BookSituation(book, side))

    def observe_locate(self, book: Book, i: int, lots: int, /) -> None:
        """The hook of the event `locate`; no rule asks for it yet."""

    def observe_new_day(self, book: Book, i: int, /) -> None:
        """Each observer counts the days of its own instruments: a weekend of coins is no business day of shares."""
        day = book.day_of[i]
        beginning = [k for k, each in enumerate(self.machines) if i in each.observer.instruments and day > self.days[k]]
        aged = [k for k in beginning if self.days[k] >= 0]
        for k in beginning:
            self.days[k] = day
        if aged:
            self._note(book, EventKind.NEW_DAY, NO_INSTRUMENT, 0, 0, 0)
            self._tell(EventKind.NEW_DAY, NO_INSTRUMENT, BookSituation(book), aged)

    def observe_mark(self, book: Book, /) -> None:
        if any(EventKind.MARK in each.trigger.kinds for one in self.machines for each in one.observer.requirements):
            self._note(book, EventKind.MARK, NO_INSTRUMENT, 0, 0, 0)
            self._tell(EventKind.MARK, NO_INSTRUMENT, BookSituation(book))

    def _note(
        self,
        book: Book,
        kind: EventKind,
        i: int,
        side: int,
        lots: int,
        price_ticks: int,
        *,
        rule: int = -1,
        denied_by: int = 0,
    ) -> None:
        self.happenings.append(
            Happening(
                row=book.row,
                kind=kind,
                instrument=i,
                side=side,
                lots=lots,
                price_ticks=price_ticks,
                rule=rule,
                denied_by=denied_by,
            )
        )

    def _tell(self, kind: EventKind, i: int, situation: BookSituation, whom: Sequence[int] | None = None) -> None:
        """One event to all observers, or to these; each leaves out what is of none of its instruments."""
        for index in range(len(self.machines)) if whom is None else whom:
            for requirement in self.machines[index].observe(kind, i, situation):
                breach = Breach(observer=index, requirement=requirement, happening=len(self.happenings) - 1)
                self.breaches.append(breach)
