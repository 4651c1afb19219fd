"""`--known-at`: the law as it was known on a day, as the command line tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.stratc_process import stratc

STRATEGY = "examples/opening_range/strategy.strat"
MOVED = Path(__file__).parent / "accounts" / "small_margin_moved.toml"
DAY_TRADER, INTRADAY = "us.finra.pattern_day_trader", "us.finra.intraday_margin"


@pytest.mark.parametrize(
    ("known_at", "code", "day_trader", "intraday"),
    [
        ("2026-01-01", 1, "violated", "not_applicable"),
        ("2026-04-16", 1, "violated", "not_applicable"),
        ("2026-04-17", 0, "not_applicable", "proved"),
    ],
)
def test_what_was_announced_later_is_left_out(known_at: str, code: int, day_trader: str, intraday: str) -> None:
    day = ("--as-of", "2026-07-01", "--known-at", known_at)
    outcome = stratc("check", STRATEGY, "--account", MOVED, *day, "--json")
    status = {each["rule"]: each["status"] for each in outcome.document["verdicts"]}
    assert (status[DAY_TRADER], status[INTRADAY]) == (day_trader, intraday)
    assert outcome.code == code
    assert any(f"known of it on {known_at}" in line for line in outcome.document["assumptions"])


def test_nothing_is_compiled_against_what_was_believed(tmp_path: Path) -> None:
    day = ("--as-of", "2026-07-01", "--known-at", "2026-01-01")
    refused = stratc("compile", STRATEGY, "--account", MOVED, *day, "-o", tmp_path / "out")
    assert refused.code == 1
    assert f"{DAY_TRADER} is violated" in refused.stderr


def test_a_run_says_what_was_known() -> None:
    day = ("--as-of", "2026-07-01", "--known-at", "2026-01-01", "--interpret")
    document = stratc("run", STRATEGY, "--account", MOVED, *day, "--json").document
    assert document["law"] == "the law of 2026-07-01 over the whole run, as it was known on 2026-01-01"
    assert DAY_TRADER in {each["rule"] for each in document["guards"]}


def test_a_day_that_is_none_is_refused() -> None:
    refused = stratc("check", STRATEGY, "--account", MOVED, "--known-at", "January")
    assert refused.code == 2
    assert "January" in refused.stderr
