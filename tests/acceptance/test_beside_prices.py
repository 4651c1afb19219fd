"""The examples that read tables beside prices: round trips as in their READMEs, traps as told there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc
from tests.acceptance.test_managed_positions import EXAMPLES, checked_by_hand, shown

NAMES = ("earnings_avoidance", "advice_gate", "twelve_one_momentum", "gap_fade")


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
    assert stratc("check", strategy, "--fast", "--json").document["diagnostics"] == []


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
    assert told["no_entries"] == [{"when": "sessions until earnings <= before", "denied": 7}]
    _, told = run("gap_fade", tmp_path)
    assert [statement["denied"] for statement in told["no_entries"]] == [2, 1, 1]
    _, told = run("advice_gate", tmp_path)
    assert {word["source"].split(":")[0] for word in told["advice"]} == {"made up"}
    assert all(word["value"] >= 0 and word["age_seconds"] < 1800 for word in told["advice"])
    assert len(told["advice"]) >= told["round_trips"]


# ── the universe ─────────────────────────────────────────────────────────────────────────────────────────────────────

UNIVERSE = EXAMPLES / "twelve_one_momentum"


def test_members_of_today_all_along_would_have_bought_others(tmp_path: Path) -> None:
    """Survivorship: with the last members as members from the start the first month is another one."""
    lines = (UNIVERSE / "top_40.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    left = {(row[0], row[1]) for row in rows if row[2]}
    last = sorted({row[0] for row in rows if not row[2] and (row[0], row[1]) not in left})
    assert len(last) == 40
    told = [f"{symbol},2022-01-03,,2022-01-03T08:00:00-05:00,list of today" for symbol in last]
    (tmp_path / "top_40.csv").write_text("\n".join([lines[0], *told]) + "\n", encoding="utf-8")
    honest, _ = run("twelve_one_momentum", tmp_path)
    data = ("--data", str(UNIVERSE / "prices"), "--data", str(tmp_path))
    peeking, document = run("twelve_one_momentum", tmp_path, *data)
    bought = [
        {row["instrument"] for row in rows if row["opened_at"][:10] == "2023-02-01"} for rows in (honest, peeking)
    ]
    assert bought[1] - bought[0]
    assert document["round_trips"]


def test_a_member_without_prices_is_refused(tmp_path: Path) -> None:
    """Leaving out what has gone would be survivorship, so it is no way out."""
    prices = tmp_path / "prices"
    prices.mkdir()
    for path in (UNIVERSE / "prices").glob("*.parquet"):
        if path.stem != "QXAE":
            (prices / path.name).write_bytes(path.read_bytes())
    data = ("--data", str(prices), "--data", f"top_40={UNIVERSE / 'top_40.csv'}")
    done = stratc("run", UNIVERSE / "strategy.strat", "--interpret", *data)
    assert done.code == 2
    assert "there are no prices for `QXAE`" in done.stderr
