"""The examples that allocate, against a second calculation that knows closes, opens and the words of the strategy only.

Its first orders by hand: 2010-10-29 is the first month's end with 200 closes. FSTK closed at 46.42 above its mean of
45.29, FBND at 63.11 above 61.13, the other three below theirs. 19,000 USD buy 409 FSTK (19,000 / 46.42 = 409.3) and 301
FBND (301.06). FSTK opened on 2010-11-01 at 46.56 and was bought at 46.57: 2 bps of slippage, rounded up to a cent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.stratc_process import stratc

PRICES = Path(__file__).resolve().parents[2] / "examples" / "prices" / "daily"


@dataclass
class Account:
    """Shares and cash; fills at the next open with 2 bps of slippage in half-up cents and half a cent a share."""

    cash: float = 100_000.0
    shares: dict[str, int] = field(default_factory=dict)

    def equity(self, closes: dict[str, float]) -> float:
        return self.cash + sum(count * closes[name] for name, count in self.shares.items())


def closes_of(names: tuple[str, ...]) -> tuple[list[str], dict[str, list[float]], dict[str, list[float]]]:
    frames = {name: pl.read_parquet(PRICES / f"{name}.parquet") for name in names}
    days = [str(day) for day in frames[names[0]]["time"].to_list()]
    return (
        days,
        {name: frame["close"].to_list() for name, frame in frames.items()},
        {name: frame["open"].to_list() for name, frame in frames.items()},
    )


TIMING = ("FSTK", "FINT", "FBND", "FREA", "FCOM")
DUAL = (*TIMING, "FGLD")


def timing(closes: dict[str, list[float]], day: int) -> dict[str, float]:
    """19 % each where the close is above the mean of 200 closes."""
    if day < 199:
        return {}
    above = {name for name, c in closes.items() if c[day] > sum(c[day - 199 : day + 1]) / 200}
    return {name: 0.19 if name in above else 0.0 for name in closes}


def dual(closes: dict[str, list[float]], day: int) -> dict[str, float]:
    """47.5 % in each of the two with the highest momentum, of those above nought."""
    if day < 252:
        return {}
    momentum = {name: c[day - 21] / c[day - 252] - 1 for name, c in closes.items()}
    best = sorted((name for name in momentum if momentum[name] > 0), key=lambda name: -momentum[name])[:2]
    return {name: 0.475 if name in best else 0.0 for name in closes}


def is_due(days: list[str], day: int) -> bool:
    return day + 1 < len(days) and days[day][:7] != days[day + 1][:7]


def expected(name: str, wanted: int) -> list[tuple[str, str, int]]:
    """The first fills: date, instrument, signed shares."""
    names, targets = {"ten_month_timing": (TIMING, timing), "dual_momentum": (DUAL, dual)}[name]
    days, closes, opens = closes_of(names)
    account, fills = Account(shares=dict.fromkeys(names, 0)), list[tuple[str, str, int]]()
    bps = 2
    for day in range(len(days) - 1):
        marks = {each: closes[each][day] for each in names}
        shares = targets(closes, day) if is_due(days, day) else {}
        equity = account.equity(marks)
        orders = {}
        for each, share in shares.items():
            orders[each] = floor(share * equity / marks[each] + 1e-9) - account.shares[each]
        for each in names:
            if count := orders.get(each, 0):
                price = opens[each][day + 1] * (1 + (bps if count > 0 else -bps) / 10_000)
                account.cash -= count * price + max(1.0, abs(count) * 0.005)
                account.shares[each] += count
                fills.append((days[day + 1], each, count))
        if len(fills) >= wanted:
            return fills[:wanted]
    return fills


def first_round_trips(fills: list[tuple[str, str, int]], wanted: int) -> list[tuple[str, int, str, str]]:
    """Instrument, shares, opened, closed: sales close the oldest purchases first."""
    lots: dict[str, list[list[object]]] = {}
    trips: list[tuple[str, int, str, str]] = []
    for day, name, count in fills:
        open_lots = lots.setdefault(name, [])
        if count > 0:
            open_lots.append([day, count])
        while count < 0:
            opened, left = open_lots[0]
            assert isinstance(left, int)
            part = min(left, -count)
            trips.append((name, part, str(opened), day))
            count += part
            open_lots[0][1] = left - part
            if left == part:
                open_lots.pop(0)
    return trips[:wanted]


@pytest.mark.parametrize("name", ["ten_month_timing", "dual_momentum"])
def test_the_first_round_trips_are_those_of_the_second_calculation(tmp_path: Path, name: str) -> None:
    table = tmp_path / "trips.csv"
    ran = stratc("run", f"examples/{name}/strategy.strat", "--interpret", "--json", "--trades", table)
    assert ran.code == 0
    told = [
        (row["instrument"], int(row["quantity"]), row["opened_at"][:10], row["closed_at"][:10])
        for row in pl.read_csv(table, infer_schema=False)
        .with_columns(pl.col("quantity").cast(pl.Float64))
        .head(8)
        .to_dicts()
    ]
    assert told[:8] == first_round_trips(expected(name, 60), 8)


def test_steady_purchases_stop_at_the_amount_invested(tmp_path: Path) -> None:
    ran = stratc("run", "examples/steady_purchases/strategy.strat", "--interpret", "--json")
    assert ran.code == 0
    days, closes, opens = closes_of(("FSTK",))
    close, opened = closes["FSTK"], opens["FSTK"]
    invested, bought = 0.0, 0
    weeks = pl.Series(days).str.to_date().dt.strftime("%G-%V").to_list()
    frame = pl.read_parquet(PRICES / "FSTK.parquet")
    high = [max(frame["close"].to_list()[max(0, k - 199) : k + 1]) for k in range(len(days))]
    for day in range(1, len(days) - 1):
        if day < 199 or weeks[day] == weeks[day - 1] or invested >= 60_000:
            continue
        amount = 500 if close[day] >= 0.9 * high[day] else 1_250
        shares = floor(amount / close[day] + 1e-9)
        bought += 1 if shares else 0
        invested += shares * opened[day + 1] * 1.0002
    assert ran.document["fills"] == bought
    assert bought > 30
