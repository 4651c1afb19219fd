"""Runs the command line as a user does: a process of its own, its exit code and what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WATCHED = ROOT / "tests" / "bounds" / "watched_cli.py"
TIMEOUT_S = 120


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


def stratc(*arguments: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None, stdin: str = "") -> Outcome:
    """Run `stratc` with `arguments`; a bug in stratc (exit code 3) fails the test at once.

    A run that comes to more than the static bounds of its program is such a bug.
    """
    command = [str(WATCHED)] if "run" in arguments[:1] else ["-m", "stratc.compiler.shell.cli"]
    done = subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode != 3, done.stderr
    return Outcome(code=done.returncode, stdout=done.stdout, stderr=done.stderr)
