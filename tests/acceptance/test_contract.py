"""What product.md promises of the command line: keys, columns, formats. They may grow and never change or vanish."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.stratc_process import ROOT, stratc

GOLDEN_CROSS = "examples/golden_cross/strategy.strat"
LONDON = "examples/london_breakout/strategy.strat"
DIAGNOSTIC = {"code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "fix"}
VERDICT = {
    *("file", "rule", "pack", "pack_version", "citation", "authority", "kind", "binds", "status", "because"),
    *("changes_on", "assumptions", "guard", "counterexample", "remedies"),
}
BOUNDS = {
    *("leverage_max", "gross_exposure_max", "position_max", "orders_per_second_max", "committed_capital_max"),
    *("planned_loss_per_session", "critical_gap"),
}
RUN = {
    *("ok", "strategy", "artefact_digest", "data_digest", "bars", "orders", "fills", "round_trips", "denied"),
    *("start_equity", "final_equity", "max_drawdown", "assumptions", "guards"),
}
ROUND_TRIP = [
    *("instrument", "side", "quantity", "opened_at", "open_price", "closed_at", "close_price", "fees", "pnl"),
    *("rule_in", "rule_out", "bars_held", "term"),
]


def broken(folder: Path) -> Path:
    path = folder / "broken.strat"
    path.write_text((ROOT / GOLDEN_CROSS).read_text().replace("sma(close, 50)", "close + volume"))
    return path


def test_check_json() -> None:
    document = stratc("check", GOLDEN_CROSS, LONDON, "--json").document
    assert set(document) >= {"ok", "diagnostics", "verdicts", "bounds", "assumptions"}
    assert set(document["bounds"]) >= BOUNDS
    assert {verdict["file"] for verdict in document["verdicts"]} == {GOLDEN_CROSS, LONDON}
    assert all(set(verdict) >= VERDICT for verdict in document["verdicts"])
    assert {verdict["status"] for verdict in document["verdicts"]} <= {
        *("proved", "guarded", "violated", "not_applicable", "waived")
    }


def test_check_json_of_a_mistake(tmp_path: Path) -> None:
    outcome = stratc("check", broken(tmp_path), "--json")
    assert outcome.code == 1
    (found,) = outcome.document["diagnostics"]
    assert set(found) >= DIAGNOSTIC
    assert (found["severity"], found["line"], found["column"]) == ("error", 5, 12)
    assert found["help"]


def test_a_file_without_an_account_is_typed_and_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "alone.strat"
    path.write_text((ROOT / GOLDEN_CROSS).read_text())
    outcome = stratc("check", path, "--json")
    assert outcome.code == 0
    assert outcome.document["verdicts"] == []
    assert [each["code"] for each in outcome.document["diagnostics"]] == ["R001"]


def test_sarif_and_github(tmp_path: Path) -> None:
    sarif = json.loads(stratc("check", broken(tmp_path), "--format", "sarif").stdout)
    assert sarif["version"] == "2.1.0"
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["T302"]
    github = stratc("check", broken(tmp_path), "--format", "github").stdout
    assert github.startswith("::error file=")


def test_run_json_and_round_trips(tmp_path: Path) -> None:
    table = tmp_path / "trips.csv"
    document = stratc("run", LONDON, "--json", "--trades", table).document
    assert set(document) >= RUN
    assert all(set(guard) >= {"rule", "checked", "denied"} for guard in document["guards"])
    rows = list(csv.DictReader(table.open()))
    assert list(rows[0]) == ROUND_TRIP
    assert len(rows) == document["round_trips"]
    assert rows[0]["opened_at"].endswith("+00:00")


def test_round_trips_as_parquet(tmp_path: Path) -> None:
    import polars as pl

    table = tmp_path / "trips.parquet"
    assert stratc("run", GOLDEN_CROSS, "--json", "--trades", table).code == 0
    assert pl.read_parquet(table).columns == ROUND_TRIP


def test_the_same_run_is_the_same() -> None:
    """In interpreters of their own: in each of them sets are in an order of its own."""
    first, second = (stratc("run", LONDON, "--json", cold=True, searched=True).document for _ in range(2))
    assert first == second


# Of these every run of the suite compares all that a run says; of the others the long suite does.
COMPARED = ("golden_cross", "london_breakout", "core_book", "inverse_volatility", "us_shares_in_euro")


def every_example() -> list[Any]:
    names = sorted(path.parent.name for path in Path(ROOT, "examples").glob("*/strategy.strat"))
    return [pytest.param(name, marks=() if name in COMPARED else pytest.mark.slow) for name in names]


@pytest.mark.compiled
@pytest.mark.parametrize("name", every_example())
def test_compiled_and_interpreted_runs_are_equal(tmp_path: Path, name: str) -> None:
    strategy = f"examples/{name}/strategy.strat"
    compiled, interpreted = tmp_path / "compiled.csv", tmp_path / "interpreted.csv"
    first = stratc("run", strategy, "--json", "--trades", compiled).document
    second = stratc("run", strategy, "--json", "--trades", interpreted, "--interpret").document
    assert (first["compiled"], second["compiled"]) == (True, False)
    differs = {"artefact_digest", "compiled"}
    assert {k: v for k, v in first.items() if k not in differs} == {k: v for k, v in second.items() if k not in differs}
    assert compiled.read_bytes() == interpreted.read_bytes()


@pytest.mark.compiled
def test_an_artefact_runs_like_its_source_and_a_damaged_one_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "golden.artefact"
    dossier = tmp_path / "dossier.json"
    done = stratc("compile", GOLDEN_CROSS, "-o", out, "--dossier", dossier)
    assert done.code == 0
    assert json.loads(dossier.read_text())["artefact_digest"] == done.stdout.strip()
    account = "examples/golden_cross/account.toml"
    ran = stratc("run", out, "--account", account, "--data", "examples/prices/daily", "--json")
    assert ran.code == 0
    assert ran.document["final_equity"] == stratc("run", GOLDEN_CROSS, "--json").document["final_equity"]
    code = out / "strategy.pyx"
    code.write_text(code.read_text() + "#")
    refused = stratc("run", out, "--data", "examples/prices/daily")
    assert refused.code == 2
    assert "strategy.pyx" in refused.stderr


@pytest.mark.compiled
def test_a_violated_rule_makes_no_artefact_unless_for_backtests(tmp_path: Path) -> None:
    account = "tests/acceptance/accounts/small_margin_counting.toml"
    given = ["examples/opening_range/strategy.strat", "--account", account, "--as-of", "2026-06-03"]
    refused = stratc("compile", *given, "-o", tmp_path / "orb")
    assert refused.code == 1
    assert not (tmp_path / "orb").exists()
    assert stratc("compile", *given, "-o", tmp_path / "orb", "--backtest-only").code == 0
    assert json.loads((tmp_path / "orb" / "manifest.json").read_text())["backtest_only"] is True
    page = tmp_path / "orb.html"
    ran = stratc("run", *given, "--report", page, "--json", searched=True)
    assert ran.code == 0
    assert "violates us.finra.pattern_day_trader" in page.read_text()
    assert ran.document["guards"][0]["denied"] > 0


def test_inputs_are_set_within_their_range() -> None:
    strategy = "examples/euro_trend/strategy.strat"
    assert stratc("run", strategy, "--interpret", "--set", "channel=40", "--json").code == 0
    for wrong in ("channel=500", "channel=many", "chanel=40", "channel"):
        outcome = stratc("run", strategy, "--interpret", "--set", wrong)
        assert outcome.code == 2
        assert "chan" in outcome.stderr


def test_from_and_to_cut_the_run() -> None:
    whole = stratc("run", GOLDEN_CROSS, "--json").document["bars"]
    part = stratc("run", GOLDEN_CROSS, "--from", "2005-01-01", "--to", "2005-12-31", "--json").document["bars"]
    assert part == 252
    assert whole == 3270
    assert stratc("run", GOLDEN_CROSS, "--from", "2030-01-01").code == 2


def test_formatting_reads_stdin_and_prints() -> None:
    text = (ROOT / GOLDEN_CROSS).read_text()
    outcome = stratc("fmt", "-", stdin=text.replace("trade   IBM", "trade IBM"))
    assert (outcome.code, outcome.stdout) == (0, text)


@pytest.mark.parametrize("what", ["T301", "us.finra.intraday_margin", "rsi", GOLDEN_CROSS])
def test_explain(what: str) -> None:
    outcome = stratc("explain", what)
    assert outcome.code == 0
    assert len(outcome.stdout.splitlines()) > 4
    assert stratc("explain", what, "--json").document["text"]


@pytest.mark.parametrize("stage", ["tree", "ir", "cython", "bounds"])
def test_show(stage: str) -> None:
    outcome = stratc("show", LONDON, "--stage", stage)
    assert outcome.code == 0
    assert "box" in outcome.stdout or stage == "bounds"


def test_show_bounds_as_json() -> None:
    """Every quantity has its key; what has no bound says why, where and what to write."""
    bounds = stratc("show", LONDON, "--stage", "bounds", "--json").document["bounds"]
    assert bounds["leverage"]["number"] == 20
    assert bounds["position"]["money"] == 20 * bounds["equity"]
    for quantity in (*("position", "units", "gross_exposure", "leverage", "committed_capital"), *OF_SESSIONS):
        assert set(bounds[quantity]) == {"number", "money", "of_equity", "because", "assumes", "no_bound"}
    assert set(bounds["units"]["no_bound"]) == {"why", "line", "file", "remedy"}


OF_SESSIONS = ("orders_per_second", "planned_loss_per_session", "worst_loss")


def test_color_only_on_terminals() -> None:
    assert "\x1b[" not in stratc("check", GOLDEN_CROSS).stdout
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    command = [sys.executable, "-m", "stratc.compiler.shell.cli", "check", "examples/opening_range/strategy.strat"]
    done = subprocess.run(command, cwd=ROOT, stdout=theirs, env=environment, check=False, timeout=120)
    os.close(theirs)
    assert done.returncode == 0
    assert b"\x1b[32m" in os.read(ours, 4096)


def test_completion_is_offered() -> None:
    outcome = stratc("--help")
    assert outcome.code == 0
    assert "--install-completion" in outcome.stdout
    assert all(verb in outcome.stdout for verb in ("check", "compile", "run", "fmt", "explain", "show", "new", "pack"))
