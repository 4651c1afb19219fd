"""ruff finds nothing and would change nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    "arguments", [("check", "--output-format=concise"), ("format", "--check")], ids=["check", "format"]
)
def test_ruff(tree, arguments):
    command = [sys.executable, "-m", "ruff", arguments[0], "--no-cache", *arguments[1:], "."]
    done = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
