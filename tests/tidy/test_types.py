"""mypy --strict over the four rooms."""

from __future__ import annotations

import subprocess
import sys

ROOMS = ("stratc.dsl", "stratc.compiler", "stratc.runtime", "stratc.rules")


def test_the_rooms_are_typed(tree):
    packages = [word for room in ROOMS for word in ("-p", room)]
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *packages]
    done = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
