"""Observers tied to the engine: what it asks of rule guards, answered by machines.

A `Watch` is handed to the interpreted strategy (and its text form, `compiler.judge.guard_text`, to the emitter). Events
of the engine are events of the observers; signals are read off the book, orders at their own price: what a limit or a
stop would fill at at worst. An observer's days are those of its own instruments: one begins with the first of them to
reach it, and the first of a run is where the observer begins, not a new day. Where the law changes in a run, what is of
an instrument is held to the law of that instrument's trading day, everything else to that of the observer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stratc.compiler.ir.observer import INSTRUMENT_SIGNALS, EventKind, Observer, Requirement, Signal, kin_of
from stratc.compiler.judge.observe import NO_INSTRUMENT, Machine, Value
from stratc.runtime.engine import asked
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import BUY, SELL, STAND_DOWN, STAND_FLAT
from stratc.runtime.engine.sleeves import lots_held
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
    """The book at one event: of which instrument, on which side, how many lots at which price.

    `decided`: it is an opening order that is not in the book yet. `moved` are the quanta of a flow, `day` the day that
    begins.
    """

    book: Book
    instrument: int = NO_INSTRUMENT
    side: int = 0
    lots: int = 0
    ticks: int = 0
    decided: bool = False
    outlives: bool = False
    moved: int = 0
    day: int = 0

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
            case Signal.DEPOSIT_AMOUNT:
                return self.moved
            case Signal.WITHDRAWAL_AMOUNT:
                return -self.moved
            case Signal.CALENDAR_DAY:
                return self.day
            case Signal.SECOND:
                return asked.second_now(self.book)
            case _ if signal in INSTRUMENT_SIGNALS:
                return self._of_instrument(signal, instrument)
            case _:
                return self._of_event(signal)

    def _of_instrument(self, signal: Signal, i: int) -> Value:
        match signal:
            case Signal.LONG_VALUE_AFTER:
                return self._side_value(i, BUY)
            case Signal.SHORT_VALUE_AFTER:
                return self._side_value(i, SELL)
            case Signal.EXPOSURE_AFTER:
                return max(self._side_value(i, BUY), self._side_value(i, SELL))
            case Signal.LONG_VALUE:
                return asked.lots_worth(self.book, i, max(lots_held(self.book, i), 0), self.book.mark[i])
            case Signal.SHORT_VALUE:
                return asked.lots_worth(self.book, i, max(-lots_held(self.book, i), 0), self.book.mark[i])
            case Signal.LONG_QUANTITY:
                return max(lots_held(self.book, i), 0)
            case Signal.SHORT_QUANTITY:
                return max(-lots_held(self.book, i), 0)
            case Signal.LONG_QUANTITY_AFTER:
                return asked.side_lots(self.book, i, BUY) + (self.lots if self._decides(i, BUY) else 0)
            case Signal.SHORT_QUANTITY_AFTER:
                return asked.side_lots(self.book, i, SELL) + (self.lots if self._decides(i, SELL) else 0)
            case Signal.WORKING_BUY_QUANTITY:
                return asked.working_lots(self.book, i, BUY)
            case Signal.WORKING_SELL_QUANTITY:
                return asked.working_lots(self.book, i, SELL)
            case Signal.PRICE:
                return self.book.mark[i]
            case Signal.PRICE_AT_LAST_CLOSE:
                return self.book.prior_close[i]
            case _:
                raise ValueError(f"{signal} is not of an instrument")

    def _of_event(self, signal: Signal) -> Value:
        match signal:
            case Signal.ORDER_BUYS | Signal.FILL_BUYS:
                return self.side == BUY
            case Signal.ORDER_QUANTITY | Signal.FILL_QUANTITY | Signal.LOCATE_QUANTITY:
                return self.lots
            case Signal.ORDER_PRICE | Signal.FILL_PRICE:
                return self.ticks
            case Signal.ORDER_VALUE | Signal.FILL_VALUE:
                return asked.lots_worth(self.book, self.instrument, self.lots, self.ticks)
            case Signal.ORDER_OUTLIVES_SESSION:
                return self.outlives
            case Signal.ORDER_AT_MARKET:
                return asked.draft_is_at_market(self.book)
            case Signal.ORDER_MEETS_OWN_ORDER:
                return asked.draft_meets(self.book, self.instrument, self.side)
            case Signal.FILL_OLDER_TICKETS:
                return self.book.fill_older  # of the ticket that the order named, whichever the account closes
            case Signal.FILL_OLDER_SAME_SIZE:
                return self.book.fill_older_same_size
            case Signal.FILL_WHOLE_TICKET:
                return self.book.fill_whole != 0
            case _:
                raise ValueError(f"{signal} is not of an event")

    def _side_value(self, i: int, side: int) -> int:
        """One side of an instrument in the account's quanta, with the order that is being decided."""
        value = asked.side_value(self.book, i, side)
        return value + (asked.lots_worth(self.book, i, self.lots, self.ticks) if self._decides(i, side) else 0)

    def _decides(self, i: int, side: int) -> bool:
        return self.decided and i == self.instrument and side == self.side


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
        self.followers = [k for k, each in enumerate(self.machines) if each.observer.follows_marks]
        self.law_days = [observer.law_days for observer in observers]
        self.kin = [kin_of(observers[:armed], k) for k in range(armed)]
        self.breaches: list[Breach] = []
        self.happenings: list[Happening] = []

    def seed(self, happening: str, days_ago: int, times: int) -> None:
        """Tell all observers of something that happened before the run."""
        for machine in self.machines:
            machine.seed(happening, days_ago, times)

    def deny_opening(self, book: Book, i: int, side: int, lots: int, price_ticks: int, outlives_session: int, /) -> int:
        """The number, from 1, of the first guard that refuses the order, or 0."""
        situation = BookSituation(book, i, side, lots, price_ticks, decided=True, outlives=bool(outlives_session))
        for index, machine in enumerate(self.machines[: self.armed]):
            if not self._is_law(index, book.day_of[i]):
                continue
            if i in machine.observer.instruments and machine.observer.guards:
                self.checked[index] += 1
            if machine.denies(i, situation) is not None:
                self.denied[index] += 1
                self._note(book, EventKind.ORDER_OPENING, i, side, lots, price_ticks, denied_by=index + 1)
                return index + 1
        return 0

    def observe_order(
        self, book: Book, i: int, opening: int, side: int, lots: int, price_ticks: int, outlives_session: int, /
    ) -> None:
        kind = EventKind.ORDER_OPENING if opening else EventKind.ORDER_CLOSING
        self._note(book, kind, i, side, lots, price_ticks)
        self._tell(kind, i, BookSituation(book, i, side, lots, price_ticks, outlives=bool(outlives_session)))

    def observe_order_done(self, book: Book, i: int, opening: int, outlives_session: int, /) -> None:
        kind = EventKind.DONE_OPENING if opening else EventKind.DONE_CLOSING
        self._note(book, kind, i, 0, 0, 0)
        self._tell(kind, i, BookSituation(book, outlives=bool(outlives_session)))

    def observe_fill(
        self, book: Book, i: int, opening: int, side: int, lots: int, price_ticks: int, rule: int, /
    ) -> None:
        kind = EventKind.FILL_OPENING if opening else EventKind.FILL_CLOSING
        self._note(book, kind, i, side, lots, price_ticks, rule=rule)
        self._tell(kind, i, BookSituation(book, i, side, lots, price_ticks))

    def observe_locate(self, book: Book, i: int, lots: int, /) -> None:
        self._note(book, EventKind.LOCATE, i, SELL, lots, 0)
        self._tell(EventKind.LOCATE, i, BookSituation(book, i, SELL, lots))

    def observe_flow(self, book: Book, moved: int, /) -> None:
        kind = EventKind.DEPOSIT if moved > 0 else EventKind.WITHDRAWAL
        self._note(book, kind, NO_INSTRUMENT, 0, 0, 0)
        self._tell(kind, NO_INSTRUMENT, BookSituation(book, moved=moved))

    def observe_new_day(self, book: Book, i: int, /) -> None:
        """Each observer counts the days of its own instruments: a weekend of coins is no business day of shares."""
        day = book.day_of[i]
        beginning = [k for k, each in enumerate(self.machines) if i in each.observer.instruments and day > self.days[k]]
        aged = [k for k in beginning if self.days[k] >= 0]
        situation = BookSituation(book, day=day)
        for k in beginning:
            self.days[k] = day
            self.machines[k].start(situation)
        if aged:
            self._note(book, EventKind.NEW_DAY, NO_INSTRUMENT, 0, 0, 0)
            self._tell(EventKind.NEW_DAY, NO_INSTRUMENT, situation, aged)

    def observe_mark(self, book: Book, /) -> None:
        if self.followers:
            self._note(book, EventKind.MARK, NO_INSTRUMENT, 0, 0, 0)
            self._tell(EventKind.MARK, NO_INSTRUMENT, BookSituation(book), self.followers)

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
            machine = self.machines[index]
            machine.is_law = self._is_law(index, self.days[index] if i == NO_INSTRUMENT else situation.book.day_of[i])
            broken = machine.observe(kind, i, situation)
            if broken and index < self.armed:
                for other in self.kin[index]:
                    self.machines[other].note_breach()
            if broken and index < self.armed and machine.observer.halts:
                flattens = machine.observer.flattens
                situation.book.standing_down = max(situation.book.standing_down, STAND_FLAT if flattens else STAND_DOWN)
            for requirement in broken:
                breach = Breach(observer=index, requirement=requirement, happening=len(self.happenings) - 1)
                self.breaches.append(breach)

    def _is_law(self, index: int, day: int) -> bool:
        days = self.law_days[index]
        return days is None or days[0] <= day < days[1]
