"""The table of examples says what the commands say; one row an example, none without one."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "tests" / "make_example_overview.py"))
ROWS = {found[1]: found[0] for found in MADE["ROW"].finditer(MADE["PAGE"].read_text(encoding="utf-8"))}


def test_every_example_has_its_row() -> None:
    assert set(ROWS) == {path.parent.name for path in (ROOT / "examples").glob("*/strategy.strat")}


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_the_figures_are_those_of_the_commands(name: str) -> None:
    assert MADE["with_figures"](ROWS[name], name) == ROWS[name]
