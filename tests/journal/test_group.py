"""Many callers of one journal: everybody is told the truth, together, and nobody waits for another's mistake."""

from __future__ import annotations

import asyncio
import threading

import pytest

from stratc.runtime.journal import group
from stratc.runtime.journal.failure import EntryRefused, JournalBusy, JournalClosed
from stratc.runtime.journal.group import GroupWriter
from stratc.runtime.journal.sqlite_store import SqliteStore
from stratc.runtime.journal.verify import verify_file
from tests.journal.making import alarm, file_of, open_in
from tests.journal.tampering import all_rows


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "journal"


def test_who_waits_together_is_written_together(folder, monkeypatch):
    sizes = []
    write = SqliteStore.write
    monkeypatch.setattr(SqliteStore, "write", lambda store, rows: (sizes.append(len(rows)), write(store, rows))[1])

    async def run():
        async with GroupWriter(open_in(folder)) as writer:
            return await asyncio.gather(*(writer.write(alarm(str(each))) for each in range(300)))

    sequences = asyncio.run(run())
    assert sorted(sequences) == sequences
    assert len(set(sequences)) == 300
    assert len(sizes) < 60, "every record had a transaction of its own"
    assert len(all_rows(file_of(folder))) >= 302
    assert verify_file(file_of(folder)).unsigned == 0


def test_what_is_acknowledged_is_durable(folder, monkeypatch):
    """Nobody is resumed before the store has returned."""
    durable = set()
    write = SqliteStore.write

    def slow(store, rows):
        write(store, rows)
        durable.update(row.sequence for row in rows)

    monkeypatch.setattr(SqliteStore, "write", slow)

    async def one(writer, number):
        assert await writer.write(alarm(str(number))) in durable

    async def run():
        async with GroupWriter(open_in(folder)) as writer:
            await asyncio.gather(*(one(writer, each) for each in range(50)))

    asyncio.run(run())


def test_a_chain_of_causes_in_one_piece(folder):
    def piece(journal):
        first = journal.append(alarm("intent"))
        return first, journal.append(alarm("approval", cause=first))

    async def run():
        async with GroupWriter(open_in(folder)) as writer:
            return await writer.run(piece)

    first, second = asyncio.run(run())
    assert second == first + 1


def test_a_bad_entry_is_its_own_callers_affair(folder):
    async def run():
        async with GroupWriter(open_in(folder)) as writer:
            entries = [alarm("good"), alarm("bad", cause=10**9), alarm("good")]
            return await asyncio.gather(*map(writer.write, entries), return_exceptions=True)

    good, bad, other = asyncio.run(run())
    assert isinstance(bad, EntryRefused)
    assert other == good + 1


def test_a_stalled_disk_holds_up_callers_and_not_the_loop(folder, monkeypatch):
    free = threading.Event()
    write = SqliteStore.write
    monkeypatch.setattr(SqliteStore, "write", lambda store, rows: (free.wait(60), write(store, rows))[1])
    monkeypatch.setattr(group, "WAITING_MAX", 5)

    async def run():
        async with GroupWriter(open_in(folder)) as writer:
            waiting = [asyncio.create_task(writer.write(alarm()))]
            while not writer._writing:
                await asyncio.sleep(0.001)
            waiting += [asyncio.create_task(writer.write(alarm())) for _ in range(5)]
            await asyncio.sleep(0)
            with pytest.raises(JournalBusy, match="5 writers wait"):
                await writer.write(alarm())
            assert writer.stalled_ns() > 0
            assert not any(each.done() for each in waiting)
            free.set()
            await asyncio.gather(*waiting)
            assert writer.stalled_ns() == 0

    asyncio.run(run())


def test_a_canceled_caller_leaves_its_record_and_the_others_alone(folder):
    async def run():
        async with GroupWriter(open_in(folder)) as writer:
            tasks = [asyncio.create_task(writer.write(alarm(str(each)))) for each in range(3)]
            await asyncio.sleep(0)
            tasks[1].cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

    first, canceled, last = asyncio.run(run())
    assert isinstance(canceled, asyncio.CancelledError)
    assert last == first + 2


def test_an_idle_journal_is_signed_in_time(folder, monkeypatch):
    monkeypatch.setattr(group, "HEAD_NS", 20_000_000)

    async def run():
        journal = open_in(folder)
        async with GroupWriter(journal) as writer:
            await writer.write(alarm())
            for _ in range(2_000):
                if journal.unsigned == 0:
                    return
                await asyncio.sleep(0.01)
            raise AssertionError("nobody signed")

    asyncio.run(run())


def test_after_the_end_nothing_is_taken(folder):
    async def run():
        writer = GroupWriter(open_in(folder))
        await writer.close()
        with pytest.raises(JournalClosed):
            await writer.write(alarm())

    asyncio.run(run())
    open_in(folder).close()
