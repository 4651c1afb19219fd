"""How long a user waits for the command line: CPU seconds of whole processes beside their goals, never asserted.

    python tests/bench/startup.py [REPEATS]

Children run turn by turn (A B A B …) with bytecode and caches of their own, which the first, unmeasured turn fills;
what is called cold starts every time without the caches of stratc, but with bytecode, as an installed one has it.
Prints the median of each. Needs numpy and polars for the bars, and a C compiler.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
STRATEGY = HERE.parents[1] / "examples" / "euro_trend" / "strategy.strat"
REPEATS = 7


@dataclass(frozen=True)
class Measure:
    """`arguments` of `stratc`; `cold` removes what stratc kept before each turn."""

    name: str
    arguments: tuple[str, ...]
    goal_ms: int
    cold: bool = False


def measures(bars: Path, out: Path) -> tuple[Measure, ...]:
    run = ("run", str(HERE / "a.strat"), "--data", f"BENCH={bars}", "--as-of", "2026-07-01")
    return (
        Measure("--help", ("--help",), 130),
        Measure("check --fast, cold", ("check", "--fast", str(STRATEGY)), 250, cold=True),
        Measure("check, cold", ("check", str(STRATEGY)), 2000, cold=True),
        Measure("check, cached", ("check", str(STRATEGY)), 300),
        Measure("run on 100,000 bars, cached", run, 350),
        Measure("compile, cold", ("compile", str(STRATEGY), "-o", str(out)), 1700, cold=True),
    )


def cpu_seconds(measure: Measure, room: Path) -> float:
    """User and system time of one process and its children; ends the benchmark where the command fails."""
    caches = room / measure.name
    if measure.cold:
        shutil.rmtree(caches, ignore_errors=True)
    own = {"XDG_CACHE_HOME": str(caches), "PYTHONPYCACHEPREFIX": str(room / "bytecode")}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "stratc.compiler.shell.cli", *measure.arguments]
    done = subprocess.run(command, env={**kept, **own}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(repeats: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        subprocess.run([sys.executable, str(HERE / "bars.py"), str(room)], check=True)
        wanted = measures(room / "bars_100k.parquet", room / "artefact")
        turns = [[cpu_seconds(each, room) for each in wanted] for _ in range(repeats + 1)][1:]
    print(f"{'CPU, median of ' + str(repeats):30}{'ms':>8}{'goal':>8}")
    for each, seconds in zip(wanted, zip(*turns, strict=True), strict=True):
        print(f"{each.name:30}{1000 * statistics.median(seconds):>8.0f}{each.goal_ms:>8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS)
