"""F11 and F16: a real writer killed with SIGKILL at random: what it acknowledged is there, and the file verifies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from stratc.runtime.journal.verify import verify_file
from tests.journal.making import file_of
from tests.journal.tampering import all_rows

WRITER = Path(__file__).with_name("writing_process.py")


def acknowledged_until_killed(folder: Path, random: Random) -> list[int]:
    """The sequences that a writer said were durable before it was killed."""
    with subprocess.Popen([sys.executable, str(WRITER), str(folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.read(1)
        time.sleep(random.random() * 0.05)
        os.kill(process.pid, signal.SIGKILL)
        said = first + process.stdout.read()
    assert process.returncode == -signal.SIGKILL, "the writer ended by itself"
    # A line that was cut off was not said.
    return [int(line) for line in said.split(b"\n")[:-1]]


def kill_often(folder: Path, kills: int) -> None:
    random, acknowledged = Random(kills), 0
    for number in range(kills):
        sequences = acknowledged_until_killed(folder, random)
        verdict = verify_file(file_of(folder))
        assert verdict.ok, verdict.first_bad
        assert verdict.last_sequence >= sequences[-1], f"kill {number} lost a record"
        acknowledged += len(sequences)
    assert acknowledged > kills
    # What opens it next time finds the last death, and writes on.
    rows = all_rows(file_of(folder))
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert [row.kind for row in rows].count("recovered") >= kills // 2


def test_a_few_kills(tmp_path):
    kill_often(tmp_path / "journal", 5)


@pytest.mark.slow
def test_many_kills(tmp_path):
    for part in range(10):
        kill_often(tmp_path / f"journal{part}", 10)
