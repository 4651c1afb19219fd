"""Fills the columns `verdicts` and `fills` of the table in examples/README.md from what the commands say.

Run `python tests/make_example_overview.py` after an example, a pack or the engine has changed, and read the difference.
The other columns are written by hand. `tests/acceptance/test_example_overview.py` compares.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "examples" / "README.md"
ROW = re.compile(r"^\| `(\w+)` \|.*\|$", re.MULTILINE)
ORDER = ("proved", "guarded", "violated", "not_applicable", "waived")


def document(*arguments: str) -> dict:
    """What a command prints with `--json`."""
    command = [sys.executable, "-m", "stratc.compiler.shell.cli", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def verdicts_of(name: str) -> str:
    told = document("check", f"examples/{name}/strategy.strat", "--as-of", "2026-11-27")
    errors = [each["code"] for each in told["diagnostics"] if each["severity"] == "error"]
    counted = Counter(verdict["status"] for verdict in told["verdicts"])
    kept = [f"{counted[status]} {status.replace('_', ' ')}" for status in ORDER if counted[status]]
    return ", ".join([*kept, *sorted(set(errors))]) or "none"


def fills_of(name: str) -> str:
    return f"{document('run', f'examples/{name}/strategy.strat')['fills']:,}"


def with_figures(row: str, name: str) -> str:
    """The row with its two figures made anew; they are the last but one cells."""
    cells = row.strip("|").split("|")
    cells[-3:-1] = [f" {verdicts_of(name)} ", f" {fills_of(name)} "]
    return f"|{'|'.join(cells)}|"


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(ROW.sub(lambda found: with_figures(found[0], found[1]), page), encoding="utf-8")


if __name__ == "__main__":
    main()
