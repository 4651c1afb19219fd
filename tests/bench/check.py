"""What a user waits for who checks a strategy: CPU time of whole processes as ratios, in turn, never asserted.

    python tests/bench/check.py [REPEATS]

`python -c pass` is the floor of any command, `--help` that of stratc's. Turns go A B A B …; the first, unmeasured one
fills bytecode and caches. What is called cold starts without the caches of stratc, with new packs it reads them anew.
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
STRATC = ("-m", "stratc.compiler.shell.cli")
REPEATS = 7


@dataclass(frozen=True)
class Command:
    """`arguments` of Python; `forgets` are the folders of stratc's cache that are emptied before each turn."""

    name: str
    arguments: tuple[str, ...]
    forgets: tuple[str, ...] = ()


ALL = ("answers", "searches", "packs")
COMMANDS = (
    Command("python -c pass", ("-c", "pass")),
    Command("--help", (*STRATC, "--help")),
    Command("check --fast, kept", (*STRATC, "check", "--fast", str(STRATEGY))),
    Command("check --fast, packs kept", (*STRATC, "check", "--fast", str(STRATEGY)), ("answers",)),
    Command("check --fast, cold", (*STRATC, "check", "--fast", str(STRATEGY)), ALL),
    Command("check, kept", (*STRATC, "check", str(STRATEGY))),
    Command("check, cold", (*STRATC, "check", str(STRATEGY)), ALL),
)
# Each beside the one that it is measured by, in turn.
RATIOS = (
    ("--help", "python -c pass"),
    ("check --fast, packs kept", "--help"),
    ("check --fast, packs kept", "python -c pass"),
    ("check --fast, kept", "check --fast, cold"),
    ("check, kept", "check, cold"),
)


def cpu_seconds(command: Command, room: Path) -> float:
    """User and system time of one process; ends the benchmark where the command fails."""
    caches = room / command.name
    for folder in command.forgets:
        shutil.rmtree(caches / "stratc" / folder, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"XDG_CACHE_HOME": str(caches), "PYTHONPYCACHEPREFIX": str(room / "bytecode")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *command.arguments], env={**kept, **own}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command.name} ended with {done.returncode}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(repeats: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        turns = [{each.name: cpu_seconds(each, Path(name)) for each in COMMANDS} for _ in range(repeats + 1)][1:]
    print(f"{'CPU, ' + str(repeats) + ' turns':30}{'median ms':>11}{'least':>8}")
    for each in COMMANDS:
        seconds = [turn[each.name] for turn in turns]
        print(f"{each.name:30}{1000 * statistics.median(seconds):>11.0f}{1000 * min(seconds):>8.0f}")
    for one, other in RATIOS:
        ratio = statistics.median(turn[one] / turn[other] for turn in turns)
        print(f"{one} : {other} = {ratio:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS)
