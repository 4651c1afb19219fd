"""The carry example: a second calculation of what it holds.

The second calculation knows closes, the table of discounts and the words of the strategy only.
"""

from __future__ import annotations

import csv
import math
import runpy
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from stratc.runtime.model.record import record
from tests.acceptance.recorded import EXAMPLES, codes, recorded
from tests.acceptance.stratc_process import stratc

NAME = "g10_carry"
FOLDER = EXAMPLES / NAME
MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_example_carry.py"))
NAMES = ("EUR", "JPY", "GBP", "CHF", "AUD", "NZD", "CAD", "NOK", "SEK")


@record
class Decision:
    """What one month's end wants: each pair's part of the amount, with its sign, and whether that is halved."""

    on: str
    filled: str
    stormy: bool
    parts: dict[str, float]


def closes_of() -> dict[str, list[float]]:
    return {name: pl.read_parquet(FOLDER / "prices" / f"{name}USD.parquet")["close"].to_list() for name in NAMES}


def risks(closes: list[float]) -> list[float]:
    """A year's volatility from returns that weigh 60/61 of the next one each."""
    found, weight, total, squares = [math.nan], 0.0, 0.0, 0.0
    for before, after in pairwise(closes):
        change = after / before - 1.0
        weight, total, squares = (value * 60 / 61 for value in (weight, total, squares))
        weight, total, squares = weight + 1.0, total + change, squares + change * change
        found.append(math.sqrt(260 * (squares / weight - (total / weight) ** 2)))
    return [math.nan if k < 60 else value for k, value in enumerate(found)]


@cache
def decisions() -> tuple[Decision, ...]:
    days = pl.read_parquet(FOLDER / "prices" / "EURUSD.parquet")["time"].to_list()
    risk = {name: risks(closes) for name, closes in closes_of().items()}
    common = [sum(risk[name][k] for name in NAMES) / len(NAMES) for k in range(len(days))]
    with (FOLDER / "discount.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    found = []
    for k in range(1_360, len(days) - 1):
        if days[k].month == days[k + 1].month:
            continue
        known = {row["symbol"][:3]: float(row["value"]) for row in table if row["known_at"] <= f"{days[k]}T22"}
        longs = sorted(NAMES, key=lambda name: -known[name])[:3]
        shorts = sorted((name for name in NAMES if name not in longs), key=lambda name: known[name])[:3]
        stormy = sum(before <= common[k] for before in common[k - 1_300 : k]) / 1_300 > 0.75
        parts = {}
        for side, names in ((1, longs), (-1, shorts)):
            whole = sum(1 / risk[name][k] for name in names)
            parts |= {f"{name}/USD": side / risk[name][k] / whole / 2 for name in names}
        found.append(Decision(on=str(days[k]), filled=str(days[k + 1]), stormy=stormy, parts=parts))
    return tuple(found)


def day_of(moment: str) -> str:
    """A forex day begins at 17:00 New York of the day before it, of Monday on Sunday."""
    return str(pl.Series([moment[:10]]).str.to_date().dt.offset_by("1d")[0])


def test_prices_and_tables_can_be_made_again() -> None:
    for symbol, frame in MADE["bars"]().items():
        assert frame.equals(pl.read_parquet(FOLDER / "prices" / f"{symbol.replace('/', '')}.parquet"))
    for name, lines in (("discount", MADE["discounts"]()), ("rates", MADE["interest"]())):
        assert list(lines) == (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()


def test_the_first_positions_are_those_of_the_second_calculation() -> None:
    """Of 100,000 USD; what is still open at the end is no round trip, so a pair may show less."""
    first, closes = decisions()[0], closes_of()
    days = [str(day) for day in pl.read_parquet(FOLDER / "prices" / "EURUSD.parquet")["time"].to_list()]
    held: dict[str, float] = defaultdict(float)
    for row in recorded(NAME):
        if day_of(row["opened_at"]) == first.filled:
            held[row["instrument"]] += float(row["quantity"]) * (1 if row["side"] == "buy" else -1)
    at = days.index(first.on)
    wanted = {
        symbol: math.copysign(math.floor(abs(300_000 * part) / closes[symbol[:3]][at] + 1e-9), part)
        for symbol, part in first.parts.items()
    }
    assert not first.stormy
    assert held.keys() == wanted.keys()
    exact = [symbol for symbol in wanted if held[symbol] == wanted[symbol]]
    assert len(exact) >= 4
    assert all(0 < held[symbol] / wanted[symbol] <= 1 for symbol in wanted)


def test_longs_are_the_top_three_and_shorts_the_bottom_three() -> None:
    """Every position is opened, and stays, on the side that the table of discounts says."""
    wanted = {each.filled: each.parts for each in decisions()}
    seen = set()
    for row in recorded(NAME):
        opened, closed = day_of(row["opened_at"]), day_of(row["closed_at"])
        side = 1 if row["side"] == "buy" else -1
        held = [day for day in wanted if opened <= day < closed]
        assert opened in held
        assert all(side * wanted[day].get(row["instrument"], 0.0) > 0 for day in held)
        seen.add((row["instrument"], side))
    assert {side for _, side in seen} == {1, -1}


def test_size_is_halved_when_a_storm_begins() -> None:
    """Half of 300% of equity is closed on that day, on others only what drifted."""
    closed: dict[str, float] = defaultdict(float)
    for row in recorded(NAME):
        closed[day_of(row["closed_at"])] += float(row["quantity"]) * float(row["close_price"])
    begins = [now for before, now in pairwise(decisions()) if now.stormy and not before.stormy]
    same = [
        each
        for before, each in pairwise(decisions())
        if before.stormy == each.stormy and before.parts.keys() == each.parts.keys()
    ]
    assert begins
    assert len(same) > 5
    assert all(100_000 < closed[each.filled] < 200_000 for each in begins)
    assert all(closed[each.filled] < 60_000 for each in same)


@pytest.mark.fast
def test_traps_are_told() -> None:
    assert codes(NAME) == set()
    assert "T382" in codes(NAME, ("short bottom 3", "short bottom 7"))
    assert "T361" in codes(NAME, ("if stormy", "if risk > 10%"))
    assert "T363" in codes(NAME, ("by discount", "by close"))
    # What is borrowed to be sold short is no matter of an allocation.
    assert "T383" in codes(NAME, ("EUR/USD, ", "EUR/USD, SPY, "))


def test_overnight_interest_is_booked() -> None:
    told = stratc("run", FOLDER / "strategy.strat", "--interpret").stdout
    line = next(line for line in told.splitlines() if line.startswith("Overnight interest"))
    assert "+" in line
    explained = stratc("explain", FOLDER / "strategy.strat").stdout
    assert "buy the 3 with the highest `discount` for half of" in explained
    assert "sell short the 3 with the lowest for the other half" in explained
