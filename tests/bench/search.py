"""Whether `check --budget SECONDS` keeps its word: CPU seconds of each example's search, never asserted.

    python tests/bench/search.py [SECONDS] [EXAMPLE ...]

The effort of a search is counted in weighed bars, so that the same strategy gets the same verdict on every machine;
what one weighs is fitted to this table. Prints for each example that searches: bars played, CPU seconds, and their part
of the budget, which is less where all rules are refuted before it is used up.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from time import process_time

from stratc.compiler.driver import compile_source
from stratc.compiler.judge import judge
from stratc.compiler.judge import search as searching
from stratc.compiler.judge.load import load_packs
from stratc.compiler.shell.reading import read_instruments, read_profile, read_source
from stratc.compiler.workbench import with_blocks

EXAMPLES = Path(__file__).parents[2] / "examples"
SECONDS = 1.0
DAYS = (date(2026, 6, 3), date(2026, 7, 1))


def measure(folder: Path, seconds: float) -> None:
    path = folder / "strategy.strat"
    source = with_blocks(read_source(path), lambda name: (folder / name).read_text(encoding="utf-8"))
    profile = read_profile(None, path)
    instruments = read_instruments(profile, None, path)
    program = compile_source(source, instruments).program
    if program is None or profile is None:
        print(f"{folder.name:24} no program without its tables")
        return
    for day in DAYS:
        started, hunts = process_time(), []
        played = searching._Search.run

        def counting(self, plans, observers, *, armed, played=played, hunts=hunts):
            hunts.append(played(self, plans, observers, armed=armed))
            return hunts[-1]

        searching._Search.run = counting
        try:
            judge(program, profile, day, load_packs(), budget_seconds=seconds, own_instruments=instruments)
        finally:
            searching._Search.run = played
        spent = process_time() - started
        bars = sum(len(run.columns.close) for run in hunts)
        if hunts:
            effort = f"{len(program.nodes):5} nodes {bars:8,} bars {spent:7.2f} s {spent / seconds:6.2f}"
            print(f"{folder.name:24} {day} {effort}")


if __name__ == "__main__":
    wanted = sys.argv[2:]
    load_packs()
    for folder in sorted(EXAMPLES.iterdir()):
        if (folder / "strategy.strat").is_file() and (not wanted or folder.name in wanted):
            measure(folder, float(sys.argv[1]) if sys.argv[1:] else SECONDS)
