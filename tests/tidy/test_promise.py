"""A compiled test that did not compile is a skip for a user without a compiler, and a failure in `.ci/run`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = """
import pytest

@pytest.mark.compiled
def test_by_marker():
    pass

@pytest.mark.compiled
def test_by_hand():
    pytest.skip("not today")

def test_without_compiler():
    pass
"""


@pytest.mark.parametrize(
    ("compiler", "required", "ending"),
    [
        ("", "", "2 passed, 1 skipped"),
        ("", "1", "1 failed, 2 passed"),
        ("/nowhere/cc", "", "1 passed, 2 skipped"),
        ("/nowhere/cc", "1", "1 passed, 2 errors"),
    ],
)
def test_a_skipped_compilation(compiler, required, ending, tmp_path):
    if not compiler and shutil.which("cc") is None:
        pytest.skip("no C compiler here to succeed with")
    shutil.copy(Path(__file__).parents[1] / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = compiled\n")
    (tmp_path / "test_cases.py").write_text(CASES)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"STRATC_REQUIRE_COMPILER": required} | ({"CC": compiler} if compiler else {})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ending in done.stdout.splitlines()[-1], done.stdout
    assert done.returncode == (required == "1")
