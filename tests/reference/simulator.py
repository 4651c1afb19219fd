"""What happens to a plan on bars, from the words alone: one instrument in cents and whole shares, no costs.

A decision at a bar's close fills no earlier than the next bar.
"""

from __future__ import annotations

from decimal import Decimal

from tests.reference.account import CENT, Account, Bar
from tests.reference.decisions import decide, place, sign
from tests.reference.plans import Plan
from tests.reference.venue import drop_day_orders, fill_bar


def run(plan: Plan, bars: list[Bar], cash: Decimal) -> Account:
    """The whole run, bar after bar."""
    account = Account(plan=plan, cash=cash, last_close=cash, peak=cash)
    for row, bar in enumerate(bars):
        account.row = row
        if bar.day != account.day:
            begin_session(account, bar.day)
        fill_bar(account, bar)
        account.mark, account.shut = bar.close, bar.last
        watch_halts(account)
        for number, rule in enumerate(plan.rules):
            decide(account, bars, number, rule)
    return account


def begin_session(account: Account, day: int) -> None:
    account.day = day
    account.last_close = account.equity
    account.tripped.discard("daily loss")
    drop_day_orders(account)
    account.orders = [order for order in account.orders if order.outlives]


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
