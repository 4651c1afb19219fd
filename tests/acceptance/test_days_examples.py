"""The examples about days: every round trip replayed in plain Python from the bars, and the traps of their READMEs.

The replay reads the price files itself and knows nothing of the engine: it takes the decision's price, the rounding,
the auction's price with slippage against the order, and the commission from the account's text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

import polars as pl
import pytest

from stratc.runtime.model.session import calendar
from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import stratc

EXAMPLES = Path(__file__).parents[2] / "examples"
SLIPPAGE = Decimal("0.0002")
CENT = Decimal("0.01")


def run(name: str, tmp_path: Path) -> list[dict[str, str]]:
    trips = tmp_path / "trips.csv"
    assert stratc("run", EXAMPLES / name / "strategy.strat", "--interpret", "--trades", trips).code == 0
    return read_trips(trips)


def bars(name: str) -> dict[datetime, tuple[float, float, float, float]]:
    """Open, high, low and close by the time at which a bar opens."""
    frame = pl.read_parquet(EXAMPLES / "prices" / name)
    return {row[0].replace(tzinfo=UTC): row[1:5] for row in frame.iter_rows()}


def bought(price: float) -> Decimal:
    """The price of a purchase at market: two basis points worse, in whole ticks."""
    return (Decimal(str(price)) * (1 + SLIPPAGE)).quantize(CENT, ROUND_CEILING)


def sold(price: float) -> Decimal:
    return (Decimal(str(price)) * (1 - SLIPPAGE)).quantize(CENT, ROUND_FLOOR)


class Days:
    """The sessions of the synthetic SPY: the open of each, its close, and the price 20 minutes before its end."""

    def __init__(self) -> None:
        prices = bars("5min/SPY.parquet")
        sessions = calendar("XNYS").sessions_between(date(2024, 7, 1), date(2025, 6, 30))
        self.dates = [session.date for session in sessions]
        ends = [datetime.fromtimestamp(session.close_ns / 1e9, UTC) for session in sessions]
        opens = [datetime.fromtimestamp(session.open_ns / 1e9, UTC) for session in sessions]
        self.opens = [prices[at][0] for at in opens]
        self.closes = [prices[at - timedelta(minutes=5)][3] for at in ends]
        self.decisions = [prices[at - timedelta(minutes=25)][3] for at in ends]


def hold(days: Days, spans: Iterator[tuple[int, int, bool]]) -> list[tuple[str, int, Decimal, Decimal, Decimal]]:
    """Day in, quantity, prices and profit: 90% of equity at the price of the decision, a dollar an order."""
    equity, trips = Decimal(100_000), []
    for first, last, at_open in spans:
        quantity = int(equity * 90 / 100 / Decimal(str(days.decisions[first])))
        price_in = bought(days.closes[first])
        price_out = sold(days.opens[last] if at_open else days.closes[last])
        profit = (price_out - price_in) * quantity - 2
        equity += profit
        trips.append((days.dates[first].isoformat(), quantity, price_in, price_out, profit))
    return trips


def shown(rows: list[dict[str, str]]) -> list[tuple[str, int, Decimal, Decimal, Decimal]]:
    return [
        (
            row["opened_at"][:10],
            int(float(row["quantity"])),
            Decimal(row["open_price"]).quantize(CENT),
            Decimal(row["close_price"]).quantize(CENT),
            Decimal(row["pnl"]).quantize(CENT),
        )
        for row in rows
    ]


def test_overnight_hold_by_hand(tmp_path: Path) -> None:
    days = Days()
    nights = [
        (index, index + 1, True)
        for index in range(len(days.dates) - 1)
        if (days.dates[index + 1] - days.dates[index]).days <= 3
    ]
    found = shown(run("overnight_hold", tmp_path))
    assert found == hold(days, iter(nights))
    held = {row[0] for row in found}
    # Over Labor Day's weekend nothing is held; over an ordinary one it is, and on a half day the auction is at 13:00.
    assert "2024-08-30" not in held
    assert {"2024-08-23", "2024-07-03", "2024-11-29"} <= held


def test_turn_of_month_by_hand(tmp_path: Path) -> None:
    days = Days()
    months = [day.month for day in days.dates]
    last = [index for index in range(len(months) - 1) if months[index] != months[index + 1]]
    found = shown(run("turn_of_month", tmp_path))
    assert found == hold(days, ((index, index + 3, False) for index in last))
    # November 2024 ended on the half day after Thanksgiving.
    assert "2024-11-29" in {row[0] for row in found}


def test_data_that_end_in_the_middle_of_a_month_change_nothing_before(tmp_path: Path) -> None:
    strategy = EXAMPLES / "turn_of_month" / "strategy.strat"
    whole = run("turn_of_month", tmp_path)
    trips = tmp_path / "cut.csv"
    assert stratc("run", strategy, "--interpret", "--to", "2025-01-15", "--trades", trips).code == 0
    cut = read_trips(trips)
    assert cut == [row for row in whole if row["closed_at"] < "2025-01-16"]
    assert len(cut) == 6


def test_volatility_breakout_by_hand(tmp_path: Path) -> None:
    """09:00 in Seoul is midnight in UTC, all year: a day is 24 of the file's hours."""
    prices = bars("hourly/BTCUSDT.parquet")
    first = datetime(2024, 1, 1, tzinfo=UTC)
    days = [[prices[first + timedelta(hours=24 * n + hour)] for hour in range(24)] for n in range(len(prices) // 24)]
    expected = []
    for n in range(4, len(days) - 1):
        close = days[n][-1][3]
        spread = max(bar[1] for bar in days[n]) - min(bar[2] for bar in days[n])
        if not close > math.fsum(day[-1][3] for day in days[n - 4 : n + 1]) / 5:
            continue
        trip = broken_out(days[n + 1], close, spread)
        if trip is not None:
            expected.append((n + 1, *trip))
    found = run("volatility_breakout", tmp_path)
    assert [(row["opened_at"][:10], row["rule_out"]) for row in found] == [
        ((first + timedelta(days=n)).date().isoformat(), "enter" if stopped else "leave") for n, _, stopped in expected
    ]
    # A stop order at half a tick is rounded from a binary number: a cent's difference is allowed.
    for row, (_, price, _) in zip(found, expected, strict=True):
        assert abs(Decimal(row["open_price"]) - price) <= CENT


def broken_out(
    day: list[tuple[float, float, float, float]], close: float, spread: float
) -> tuple[Decimal, bool] | None:
    """The price of a day's entry, and whether its stop loss ends it; None where the stop order is not reached.

    The order is good for 23 hours; the last hour begins with the sale.
    """
    stop = (Decimal(str(close)) + Decimal("0.5") * Decimal(str(spread))).quantize(CENT, ROUND_CEILING)
    loss = Decimal(str(close))
    for hour, (opened, high, low, _) in enumerate(day[:23]):
        if Decimal(str(high)) < stop:
            continue
        price = bought(max(float(stop), opened))
        later = [bar[2] for bar in day[hour + 1 : 23]]
        return price, any(Decimal(str(each)) <= loss for each in (low, *later))
    return None


def purchases(
    prices: dict[datetime, tuple[float, float, float, float]], steady: int = 100
) -> list[tuple[date, Decimal, Decimal]]:
    """Day, coins and price of every Monday's purchase: 100 USDT, in a fall by 30% from the 200-day high 250 USDT."""
    times = sorted(prices)
    highs = [max(prices[at][1], prices[at + timedelta(hours=12)][1]) for at in times[::2]]
    found: list[tuple[date, Decimal, Decimal]] = []
    for day in range(200, len(highs)):
        opens = times[2 * day]
        invested = sum(coins * price for _, coins, price in found)
        if opens.isoweekday() != 1 or invested >= 20_000:
            continue
        close = prices[opens][3]
        amount = steady if close >= 0.7 * max(highs[day - 200 : day]) else 250
        coins = (Decimal(amount) / Decimal(str(close))).quantize(Decimal("0.00001"), ROUND_FLOOR)
        found.append((opens.date(), coins, bought(prices[opens + timedelta(hours=12)][0])))
    return found


def test_weekly_purchases_by_hand() -> None:
    prices = bars("12hour/BTCUSDT.parquet")
    wanted = purchases(prices)
    result = stratc("run", EXAMPLES / "weekly_purchases" / "strategy.strat", "--interpret", "--json").document
    assert (result["orders"], result["fills"], result["denied"]) == (len(wanted), len(wanted), 0)
    cost = sum((coins * price * Decimal("1.001") for _, coins, price in wanted), Decimal(0))
    worth = sum((coins for _, coins, _ in wanted), Decimal(0)) * Decimal(str(prices[max(prices)][3]))
    paid_in = [flow["moved"] for flow in result["flows"]]
    assert paid_in == [600.0] * 60  # on the first of each month of five years
    assert result["final_equity"] == pytest.approx(float(1_000 + 36_000 - cost + worth), abs=1e-4)
    # The purchases end with the first that brings the sum to 20,000.
    invested = sum(coins * price for _, coins, price in wanted)
    assert 20_000 <= invested < 20_250


def test_a_purchase_below_the_venue_s_minimum_is_skipped_and_told() -> None:
    """10 USDT in `instruments.toml`: every 9 are denied, and every purchase of a fall goes out."""
    given = ("--interpret", "--json", "--set", "steady=9 USDT")
    result = stratc("run", EXAMPLES / "weekly_purchases" / "strategy.strat", *given).document
    wanted = purchases(bars("12hour/BTCUSDT.parquet"), steady=0)
    falls = [coins for _, coins, _ in wanted if coins]
    assert falls
    assert (result["fills"], result["denied"]) == (len(falls), len(wanted) - len(falls))
    assert any("below minimum" in note for note in result["notes"])


def test_the_same_close_is_refused_with_the_choices(tmp_path: Path) -> None:
    """The trap of every strategy that trades at the close that it reads: monthly timing, RSI-2, the overnight hold."""
    text = (EXAMPLES / "ten_month_timing" / "strategy.strat").read_text(encoding="utf-8")
    strategy = tmp_path / "strategy.strat"
    strategy.write_text(text.replace("at next open", "at closing auction"), encoding="utf-8")
    told = " ".join(stratc("check", strategy).stdout.split())
    assert "C405" in told
    assert "at next open" in told
    assert "every session, 20 min before end" in told
