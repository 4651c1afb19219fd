"""What a text leaves open and a live run must not: `compile --live` refuses it until it is written or accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import ROOT, Outcome, stratc

RSI2 = ROOT / "examples" / "rsi2"
RISKS = ("A-no-stop-loss", "A-no-position-cap", "A-no-daily-loss-halt")


def compiled(folder: Path, *more: str) -> Outcome:
    return stratc("compile", RSI2 / "strategy.strat", "--account", RSI2 / "account.toml", "-o", folder / "out", *more)


def test_a_strategy_without_a_stop_loss_is_no_live_one(tmp_path):
    refused = compiled(tmp_path, "--live")
    assert refused.code == 1
    assert "A-no-stop-loss: the position that `enter` opens has no stop loss" in refused.stderr
    assert "--accept A-no-stop-loss --accept A-no-position-cap --accept A-no-daily-loss-halt" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_risks_are_accepted_by_name_and_the_artefact_says_so(tmp_path):
    taken = [word for name in RISKS for word in ("--accept", name)]
    assert compiled(tmp_path, "--live", *taken).code == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert (manifest["open_risks"], manifest["accepted_risks"]) == ([], list(RISKS))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--accept", "A-no-stop"), "A-no-stop: no such risk is open"),
        (("--live", "--backtest-only"), "--live and --backtest-only exclude each other"),
    ],
)
def test_wrong_usage_is_told(tmp_path, more, words):
    refused = compiled(tmp_path, *more)
    assert (refused.code, words in refused.stderr) == (2, True), refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_short_sale_without_a_locate_is_for_backtests_only(tmp_path):
    folder = ROOT / "examples" / "parabolic_short"
    text = (folder / "strategy.strat").read_text("utf-8").replace("       after locate\n", "")
    (tmp_path / "bare.strat").write_text(text, "utf-8")
    asked = ("compile", tmp_path / "bare.strat", "--account", folder / "account.toml", "-o", tmp_path / "out")
    refused = stratc(*asked)
    assert refused.code == 1
    assert "without a locate: no artefact was made (17 CFR 242.203(b)(1))" in refused.stderr
    assert stratc(*asked, "--backtest-only").code == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["backtest_only"] is True
