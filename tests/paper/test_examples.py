"""Every example, as a user runs it: bar by bar on paper it decides, prints and writes what its backtest does, byte for
byte.

No example is left out. Compiled and interpreted are both compared; every run of the suite takes the quick ones.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.recorded import AS_OF, EXAMPLES
from tests.acceptance.stratc_process import stratc

# Of one instrument by the day and by minutes with schedules, of a book, of pairs of currencies.
QUICK = ("golden_cross", "gap_fade", "trim_sector")
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/strategy.strat"))


def run(name: str, folder: Path, *options: str) -> dict[str, bytes]:
    """Everything that a run leaves and prints."""
    files = {kind: folder / f"{kind}" for kind in ("decisions.jsonl", "trades.csv", "report.html")}
    done = stratc(
        "run",
        EXAMPLES / name / "strategy.strat",
        *AS_OF,
        "--json",
        *("--decisions", files["decisions.jsonl"], "--trades", files["trades.csv"], "--report", files["report.html"]),
        *options,
    )
    assert done.code == 0, done
    printed = {key: value for key, value in done.document.items() if key not in ("mode", "alarms")}
    return {"printed": json.dumps(printed).encode()} | {kind: path.read_bytes() for kind, path in files.items()}


def chosen(*, compiled: bool) -> list[object]:
    quick = QUICK[:1] if compiled else QUICK
    return [pytest.param(name, marks=() if name in quick else pytest.mark.slow) for name in NAMES]


def test_no_example_is_left_out() -> None:
    assert len(NAMES) >= 40
    assert set(QUICK) <= set(NAMES)


@pytest.mark.parametrize("name", chosen(compiled=False))
def test_interpreted_paper_is_the_backtest(name: str, tmp_path: Path) -> None:
    whole = run(name, tmp_path, "--interpret")
    assert run(name, tmp_path, "--interpret", "--mode", "paper") == whole
    assert b'"orders":[{' in whole["decisions.jsonl"]


@pytest.mark.compiled
@pytest.mark.parametrize("name", chosen(compiled=True))
def test_compiled_paper_is_the_backtest(name: str, tmp_path: Path) -> None:
    whole = run(name, tmp_path)
    assert run(name, tmp_path, "--mode", "paper") == whole
