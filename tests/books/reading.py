"""What the logs of a run say, and what an account comes to by its net orders alone."""

from __future__ import annotations

from decimal import Decimal

from stratc.runtime.engine import codes
from stratc.runtime.executor.results import Backtest

COSTS = {"per_share": Decimal("0.005"), "minimum": Decimal(1)}
LOGS = {
    "fill_log": (codes.FILL_WIDTH, codes.FILL_ROW),
    "closing_log": (codes.CLOSING_WIDTH, codes.CLOSING_ROW_OUT),
    "denial_log": (codes.DENIAL_WIDTH, codes.DENIAL_ROW),
    "carry_log": (codes.CARRY_WIDTH, codes.CARRY_ROW),
}


def account_alone(done: Backtest) -> Decimal:
    """The account's money followed by its net orders alone, in Decimal: what each open came to, at one price."""
    money, by_open = done.start_equity, {}
    symbols = [each.symbol for each in done.instruments]
    for fill in done.fills():
        by_open.setdefault((int(done.closes_ns[fill.row]), fill.instrument), []).append(fill)
    for (_, symbol), fills in by_open.items():
        net = sum((int(each.side) * each.quantity for each in fills), Decimal(0))
        unit = Decimal(1).scaleb(-done.scale.digits)
        fee = max(COSTS["minimum"], COSTS["per_share"] * abs(net)).quantize(unit) if net else Decimal(0)
        if symbols.count(symbol) > 1:
            assert len({each.price for each in fills}) == 1
            assert sum((each.fee for each in fills), Decimal(0)) == fee
        money -= sum((int(each.side) * each.quantity * each.price for each in fills), Decimal(0))
        money -= fee if symbols.count(symbol) > 1 else sum((each.fee for each in fills), Decimal(0))
    return money + sum((each.amount for each in done.carries()), Decimal(0))


def logged(done: Backtest, log: str, rows: int) -> list[list[int]]:
    """What a log says of the first rows."""
    width, row = LOGS[log]
    numbers = list(getattr(done, log))
    return [each for each in (numbers[at : at + width] for at in range(0, len(numbers), width)) if each[row] < rows]
