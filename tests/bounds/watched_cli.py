"""The command line with every run compared with the static bounds of its program; a bug, exit code 3, where one is
exceeded. `STRATC_TESTS_SEARCH_SECONDS` shortens the search for counterexamples, for tests that ask about a run."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from stratc.compiler.shell import backtesting
    from stratc.compiler.shell.cli.main import main as stratc
    from tests.bounds.keeping import checked

    if seconds := os.environ.get("STRATC_TESTS_SEARCH_SECONDS"):
        backtesting.check = partial(backtesting.check, budget_seconds=float(seconds))
    backtesting.run_program = checked(backtesting.run_program)
    stratc()


if __name__ == "__main__":
    main()
