"""The distance pair against a second calculation that knows closes, opens and the words of the strategy only.

It forms the statistics on the first session of each half year from the 252 before, keeps them until the next, and
replays every decision of both legs: at the next open, a basis point of slippage, rounded against the order to a cent.
"""

from __future__ import annotations

import runpy
import shutil
import statistics
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import stratc

FOLDER = Path(__file__).parents[2] / "examples" / "distance_pairs"
MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_pairs_data.py"))
FORMATION, WIDTH, LEG = 252, 4.0, 10_000
CENT, SLIPPAGE = Decimal("0.01"), Decimal("0.0001")

Trip = tuple[str, str, int, str, Decimal, str, Decimal]


def half(day: date) -> tuple[int, bool]:
    return day.year, day.month > 6


class Pair:
    """The days, opens and closes of both, and the frozen statistics of each day: base prices and variance."""

    def __init__(self) -> None:
        a, b = (pl.read_parquet(FOLDER / "prices" / f"{symbol}.parquet") for symbol in ("ALFA", "BETA"))
        self.days: list[date] = a["time"].to_list()
        self.opens = {"ALFA": a["open"].to_list(), "BETA": b["open"].to_list()}
        self.closes = {"ALFA": a["close"].to_list(), "BETA": b["close"].to_list()}
        self.frozen: list[tuple[float, float, float] | None] = []
        for t, day in enumerate(self.days):
            forms = t > 0 and half(day) != half(self.days[t - 1])
            kept = self.frozen[-1] if self.frozen else None
            self.frozen.append(self.form(t) if forms and t >= FORMATION else kept)

    def form(self, t: int) -> tuple[float, float, float]:
        one, other = (self.closes[symbol][t - FORMATION + 1 : t + 1] for symbol in ("ALFA", "BETA"))
        base = [self.closes[symbol][t - FORMATION] for symbol in ("ALFA", "BETA")]
        apart = [x / base[0] - y / base[1] for x, y in zip(one, other, strict=True)]
        return base[0], base[1], statistics.pvariance(apart)

    def gap(self, t: int) -> float | None:
        kept = self.frozen[t]
        return None if kept is None else self.closes["ALFA"][t] / kept[0] - self.closes["BETA"][t] / kept[1]

    def sessions_left(self, t: int) -> int:
        return sum(half(day) == half(self.days[t]) for day in self.days[t + 1 :])


def filled(price: float, *, buys: bool) -> Decimal:
    rounding = ROUND_CEILING if buys else ROUND_FLOOR
    return (Decimal(str(price)) * (1 + (SLIPPAGE if buys else -SLIPPAGE))).quantize(CENT, rounding)


def replayed(pair: Pair) -> list[Trip]:
    """Every round trip: symbol, side, quantity, day and price in, day and price out."""
    trips: list[Trip] = []
    held: list[tuple[str, bool, int, int]] = []
    for t in range(1, len(pair.days) - 1):
        gap, before = pair.gap(t), pair.gap(t - 1)
        kept, left = pair.frozen[t], pair.sessions_left(t)
        if gap is None or kept is None:
            continue
        crossed = before is not None and (before <= 0 < gap or before >= 0 > gap)
        if not held and gap * gap > WIDTH * kept[2] and left > 1:
            sides = (("ALFA", gap < 0), ("BETA", gap > 0))
            held = [(symbol, buys, int(LEG / pair.closes[symbol][t]), t + 1) for symbol, buys in sides]
        elif held and (crossed or left == 1):
            for symbol, buys, quantity, entered in held:
                opens = pair.opens[symbol]
                into, out = filled(opens[entered], buys=buys), filled(opens[t + 1], buys=not buys)
                days = str(pair.days[entered]), str(pair.days[t + 1])
                trips.append((symbol, "buy" if buys else "sell", quantity, days[0], into, days[1], out))
            held = []
    return trips


@pytest.fixture(scope="module")
def trips() -> list[dict[str, str]]:
    return read_trips(FOLDER / "trades.csv")


def test_the_recorded_round_trips_are_the_replayed_ones(trips: list[dict[str, str]]) -> None:
    told = [
        (
            row["instrument"],
            row["side"],
            int(float(row["quantity"])),
            row["opened_at"][:10],
            Decimal(row["open_price"]).quantize(CENT),
            row["closed_at"][:10],
            Decimal(row["close_price"]).quantize(CENT),
        )
        for row in trips
    ]
    assert told == replayed(Pair())
    for row in trips:
        sign = 1 if row["side"] == "buy" else -1
        gross = (Decimal(row["close_price"]) - Decimal(row["open_price"])) * Decimal(row["quantity"]) * sign
        assert Decimal(row["pnl"]) == gross - Decimal(row["fees"])


def test_no_leg_is_ever_held_alone(trips: list[dict[str, str]]) -> None:
    for one, other in zip(trips[::2], trips[1::2], strict=True):
        assert (one["opened_at"], one["closed_at"]) == (other["opened_at"], other["closed_at"])
        assert {one["instrument"], other["instrument"]} == {"ALFA", "BETA"}
        assert {one["side"], other["side"]} == {"buy", "sell"}


def test_where_the_short_leg_cannot_be_borrowed_nothing_is_bought(tmp_path: Path) -> None:
    """Fifty shares may be borrowed and more are needed: every short is denied, and its purchase is not sent."""
    data = tmp_path / "prices"
    shutil.copytree(FOLDER / "prices", data)
    rows = [f"{symbol},2016-01-04,50,1.5,0.00,synthetic" for symbol in ("ALFA", "BETA")]
    head = "symbol,since,quantity,rate_percent,locate_fee,source"
    (data / "borrow.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    found = tmp_path / "trips.csv"
    done = stratc("run", FOLDER / "strategy.strat", "--interpret", "--data", data, "--trades", found)
    assert done.code == 0
    assert found.read_text(encoding="utf-8").count("\n") == 1
    assert "orders were denied" in done.stdout


def test_the_data_can_be_made_again() -> None:
    for symbol, frame in MADE["frames"]().items():
        assert frame.equals(pl.read_parquet(FOLDER / "prices" / f"{symbol}.parquet"))
