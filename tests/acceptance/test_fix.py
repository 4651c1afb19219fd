"""`stratc check --fix` and `--diff` as their users see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import ROOT, stratc

RIGHT = (ROOT / "examples" / "golden_cross" / "strategy.strat").read_text(encoding="utf-8")
WRONG = RIGHT.replace("when flat", "whne flat").replace("sma(close, 200)", "sma(clsoe, 200)")


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    path = tmp_path / "strategy.strat"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_diff_writes_nothing(strategy: Path) -> None:
    outcome = stratc("check", strategy, "--diff")
    assert outcome.code == 1
    assert "-  whne flat" in outcome.stdout
    assert "+  when flat" in outcome.stdout
    assert "would fix S013" in outcome.stderr
    assert strategy.read_text(encoding="utf-8") == WRONG


def test_fix_writes_and_says_so(strategy: Path) -> None:
    outcome = stratc("check", strategy, "--fix")
    assert outcome.code == 0, outcome
    assert "fixed S013: write `when`" in outcome.stderr
    assert strategy.read_text(encoding="utf-8") == RIGHT
    again = stratc("check", strategy, "--fix")
    assert again.stderr == ""
    assert strategy.read_text(encoding="utf-8") == RIGHT


def test_fixes_are_part_of_the_one_document(strategy: Path) -> None:
    outcome = stratc("check", strategy, "--fix", "--diff", "--json")
    document = json.loads(outcome.stdout)
    (fixes,) = document["fixes"]
    assert fixes["written"]
    assert {each["code"] for each in fixes["applied"]} == {"N201", "S013"}
    assert "+let slow = sma(close, 200)" in fixes["diff"]
    assert document["ok"]


def test_stdin_cannot_be_fixed_in_place() -> None:
    outcome = stratc("check", "-", "--fix")
    assert outcome.code == 2
    assert "--diff" in outcome.stderr
