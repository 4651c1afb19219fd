"""Heavy libraries are imported where they are used: `stratc --help` and `stratc check` stay fast."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

HEAVY = ("polars", "pandas", "numpy", "z3", "Cython", "exchange_calendars", "matplotlib", "setuptools")
LATER = ("pydantic", "lark", "rich", "stratc.dsl", "stratc.compiler.workbench", "stratc.compiler.judge")
CLI = "stratc.compiler.shell.cli.main"


def heavy_after(code: str, heavy: tuple[str, ...] = HEAVY) -> set[str]:
    """Which heavy libraries are loaded once a fresh interpreter has run this code."""
    report = f"import sys\n{code}\nprint(*sorted(set({heavy!r}) & set(sys.modules)), sep='\\n', file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("module", ["stratc.dsl", "stratc.dsl.diagnostic", "stratc.runtime.reports.html"])
def test_importing_a_room_is_light(module):
    assert not heavy_after(f"import {module}")


def test_the_command_line_starts_light():
    if importlib.util.find_spec(CLI) is None:
        pytest.skip("the command line does not stand yet")
    assert not heavy_after(f"import {CLI}")


def test_help_needs_no_compiler():
    """What there is can be said without what it does: neither the language nor the rules nor what reads options."""
    asked = f"import sys; sys.argv = ['stratc', '--help']\nfrom {CLI} import main\ntry: main()\nexcept SystemExit: pass"
    found = heavy_after(asked, LATER)
    assert found == set()


def test_a_heavy_import_is_found():
    assert heavy_after("import setuptools") >= {"setuptools"}
