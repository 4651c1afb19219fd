"""Runs the command line as a user does: a process of its own, its exit code and what it printed.

The process is a fork of one that has imported stratc (`warm_process.py`), where what is asked does not hang on how a
process starts; `cold`, or any environment of its own, asks for a new interpreter. `test_warm_process.py` compares them.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WATCHED = ROOT / "tests" / "bounds" / "watched_cli.py"
WARM = ROOT / "tests" / "acceptance" / "warm_process.py"
# Elsewhere a fork of a process that has loaded system libraries is not to be relied upon.
FORKS = sys.platform == "linux"
TIMEOUT_S = 120
SHORT: dict[bool, dict[str, str]] = {False: {"STRATC_TESTS_SEARCH_SECONDS": "0.1"}, True: {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout; fails where there is anything else."""
        parsed: dict[str, Any] = json.loads(self.stdout)
        return parsed


def stratc(
    *arguments: str | Path,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
    stdin: str = "",
    cold: bool = False,
    searched: bool = False,
) -> Outcome:
    """Run `stratc` with `arguments`; a bug in stratc (exit code 3) fails the test at once.

    A run that comes to more than the static bounds of its program is such a bug. The search for counterexamples before
    a run is a short one unless `searched`: what is traded hangs on none.
    """
    words = [str(each) for each in arguments]
    run = run_cold if cold or env or not FORKS else run_warm
    done = run(words, cwd, {**os.environ, "NO_COLOR": "1", **SHORT[searched], **(env or {})}, stdin)
    assert done.code != 3, done.stderr
    return done


def is_watched(words: list[str]) -> bool:
    return words[:1] == ["run"]


def run_cold(words: list[str], cwd: Path, env: dict[str, str], stdin: str) -> Outcome:
    """In a new interpreter."""
    command = [str(WATCHED)] if is_watched(words) else ["-m", "stratc.compiler.shell.cli"]
    done = subprocess.run(
        [sys.executable, *command, *words],
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Outcome(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


def run_warm(words: list[str], cwd: Path, env: dict[str, str], stdin: str) -> Outcome:
    """In a fork of the process that is warm."""
    process = warm_process()
    assert process.stdin is not None
    assert process.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder, name) for name in ("stdin", "stdout", "stderr")}
        for path in files.values():
            path.write_text(stdin if path.name == "stdin" else "", encoding="utf-8")
        places = {name: str(path) for name, path in files.items()}
        command = {"arguments": words, "cwd": str(cwd), "env": env, "watched": is_watched(words), **places}
        process.stdin.write(json.dumps(command) + "\n")
        process.stdin.flush()
        child = int(process.stdout.readline())
        limit = Timer(TIMEOUT_S, os.kill, (child, signal.SIGKILL))
        limit.start()
        code = int(process.stdout.readline())
        limit.cancel()
        printed = {name: files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr")}
    return Outcome(code=code, **printed)


@cache
def warm_process() -> subprocess.Popen[str]:
    """One for each process that runs tests; it ends when they end."""
    process = subprocess.Popen([sys.executable, str(WARM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process
