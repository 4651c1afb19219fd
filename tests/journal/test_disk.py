"""F16 and F17: what is left after the power went, and what happens when the disk is full or broken.

The harness proves itself: with synchronous=NORMAL, or a writer that says "durable" before the commit, it finds losses.
"""

from __future__ import annotations

import asyncio
import shutil
from itertools import count
from random import Random

import apsw
import pytest

from stratc.runtime.journal import sqlite_store
from stratc.runtime.journal.failure import JournalClosed, JournalError, JournalFailed, JournalFull
from stratc.runtime.journal.group import GroupWriter
from stratc.runtime.journal.kinds import Alarm
from stratc.runtime.journal.verify import verify_file
from tests.journal.making import alarm, file_of, open_in
from tests.journal.tearing import TearingDisk

NAMES = (f"tearing-{number}" for number in count())
CUTS_FAST, CUTS_LONG = 12, 240


@pytest.fixture
def disk():
    made = TearingDisk(next(NAMES))
    yield made
    made.unregister()


# Opening verifies a journal from its first record on: a new one now and then keeps that short.
CUTS_A_JOURNAL = 12


class Lost:
    """How many cuts lost something that was acknowledged, or left a journal that does not open."""

    def __init__(self) -> None:
        self.cuts = self.records = self.unopened = 0

    @property
    def harmed(self) -> int:
        return self.records + self.unopened


def cut_often(disk, folder, cuts):
    """Write, cut the power before any write or sync of the disk, open what is left; what was lost."""
    random, lost = Random(cuts), Lost()
    while lost.cuts < cuts:
        name = f"journal{lost.cuts}"
        journal = open_in(folder / name, vfs=disk.name)
        cut_one(disk, journal, folder, random, lost, CUTS_A_JOURNAL)
        journal.close()
        disk.images.clear()
    return lost


def cut_one(disk, journal, folder, random, lost, cuts):
    acknowledged, end = [], lost.cuts + cuts
    while lost.cuts < end:
        target = folder / f"cut{lost.cuts}"
        known = cut_before(disk, random.randint(1, 30), target, random, acknowledged)
        while not known:
            sizes = [random.randint(0, 900) for _ in range(random.randint(1, 12))]
            batch = [f"{len(acknowledged)}.{each} {'x' * size}" for each, size in enumerate(sizes)]
            for told in batch:
                journal.append(alarm(told))
            journal.commit()
            acknowledged += batch
        open_after_a_cut(target, known[0], lost)
        lost.cuts += 1


def cut_before(disk, calls, target, random, acknowledged):
    """Arm the disk; a list that will hold what was acknowledged when the power went."""
    known = []

    def cut():
        known.append(list(acknowledged))
        disk.cut(target, random)

    disk.arm(calls, cut)
    return known


def open_after_a_cut(folder, acknowledged, lost):
    try:
        with open_in(folder) as after:
            found = [body.told for each in after.of_kind("alarm") if isinstance(body := each.read(), Alarm)]
        assert verify_file(file_of(folder)).ok
        lost.records += found[: len(acknowledged)] != acknowledged
    except JournalError:
        lost.unopened += 1
    shutil.rmtree(folder)


def test_full_loses_nothing(disk, tmp_path):
    lost = cut_often(disk, tmp_path, CUTS_FAST)
    assert (lost.records, lost.unopened) == (0, 0)


@pytest.mark.slow
def test_full_loses_nothing_at_length(disk, tmp_path):
    lost = cut_often(disk, tmp_path, CUTS_LONG)
    assert (lost.records, lost.unopened) == (0, 0)


def weaken(monkeypatch):
    weak = tuple(each.replace("= FULL", "= NORMAL") for each in sqlite_store.SETTINGS)
    assert weak != sqlite_store.SETTINGS
    monkeypatch.setattr(sqlite_store, "SETTINGS", weak)


def test_the_harness_catches_synchronous_normal(disk, tmp_path, monkeypatch):
    weaken(monkeypatch)
    lost = cut_often(disk, tmp_path, CUTS_FAST)
    assert lost.harmed > CUTS_FAST // 4


@pytest.mark.slow
def test_the_harness_catches_synchronous_normal_at_length(disk, tmp_path, monkeypatch):
    weaken(monkeypatch)
    lost = cut_often(disk, tmp_path, CUTS_LONG)
    assert lost.harmed > CUTS_LONG // 4


# ── a disk that refuses ──────────────────────────────────────────────────────────────────────────────────────────────

REFUSALS = [
    ("write", apsw.FullError("planted"), JournalFull),
    ("write", apsw.IOError("planted"), JournalFailed),
    ("sync", apsw.IOError("planted"), JournalFailed),
]


@pytest.mark.parametrize(("call", "problem", "kind"), REFUSALS, ids=["full", "write", "sync"])
def test_a_disk_that_refuses_closes_the_journal(disk, tmp_path, call, problem, kind):
    heads = []
    journal = open_in(tmp_path / "journal", vfs=disk.name, take_head=heads.append)
    journal.write(alarm("good"))
    disk.fail[call] = problem
    journal.append(alarm("not durable"))
    with pytest.raises(kind):
        journal.commit()
    disk.fail.clear()
    for attempt in (
        lambda: journal.append(alarm()),
        journal.commit,
        journal.sign_head,
        lambda: journal.roll("2026-12-01"),
    ):
        with pytest.raises(JournalClosed, match="open it again"):
            attempt()
    journal.close()
    assert len(heads) == 1
    with open_in(tmp_path / "journal") as after:
        found = [body.told for each in after.of_kind("alarm") if isinstance(body := each.read(), Alarm)]
        assert found[0] == "good"
        assert len(list(after.of_kind("recovered"))) == 1
    assert verify_file(file_of(tmp_path / "journal")).ok


def test_a_disk_that_refuses_ends_the_group_writer(disk, tmp_path):
    async def run():
        writer = GroupWriter(open_in(tmp_path / "journal", vfs=disk.name))
        await writer.write(alarm("good"))
        disk.fail["sync"] = apsw.IOError("planted")
        told = await asyncio.gather(*(writer.write(alarm(str(each))) for each in range(20)), return_exceptions=True)
        assert all(isinstance(each, JournalError) for each in told), told
        disk.fail.clear()
        with pytest.raises(JournalError):
            await writer.write(alarm("after"))
        await writer.close()

    asyncio.run(run())


def test_a_full_disk_makes_no_segment(disk, tmp_path):
    disk.fail["write"] = apsw.FullError("planted")
    with pytest.raises(JournalError):
        open_in(tmp_path / "journal", vfs=disk.name)
    disk.fail.clear()
    open_in(tmp_path / "journal", vfs=disk.name).close()
