"""The arrows of the house hold, and the contracts bite: each planted violation is caught by its contract."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOMS = ("dsl", "compiler", "runtime", "rules")
# contract, file of the violation, the line that violates
PLANTED = (
    ("rooms", "runtime/model/planted.py", "import stratc.dsl.source"),
    ("rooms", "dsl/planted.py", "from stratc import compiler"),
    ("behind-the-shell", "compiler/check/planted.py", "import stratc.runtime.feeds"),
    ("behind-the-shell", "compiler/judge/planted.py", "import stratc.runtime.executor.somewhere"),
    ("compiler-stages", "compiler/resolve/planted.py", "import stratc.compiler.emit"),
    ("runtime-stages", "runtime/engine/planted.py", "import stratc.runtime.feeds"),
    ("brokers-apart", "runtime/brokers/first/planted.py", "import stratc.runtime.brokers.second"),
    ("pure-rooms", "compiler/ir/planted.py", "import time"),
    ("pure-rooms", "runtime/engine/planted.py", "from os.path import join"),
    ("pure-rooms", "compiler/planted.py", "import random"),
    ("verifier-apart", "runtime/journal/verify/planted.py", "import stratc.runtime.journal.sqlite_store"),
    ("pure-rooms", "runtime/executor/life/planted.py", "import time"),
    ("sealed", "runtime/executor/planted.py", "import stratc.runtime.executor.gate.seal"),
    ("restored", "runtime/executor/life/planted.py", "import stratc.runtime.executor.gate.restoring"),
    ("guests-lsp", "compiler/shell/cli/planted.py", "import pygls"),
    ("guests-mcp", "compiler/planted.py", "import mcp"),
    ("guests-drafting", "compiler/shell/mcp/planted.py", "import anthropic"),
    ("guests-brokers", "runtime/executor/planted.py", "import ccxt"),
)
ALLOWED = (
    ("compiler/shell/cli/planted.py", "import stratc.runtime.feeds"),
    ("compiler/judge/planted.py", "import stratc.runtime.engine"),
    ("compiler/build/planted.py", "import subprocess"),
    ("compiler/shell/drafting/planted.py", "import anthropic"),
)


def check_contracts(folder: Path, *contracts: str) -> tuple[int, str]:
    """The exit code and the report of import-linter over the packages linked in this folder's tests/typing."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder / "tests/typing")}
    done = subprocess.run([*command, *chosen], cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def plant(folder: Path, file: str, line: str) -> None:
    """Write a module with that line, and every package on the way to it that is not there yet."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    for package in path.relative_to(folder).parents[:-1]:
        (folder / package / "__init__.py").touch()
    path.write_text(line + "\n")


@pytest.fixture
def copy(tree, tmp_path):
    """The Python of the rooms in a folder of its own."""
    for file in tree.under(*ROOMS):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree.root / file, tmp_path / file)
    (tmp_path / "tests/typing/stratc").mkdir(parents=True)
    for room in ROOMS:
        (tmp_path / "tests/typing/stratc" / room).symlink_to(tmp_path / room)
    shutil.copy(tree.root / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_arrows_hold(tree):
    code, report = check_contracts(tree.root)
    assert code == 0, report


def test_every_contract_has_a_violation_to_catch(tree):
    contracts = tomllib.loads((tree.root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} == {contract for contract, _, _ in PLANTED}


@pytest.mark.parametrize(("contract", "file", "line"), PLANTED, ids=[f"{c}-{f}" for c, f, _ in PLANTED])
def test_a_planted_violation_is_caught(copy, contract, file, line):
    for package in ("first", "second"):
        plant(copy, f"runtime/brokers/{package}/client.py", "")
    plant(copy, "runtime/executor/somewhere.py", "")
    assert "planted" not in check_contracts(copy, contract)[1]
    plant(copy, file, line)
    code, report = check_contracts(copy, contract)
    assert code == 1, report
    assert "planted -> " in report


def test_what_the_house_allows_passes(copy):
    for file, line in ALLOWED:
        plant(copy, file, line)
    _, report = check_contracts(copy)
    assert "Contracts: " in report
    assert "planted" not in report, report
