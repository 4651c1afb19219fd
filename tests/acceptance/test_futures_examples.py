"""The futures examples: every round trip as recorded, the first ones as checked by hand, and both sides of a cut."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("turtle_futures", "time_series_momentum", "vwap_reversion")


def checked_by_hand(name: str) -> list[list[str]]:
    """The rows of the first table under `First round trips` of an example's README."""
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    table = text.split("## First round trips")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:2] == "| "]
    return rows[1:]


def shown(row: dict[str, str]) -> list[str]:
    prices = [f"{float(row[name]):.10g}" for name in ("open_price", "close_price")]
    days = [row[name][:10] for name in ("opened_at", "closed_at")]
    traded = [row["instrument"], row["side"], f"{float(row['quantity']):.0f}"]
    return [*traded, days[0], prices[0], days[1], prices[1], f"{float(row['pnl']):.2f}"]


def trips(name: str, path: Path, *options: str) -> list[dict[str, str]]:
    done = stratc("run", EXAMPLES / name / "strategy.strat", "--trades", path, *options)
    assert done.code == 0, done
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_every_round_trip_is_the_recorded_one(name: str, tmp_path: Path, accept: bool) -> None:
    golden = EXAMPLES / name / "trades.csv"
    trips(name, tmp_path / "trips.csv", "--interpret")
    told = (tmp_path / "trips.csv").read_text(encoding="utf-8")
    if accept:
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.fast
@pytest.mark.parametrize("name", NAMES)
def test_what_was_checked_by_hand_was_done(name: str) -> None:
    with (EXAMPLES / name / "trades.csv").open(encoding="utf-8", newline="") as file:
        done = [shown(row) for row in csv.DictReader(file)]
    wanted = checked_by_hand(name)
    assert len(wanted) >= 5
    assert [row for row in wanted if row not in done] == []


@pytest.mark.parametrize(("name", "day"), [("turtle_futures", "2022-03-31"), ("time_series_momentum", "2022-09-12")])
def test_cut_data_leave_everything_before_as_it_was(name: str, day: str, tmp_path: Path) -> None:
    """The beginning of a run over rolls does not depend on what comes after it."""
    whole = trips(name, tmp_path / "whole.csv", "--interpret")
    cut = trips(name, tmp_path / "cut.csv", "--interpret", "--to", day)
    assert len(cut) > 20
    assert whole[: len(cut)] == cut


@pytest.mark.compiled
def test_compiled_and_interpreted_are_one(tmp_path: Path) -> None:
    golden = (EXAMPLES / "turtle_futures" / "trades.csv").read_text(encoding="utf-8")
    trips("turtle_futures", tmp_path / "compiled.csv")
    assert (tmp_path / "compiled.csv").read_text(encoding="utf-8") == golden


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_clean(name: str) -> None:
    strategy = EXAMPLES / name / "strategy.strat"
    assert stratc("fmt", "--check", strategy).code == 0
    assert stratc("check", strategy, "--json").document["diagnostics"] == []
