"""The account of a run: bars, orders, legs and money, and what a fill does to them. Cents and whole shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from tests.reference.plans import Plan

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Bar:
    """One bar; `day` counts sessions, `last` says that the session ends with it."""

    day: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    last: bool


@dataclass(frozen=True)
class Fill:
    row: int
    role: str
    side: int
    shares: int
    price: Decimal


@dataclass
class Order:
    number: int
    rule: int
    opening: bool
    side: int
    shares: int
    limit: Decimal | None
    stop: Decimal | None
    next_open: bool
    price: Decimal
    stop_loss: Decimal | None
    target: tuple[str, Decimal] | Decimal | None
    life: int | None
    placed: int
    group: int
    outlives: bool
    flattens: bool = False
    seen: int = 0
    triggered: str = ""

    @property
    def resting(self) -> bool:
        """Waits at its limit, from the beginning or since its stop was reached."""
        return self.limit is not None and (self.stop is None or self.triggered == "yes")


@dataclass
class Leg:
    side: int
    shares: int
    entry: Decimal
    stop: Decimal | None
    target: Decimal | None


@dataclass
class Account:
    """An account in the middle of a run; `fills` is what it did."""

    plan: Plan
    cash: Decimal
    legs: list[Leg] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    row: int = -1
    day: int = -1
    mark: Decimal = Decimal(0)
    shut: bool = False
    numbers: int = 0
    last_close: Decimal = Decimal(0)
    peak: Decimal = Decimal(0)
    tripped: set[str] = field(default_factory=set)
    filled: dict[tuple[int, int], int] = field(default_factory=dict)
    opened_on: int = -1

    @property
    def position(self) -> int:
        return sum(leg.side * leg.shares for leg in self.legs)

    @property
    def equity(self) -> Decimal:
        return self.cash + self.position * self.mark

    def outlives(self, *, opening: bool, side: int, priced: bool, life: int | None, next_open: bool) -> bool:
        """Whether an order that is placed now may work after the session: one that is placed when it is over, for the
        next open or for some bars; an exit at market, and an entry that turns what `keep at least` may still hold."""
        if self.shut or next_open or life is not None:
            return True
        turns = bool(self.plan.keep) and side * self.position < 0
        return not priced and (not opening or turns)

    def entries(self) -> list[Order]:
        return [order for order in self.orders if order.opening]

    def exits(self) -> list[Order]:
        return [order for order in self.orders if not order.opening]


def fill(account: Account, order: Order, price: Decimal) -> Leg | None:
    """Fill an order whole: what is against the position closes the oldest legs, the rest of an entry opens one."""
    account.orders.remove(order)
    against = max(-order.side * account.position, 0)
    closing = min(against, order.shares)
    role = "entry" if order.opening else "flatten" if order.flattens else "exit"
    if closing:
        note(account, role, order.side, closing, price)
        take_from_oldest(account, closing)
        after_closing(account)
    opening = order.shares - closing if order.opening else 0
    leg = None
    if opening:
        note(account, role, order.side, opening, price)
        leg = open_leg(account, order, opening, price)
    if order.opening:
        key = (order.rule, account.day)
        account.filled[key] = account.filled.get(key, 0) + 1
    if order.group:
        account.orders = [other for other in account.orders if other.group != order.group]
    return leg


def open_leg(account: Account, order: Order, shares: int, price: Decimal) -> Leg:
    risk = Decimal(0) if order.stop_loss is None else abs(price - order.stop_loss)
    match order.target:
        case None:
            target = None
        case Decimal() as goal:
            target = goal
        case ("R", multiple):
            target = away(price + order.side * multiple * risk, order.side)
        case (_, distance):
            target = price + order.side * distance
    leg = Leg(side=order.side, shares=shares, entry=price, stop=order.stop_loss, target=target)
    account.legs.append(leg)
    account.opened_on = account.day
    return leg


def away(price: Decimal, side: int) -> Decimal:
    """To the cent that is farther from the entry."""
    cents = price / CENT
    whole = cents.to_integral_value(rounding=ROUND_FLOOR)
    return (whole if whole == cents or side < 0 else whole + 1) * CENT


def note(account: Account, role: str, side: int, shares: int, price: Decimal) -> None:
    account.cash -= side * shares * price
    account.fills.append(Fill(account.row, role, side, shares, price))


def take_from_oldest(account: Account, shares: int) -> None:
    while shares:
        leg = account.legs[0]
        part = min(leg.shares, shares)
        leg.shares -= part
        shares -= part
        if not leg.shares:
            account.legs.pop(0)


def close(account: Account, leg: Leg, price: Decimal, role: str) -> None:
    note(account, role, -leg.side, leg.shares, price)
    account.legs = [other for other in account.legs if other is not leg]
    after_closing(account)


def after_closing(account: Account) -> None:
    """Exits end with the position."""
    if account.position == 0:
        account.orders = account.entries()
