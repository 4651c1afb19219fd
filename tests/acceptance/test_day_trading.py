"""One text, one account, three dates, two brokers: the day-trading standards as the command line tells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.stratc_process import Outcome, stratc

HERE = Path(__file__).parent
STRATEGY = "examples/opening_range/strategy.strat"
COUNTING = HERE / "accounts" / "small_margin_counting.toml"
MOVED = HERE / "accounts" / "small_margin_moved.toml"
DAY_TRADER = "us.finra.pattern_day_trader"
INTRADAY_MARGIN = "us.finra.intraday_margin"


def check(account: Path, day: str) -> Outcome:
    return stratc("check", STRATEGY, "--account", account, "--as-of", day, "--json")


def verdict(outcome: Outcome, rule: str) -> dict[str, Any]:
    found = [v for v in outcome.document["verdicts"] if v["rule"] == rule]
    assert len(found) == 1, [v["rule"] for v in outcome.document["verdicts"]]
    return found[0]


@pytest.mark.parametrize(
    ("account", "day", "code", "day_trader", "intraday_margin"),
    [
        (COUNTING, "2026-06-03", 1, "violated", "not_applicable"),
        (MOVED, "2026-06-03", 1, "violated", "not_applicable"),
        (MOVED, "2026-06-05", 0, "not_applicable", "proved"),
        (COUNTING, "2026-06-05", 1, "violated", "not_applicable"),
        (COUNTING, "2027-10-20", 1, "violated", "not_applicable"),
        (COUNTING, "2027-10-21", 0, "not_applicable", "proved"),
        (MOVED, "2027-10-21", 0, "not_applicable", "proved"),
    ],
)
def test_the_law_of_the_day_and_the_broker_decide(
    account: Path, day: str, code: int, day_trader: str, intraday_margin: str
) -> None:
    outcome = check(account, day)
    assert verdict(outcome, DAY_TRADER)["status"] == day_trader
    assert verdict(outcome, INTRADAY_MARGIN)["status"] == intraday_margin
    assert outcome.code == code


def test_the_trace_ends_at_the_fourth_day_trade() -> None:
    counterexample = verdict(check(COUNTING, "2026-06-03"), DAY_TRADER)["counterexample"]
    fills = [event for event in counterexample["events"] if event["kind"] in {"fill", "exit"}]
    sessions = sorted({event["at"][:10] for event in fills})
    assert len(sessions) == 4
    assert len(fills) == 8
    assert counterexample["events"][-1]["at"][:10] == sessions[-1]


def test_verdicts_say_when_they_may_change() -> None:
    assert verdict(check(COUNTING, "2026-06-03"), DAY_TRADER)["changes_on"] == "2026-06-04"
    assert verdict(check(COUNTING, "2026-06-05"), DAY_TRADER)["changes_on"] == "2027-10-21"


def test_text_output_names_rule_trace_and_remedy() -> None:
    outcome = stratc("check", STRATEGY, "--account", COUNTING, "--as-of", "2026-06-03")
    assert outcome.code == 1
    assert f"VIOLATED  {DAY_TRADER}" in outcome.stdout
    assert "cap day_trades 3 per 5 sessions" in outcome.stdout
