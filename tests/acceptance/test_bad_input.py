"""Whatever is wrong with what a user gives: a clear message, the documented exit code, nothing half-written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import ROOT, stratc

GOLDEN_CROSS = ROOT / "examples" / "golden_cross" / "strategy.strat"


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", 1, "is missing"),
        (bytes(range(256)) * 40, 2, "not text"),
        ('strategy "Größe"\n'.encode("latin-1"), 2, "UTF-8"),
        (b"# filler\n" * 1_200_000, 2, "limit"),
        (b"let x = " + b"(" * 5_000 + b"1" + b")" * 5_000 + b"\n", 1, "nested"),
        (b"let x = " + b"-" * 20_000 + b"1\n", 1, "nested"),
    ],
    ids=["empty", "binary", "latin-1", "10 MB", "parentheses", "minus signs"],
)
def test_a_strategy_that_is_no_strategy(tmp_path: Path, content: bytes, code: int, said: str) -> None:
    outcome = stratc("check", written(tmp_path, "x.strat", content))
    assert outcome.code == code, outcome
    assert said in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("verb", ["check", "compile", "run", "fmt", "show"])
def test_a_missing_file(tmp_path: Path, verb: str) -> None:
    extra = ["--stage", "ir"] if verb == "show" else []
    outcome = stratc(verb, tmp_path / "none.strat", *extra)
    assert outcome.code == 2
    assert "does not exist" in outcome.stderr


def test_an_unknown_instrument(tmp_path: Path) -> None:
    text = GOLDEN_CROSS.read_text().replace("IBM", "spy!")
    outcome = stratc("check", written(tmp_path, "x.strat", text.encode()))
    assert outcome.code == 1


def test_an_instrument_without_data(tmp_path: Path) -> None:
    text = GOLDEN_CROSS.read_text().replace("IBM", "QQQ")
    outcome = stratc("run", written(tmp_path, "x.strat", text.encode()))
    assert outcome.code == 2
    assert "QQQ" in outcome.stderr
    assert "--data" in outcome.stderr


def test_data_without_the_volume_that_a_rule_reads(tmp_path: Path) -> None:
    text = GOLDEN_CROSS.read_text().replace("sma(close, 50)", "vwap()")
    bars = "time,open,high,low,close\n" + "".join(f"2024-01-{d:02},10,11,9,10\n" for d in (2, 3, 4, 5, 8, 9))
    data = written(tmp_path, "IBM.csv", bars.encode())
    outcome = stratc("run", written(tmp_path, "x.strat", text.encode()), "--data", f"IBM={data}")
    assert outcome.code == 2
    assert "volume" in outcome.stderr


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["2024-01-03,10,11,9,10,5", "2024-01-02,10,11,9,10,5"], "row 2"),
        (["2024-01-02,10,11,9,10,5", "2024-01-02,10,11,9,10,5"], "row 2"),
        (["2024-01-02,10,9,11,10,5", "2024-01-03,10,11,9,10,5"], "row 1"),
        (["2024-01-02,10,11,9,-1,5", "2024-01-03,10,11,9,10,5"], "row 1"),
        (["2024-01-02,10,11,9,ten,5", "2024-01-03,10,11,9,10,5"], "row 1"),
    ],
    ids=["unsorted", "duplicate", "high below low", "negative price", "no number"],
)
def test_data_that_cannot_be(tmp_path: Path, rows: list[str], said: str) -> None:
    data = written(tmp_path, "IBM.csv", ("time,open,high,low,close,volume\n" + "\n".join(rows) + "\n").encode())
    outcome = stratc("run", GOLDEN_CROSS, "--data", f"IBM={data}")
    assert outcome.code == 2
    assert said in outcome.stderr


def test_a_report_that_may_not_be_written(tmp_path: Path) -> None:
    outcome = stratc("run", GOLDEN_CROSS, "--report", "/proc/report.html")
    assert outcome.code == 2
    assert "cannot be written" in outcome.stderr


def limit_files_to_64_kib() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))


def test_a_full_disk_leaves_the_old_report(tmp_path: Path) -> None:
    report = written(tmp_path, "report.html", b"old")
    done = subprocess.run(
        [sys.executable, "-m", "stratc.compiler.shell.cli", "run", str(GOLDEN_CROSS), "--report", str(report)],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        preexec_fn=limit_files_to_64_kib,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert report.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["report.html"]


def wait_for_a_build(cache: Path) -> None:
    """Until the C compiler's folder is there: before that Python is still importing what would handle an interrupt."""
    for _ in range(600):
        if any(cache.rglob(".building-*")):
            return
        time.sleep(0.05)
    raise AssertionError("nothing was built within thirty seconds")


@pytest.mark.compiled
def test_an_interrupted_compile_leaves_nothing(tmp_path: Path) -> None:
    cache, out = tmp_path / "cache", tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "stratc.compiler.shell.cli", "compile", str(GOLDEN_CROSS), "-o", str(out)],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_a_build(cache)
    except AssertionError:
        process.kill()
        raise
    process.send_signal(signal.SIGINT)
    _, chatter = process.communicate(timeout=60)
    # Inside Cython's compiled code Python itself ends by the signal; a shell shows 130 for both.
    assert process.returncode in (130, -signal.SIGINT), chatter
    assert not out.exists()
    again = stratc("compile", GOLDEN_CROSS, "-o", out, env={"XDG_CACHE_HOME": str(cache)})
    assert again.code == 0
    assert (out / "manifest.json").is_file()
    shutil.rmtree(out)


def test_wrong_usage() -> None:
    assert stratc("chekc").code == 2
    assert stratc("check").code == 2
    assert stratc("run", GOLDEN_CROSS, "--mode", "live").code == 2
    assert stratc("check", GOLDEN_CROSS, "--as-of", "yesterday").code == 2


@pytest.mark.parametrize("verb", ["draft", "review", "sweep", "why", "status", "lsp", "kill"])
def test_a_verb_that_is_not_built_says_so(verb: str) -> None:
    outcome = stratc(verb, "anything", "--with", "options")
    assert outcome.code == 2
    assert "not built yet" in outcome.stderr
