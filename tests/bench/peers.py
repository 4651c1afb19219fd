"""Strategies A and B: stratc beside the hand-written C loop and vectorbt, in turn, in one run; prints ratios.

    python tests/bench/peers.py [ROUNDS]

Everything that a user gets is on for stratc: rules, caps, halts, exact money, the equity curve. CPU time of the loop
alone, median over rounds of interleaved processes. vectorbt lives in an environment of its own, made on first use
under build/bench; where it cannot be had the row says so. Round trips must agree before anything is compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLACE = ROOT / "build" / "bench"
BARS = 1_000_000
ROUNDS = 5
WORKLOADS = ("A", "B")
LIMITS = {
    "C loop, -O3 -march=native": ("-O3", "-march=native"),
    "C loop, artefact's flags": ("-O3", "-ffp-contract=off"),
}
VECTORBT = ("vectorbt==1.2.*", "pyarrow")


@dataclass(frozen=True)
class Reading:
    """One process: CPU seconds of the loop, and what it did."""

    seconds: float
    round_trips: int


def build_limits() -> dict[str, Path]:
    made = {}
    for number, (name, flags) in enumerate(LIMITS.items()):
        made[name] = PLACE / f"limit_{number}"
        subprocess.run(["cc", *flags, str(HERE / "limit.c"), "-o", str(made[name]), "-lm"], check=True)
    return made


def read_limit(program: Path, workload: str) -> Reading:
    command = [str(program), str(PLACE / "bars_1m.f64"), str(BARS), "1", workload, "5"]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]
    said = dict(part.split("=", 1) for part in line.replace("(cpu med)", "").split() if "=" in part)
    return Reading(float(said["cpu_med_s"]), int(said["closed_trades"]))


def read_stratc(workload: str) -> Reading:
    script, strategy = HERE / "stratc_ab.py", HERE / f"{workload.lower()}.strat"
    command = [sys.executable, str(script), str(strategy), str(PLACE / "bars_1m.parquet"), "5"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Reading(median(told["cpu_seconds"]), told["round_trips"])


def vectorbt_python() -> Path | None:
    """The interpreter of vectorbt's own environment; None where it cannot be installed."""
    folder = PLACE / "vectorbt"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print("installing vectorbt into build/bench/vectorbt …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        done = subprocess.run([str(python), "-m", "pip", "install", "-q", *VECTORBT], capture_output=True, check=False)
        if done.returncode:
            return None
        (folder / "ready").touch()
    return python


def read_vectorbt(python: Path, workload: str) -> Reading:
    command = [str(python), str(HERE / "vectorbt_ab.py"), str(PLACE / "bars_1m.f64"), workload]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Reading(told["cpu_seconds"], told["round_trips"])


def measure(workload: str, limits: dict[str, Path], python: Path | None, rounds: int) -> dict[str, list[Reading]]:
    """Every engine once a round, in turn."""
    found: dict[str, list[Reading]] = {}
    for number in range(rounds):
        for name, program in limits.items():
            found.setdefault(name, []).append(read_limit(program, workload))
        found.setdefault("stratc", []).append(read_stratc(workload))
        if python is not None and number < 3:
            found.setdefault("vectorbt", []).append(read_vectorbt(python, workload))
    return found


def print_table(workload: str, found: dict[str, list[Reading]]) -> None:
    base = found["stratc"]
    limit = median(each.seconds for each in next(iter(found.values())))
    ours = median(each.seconds for each in base)
    print(f"\nworkload {workload}, {BARS:,} bars, one instrument; CPU of the loop, median")
    print(f"  {'engine':<28}{'ns/bar':>9}{'x C loop':>10}{'x stratc':>10}{'round trips':>13}")
    for name, readings in found.items():
        seconds, trips = median(each.seconds for each in readings), readings[0].round_trips
        agrees = "" if trips == base[0].round_trips else f"  not equal: {trips - base[0].round_trips:+} round trips"
        row = f"  {name:<28}{seconds / BARS * 1e9:>9.1f}{seconds / limit:>10.2f}{seconds / ours:>10.2f}{trips:>13,}"
        print(row + agrees)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    PLACE.mkdir(parents=True, exist_ok=True)
    if not (PLACE / "bars_1m.parquet").exists():
        subprocess.run([sys.executable, str(HERE / "bars.py"), str(PLACE)], check=True)
    limits, python = build_limits(), vectorbt_python()
    for workload in WORKLOADS:
        print_table(workload, measure(workload, limits, python, rounds))
    if python is None:
        print("\nvectorbt could not be installed here: no row for it")


if __name__ == "__main__":
    main()
