"""What working orders and protected legs do in one bar.

Inside a bar the worse order of prices is assumed: what the open has passed fills at the open; then the stop loss before
the target; then exits, stops before limits; then entries, those nearest the open first, each stopped out in the same
bar where the bar reaches its stop loss. A limit fills where a bar trades through its price. Day orders end with their
session; what does not outlive the one in which it is placed ends with it where its last bars lack, too.
"""

from __future__ import annotations

from decimal import Decimal

from tests.reference.account import Account, Bar, Order, close, fill


def fill_bar(account: Account, bar: Bar) -> None:
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


def drop_day_orders(account: Account) -> None:
    account.orders = [order for order in account.orders if not (lives_a_day(order) and order.seen > 0)]


def lives_a_day(order: Order) -> bool:
    return order.life is None and (order.limit is not None or order.stop is not None)
