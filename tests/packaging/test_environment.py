"""`.ci/environment`, behind every `make` target, on machines that are not like this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci/environment"
# As little as an editable install needs, with the command that the script looks for.
PROJECT = """
[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"
[project]
name = "stratc-of-a-test"
version = "0"
scripts = { stratc = "nothing:nothing" }
[tool.setuptools]
py-modules = []
"""
WITHOUT_ENSUREPIP = """#!/bin/sh
case "$*" in *ensurepip*|"-m venv .venv") exit 1 ;; esac
exec {python} "$@"
"""
TOO_OLD = """#!/bin/sh
exit 1
"""


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "a checkout"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(SCRIPT, folder / ".ci")
    (folder / "pyproject.toml").write_text(PROJECT)
    return folder


def write_python(folder: Path, text: str) -> Path:
    """An interpreter of our own making, to be given as PYTHON."""
    python = folder.parent / "python of a test"
    python.write_text(text.format(python=sys.executable))
    python.chmod(0o755)
    return python


def prepare(folder: Path, python: Path | str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": str(python)}
    command = ["sh", ".ci/environment", "run"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_without_a_fitting_python_it_says_so_in_one_line(checkout):
    done = prepare(checkout, write_python(checkout, TOO_OLD))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "3.11, 3.12 or 3.13" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.slow
def test_without_ensurepip_another_pip_helps(checkout):
    done = prepare(checkout, write_python(checkout, WITHOUT_ENSUREPIP))
    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv/bin/stratc").exists()
    subprocess.run([checkout / ".venv/bin/python", "-m", "pip", "--version"], check=True, capture_output=True)


def test_it_installs_once_and_again_when_something_changed(checkout):
    python = write_python(checkout, WITHOUT_ENSUREPIP)
    assert "making .venv" in prepare(checkout, python).stderr
    assert prepare(checkout, python).stderr == ""
    (checkout / "pyproject.toml").write_text(PROJECT + "\n")
    again = prepare(checkout, python).stderr
    assert "installing" in again
    assert "making" not in again
    moved = checkout.rename(checkout.with_name("moved"))
    assert "making .venv" in prepare(moved, python).stderr


def test_what_cannot_be_installed_is_said(checkout):
    (checkout / "pyproject.toml").write_text(PROJECT.replace('"setuptools>=80"', '"no/such name"'))
    done = prepare(checkout, sys.executable)
    assert done.returncode == 1
    assert "stratc could not be installed" in done.stderr.splitlines()[-1]
