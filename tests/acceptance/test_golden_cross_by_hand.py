"""The main job worked out a second time, straight from the words, in Decimal and without a line of stratc."""

from __future__ import annotations

import csv
import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from pathlib import Path

import polars as pl

from tests.acceptance.stratc_process import ROOT, stratc

CENT, MILL = Decimal("0.01"), Decimal("0.001")
SLIPPAGE, PER_SHARE, MINIMUM = Decimal("0.0002"), Decimal("0.005"), Decimal(1)
Row = tuple[str, Decimal, str, Decimal, int, Decimal]


def average(values: list[float], length: int, at: int) -> float:
    return sum(values[at - length + 1 : at + 1]) / length


def commission(shares: int) -> Decimal:
    return max(MINIMUM, PER_SHARE * shares).quantize(MILL, ROUND_HALF_EVEN)


def dividends_by_day() -> dict[str, Decimal]:
    """What a share pays to whoever held it before the day."""
    with (ROOT / "examples" / "prices" / "daily" / "actions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["symbol"] == "IBM"]
    return {row["ex_date"]: Decimal(row["amount"]) for row in rows}


def by_hand() -> tuple[list[Row], Decimal]:
    """Round trips (opened, price, closed, price, shares, profit) and the last equity."""
    bars = pl.read_parquet(ROOT / "examples" / "prices" / "daily" / "IBM.parquet")
    days = [day.isoformat() for day in bars["time"].to_list()]
    opens, closes = bars["open"].to_list(), bars["close"].to_list()
    cash, shares, wanted, trips = Decimal(100_000), 0, 0, []
    opened, paid, fee = "", Decimal(0), Decimal(0)
    dividends = dividends_by_day()
    for at, (opening, close) in enumerate(zip(opens, closes, strict=True)):
        cash += shares * dividends.get(days[at], Decimal(0))
        if wanted > 0:
            paid = (Decimal(str(opening)) * (1 + SLIPPAGE)).quantize(CENT, ROUND_CEILING)
            opened, shares, fee = days[at], wanted, commission(wanted)
            cash -= paid * shares + fee
        elif wanted < 0:
            got = (Decimal(str(opening)) * (1 - SLIPPAGE)).quantize(CENT, ROUND_FLOOR)
            cash += got * shares - commission(shares)
            trips.append((opened, paid, days[at], got, shares, (got - paid) * shares - fee - commission(shares)))
            shares = 0
        wanted = 0
        if at >= 200:
            fast, slow = average(closes, 50, at), average(closes, 200, at)
            was_above = average(closes, 50, at - 1) > average(closes, 200, at - 1)
            if shares == 0 and fast > slow and not was_above:
                wanted = math.floor(float(cash) * 0.9 / close + 1e-9)
            elif shares and fast < slow and was_above:
                wanted = -shares
    return trips, cash + Decimal(str(closes[-1])) * shares


def test_every_round_trip_and_the_last_cent_agree(tmp_path: Path) -> None:
    table = tmp_path / "trips.csv"
    document = stratc("run", "examples/golden_cross/strategy.strat", "--json", "--trades", table).document
    trips, equity = by_hand()
    told = [
        (
            row["opened_at"][:10],
            Decimal(row["open_price"]),
            row["closed_at"][:10],
            Decimal(row["close_price"]),
            int(float(row["quantity"])),
            Decimal(row["pnl"]),
        )
        for row in csv.DictReader(table.open())
    ]
    assert told == trips
    assert len(trips) == 13
    assert Decimal(str(document["final_equity"])) == equity
