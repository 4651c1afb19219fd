"""The examples that manage a position: their first round trips are those that were checked by hand in their READMEs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("breakout_scale_out", "heikin_ashi", "rsi2", "turtle")


def checked_by_hand(name: str) -> list[list[str]]:
    """The rows of the table under `First round trips` of an example's README."""
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    table = text.split("## First round trips")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:2] == "| "]
    return rows[1:]


@pytest.mark.parametrize("name", NAMES)
def test_first_round_trips(name: str, tmp_path: Path) -> None:
    trips = tmp_path / "trips.csv"
    strategy = EXAMPLES / name / "strategy.strat"
    assert stratc("run", strategy, "--interpret", "--trades", trips).code == 0
    with trips.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = checked_by_hand(name)
    assert len(wanted) >= 5
    assert [shown(row) for row in rows[: len(wanted)]] == [row[:7] for row in wanted]


def shown(row: dict[str, str]) -> list[str]:
    """Side, quantity, day and price in, day and price out, profit."""
    prices = [f"{float(row[name]):.2f}" for name in ("open_price", "close_price", "pnl")]
    days = [row[name][:10] for name in ("opened_at", "closed_at")]
    return [row["side"], f"{float(row['quantity']):.0f}", days[0], prices[0], days[1], prices[1], prices[2]]


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_clean(name: str) -> None:
    strategy = EXAMPLES / name / "strategy.strat"
    assert stratc("fmt", "--check", strategy).code == 0
    assert stratc("check", strategy, "--fast", "--json").document["diagnostics"] == []
