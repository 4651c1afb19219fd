"""Workloads A and B on vectorbt, run in an environment of its own: one JSON line with CPU seconds and round trips.

    python vectorbt_ab.py bars_1m.f64 A

The formulation is the fastest that gives the same round trips: `from_signals` for A, a numba order function for B.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
import vectorbt as vbt
from numba import njit
from vectorbt.portfolio import nb
from vectorbt.portfolio.enums import NoOrder

CASH, FEE, WARM = 10_000_000.0, 0.0005, 1000


def load(path, bars=None):
    raw = np.fromfile(path)
    raw = raw.reshape(5, len(raw) // 5)[:, :bars]
    index = pd.date_range("2020-01-01", periods=raw.shape[1], freq="1min")
    return {name: pd.Series(column, index) for name, column in zip(("open", "high", "low", "close"), raw, strict=False)}


def run_a(p):
    fast, slow = vbt.MA.run(p["close"], 10), vbt.MA.run(p["close"], 30)
    enter = fast.ma_crossed_above(slow).vbt.signals.fshift(1)
    leave = fast.ma_crossed_below(slow).vbt.signals.fshift(1)
    return vbt.Portfolio.from_signals(
        p["close"],
        enter,
        leave,
        price=p["open"],
        size=100,
        size_type="amount",
        fees=FEE,
        init_cash=CASH,
        direction="longonly",
        freq="1min",
    )


@njit
def order_b(c, opens, lows, closes, enter, leave, spread, stop, fee):
    i = c.i
    if i == 0:
        return NoOrder
    if c.position_now > 0:
        if leave[i - 1]:
            return nb.order_nb(size=-c.position_now, price=opens[i], fees=fee)
        if lows[i] <= stop[0]:
            return nb.order_nb(size=-c.position_now, price=min(opens[i], stop[0]), fees=fee)
    elif enter[i - 1]:
        stop[0] = closes[i - 1] - 2 * spread[i - 1]
        return nb.order_nb(size=np.floor(0.10 * c.cash_now / closes[i - 1]), price=opens[i], fees=fee)
    return NoOrder


def run_b(p):
    c, h, low = p["close"], p["high"], p["low"]
    fast, slow = vbt.MA.run(c, 12, ewm=True).ma, vbt.MA.run(c, 26, ewm=True).ma
    change = c.diff().fillna(0.0)
    up = change.clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
    down = (-change.clip(upper=0)).ewm(alpha=1 / 14, adjust=False).mean()
    heat, before = 100 * up / (up + down), c.shift(1)
    true_range = np.maximum(h - low, np.maximum((h - before).abs(), (low - before).abs())).fillna(0.0)
    spread = true_range.ewm(alpha=1 / 14, adjust=False).mean()
    band, peak = vbt.BBANDS.run(c, 20, alpha=2.0, ewm=False), h.vbt.rolling_max(55).shift(1)
    flat = [np.asarray(x, dtype=float).reshape(-1) for x in (fast, slow, heat, spread, band.upper, band.lower, peak)]
    fast, slow, heat, spread, upper, lower, peak = flat
    close = c.to_numpy()
    enter = (fast > slow) & (heat < 75) & ((close > upper) | (close > peak))
    enter[:WARM] = False
    leave = (fast < slow) | (close < lower)
    return vbt.Portfolio.from_order_func(
        c,
        order_b,
        p["open"].to_numpy(),
        low.to_numpy(),
        close,
        enter,
        leave,
        spread,
        np.zeros(1),
        FEE,
        init_cash=CASH,
        freq="1min",
    )


def main(path, workload):
    run = {"A": run_a, "B": run_b}[workload]
    run(load(path, 3000))  # compiles the numba functions, which is not counted
    prices = load(path)
    started = time.process_time()
    portfolio = run(prices)
    orders = len(portfolio.orders.records)
    seconds = time.process_time() - started
    closed = portfolio.trades.records
    closed = closed[closed["status"] == 1]
    print(
        json.dumps(
            {
                "engine": f"vectorbt {vbt.__version__}",
                "cpu_seconds": seconds,
                "round_trips": len(closed),
                "orders": orders,
                "final_equity": float(portfolio.value().iloc[-1]),
            }
        )
    )


main(*sys.argv[1:])
