"""What a durable record costs: the journal beside bare SQLite with synchronous=FULL, on this machine's disk.

    python tests/bench/journal.py [COMMITS] [ROUNDS] [FOLDER]

Commits one by one, in turn: a bare table of SQLite (as many bytes, one index), the journal's own table filled without
the journal (three indexes, one trigger), and the journal. A ratio is of the medians of all commits' wall times, because
waiting for the disk is what it measures; processor times are printed beside it. Then records a second written together:
by the journal alone in batches, and by callers that wait for one another's commit.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import apsw
from msgspec import Raw

from stratc.runtime.journal import sqlite_store
from stratc.runtime.journal.chain import open_chain
from stratc.runtime.journal.group import GroupWriter
from stratc.runtime.journal.journal import Hand, Journal, keep_no_head, open_journal
from stratc.runtime.journal.kinds import Event
from stratc.runtime.journal.record import Entry, Moment
from stratc.runtime.journal.schema_sql import OBJECTS

DAY = "2026-11-28"
GOAL_RATIO, GOAL_RECORDS = 1.2, 25_000
# As long as the event of an execution.
BODY = Event(
    event=Raw(json.dumps({"type": "Reported", "at_ns": 1_795_000_000_000_000_000, "report": "E" * 180}).encode())
)
BARE = "CREATE TABLE record (sequence INTEGER PRIMARY KEY, cl_ord_id TEXT, row BLOB)"
CALLERS = (1, 8, 32, 128)


def clock() -> Moment:
    return Moment(time.time_ns(), time.monotonic_ns())


def entry() -> Entry:
    return Entry(at=clock(), actor="bench@0123456789ab", body=BODY, cl_ord_id="S0123456789ABCDEFG", cause=1)


def journal_in(folder: Path) -> Journal:
    hand = Hand(program="bench", clock=clock, signer=None, take_head=keep_no_head)
    return open_journal(sqlite_store.SqliteStore(folder, program="bench", since="now"), hand, day=DAY)


def connected(path: Path, *statements: str) -> apsw.Connection:
    db = apsw.Connection(str(path))
    for statement in (*sqlite_store.SETTINGS, *statements):
        db.execute(statement).fetchall()
    return db


def bare(folder: Path) -> Callable[[int], Any]:
    db = connected(folder / "bare", BARE, "CREATE INDEX of_order ON record (cl_ord_id)")
    return lambda number: commit(db, "INSERT INTO record VALUES (?, ?, ?)", (number, "S0123456789ABCDEFG", bytes(350)))


def table(folder: Path) -> Callable[[int], Any]:
    db = connected(folder / "table", *OBJECTS.values())
    _, first = open_chain(clock(), journal="0" * 32, day=DAY, program="bench", signer=None, previous=None)
    rest = ("fill", "S0123456789ABCDEFG", None, 1, bytes(230), first.leaf_hash)
    return lambda number: commit(db, sqlite_store.INSERT, (number, 1, 1, "bench@0123456789ab", *rest))


def commit(db: apsw.Connection, statement: str, row: tuple[Any, ...]) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.execute(statement, row)
    db.execute("COMMIT")


def in_turn(folder: Path, commits: int, rounds: int) -> dict[str, list[tuple[int, int]]]:
    """Wall and processor nanoseconds of each commit, by who made it."""
    journal = journal_in(folder / "journal")
    writers = {
        "bare SQLite": bare(folder),
        "its own table": table(folder),
        "the journal": lambda _: journal.write(entry()),
    }
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in writers}
    for turn in range(rounds):
        for name, write in writers.items():
            for number in range(commits):
                wall, used = time.perf_counter_ns(), time.process_time_ns()
                write(1 + turn * commits + number)
                found[name].append((time.perf_counter_ns() - wall, time.process_time_ns() - used))
    journal.close()
    return found


def grouped(folder: Path, size: int, seconds: float = 1.0) -> tuple[float, float]:
    """Records a second of wall time and of processor time, in batches of that size."""
    journal, written = journal_in(folder), 0
    wall, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        for _ in range(size):
            journal.append(entry())
        journal.commit()
        written += size
    result = written / (time.perf_counter() - wall), written / (time.process_time() - used)
    journal.close()
    return result


def waited(folder: Path, callers: int, seconds: float = 1.0) -> float:
    """Records a second where so many callers each wait for their record before they write the next."""

    async def call(writer: GroupWriter, end: float) -> int:
        written = 0
        while time.perf_counter() < end:
            await writer.write(entry())
            written += 1
        return written

    async def run() -> float:
        async with GroupWriter(journal_in(folder)) as writer:
            start = time.perf_counter()
            counts = await asyncio.gather(*(call(writer, start + seconds) for _ in range(callers)))
            return sum(counts) / (time.perf_counter() - start)

    return asyncio.run(run())


def main(commits: int, rounds: int, place: Path | None) -> None:
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        found = in_turn(folder, commits, rounds)
        base = median(wall for wall, _ in found["bare SQLite"])
        print(f"one record a commit, {commits * rounds} each, medians")
        for who, times in found.items():
            wall, used = median(wall for wall, _ in times), median(used for _, used in times)
            print(f"  {who:<14} {wall / 1e3:8.0f} µs   {wall / base:5.2f} ×   processor {used / 1e3:6.0f} µs")
        print(f"  goal: the journal at most {GOAL_RATIO} × bare SQLite")
        print("records a second, durable")
        for size in (10, 100, 1_000):
            wall, used = grouped(folder / f"batch{size}", size)
            print(f"  batches of {size:<6} {wall:10,.0f}   by processor time {used:10,.0f}")
        for callers in CALLERS:
            print(f"  {callers:>3} callers wait   {waited(folder / f'callers{callers}', callers):10,.0f}")
        print(f"  goal: {GOAL_RECORDS:,}")


if __name__ == "__main__":
    given = [*sys.argv[1:], *("300", "5", "")[len(sys.argv) - 1 :]]
    main(int(given[0]), int(given[1]), Path(given[2]) if given[2] else None)
