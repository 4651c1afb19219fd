"""Well-typed programs by construction: every choice of header, reading, size, order and exit fits every other.

A choice is a word of the instrument's own units, so a program is rejected only when the checker is wrong.
"""

from __future__ import annotations

from random import Random

from stratc.runtime.model.record import record


@record
class Market:
    """The words of one instrument."""

    header: str
    currency: str
    quantity: str
    steps: tuple[str, ...]


FUTURE = "ESZ26 on 5 min\nleave 5 sessions before expiry"
MARKETS = (
    Market(header="SPY on 1 day\naccount cash USD", currency="USD", quantity="shares", steps=("ticks",)),
    Market(
        header="ESZ26 on 5 min\nleave 5 sessions before expiry\naccount futures USD",
        currency="USD",
        quantity="contracts",
        steps=("ticks", "points"),
    ),
    Market(header="EUR/USD on 15 min\naccount forex USD", currency="USD", quantity="units", steps=("pips", "ticks")),
    Market(header="BTC/USDT on 1 hour\naccount crypto USDT", currency="USDT", quantity="coins", steps=("ticks",)),
)
CONDITIONS = (
    "close > sma(close, {n})",
    "rsi(close, {n}) < {n}",
    "roc(close, {n}) > {n}%",
    "volume > {n} {quantity}",
    "volume > sma(volume, {n})",
    "close[{n}] < close - {n} {step}",
    "high - low > atr({n})",
    "close / close[{n}] - 1 > {n}%",
    "abs(close - open) > {n} {currency}",
    "equity > {n} {currency}",
    "zscore(close, {n}) < -2",
    "highest(high, {n}) - close < {n} {step}",
    "percent_rank(close, {n}) > {n}%",
    "macd(close, 12, 26, 9).line crosses above macd(close, 12, 26, 9).signal",
    "volume / sma(volume, {n}) > 1.5",
    "stochastic({n}, 3, 3) in 20..80",
)
INTRADAY = ("time in 10:00..15:00 London", "close > highest(high) over 03:00..09:00 London")
SIZES = (
    "{n} {quantity}",
    "{n}% of equity",
    "{n} {currency}",
    "{n}% of cash",
    "risking {n}% of equity",
    "risking {n} {currency}",
)
ORDERS = ("at market", "at limit close - {n} {step}", "at stop high + {n} {step}")
STOPS = ("low - {n} {step}", "lowest(low, {n}) - {n} {step}", "low - 2 * atr({n})", "low - {n}% of low")
TARGETS = ("{n}R", "{n} {step}", "high + 2 * atr({n})", "3 * atr({n})", "high + 5% of high")
EXITS = (
    "bars_held >= {n} bars",
    "close < lowest(low, {n})",
    "sessions_held > {n} sessions",
    "open_profit > {n} {currency}",
)
PORTIONS = ("all", "half", "{n}% of position", "{n} {quantity}")


def program(seed: int) -> str:
    """The program of a seed: up to three conditions, an entry with its exits, a rule that leaves, two limits."""
    draw = Random(seed)
    market = draw.choice(MARKETS)

    def said(forms: tuple[str, ...]) -> str:
        step = draw.choice(market.steps)
        words = {"n": draw.randint(12, 30), "step": step, "quantity": market.quantity, "currency": market.currency}
        return draw.choice(forms).format(**words)

    readings = CONDITIONS if "1 day" in market.header else CONDITIONS + INTRADAY
    conditions = " and ".join(said(readings) for _ in range(draw.randint(1, 3)))
    return (
        f'strategy "Made by seed {seed}"\ntrade {market.header}\n\nrule enter\n  when flat and {conditions}\n'
        f"  then buy {said(SIZES)}\n       {said(ORDERS)}\n"
        f"       stop loss at {said(STOPS)}\n       target {said(TARGETS)}\n\n"
        f"rule leave\n  when long and {said(EXITS)}\n  then exit {said(PORTIONS)}\n\n"
        f"cap leverage {draw.randint(2, 9)}x\nhalt at drawdown {draw.randint(5, 20)}% of peak equity, until released\n"
    )
