"""What happens to a plan on bars, from the words alone: one instrument in cents and whole shares, no costs.

A decision at a bar's close fills no earlier than the next bar. Inside a bar the worse order of prices is assumed: what
the open has passed fills at the open; then the stop loss before the target; then exits, stops before limits; then
entries, those nearest the open first, each stopped out in the same bar where the bar reaches its stop loss. A limit
fills where a bar trades through its price. Day orders end with their session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from tests.reference.plans import Entry, Offset, Plan, Rule

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

    def entries(self) -> list[Order]:
        return [order for order in self.orders if order.opening]

    def exits(self) -> list[Order]:
        return [order for order in self.orders if not order.opening]


def run(plan: Plan, bars: list[Bar], cash: Decimal) -> Account:
    """The whole run, bar after bar."""
    account = Account(plan=plan, cash=cash, last_close=cash, peak=cash)
    for row, bar in enumerate(bars):
        account.row = row
        if bar.day != account.day:
            begin_session(account, bar.day)
        trade(account, bar)
        account.mark = bar.close
        watch_halts(account)
        for number, rule in enumerate(plan.rules):
            decide(account, bars, number, rule)
    return account


def begin_session(account: Account, day: int) -> None:
    account.day = day
    account.last_close = account.equity
    account.tripped.discard("daily loss")
    drop_day_orders(account)


def drop_day_orders(account: Account) -> None:
    account.orders = [order for order in account.orders if not (lives_a_day(order) and order.seen > 0)]


def lives_a_day(order: Order) -> bool:
    return order.life is None and (order.limit is not None or order.stop is not None)


# ── one bar ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def trade(account: Account, bar: Bar) -> None:
    for orders in (account.exits(), account.entries()):
        for order in orders:
            if order in account.orders and may_fill(account, order):
                fill_at_open(account, order, bar)
    protect(account, bar)
    inside = sorted(account.exits(), key=lambda each: (each.resting, abs(waits_for(each) - bar.open), each.number))
    for order in inside:
        if order in account.orders and may_fill(account, order):
            fill_inside(account, order, bar)
    while (order := nearest(account, bar)) is not None:
        fill_inside(account, order, bar)
    for order in account.orders:
        order.seen += 1
        order.triggered = "yes" if order.triggered else ""
    account.orders = [order for order in account.orders if order.life is None or order.seen < order.life]
    if bar.last:
        drop_day_orders(account)


def may_fill(account: Account, order: Order) -> bool:
    """`keep at least` holds back what would reduce the position."""
    return order.side * account.position >= 0 or not kept(account)


def kept(account: Account) -> bool:
    return account.plan.keep is not None and account.day - account.opened_on < account.plan.keep


def waits_for(order: Order) -> Decimal:
    price = order.limit if order.resting else order.stop
    return Decimal(0) if price is None else price


def beyond(side: int, price: Decimal, limit: Decimal) -> bool:
    """Whether a price is better than a limit: below it for a buy."""
    return side * (limit - price) > 0


def reached(side: int, price: Decimal, stop: Decimal) -> bool:
    """Whether a price is at a stop or past it: at or above it for a buy."""
    return side * (price - stop) >= 0


def fill_at_open(account: Account, order: Order, bar: Bar) -> None:
    if order.limit is None and order.stop is None:
        if not order.next_open or bar.day != order.placed:
            fill(account, order, bar.open)
    elif order.resting:
        if order.limit is not None and beyond(order.side, bar.open, order.limit):
            fill(account, order, bar.open)
    elif order.stop is not None and reached(order.side, bar.open, order.stop):
        if order.limit is None or order.side * (order.limit - bar.open) >= 0:
            fill(account, order, bar.open)
        else:
            order.triggered = "yes"


def nearest(account: Account, bar: Bar) -> Order | None:
    """The entry inside the bar that the price meets first."""
    found = [
        order
        for order in account.entries()
        if order.triggered != "now" and may_fill(account, order) and is_met(order, bar)
    ]
    return min(found, key=lambda order: (abs(waits_for(order) - bar.open), order.number), default=None)


def is_met(order: Order, bar: Bar) -> bool:
    if order.limit is None and order.stop is None:
        return False
    if order.resting:
        assert order.limit is not None
        return beyond(order.side, bar.low if order.side > 0 else bar.high, order.limit)
    assert order.stop is not None
    return reached(order.side, bar.high if order.side > 0 else bar.low, order.stop)


def fill_inside(account: Account, order: Order, bar: Bar) -> None:
    if order.triggered == "now" or not is_met(order, bar):
        return
    if order.resting and order.limit is not None:
        price = order.limit
    elif order.stop is not None and order.limit is not None and order.side * (order.stop - order.limit) > 0:
        order.triggered = "now"
        return
    else:
        price = waits_for(order)
    leg = fill(account, order, price)
    if leg is None or leg.stop is None or kept(account):
        return
    worst = bar.low if leg.side > 0 else bar.high
    if reached(-leg.side, worst, leg.stop):
        at = leg.entry if reached(-leg.side, leg.entry, leg.stop) else leg.stop
        close(account, leg, at, "stop loss")


def protect(account: Account, bar: Bar) -> None:
    """Stop losses and targets of every leg, the oldest first."""
    for leg in list(account.legs):
        if leg not in account.legs or kept(account):
            continue
        worst, best = (bar.low, bar.high) if leg.side > 0 else (bar.high, bar.low)
        stopped = leg.stop is not None and reached(-leg.side, worst, leg.stop)
        gained = leg.target is not None and beyond(-leg.side, best, leg.target)
        if gained and leg.target is not None and beyond(-leg.side, bar.open, leg.target):
            close(account, leg, bar.open, "target")
        elif stopped and leg.stop is not None:
            close(account, leg, bar.open if reached(-leg.side, bar.open, leg.stop) else leg.stop, "stop loss")
        elif gained and leg.target is not None:
            close(account, leg, leg.target, "target")


# ── fills ────────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── halts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def watch_halts(account: Account) -> None:
    plan, newly = account.plan, set[str]()
    if plan.daily_loss is not None and fallen(account.equity, account.last_close, plan.daily_loss):
        newly |= {"daily loss"} - account.tripped
    account.peak = max(account.peak, account.equity)
    if plan.drawdown is not None and fallen(account.equity, account.peak, plan.drawdown):
        newly |= {"drawdown"} - account.tripped
    if not newly:
        return
    account.tripped |= newly
    account.orders = account.exits()
    if "daily loss" in newly and account.position:
        account.orders = []
        place(account, -1, -sign(account.position), abs(account.position), flattens=True)


def fallen(equity: Decimal, baseline: Decimal, percent: Decimal) -> bool:
    return equity <= baseline - (baseline * percent / 100).quantize(CENT)


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def decide(account: Account, bars: list[Bar], number: int, rule: Rule) -> None:
    if not holds(account, bars, rule):
        return
    if rule.exit is not None:
        leave(account, bars, number, rule)
        return
    working = {order.group or -order.number for order in account.entries() if order.rule == number}
    used = len(working) + account.filled.get((number, account.day), 0)
    if rule.at_most is not None and used >= rule.at_most:
        return
    account.numbers += 1
    group = account.numbers if len(rule.entries) > 1 else 0
    for entry in rule.entries:
        enter(account, bars[account.row], number, entry, group)


def holds(account: Account, bars: list[Bar], rule: Rule) -> bool:
    bar, held = bars[account.row], account.position
    gates = {
        "flat": held == 0 and not account.entries(),
        "long": held > 0,
        "short": held < 0,
        "not long": held <= 0,
        "not short": held >= 0,
    }
    if not gates[rule.gate]:
        return False
    match rule.condition:
        case "up":
            return bar.close > bar.open
        case "down":
            return bar.close < bar.open
        case "rising":
            if account.row < 2:
                return False
            before, then = bars[account.row - 1], bars[account.row - 2]
            return before.close <= then.close and bar.close > before.close
        case _:
            return True


def leave(account: Account, bars: list[Bar], number: int, rule: Rule) -> None:
    assert rule.exit is not None
    held = abs(account.position)
    if not held:
        return
    bar, side = bars[account.row], -sign(account.position)
    limit, stop = priced(rule.exit.limit, bar), priced(rule.exit.stop, bar)
    if rule.exit.portion == 1 and limit is None and stop is None:
        account.orders = [
            order for order in account.orders if order.opening or (order.limit is None and order.stop is None)
        ]
    wanted = int((held * rule.exit.portion).to_integral_value(rounding=ROUND_FLOOR))
    shares = min(wanted, held - sum(order.shares for order in account.exits()))
    if shares > 0:
        place(account, number, side, shares, limit=limit, stop=stop)


def priced(offset: Offset | None, bar: Bar) -> Decimal | None:
    return None if offset is None else getattr(bar, offset.column) + offset.cents * CENT


def place(
    account: Account,
    rule: int,
    side: int,
    shares: int,
    limit: Decimal | None = None,
    stop: Decimal | None = None,
    flattens: bool = False,
) -> None:
    """An exit."""
    account.numbers += 1
    account.orders.append(
        Order(
            number=account.numbers,
            rule=rule,
            opening=False,
            side=side,
            shares=shares,
            limit=limit,
            stop=stop,
            next_open=False,
            price=account.mark,
            stop_loss=None,
            target=None,
            life=None,
            placed=account.day,
            group=0,
            flattens=flattens,
        )
    )


def enter(account: Account, bar: Bar, rule: int, entry: Entry, group: int) -> None:
    limit, stop = priced(entry.limit, bar), priced(entry.stop, bar)
    own = limit if limit is not None else stop if stop is not None else bar.close
    stop_loss = priced(entry.stop_loss, bar)
    shares = size(account, entry, own, stop_loss)
    target = entry.target
    goal = priced(target, bar) if isinstance(target, Offset) else None
    if shares <= 0 or account.tripped:
        return
    if stop_loss is not None and entry.side * (own - stop_loss) <= 0:
        return
    if goal is not None and entry.side * (goal - own) <= 0:
        return
    if is_capped(account, entry.side, shares, own, stop_loss, group):
        return
    account.numbers += 1
    meant = goal if isinstance(target, Offset) else target
    if isinstance(meant, tuple) and meant[0] == "distance":
        meant = ("distance", meant[1] * CENT)
    account.orders.append(
        Order(
            number=account.numbers,
            rule=rule,
            opening=True,
            side=entry.side,
            shares=shares,
            limit=limit,
            stop=stop,
            next_open=entry.next_open,
            price=own,
            stop_loss=stop_loss,
            target=meant,
            life=entry.life,
            placed=account.day,
            group=group,
        )
    )


def size(account: Account, entry: Entry, own: Decimal, stop_loss: Decimal | None) -> int:
    """Whole shares, rounded down; `at most` clips."""
    kind, amount = entry.size
    if kind == "shares":
        shares = int(amount)
    elif kind == "equity":
        shares = whole(account.equity * amount / 100, own)
    else:
        assert stop_loss is not None
        shares = whole(account.equity * amount / 100, abs(own - stop_loss))
    if entry.at_most is not None:
        shares = min(shares, whole(account.equity * entry.at_most / 100, own))
    return shares


def whole(money: Decimal, price: Decimal) -> int:
    if money <= 0:
        return 0
    return 10**9 if price == 0 else int((money / price).to_integral_value(rounding=ROUND_FLOOR))


def is_capped(account: Account, side: int, shares: int, own: Decimal, stop_loss: Decimal | None, group: int) -> bool:
    """Whether a cap denies the order: exposure counts positions, working orders and this one, each side apart."""
    plan = account.plan
    if plan.stop_distance is not None and stop_loss is not None:
        if abs(own - stop_loss) < own * plan.stop_distance / 100:
            return True
    exposure = max(exposure_on(account, 1, side, shares, own), exposure_on(account, -1, side, shares, own))
    if plan.position is not None and exposure > account.equity * plan.position / 100:
        return True
    if plan.leverage is not None and exposure > account.equity * plan.leverage:
        return True
    if plan.entries is None:
        return False
    filled = sum(count for (_, day), count in account.filled.items() if day == account.day)
    working = {order.group or -order.number for order in account.entries()}
    return len(working | {group or 0}) + filled > plan.entries


def exposure_on(account: Account, side: int, own_side: int, shares: int, own: Decimal) -> Decimal:
    """One side: the position at the mark, openings at the worse of the mark and their own price."""
    value = max(side * account.position, 0) * account.mark
    value += sum(order.shares * max(order.price, account.mark) for order in account.entries() if order.side == side)
    return value + (shares * max(own, account.mark) if own_side == side else 0)
