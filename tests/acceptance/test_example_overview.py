"""The table of examples says what the commands say; one row an example, none without one."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "tests" / "make_example_overview.py"))
ROWS = {found[1]: found[0] for found in MADE["ROW"].finditer(MADE["PAGE"].read_text(encoding="utf-8"))}


def test_every_example_has_its_row() -> None:
    assert set(ROWS) == {path.parent.name for path in (ROOT / "examples").glob("*/strategy.strat")}


@pytest.mark.fast
@pytest.mark.parametrize("name", ROWS)
def test_every_row_has_its_figures(name: str) -> None:
    """Verdicts or codes, and a number of fills; that they are right is asked of the commands, which takes longer."""
    verdicts, fills = (cell.strip() for cell in ROWS[name].strip("|").split("|")[-3:-1])
    assert re.fullmatch(r"none|(\d+ [a-z ]+|[A-Z]\d{3})(, (\d+ [a-z ]+|[A-Z]\d{3}))*", verdicts)
    assert re.fullmatch(r"[1-9][\d,]*", fills)


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_the_figures_are_those_of_the_commands(name: str) -> None:
    assert MADE["with_figures"](ROWS[name], name) == ROWS[name]
