"""What the rules of a plan decide at a bar's close: exits, entries, their sizes, and the caps that deny them."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from tests.reference.account import CENT, Account, Bar, Order
from tests.reference.plans import Entry, Offset, Rule


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
            outlives=account.outlives(
                opening=False, side=side, priced=limit is not None or stop is not None, life=None, next_open=False
            ),
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
            outlives=account.outlives(
                opening=True,
                side=entry.side,
                priced=limit is not None or stop is not None,
                life=entry.life,
                next_open=entry.next_open,
            ),
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
    too_near = plan.stop_distance is not None and stop_loss is not None
    if too_near and abs(own - stop_loss) < own * plan.stop_distance / 100:
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


def sign(number: int) -> int:
    return (number > 0) - (number < 0)
