"""The examples that read tables beside prices: round trips as in their READMEs, traps as told there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc
from tests.acceptance.test_managed_positions import EXAMPLES, checked_by_hand, shown

NAMES = ("earnings_avoidance", "advice_gate")


def run(name: str, tmp_path: Path, *more: str) -> tuple[list[dict[str, str]], dict]:
    trips = tmp_path / "trips.csv"
    done = stratc("run", EXAMPLES / name / "strategy.strat", "--interpret", "--trades", trips, "--json", *more)
    assert done.code == 0
    with trips.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), done.document


@pytest.mark.parametrize("name", NAMES)
def test_first_round_trips(name: str, tmp_path: Path) -> None:
    rows, _ = run(name, tmp_path)
    wanted = checked_by_hand(name)
    assert len(wanted) >= 5
    assert [shown(row) for row in rows[: len(wanted)]] == [row[:7] for row in wanted]


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_clean(name: str) -> None:
    strategy = EXAMPLES / name / "strategy.strat"
    assert stratc("fmt", "--check", strategy).code == 0
    assert stratc("check", strategy, "--json").document["diagnostics"] == []


def test_a_date_that_was_published_later_is_not_seen(tmp_path: Path) -> None:
    """The same table with the later date known from the start: the entry of 2024-11-21 is gone."""
    folder = EXAMPLES / "earnings_avoidance"
    lines = (folder / "earnings.csv").read_text(encoding="utf-8").splitlines()
    leaking = [line for line in lines if "2024-12-05" not in line]
    leaking = [line.replace("2024-11-22T08:00:00-05:00", "2024-08-06T08:00:00-04:00") for line in leaking]
    (tmp_path / "earnings.csv").write_text("\n".join(leaking) + "\n", encoding="utf-8")
    prices = EXAMPLES / "prices" / "5min" / "SPY.parquet"
    honest, _ = run("earnings_avoidance", tmp_path)
    peeking, _ = run("earnings_avoidance", tmp_path, "--data", f"SPY={prices}", "--data", str(tmp_path))
    assert "2024-11-21" in [row["opened_at"][:10] for row in honest]
    assert "2024-11-21" not in [row["opened_at"][:10] for row in peeking]


def test_the_run_tells_what_was_denied_and_under_which_advice_it_entered(tmp_path: Path) -> None:
    _, told = run("earnings_avoidance", tmp_path)
    assert told["no_entries"] == [{"when": "sessions until earnings <= 3", "denied": 7}]
    _, told = run("advice_gate", tmp_path)
    assert {word["source"].split(":")[0] for word in told["advice"]} == {"made up"}
    assert all(word["value"] >= 0 and word["age_seconds"] < 1800 for word in told["advice"])
    assert len(told["advice"]) >= told["round_trips"]
