"""The opening ranges of stocks in play against a second calculation that knows bars and the words of the strategy only.

It picks each day's shares from the price files, and replays every order: a stop entry at its price or a worse open, a
basis point of slippage rounded against the order, the stop loss from the bar of the entry on, the closing auction else.
"""

from __future__ import annotations

import math
import runpy
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from stratc.runtime.model.session import calendar
from tests.acceptance.recorded import read_trips

FOLDER = Path(__file__).parents[2] / "examples" / "opening_range_in_play"
MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_in_play_data.py"))
DAYS, MOST, SLIPPAGE, CENT = 14, 20, Decimal("0.0001"), Decimal("0.01")
HALF_DAY = date(2024, 11, 29)

Bar = tuple[object, float, float, float, float, int]


@dataclass(frozen=True)
class Order:
    symbol: str
    day: int
    buys: bool
    price: float
    stop: float


def sessions_of(symbol: str) -> list[list[Bar]]:
    """The bars of each session, in UTC days, which are those of the sessions here."""
    found: dict[date, list[Bar]] = {}
    for row in pl.read_parquet(FOLDER / "prices" / f"{symbol}.parquet").iter_rows():
        found.setdefault(row[0].date(), []).append(row)
    return list(found.values())


def average_ranges(days: list[list[Bar]]) -> list[float | None]:
    """Wilder's ATR(14) of each day: the mean of the first fourteen true ranges, then a fourteenth of each next."""
    bars = [(max(b[2] for b in day), min(b[3] for b in day), day[-1][4]) for day in days]
    found: list[float | None] = [None]
    ranges: list[float] = []
    for (_, _, before), (high, low, _) in pairwise(bars):
        ranges.append(max(high, before) - min(low, before))
        last = found[-1]
        if last is not None:
            found.append((last * (DAYS - 1) + ranges[-1]) / DAYS)
        else:
            found.append(sum(ranges) / DAYS if len(ranges) == DAYS else None)
    return found


def orders_of(market: dict[str, list[list[Bar]]], day: int) -> list[Order]:
    """What is sent at 09:35: the busiest twenty that are traded and at least as busy as usual."""
    scored = []
    for symbol, days in market.items():
        usual = sum(each[0][5] for each in days[day - DAYS : day]) / DAYS
        volume = sum(bar[5] for each in days[day - DAYS : day] for bar in each) / DAYS
        spread = average_ranges(days)[day - 1]
        assert spread is not None
        _, opened, high, low, close, traded = days[day][0]
        if close > 5 and volume > 1_000_000 and spread > 0.5 and traded / usual >= 1 and close != opened:
            buys = close > opened
            stop = high - 0.1 * spread if buys else low + 0.1 * spread
            scored.append((traded / usual, Order(symbol, day, buys, high if buys else low, stop)))
    ranked = sorted(scored, key=lambda each: -each[0])
    return [order for _, order in ranked[:MOST]]


def worse(price: float, *, buys: bool) -> Decimal:
    rounding = ROUND_CEILING if buys else ROUND_FLOOR
    return (Decimal(str(price)) * (1 + (SLIPPAGE if buys else -SLIPPAGE))).quantize(CENT, rounding)


def ticks(price: float, *, up: bool) -> Decimal:
    """In whole cents; what lies within a thousandth of one counts as that cent."""
    cents = price / 0.01
    near = round(cents)
    away = (1 if cents > near else -1) if abs(cents - near) > 0.001 and (cents > near) is up else 0
    return Decimal(near + away) / 100


def replay(order: Order, bars: list[Bar]) -> tuple[int, Decimal, int, Decimal] | None:
    """The bars of entry and exit with their prices; None where the stop entry is not reached in time."""
    sign = 1 if order.buys else -1
    stop, extreme = ticks(order.stop, up=not order.buys), 2 if order.buys else 3
    in_time = range(1, len(bars) - 4)
    reached = [n for n in in_time if sign * bars[n][extreme] >= sign * order.price]
    if not reached:
        return None
    first = reached[0]
    entered = worse(sign * max(sign * order.price, sign * bars[first][1]), buys=order.buys)
    for n in range(first, len(bars)):
        touched = bars[n][3 if order.buys else 2]
        if sign * touched <= sign * float(stop):
            opened = sign * float(stop) if n == first else min(sign * float(stop), sign * bars[n][1])
            return first, entered, n, worse(sign * opened, buys=not order.buys)
    return first, entered, len(bars) - 1, worse(bars[-1][4], buys=not order.buys)


@pytest.fixture(scope="module")
def market() -> dict[str, list[list[Bar]]]:
    return {symbol: sessions_of(symbol) for symbol in MADE["symbols"]()}


@pytest.fixture(scope="module")
def trips() -> list[dict[str, str]]:
    return read_trips(FOLDER / "trades.csv")


def test_every_round_trip_is_one_that_the_bars_make(market, trips) -> None:
    """And every order that the bars fill is a round trip, but for the three that a guard denied."""
    days = [session.date for session in calendar("XNYS").sessions_between(*MADE["SPAN"])]
    told = {(row["opened_at"][:10], row["instrument"]): row for row in trips}
    equity, seen, denied = Decimal(100_000), set(), 0
    for day in range(DAYS + 1, len(days)):
        profit = Decimal(0)
        for order in orders_of(market, day):
            wanted = replay(order, market[order.symbol][day])
            row = told.get((days[day].isoformat(), order.symbol))
            if wanted is None:
                assert row is None, order
                continue
            if row is None:
                denied += 1
                continue
            first, entered, last, left = wanted
            bars = market[order.symbol][day]
            quantity = math.floor(equity / 5 / Decimal(str(order.price)))
            assert (row["side"] == "buy") is order.buys
            assert (Decimal(row["quantity"]), Decimal(row["open_price"])) == (quantity, entered), (order, row)
            assert Decimal(row["close_price"]) == left, (order, row)
            assert row["opened_at"][11:16] == f"{bars[first][0]:%H:%M}"
            profit += Decimal(row["pnl"])
            gross = (left - entered) * quantity * (1 if order.buys else -1)
            assert Decimal(row["pnl"]) == gross - Decimal(row["fees"])
            assert last == len(bars) - 1 or row["rule_out"] == row["rule_in"]
            seen.add((days[day].isoformat(), order.symbol))
        equity += profit
    assert seen == set(told)
    assert denied == 3


def test_the_traps(market, trips) -> None:
    """On the half day all are out in the auction of 13:00; shares that are too cheap, thin or quiet are never held; on
    a day on which more than twenty are busy, twenty orders are sent."""
    half = [row for row in trips if row["opened_at"].startswith(str(HALF_DAY))]
    assert half
    assert max(row["closed_at"] for row in half) == "2024-11-29T17:55:00+00:00"
    assert all(row["opened_at"][:10] == row["closed_at"][:10] for row in trips)
    left_out = {MADE["symbols"]()[n] for name in ("CHEAP", "THIN", "QUIET") for n in MADE[name]}
    assert left_out.isdisjoint(row["instrument"] for row in trips)
    assert any(len(orders_of(market, day)) == MOST for day in range(DAYS + 1, 24))


def test_the_data_can_be_made_again() -> None:
    made = MADE["frames"]()
    assert len(made) == 30
    assert all(made[s].equals(pl.read_parquet(FOLDER / "prices" / f"{s}.parquet")) for s in ("QPAA", "QPAD", "QPCJ"))
    assert list(MADE["members"]()) == (FOLDER / "us_shares.csv").read_text(encoding="utf-8").splitlines()
