"""The command line with every run compared with the static bounds of its program; a bug, exit code 3, where one is
exceeded."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from stratc.compiler.shell import backtesting
    from stratc.compiler.shell.cli.main import main as stratc
    from tests.bounds.keeping import checked

    backtesting.run_program = checked(backtesting.run_program)
    stratc()


if __name__ == "__main__":
    main()
