"""A command in a fork of a warm process comes to what it comes to in a new interpreter, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import FORKS, ROOT, Outcome, run_cold, run_warm

pytestmark = pytest.mark.skipif(not FORKS, reason="commands are forked on Linux alone")
ENVIRONMENT = {**os.environ, "NO_COLOR": "1"}
GOLDEN_CROSS = "examples/golden_cross/strategy.strat"


@pytest.mark.parametrize(
    "words",
    [
        "--version",
        "--help",
        "chek",
        "check nothing.strat",
        f"check {GOLDEN_CROSS} --fast --json --as-of 2026-07-01",
        f"run {GOLDEN_CROSS} --interpret --to 2005-12-31 --json --as-of 2026-07-01",
        "explain us.finra.intraday_margin",
        f"show {GOLDEN_CROSS} --stage ir",
    ],
)
def test_both_are_the_same(words: str) -> None:
    asked = (words.split(), ROOT, ENVIRONMENT, "")
    assert run_warm(*asked) == run_cold(*asked)


def test_standard_input_and_the_folder_are_the_command_s_own(tmp_path: Path) -> None:
    text = (ROOT / GOLDEN_CROSS).read_text(encoding="utf-8")
    Path(tmp_path, "here.strat").write_text(text, encoding="utf-8")
    assert run_warm(["fmt", "-"], ROOT, ENVIRONMENT, text) == Outcome(code=0, stdout=text, stderr="")
    for place, code in ((tmp_path, 0), (ROOT, 2)):
        assert run_warm(["check", "here.strat", "--fast"], place, ENVIRONMENT, "").code == code


def test_a_changed_pack_is_read_again(tmp_path: Path) -> None:
    """Packs are remembered by their texts: what changes on disk is seen by the next command."""
    assert run_warm(["pack", "new", "desk_rules"], tmp_path, ENVIRONMENT, "").code == 0
    rule = Path(tmp_path, "desk_rules", "position_limit.md")
    listed = ["pack", "list", "--packs", str(tmp_path)]
    assert "positions" in run_warm(listed, ROOT, ENVIRONMENT, "").stdout
    rule.write_text(rule.read_text(encoding="utf-8").replace("id: house.desk_rules.", "id: house.other_desk."))
    told = run_warm(listed, ROOT, ENVIRONMENT, "").stdout
    assert "house.other_desk." in told
    assert told == run_cold(listed, ROOT, ENVIRONMENT, "").stdout


def test_the_environment_is_the_command_s_own() -> None:
    words = ["--help"]
    narrow, wide = (run_warm(words, ROOT, {**ENVIRONMENT, "COLUMNS": columns}, "") for columns in ("50", "100"))
    assert narrow != wide
    assert narrow == run_cold(words, ROOT, {**ENVIRONMENT, "COLUMNS": "50"}, "")
