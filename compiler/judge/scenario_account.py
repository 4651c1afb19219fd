"""The small exact account that a scenario plays on, and what an observer may ask of it.

It holds tickets, oldest first: an exit that names none closes the oldest. Money is in the account's currency itself, so
one quantum is one unit of it; quantities and prices are kept as written and told in lots and ticks, as the engine does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.observer import PRICES, QUANTITIES, Signal
from stratc.compiler.judge.observe import Value
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

EPOCH: Final = date(1970, 1, 1)
DAY_SECONDS: Final = 86_400
# Trades on every day of the calendar.
EVERY_DAY: Final = "CRYPTO"


@record
class Scene:
    """Where a scenario plays: its instruments in the order in which they appear, the account's currency, its day 1."""

    instruments: tuple[Instrument, ...]
    currency: str
    day: date


@dataclass(slots=True, eq=False)
class Ticket:
    """One open position: signed by `long`, at a price, worth `worth` for each unit at that price."""

    instrument: int
    name: str
    long: bool
    quantity: Fraction
    price: Fraction
    worth: Fraction


@dataclass(slots=True, eq=False)
class Order:
    """An order at its own price; `worth` is that of a unit there. At the market its price is the mark."""

    instrument: int
    buys: bool
    opening: bool
    quantity: Fraction
    price: Fraction
    worth: Fraction
    at_market: bool
    outlives_session: bool

    def meets(self, other: Order, price: Fraction) -> bool:
        """Whether one would trade with the other: limits that cross, or a limit that the last price has reached.

        Two at the market are netted before they are sent.
        """
        if other.instrument != self.instrument or other.buys is self.buys or (self.at_market and other.at_market):
            return False
        bid, offer = (self, other) if self.buys else (other, self)
        return bid.reaches(price) >= offer.reaches(price)

    def reaches(self, price: Fraction) -> Fraction:
        """The price at which it would trade: at the market that of the instrument."""
        return price if self.at_market else self.price


@dataclass(slots=True)
class Account:
    """The account of a scenario. `mark` and `last_close` are nought of what has had no price yet.

    `order` is the one that is decided, sent or filled; `closed` says of an exit how many older tickets there were, how
    many of them alike, and whether it took a whole one; `told` is the quantity of a locate or the amount of a flow.
    """

    scene: Scene
    cash: Fraction
    equity_at_last_close: Fraction
    mark: list[Fraction]
    last_close: list[Fraction]
    today: date
    second: int = 0
    tickets: list[Ticket] = field(default_factory=list)
    works: list[Order] = field(default_factory=list)
    order: Order | None = None
    closed: tuple[int, int, bool] = (0, 0, True)
    told: Fraction = Fraction(0)

    @property
    def quanta(self) -> int:
        return 1

    def is_base(self, instrument: int) -> bool:
        """Whether a unit is worth one of the account's currency, whatever its price is."""
        return self.scene.instruments[instrument].base == self.scene.currency

    def unit_worth(self, instrument: int, price: Fraction) -> Fraction:
        """Money per unit at a price."""
        multiplier = Fraction(self.scene.instruments[instrument].multiplier)
        return Fraction(1) if self.is_base(instrument) else price * multiplier

    def begin_day(self) -> None:
        """The next business day: a weekday, for coins every day."""
        self.equity_at_last_close = self.equity()
        self.last_close = list(self.mark)
        self.second = 0
        self.today += timedelta(1)
        while self.today.isoweekday() > 5 and not self._trades_always():
            self.today += timedelta(1)

    def _trades_always(self) -> bool:
        return all(each.calendar == EVERY_DAY for each in self.scene.instruments)

    # ── what it comes to ──

    def side_value(self, instrument: int, *, long: bool) -> Fraction:
        """The money value of one side of an instrument, working openings included."""
        held = self.held_value(instrument, long=long)
        return held + sum((each.quantity * each.worth for each in self._opens(instrument, buys=long)), Fraction(0))

    def held_value(self, instrument: int, *, long: bool) -> Fraction:
        """The money value of one side of what is held of an instrument."""
        held = (each.quantity * self._worth_now(each) for each in self._held(instrument, long=long))
        return sum(held, Fraction(0))

    def profit(self, ticket: Ticket) -> Fraction:
        change = (self.mark[ticket.instrument] - ticket.price) / ticket.price * ticket.worth * ticket.quantity
        return change if ticket.long else -change

    def equity(self) -> Fraction:
        return self.cash + sum((self.profit(each) for each in self.tickets), Fraction(0))

    def _held(self, instrument: int, *, long: bool) -> list[Ticket]:
        return [each for each in self.tickets if each.instrument == instrument and each.long is long]

    def _opens(self, instrument: int, *, buys: bool) -> list[Order]:
        return [each for each in self._working(instrument, buys=buys) if each.opening]

    def _working(self, instrument: int, *, buys: bool) -> list[Order]:
        return [each for each in self.works if each.instrument == instrument and each.buys is buys]

    def _worth_now(self, ticket: Ticket) -> Fraction:
        """Money per unit: what the scenario says it is worth, scaled by the price since."""
        if self.is_base(ticket.instrument):
            return ticket.worth
        return ticket.worth * self.mark[ticket.instrument] / ticket.price

    # ── what observers ask ──

    def signal(self, signal: Signal, instrument: int) -> Value:
        value = self._of_account(signal)
        if value is None:
            value = self._of_instrument(signal, instrument)
        if value is None:
            value = self._of_event(signal)
        if signal in QUANTITIES:
            return value / Fraction(self._instrument(instrument).quantity_step)
        if signal in PRICES:
            return value / Fraction(self._instrument(instrument).tick)
        return value

    def _instrument(self, instrument: int) -> Instrument:
        return self.scene.instruments[instrument]

    def _of_account(self, signal: Signal) -> Value | None:
        match signal:
            case Signal.EQUITY:
                return self.equity()
            case Signal.EQUITY_AT_LAST_CLOSE:
                return self.equity_at_last_close
            case Signal.CASH:
                return self.cash
            case Signal.CALENDAR_DAY:
                return (self.today - EPOCH).days
            case Signal.SECOND:
                return (self.today - EPOCH).days * DAY_SECONDS + self.second
            case Signal.LOCATE_QUANTITY | Signal.DEPOSIT_AMOUNT | Signal.WITHDRAWAL_AMOUNT:
                return self.told
            case _:
                return None

    def _of_instrument(self, signal: Signal, instrument: int) -> Value | None:
        long = signal.value.startswith("long_")
        match signal:
            case Signal.LONG_VALUE_AFTER | Signal.SHORT_VALUE_AFTER:
                return self.side_value(instrument, long=long)
            case Signal.EXPOSURE_AFTER:
                return max(self.side_value(instrument, long=True), self.side_value(instrument, long=False))
            case Signal.LONG_VALUE | Signal.SHORT_VALUE:
                return self.held_value(instrument, long=long)
            case Signal.LONG_QUANTITY | Signal.SHORT_QUANTITY:
                return _quantity(self._held(instrument, long=long))
            case Signal.LONG_QUANTITY_AFTER | Signal.SHORT_QUANTITY_AFTER:
                return _quantity(self._held(instrument, long=long)) + _quantity(self._opens(instrument, buys=long))
            case Signal.WORKING_BUY_QUANTITY | Signal.WORKING_SELL_QUANTITY:
                return _quantity(self._working(instrument, buys=signal is Signal.WORKING_BUY_QUANTITY))
            case Signal.PRICE:
                return self.mark[instrument]
            case Signal.PRICE_AT_LAST_CLOSE:
                return self.last_close[instrument]
            case _:
                return None

    def _of_event(self, signal: Signal) -> Value:
        order = self.order
        if order is None:
            raise ValueError(f"`{signal}` was asked where there is no order and no fill")
        match signal:
            case Signal.ORDER_BUYS | Signal.FILL_BUYS:
                return order.buys
            case Signal.ORDER_QUANTITY | Signal.FILL_QUANTITY:
                return order.quantity
            case Signal.ORDER_PRICE | Signal.FILL_PRICE:
                return order.price
            case Signal.ORDER_VALUE | Signal.FILL_VALUE:
                return order.quantity * order.worth
            case Signal.ORDER_OUTLIVES_SESSION:
                return order.outlives_session
            case Signal.ORDER_AT_MARKET:
                return order.at_market
            case Signal.ORDER_MEETS_OWN_ORDER:
                return any(order.meets(each, self.mark[each.instrument]) for each in self.works)
            case Signal.FILL_OLDER_TICKETS:
                return self.closed[0]
            case Signal.FILL_OLDER_SAME_SIZE:
                return self.closed[1]
            case Signal.FILL_WHOLE_TICKET:
                return self.closed[2]
            case _:
                raise ValueError(f"`{signal}` is not of an order")


def _quantity(parts: list[Ticket] | list[Order]) -> Fraction:
    return sum((each.quantity for each in parts), Fraction(0))
