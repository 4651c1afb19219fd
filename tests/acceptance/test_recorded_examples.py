"""Examples with golden round trips: as recorded, the first ones by hand, and what a cut leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stratc.dsl.printer import format_source
from stratc.dsl.source import Source
from tests.acceptance.recorded import EXAMPLES, checked_by_hand, recorded, shown, trips
from tests.acceptance.stratc_process import stratc

NAMES = (
    "core_book",
    "distance_pairs_chosen",
    "g10_carry",
    "nested_switch",
    "squeeze_breakout",
    "sweep_into_gap",
    "time_series_momentum",
    "turtle_futures",
    "turtle_system_2",
    "vix_term_structure",
    "vwap_reversion",
)
# Their READMEs check other figures by hand, in tables of their own, and tests replay every round trip.
REPLAYED = ("distance_pairs", "inverse_volatility", "spot_grid", "twap_parent")
QUICK = ("core_book", "g10_carry", "turtle_futures")  # the cuts that every run of the suite compares
LONG = ("opening_range_in_play",)  # sixty shares by the minute
# Where the data are cut, in the middle of what an example does.
CUTS = (
    ("core_book", "2003-06-04"),
    ("distance_pairs_chosen", "2018-10-03"),
    ("g10_carry", "2022-11-15"),
    ("nested_switch", "2022-09-12"),
    ("squeeze_breakout", "2023-11-30"),
    ("sweep_into_gap", "2025-01-30"),
    ("time_series_momentum", "2022-09-12"),
    ("turtle_futures", "2022-03-31"),
    ("vix_term_structure", "2023-10-09"),
)


def kept() -> list[Any]:
    """Every example that keeps its round trips, so that a new one is compared without being named here."""
    names = sorted(path.parent.name for path in EXAMPLES.glob("*/trades.csv"))
    return [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in names]


def few(name: str, quick: tuple[str, ...]) -> Any:
    return () if name in quick else pytest.mark.slow


@pytest.mark.parametrize("name", kept())
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
    done = [shown(row) for row in recorded(name)]
    wanted = checked_by_hand(name)
    assert len(wanted) >= 5
    assert [row for row in wanted if row not in done] == []


@pytest.mark.parametrize(("name", "day"), [pytest.param(*cut, marks=few(cut[0], QUICK)) for cut in CUTS])
def test_cut_data_leave_everything_before_as_it_was(name: str, day: str, tmp_path: Path) -> None:
    cut = [row for row in trips(name, tmp_path / "cut.csv", "--interpret", "--to", day) if row["closed_at"]]
    assert len(cut) >= 5
    whole = recorded(name)
    assert cut == whole[: len(cut)]
    # None that was closed before is lacking. On the day itself a futures session of the next one begins.
    assert [row for row in whole[len(cut) :] if row["closed_at"] and row["closed_at"][:10] < day] == []


@pytest.mark.parametrize("name", NAMES + REPLAYED)
def test_the_text_is_clean(name: str) -> None:
    strategy = EXAMPLES / name / "strategy.strat"
    text = strategy.read_text(encoding="utf-8")
    assert format_source(Source("strategy.strat", text)) == text
    assert stratc("check", strategy, "--fast", "--json").document["diagnostics"] == []
