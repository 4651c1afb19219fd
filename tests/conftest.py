"""What every test may use: `--accept`, and the promise that a test marked `compiled` really compiled something.

Where there is no C compiler or no Python header, compiled tests are skipped with the reason. With
STRATC_REQUIRE_COMPILER=1 a skip of such a test, whoever asked for it, is a failure.
"""

from __future__ import annotations

import gc
import os
import shlex
import subprocess
import sysconfig
import tempfile
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

COMPILER_REQUIRED = os.environ.get("STRATC_REQUIRE_COMPILER") == "1"

# Shared machines stall: a deadline would fail tests for the neighbours' load.
settings.register_profile("stratc", deadline=None)
settings.load_profile("stratc")


# As the command line has it: looking for garbage at Python's 700 was a seventh of the suite's time.
OBJECTS_PER_COLLECTION = 50_000
gc.set_threshold(OBJECTS_PER_COLLECTION)

# A file stays on one worker: where a long one comes last, the other workers wait for it.
HERE = Path(__file__).parent
LONGEST_FIRST = {folder: place for place, folder in enumerate(("tidy", "packaging", "acceptance", "stdlib"))}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="re-record goldens; read the diff before committing it")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """True when goldens are to be written instead of compared."""
    return bool(request.config.getoption("--accept"))


@cache
def missing_toolchain() -> str:
    """Why C extensions cannot be compiled here, or nothing."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder, "probe.c")
        probe.write_text("#include <Python.h>\n")
        include = sysconfig.get_path("include")
        command = [*compiler, "-I", include, "-c", str(probe), "-o", str(probe.with_suffix(".o"))]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        except OSError as problem:
            return f"no C compiler: {problem}"
    return "" if done.returncode == 0 else f"Python.h cannot be compiled: {done.stderr.strip()[:200]}"


def pytest_configure(config: pytest.Config) -> None:
    """Files go to the workers in the order of `LONGEST_FIRST`, and not by how many tests they hold."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.relative_to(HERE).parts[0], len(LONGEST_FIRST)))


def pytest_collection_finish() -> None:
    """What was collected lives to the end: nobody need look whether it is garbage."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("compiled") and (reason := missing_toolchain()):
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if COMPILER_REQUIRED and report.skipped and item.get_closest_marker("compiled"):
        report.outcome = "failed"
        report.longrepr = f"a compiled test was skipped, and STRATC_REQUIRE_COMPILER=1 forbids it: {report.longrepr}"
    return report
