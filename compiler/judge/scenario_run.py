"""Running a scenario: its actions become events of an observer over a small exact account.

Orders fill at once at their price unless they only work: an order is seen at the mark before it, its fill is the mark
after it. What works and does not outlive its session ends with the day. Guards are off when breaches are asked for and
on when denials are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from copy import copy
from dataclasses import replace
from fractions import Fraction
from typing import Self, assert_never

from stratc.compiler.ir.observer import EventKind, Observer
from stratc.compiler.judge.facts import FactValue
from stratc.compiler.judge.observe import NO_INSTRUMENT, Machine
from stratc.compiler.judge.scenario_account import Account, Order, Scene, Ticket
from stratc.compiler.judge.scenario_text import Action, Expectation, Expected, Scenario, Verb
from stratc.runtime.model.record import record

EQUITY_DEFAULT = Fraction(100_000)


class CannotHappen(Exception):
    """What a scenario tells cannot be: the words say what."""


@record
class Outcome:
    """What happened: the day of the first breach with guards off, and of the first denial with guards on."""

    violated_on: int | None
    denied_on: int | None


class Stage:
    """One run of a scenario against one observer, with guards on or off."""

    def __init__(self, observer: Observer, account: Account) -> None:
        self.machine = Machine(observer)
        self.account = account
        self.violated_on: int | None = None
        self.denied_on: int | None = None
        self.day = 1

    def play(self, scenario: Scenario, *, guarded: bool) -> None:
        self.machine.start(self.account)
        for day in scenario.days:
            while self.day < day.number:
                self.next_day()
            for action in day.actions:
                for _ in range(action.times):
                    self.act(action, guarded=guarded)
                    if self.denied_on is not None:
                        # What follows an order that was denied tells of positions that are not there.
                        return

    def next_day(self) -> None:
        self.day += 1
        for order in [each for each in self.account.works if not each.outlives_session]:
            self._end(order)
        self.account.begin_day()
        self._tell(EventKind.NEW_DAY, NO_INSTRUMENT)

    def copy(self) -> Self:
        """The same moment once more, to go on from it in another way."""
        made = copy(self)
        made.machine = self.machine.copy()
        account = made.account = copy(self.account)
        account.tickets = [copy(each) for each in account.tickets]
        account.mark, account.last_close = list(account.mark), list(account.last_close)
        # Orders never change, so that both moments may hold the same ones.
        account.works = list(account.works)
        return made

    def key(self) -> Hashable:
        """Equal for two moments from which everything goes on alike, whatever the day is called."""
        account = self.account
        held = tuple((each.instrument, each.name, each.long, each.quantity, each.price) for each in account.tickets)
        works = tuple(
            (each.instrument, each.buys, each.opening, each.quantity, each.price, each.outlives_session)
            for each in account.works
        )
        money = (account.cash, account.equity_at_last_close, *account.mark, *account.last_close)
        return self.machine.key(), held, works, money, account.second, account.today.isoweekday()

    def _tell(self, kind: EventKind, instrument: int) -> None:
        if self.machine.observe(kind, instrument, self.account) and self.violated_on is None:
            self.violated_on = self.day

    def act(self, action: Action, *, guarded: bool) -> None:
        account = self.account
        match action.verb:
            case Verb.BUY | Verb.SHORT:
                self._open(action, self._instrument(action), guarded=guarded)
            case Verb.EXIT:
                self._exit(action, guarded=guarded)
            case Verb.FILL:
                self._fill(action, self._instrument(action))
            case Verb.CANCEL:
                for order in self._working(self._instrument(action)):
                    self._end(order)
            case Verb.LOCATE:
                account.told = action.quantity
                self._tell(EventKind.LOCATE, self._instrument(action))
            case Verb.DEPOSIT | Verb.WITHDRAW:
                paid_in = action.verb is Verb.DEPOSIT
                account.told = action.price
                account.cash += action.price if paid_in else -action.price
                self._tell(EventKind.DEPOSIT if paid_in else EventKind.WITHDRAWAL, NO_INSTRUMENT)
            case Verb.MARK:
                account.mark[self._instrument(action)] = action.price
                self._tell(EventKind.MARK, NO_INSTRUMENT)
            case Verb.RESET:
                self._tell(EventKind.RESET, NO_INSTRUMENT)
            case Verb.AT:
                if action.seconds < account.second:
                    raise CannotHappen("the clock of a day does not go back")
                account.second = action.seconds
            case Verb.LATER:
                account.second += action.seconds
            case _:
                assert_never(action.verb)

    def _instrument(self, action: Action) -> int:
        return [each.symbol for each in self.account.scene.instruments].index(action.symbol)

    # ── orders and fills ──

    def _open(self, action: Action, instrument: int, *, guarded: bool) -> None:
        account = self.account
        order = self._order(action, instrument, buys=action.verb is Verb.BUY)
        account.works.append(order)
        account.order = order
        if guarded and self.machine.denies(instrument, account) is not None:
            account.works.remove(order)
            self.denied_on = self.denied_on or self.day
            return
        self._tell(EventKind.ORDER_OPENING, instrument)
        if not action.works:
            self._opened(order, action.ticket)

    def _opened(self, order: Order, ticket: str) -> None:
        """The fill of an opening order that works."""
        account = self.account
        account.works.remove(order)
        account.mark[order.instrument] = order.price
        account.tickets.append(Ticket(order.instrument, ticket, order.buys, order.quantity, order.price, order.worth))
        account.closed = (0, 0, True)
        self._tell(EventKind.FILL_OPENING, order.instrument)
        self._tell(EventKind.DONE_OPENING, order.instrument)

    def _fill(self, action: Action, instrument: int) -> None:
        """The oldest order that works there fills, at the price of the action."""
        account = self.account
        working = self._working(instrument)
        if not working:
            raise CannotHappen(f"no order of `{action.symbol}` works, so that none can fill")
        own = account.unit_worth(instrument, action.price)
        order = replace(working[0], price=action.price, worth=own)
        account.works[account.works.index(working[0])] = account.order = order
        if order.opening:
            self._opened(order, "")
        else:
            self._closed(order, "")

    def _order(self, action: Action, instrument: int, *, buys: bool) -> Order:
        """The order of an action; what has had no price yet has the order's from here on."""
        account = self.account
        price = account.mark[instrument] if action.at_market else action.price
        if price == 0:
            raise CannotHappen(f"`{action.symbol}` has no price yet; write `mark {action.symbol} @ …` before")
        if account.mark[instrument] == 0:
            account.mark[instrument] = price
        own = account.unit_worth(instrument, price)
        return Order(
            instrument=instrument,
            buys=buys,
            opening=action.verb is not Verb.EXIT,
            quantity=action.quantity,
            price=price,
            worth=own if action.worth is None else action.worth / action.quantity,
            at_market=action.at_market,
            outlives_session=action.outlives_session,
        )

    def _exit(self, action: Action, *, guarded: bool) -> None:
        """An exit of a position; one whose opening a guard has refused is left out."""
        account = self.account
        if not action.symbol:
            named = [each.instrument for each in account.tickets if each.name == action.ticket]
            instrument = named[0] if named else NO_INSTRUMENT
        else:
            instrument = self._instrument(action)
        own = [each for each in account.tickets if each.instrument == instrument]
        if not own and guarded and self.denied_on is not None:
            return
        if not own:
            raise CannotHappen(f"there is no position `{action.symbol or action.ticket}` to exit")
        order = self._order(action, instrument, buys=not own[0].long)
        if action.ticket:
            order.quantity = next(each.quantity for each in own if each.name == action.ticket)
        account.works.append(order)
        account.order = order
        self._tell(EventKind.ORDER_CLOSING, instrument)
        if not action.works:
            self._closed(order, action.ticket)

    def _closed(self, order: Order, ticket: str) -> None:
        """The fill of a closing order that works."""
        account, instrument = self.account, order.instrument
        own = [each for each in account.tickets if each.instrument == instrument]
        if not own:
            raise CannotHappen("there is no position that the order could close")
        account.works.remove(order)
        account.mark[instrument] = order.price
        account.closed = self._close(order, ticket, own)
        self._tell(EventKind.FILL_CLOSING, instrument)
        self._tell(EventKind.DONE_CLOSING, instrument)

    def _working(self, instrument: int) -> list[Order]:
        return [each for each in self.account.works if each.instrument == instrument]

    def _end(self, order: Order) -> None:
        """An order that works is canceled, or its day is over."""
        self.account.works.remove(order)
        self.account.order = order
        self._tell(EventKind.DONE_OPENING if order.opening else EventKind.DONE_CLOSING, order.instrument)

    def _close(self, order: Order, ticket: str, own: list[Ticket]) -> tuple[int, int, bool]:
        """Take what is closed from the oldest tickets or the named one; how many older ones there were, and alike."""
        if ticket:
            chosen = next(each for each in own if each.name == ticket)
            older = own[: own.index(chosen)]
            alike = sum(1 for each in older if each.quantity == chosen.quantity)
            self._reduce(chosen, chosen.quantity)
            return len(older), alike, True
        left = order.quantity
        for each in own:
            taken = min(left, each.quantity)
            self._reduce(each, taken)
            left -= taken
        return 0, 0, True

    def _reduce(self, ticket: Ticket, quantity: Fraction) -> None:
        self.account.cash += self.account.profit(ticket) * quantity / ticket.quantity
        ticket.quantity -= quantity
        if not ticket.quantity:
            self.account.tickets.remove(ticket)


def symbols_of(scenario: Scenario) -> tuple[str, ...]:
    """The instruments of a scenario in the order in which they appear."""
    return tuple(dict.fromkeys(action.symbol for action in _actions(scenario) if action.symbol))


def play(scenario: Scenario, observer: Observer, scene: Scene) -> Outcome:
    """The scenario twice: with guards off for breaches, with guards on for denials."""
    stages = []
    for guarded in (False, True):
        stage = Stage(observer, opening(scenario, scene))
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
        case Expected.ALLOWED:
            return outcome.denied_on is None
        case Expected.NOT_APPLICABLE:
            return False


def _actions(scenario: Scenario) -> Iterator[Action]:
    return (action for day in scenario.days for action in day.actions)


def opening(scenario: Scenario, scene: Scene) -> Account:
    """The account at the beginning of a scenario."""
    given = dict(scenario.given)
    equity = _money(given.get("equity"), EQUITY_DEFAULT)
    return Account(
        scene=scene,
        cash=equity,
        equity_at_last_close=_money(given.get("equity_at_last_close"), equity),
        mark=[Fraction(0)] * len(scene.instruments),
        last_close=[Fraction(0)] * len(scene.instruments),
        today=scene.day,
    )


def _money(value: FactValue | None, otherwise: Fraction) -> Fraction:
    return value if isinstance(value, Fraction) else otherwise
