"""Running a scenario: its actions become events of an observer over a small exact account.

The account of a scenario holds tickets, oldest first: an exit that names none closes the oldest. Orders fill at once at
their price unless they only work. Guards are off when breaches are asked for and on when denials are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from stratc.compiler.ir.observer import EventKind, Observer, Signal
from stratc.compiler.judge.facts import FactValue
from stratc.compiler.judge.observe import NO_INSTRUMENT, Machine, Value
from stratc.compiler.judge.scenario_text import Action, Expectation, Expected, Scenario, Verb
from stratc.runtime.model.record import record

EQUITY_DEFAULT = Fraction(100_000)


@record
class Outcome:
    """What happened: the day of the first breach with guards off, and of the first denial with guards on."""

    violated_on: int | None
    denied_on: int | None


@dataclass(slots=True, eq=False)
class _Ticket:
    """One open position of the scenario: signed by `long`, at a price, worth `worth` for each unit at that price."""

    instrument: int
    name: str
    long: bool
    quantity: Fraction
    price: Fraction
    worth: Fraction


@dataclass(slots=True)
class _Account:
    """The account of a scenario; money is in the account's currency itself, so one quantum is one unit of it."""

    instruments: tuple[str, ...]
    base_currency: tuple[bool, ...]
    cash: Fraction
    equity_at_last_close: Fraction
    mark: list[Fraction]
    tickets: list[_Ticket] = field(default_factory=list)
    works: list[_Ticket] = field(default_factory=list)
    order: Action | None = None
    closed: tuple[int, int, bool] = (0, 0, True)

    @property
    def quanta(self) -> int:
        return 1

    def value(self, instrument: int, *, long: bool) -> Fraction:
        """The money value of one side of an instrument, working orders included."""
        own = [each for each in (*self.tickets, *self.works) if each.instrument == instrument and each.long is long]
        return sum((each.quantity * self.unit_value(instrument, each) for each in own), Fraction(0))

    def held(self, instrument: int, *, long: bool) -> Fraction:
        """The money value of one side of what is held."""
        own = [each for each in self.tickets if each.instrument == instrument and each.long is long]
        return sum((each.quantity * self.unit_value(instrument, each) for each in own), Fraction(0))

    def unit_value(self, instrument: int, ticket: _Ticket) -> Fraction:
        """Money per unit: what the scenario says it is worth, scaled by the price since; the price itself otherwise."""
        working = any(ticket is each for each in self.works)
        price = ticket.price if working else self.mark[instrument]
        return ticket.worth if self.base_currency[instrument] else ticket.worth * price / ticket.price

    def profit(self, ticket: _Ticket) -> Fraction:
        change = (self.mark[ticket.instrument] - ticket.price) / ticket.price * ticket.worth * ticket.quantity
        return change if ticket.long else -change

    def equity(self) -> Fraction:
        return self.cash + sum((self.profit(each) for each in self.tickets), Fraction(0))

    def quantity(self, instrument: int, *, long: bool) -> Fraction:
        held = (each.quantity for each in self.tickets if each.instrument == instrument and each.long is long)
        return sum(held, Fraction(0))

    def signal(self, signal: Signal, instrument: int) -> Value:
        match signal:
            case Signal.EQUITY:
                return self.equity()
            case Signal.EQUITY_AT_LAST_CLOSE:
                return self.equity_at_last_close
            case Signal.CASH:
                return self.cash
            case Signal.LONG_VALUE_AFTER | Signal.SHORT_VALUE_AFTER:
                return self.value(instrument, long=signal is Signal.LONG_VALUE_AFTER)
            case Signal.EXPOSURE_AFTER:
                return max(self.value(instrument, long=True), self.value(instrument, long=False))
            case Signal.LONG_VALUE | Signal.SHORT_VALUE:
                return self.held(instrument, long=signal is Signal.LONG_VALUE)
            case Signal.LONG_QUANTITY | Signal.SHORT_QUANTITY:
                return self.quantity(instrument, long=signal is Signal.LONG_QUANTITY)
            case Signal.ORDER_BUYS:
                return self.order is not None and self.order.verb is Verb.BUY
            case Signal.ORDER_OUTLIVES_SESSION:
                return self.order is not None and self.order.outlives_session
            case Signal.FILL_OLDER_TICKETS:
                return self.closed[0]
            case Signal.FILL_OLDER_SAME_SIZE:
                return self.closed[1]
            case Signal.FILL_WHOLE_TICKET:
                return self.closed[2]


class Stage:
    """One run of a scenario against one observer, with guards on or off."""

    def __init__(self, observer: Observer, account: _Account) -> None:
        self.machine = Machine(observer)
        self.account = account
        self.violated_on: int | None = None
        self.denied_on: int | None = None
        self.day = 1

    def play(self, scenario: Scenario, *, guarded: bool) -> None:
        for day in scenario.days:
            while self.day < day.number:
                self.day += 1
                self.account.equity_at_last_close = self.account.equity()
                self._tell(EventKind.NEW_DAY, NO_INSTRUMENT)
            for action in day.actions:
                for _ in range(action.times):
                    self._act(action, guarded=guarded)

    def _tell(self, kind: EventKind, instrument: int) -> None:
        if self.machine.observe(kind, instrument, self.account) and self.violated_on is None:
            self.violated_on = self.day

    def _act(self, action: Action, *, guarded: bool) -> None:
        account = self.account
        instrument = account.instruments.index(action.symbol) if action.symbol else NO_INSTRUMENT
        if action.price and instrument != NO_INSTRUMENT:
            account.mark[instrument] = action.price
        match action.verb:
            case Verb.BUY | Verb.SHORT:
                self._open(action, instrument, guarded=guarded)
            case Verb.EXIT:
                self._exit(action, instrument)
            case Verb.CANCEL:
                for each in [each for each in account.works if each.instrument == instrument]:
                    account.works.remove(each)
                    self._tell(EventKind.DONE_OPENING, instrument)
            case Verb.DEPOSIT:
                account.cash += action.price
            case Verb.WITHDRAW:
                account.cash -= action.price
            case Verb.MARK:
                self._tell(EventKind.MARK, NO_INSTRUMENT)

    def _open(self, action: Action, instrument: int, *, guarded: bool) -> None:
        account = self.account
        account.order = action
        unit = action.worth / action.quantity if action.worth is not None else None
        own = Fraction(1) if account.base_currency[instrument] else action.price
        ticket = _Ticket(
            instrument, action.ticket, action.verb is Verb.BUY, action.quantity, action.price, unit if unit else own
        )
        account.works.append(ticket)
        if guarded and self.machine.denies(instrument, account) is not None:
            account.works.pop()
            self.denied_on = self.denied_on or self.day
            return
        self._tell(EventKind.ORDER_OPENING, instrument)
        if not action.works:
            account.works.remove(ticket)
            account.tickets.append(ticket)
            account.closed = (0, 0, True)
            self._tell(EventKind.FILL_OPENING, instrument)
            self._tell(EventKind.DONE_OPENING, instrument)
        account.order = None

    def _exit(self, action: Action, instrument: int) -> None:
        account = self.account
        if not action.symbol:
            instrument = next(each.instrument for each in account.tickets if each.name == action.ticket)
            account.mark[instrument] = action.price
        account.order = action
        self._tell(EventKind.ORDER_CLOSING, instrument)
        account.closed = self._close(action, instrument)
        self._tell(EventKind.FILL_CLOSING, instrument)
        self._tell(EventKind.DONE_CLOSING, instrument)
        account.order = None

    def _close(self, action: Action, instrument: int) -> tuple[int, int, bool]:
        """Take what is closed from the oldest tickets or the named one; how many older ones there were, and alike."""
        account = self.account
        own = [each for each in account.tickets if each.instrument == instrument]
        if action.ticket:
            chosen = next(each for each in own if each.name == action.ticket)
            older = own[: own.index(chosen)]
            alike = sum(1 for each in older if each.quantity == chosen.quantity)
            self._reduce(chosen, chosen.quantity)
            return len(older), alike, True
        left = action.quantity
        for each in own:
            taken = min(left, each.quantity)
            self._reduce(each, taken)
            left -= taken
        return 0, 0, True

    def _reduce(self, ticket: _Ticket, quantity: Fraction) -> None:
        self.account.cash += self.account.profit(ticket) * quantity / ticket.quantity
        ticket.quantity -= quantity
        if not ticket.quantity:
            self.account.tickets.remove(ticket)


def symbols_of(scenario: Scenario) -> tuple[str, ...]:
    """The instruments of a scenario in the order in which they appear."""
    return tuple(dict.fromkeys(action.symbol for action in _actions(scenario) if action.symbol))


def play(scenario: Scenario, observer: Observer, base_currency: tuple[bool, ...]) -> Outcome:
    """The scenario twice: with guards off for breaches, with guards on for denials."""
    stages = []
    for guarded in (False, True):
        stage = Stage(observer, _opening(scenario, base_currency))
        stage.play(scenario, guarded=guarded)
        stages.append(stage)
    return Outcome(violated_on=stages[0].violated_on, denied_on=stages[1].denied_on)


def meets(expectation: Expectation, outcome: Outcome) -> bool:
    """Whether what happened is what was expected; a day that is not written may be any."""
    match expectation.what:
        case Expected.OK:
            return outcome.violated_on is None
        case Expected.VIOLATED:
            return outcome.violated_on is not None and expectation.day in (None, outcome.violated_on)
        case Expected.DENIED:
            return outcome.denied_on is not None and expectation.day in (None, outcome.denied_on)
        case Expected.NOT_APPLICABLE:
            return False


def _actions(scenario: Scenario) -> Iterator[Action]:
    return (action for day in scenario.days for action in day.actions)


def _opening(scenario: Scenario, base_currency: tuple[bool, ...]) -> _Account:
    given = dict(scenario.given)
    symbols = symbols_of(scenario)
    equity = _money(given.get("equity"), EQUITY_DEFAULT)
    return _Account(
        instruments=symbols,
        base_currency=base_currency,
        cash=equity,
        equity_at_last_close=_money(given.get("equity_at_last_close"), equity),
        mark=[Fraction(1)] * len(symbols),
    )


def _money(value: FactValue | None, otherwise: Fraction) -> Fraction:
    return value if isinstance(value, Fraction) else otherwise
