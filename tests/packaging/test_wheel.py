"""What a user gets: a wheel built from the commit, installed into a clean environment, runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("dsl", "compiler", "runtime", "rules", "examples")
# People's editors fetch these from the repository; Python has no use for them.
NOT_SHIPPED = ("dsl/editors/vscode", "dsl/editors/tree-sitter")
EXAMPLE = "stratc/examples/golden_cross/strategy.strat"
MINUTE = 60


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command as a stranger would run it: nothing of this environment leads it back to the checkout."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=5 * MINUTE
    )


def succeed(*command: str | Path, cwd: Path) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """The committed tree, unpacked."""
    folder = tmp_path_factory.mktemp("sources")
    packed = folder.with_suffix(".tar")
    try:
        done = run("git", "archive", "--format=tar", f"--output={packed}", "HEAD", cwd=ROOT)
    except FileNotFoundError:
        pytest.skip("no git here: the wheel is built from `git archive HEAD`")
    if done.returncode:
        pytest.skip(f"not a git checkout with a commit: {done.stderr.strip()}")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="tar")
    return folder


@pytest.fixture(scope="module")
def wheel(sources) -> Path:
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", ".")
    succeed(sys.executable, "-m", "pip", *build, cwd=sources)
    (built,) = (sources / "dist").glob("stratc-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of a clean environment with the wheel and what it depends on, nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    succeed(sys.executable, "-m", "venv", "--without-pip", "environment", cwd=folder)
    python = folder / "environment/bin/python"
    succeed(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def example(installed) -> Path:
    (site,) = installed.glob("environment/lib/python3*/site-packages")
    return site / EXAMPLE


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_file_of_the_rooms_is_shipped(sources, wheel):
    committed = [
        path.relative_to(sources) for room in SHIPPED for path in (sources / room).rglob("*") if path.is_file()
    ]
    wanted = {
        f"stratc/{PurePosixPath(path)}"
        for path in committed
        if not path.name.startswith(".") and not any(path.is_relative_to(folder) for folder in NOT_SHIPPED)
    }
    missing = sorted(wanted - names(wheel))
    assert not missing, "add the suffix to [tool.setuptools.package-data]; a folder's name may hold no dot"


def test_what_the_compiler_reads_is_shipped(wheel):
    shipped = {PurePosixPath(name).suffix for name in names(wheel)}
    assert {".lark", ".pxd", ".md", ".toml", ".strat", ".js", ".css"} <= shipped
    assert EXAMPLE in names(wheel)
    assert "stratc/dsl/py.typed" in names(wheel)


def test_nothing_else_is_shipped(wheel):
    strangers = [name for name in names(wheel) if not name.startswith(("stratc/", "stratc-"))]
    assert not strangers
    assert not [name for name in names(wheel) if "/tests/" in name or "test_" in name or name.endswith((".pyc", ".so"))]
    assert {PurePosixPath(name).parts[1] for name in names(wheel) if name.startswith("stratc/")} == set(SHIPPED)


def test_the_licence_is_shipped(wheel):
    licences = {PurePosixPath(name).name for name in names(wheel) if "dist-info/licenses" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_help(installed):
    assert "check" in succeed("environment/bin/stratc", "--help", cwd=installed)


def test_check(installed, example):
    succeed("environment/bin/stratc", "check", example, cwd=installed)


def test_run(installed, example):
    """On the prices that the example carries, in a folder of the user's own."""
    page = installed / "report.html"
    succeed("environment/bin/stratc", "run", example, "--report", page, cwd=installed)
    assert "Hypothetical performance" in page.read_text(encoding="utf-8")
