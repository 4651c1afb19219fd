"""Does the writer keep its promises: durable, append-only, alone, private, signed in time, and closed when in doubt?"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.runtime.journal import journal as journals
from stratc.runtime.journal.failure import (
    EntryRefused,
    JournalAhead,
    JournalBusy,
    JournalDamaged,
    JournalExposed,
    JournalHeld,
    JournalTooNew,
)
from stratc.runtime.journal.head import read_head
from stratc.runtime.journal.keys import KeyRefused
from stratc.runtime.journal.kinds import Alarm, Halt, Head, Opened, Recovered, Stopped
from stratc.runtime.journal.record import Entry, Moment
from stratc.runtime.journal.sqlite_store import SqliteStore
from stratc.runtime.journal.verify import verify_file, verify_folder
from tests.journal.making import CLOCK, DAY, SIGNER, STRANGER, alarm, file_of, open_in, store_in, written
from tests.journal.tampering import all_rows, change, forced

SECOND_NS = 1_000_000_000


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "journal"


def alarms(journal):
    return [each.read().told for each in journal.of_kind("alarm")]


def kinds(folder, day=DAY):
    return [row.kind for row in all_rows(file_of(folder, day))]


# ── append-only ──────────────────────────────────────────────────────────────────────────────────────────────────────

FORBIDDEN = [
    "UPDATE record SET actor = 'x' WHERE sequence = 3",
    "DELETE FROM record WHERE sequence = 3",
    "DELETE FROM record",
    "INSERT OR REPLACE INTO record SELECT 3, 1, 1, 'x', 'alarm', NULL, NULL, 1, x'7b7d', zeroblob(32)",
    "REPLACE INTO record SELECT 5, 1, 1, 'x', 'alarm', NULL, NULL, 1, x'7b7d', zeroblob(32)",
    "INSERT INTO record SELECT 99, 1, 1, 'x', 'alarm', NULL, 100, 1, x'7b7d', zeroblob(32)",
    "INSERT INTO record SELECT 99, 1, 1, 'x', 'alarm', NULL, NULL, 1, x'7b7d', x'00'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_changes(folder, statement):
    path = written(folder, 3)
    before = all_rows(path)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
    assert all_rows(path) == before


def test_settings_are_those_that_survive_a_power_cut(folder):
    with open_in(folder) as journal:
        db = journal._store._db
        assert [db.pragma(name) for name in ("journal_mode", "synchronous", "locking_mode")] == ["wal", 2, "exclusive"]


# ── alone and private ────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_holds_the_journal_is_told(folder):
    with open_in(folder), pytest.raises(JournalHeld, match=rf"process {os.getpid()} on .* \(stratc test, since 2026"):
        open_in(folder)
    open_in(folder).close()


def test_another_sqlite_cannot_get_in_either(folder):
    with open_in(folder) as journal:
        journal.write(alarm())
        with pytest.raises(apsw.BusyError):
            apsw.Connection(str(file_of(folder))).execute("SELECT * FROM record").fetchall()


def test_files_are_private(folder):
    with open_in(folder) as journal:
        journal.write(alarm())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        journal.roll("2026-11-29")
        assert stat.S_IMODE(file_of(folder).stat().st_mode) == 0o400


def test_a_folder_or_file_that_others_may_read_is_refused(folder):
    written(folder, 1)
    file_of(folder).chmod(0o644)
    with pytest.raises(JournalExposed, match="chmod 600"):
        open_in(folder)
    folder.chmod(0o755)
    with pytest.raises(JournalExposed, match="chmod 700"):
        open_in(folder)


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_newer_format_is_refused(folder):
    path = written(folder, 1)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    with pytest.raises(JournalTooNew, match="format 2"):
        open_in(folder)
    open_after = sqlite3.connect(path)
    assert open_after.execute("SELECT count(*) FROM record").fetchone() == (4,)
    open_after.close()


def test_a_journal_that_was_touched_is_not_written_to(folder):
    path = written(folder, 5)
    with forced(path) as db:
        change(4, "actor", "human:mallory")(db)
    with pytest.raises(JournalDamaged, match=r"record 4 is not as it was written.*audit verify"):
        open_in(folder)
    assert kinds(folder)[-1] == Head.kind, "something was written to a damaged journal"


def test_what_is_no_journal_is_not_written_to(folder):
    written(folder, 1)
    other = file_of(folder, "2026-11-29")
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE diary (day)")
    other.chmod(0o600)
    with pytest.raises(JournalDamaged, match="no journal of stratc"):
        open_in(folder, day="2026-11-29")


def test_a_clock_set_back_is_refused(folder):
    open_in(folder, day="2026-11-28").close()
    with pytest.raises(JournalAhead, match="look at the clock"):
        open_in(folder, day="2026-11-27")
    with open_in(folder) as journal, pytest.raises(JournalAhead, match="not after it"):
        journal.roll("2026-11-28")


def test_who_did_not_close_is_told(folder):
    journal = open_in(folder)
    journal.write(alarm("acknowledged"))
    journal.append(alarm("lost with the process"))
    die(journal)
    with open_in(folder) as after:
        found = [body for each in after.of_kind("recovered") if isinstance(body := each.read(), Recovered)]
        assert [(each.records, each.torn_bytes) for each in found] == [(3, 0)]
        assert alarms(after) == ["acknowledged"]
    with open_in(folder) as again:
        assert len(list(again.of_kind("recovered"))) == 1, "a journal that was closed was recovered"
    assert verify_file(file_of(folder)).ok


def die(journal):
    """What the operating system does to a process: handles are closed and nothing is said."""
    path = file_of(journal._store._folder)
    wal = path.with_name(path.name + "-wal")
    kept = path.read_bytes(), wal.read_bytes()
    journal._store.close()
    path.write_bytes(kept[0])
    wal.write_bytes(kept[1])
    wal.chmod(0o600)


def test_a_torn_tail_is_sealed_and_told(folder):
    journal = open_in(folder)
    journal.write(alarm("kept"))
    whole = wal_bytes(folder)
    journal.write(alarm("torn"))
    die(journal)
    wal = file_of(folder).with_name(file_of(folder).name + "-wal")
    torn = wal.read_bytes()[:-700]
    wal.write_bytes(torn)
    with open_in(folder) as after:
        assert after.torn_bytes == len(torn) - whole
        found = next(iter(after.of_kind("recovered"))).read()
        assert isinstance(found, Recovered)
        assert found.torn_bytes == after.torn_bytes > 0
        assert alarms(after) == ["kept"]


def wal_bytes(folder):
    return file_of(folder).with_name(file_of(folder).name + "-wal").stat().st_size


def test_a_segment_that_was_never_born_leaves_nothing(folder):
    written(folder, 1)
    (folder / "2026-11-29.journal.new").write_bytes(b"half")
    (folder / "2026-11-29.journal.new-wal").write_bytes(b"half")
    with open_in(folder, day="2026-11-29") as journal:
        journal.write(alarm())
    assert sorted(path.name for path in folder.iterdir()) == ["2026-11-28.journal", "2026-11-29.journal", "lock"]


def test_a_death_between_sealing_and_the_next_day_is_mended(folder, monkeypatch):
    journal = open_in(folder)
    monkeypatch.setattr(SqliteStore, "begin", lambda *_: (_ for _ in ()).throw(OSError("cut")))
    with pytest.raises(OSError, match="cut"):
        journal.roll("2026-11-29")
    monkeypatch.undo()
    journal.close()
    with pytest.raises(JournalAhead, match="sealed"):
        open_in(folder)
    with open_in(folder, day="2026-11-29") as after:
        after.write(alarm())
    assert kinds(folder).count("sealed") == 1
    assert all(verdict.ok for _, verdict in verify_folder(folder))


# ── keys and heads ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_key_signs_only_from_the_next_day_on(folder):
    open_in(folder, day="2026-11-27").close()
    for other in (STRANGER, None):
        with pytest.raises(KeyRefused, match="sign on with its key"):
            open_in(folder, day="2026-11-27", signer=other)
    with open_in(folder, day="2026-11-28", signer=STRANGER) as journal:
        keys = [body.public_key for each in journal.of_kind("opened") if isinstance(body := each.read(), Opened)]
        assert keys == [SIGNER.public_key, STRANGER.public_key]
    assert all(verdict.ok for _, verdict in verify_folder(folder))


def test_another_key_does_not_sign_for_who_did_not_close(folder):
    journal = open_in(folder, day="2026-11-28")
    journal.write(alarm())
    die(journal)
    with pytest.raises(KeyRefused, match="signed by"):
        open_in(folder, day="2026-11-29", signer=STRANGER)


def at(second, nanoseconds=0):
    moment = Moment(second * SECOND_NS, second * SECOND_NS + nanoseconds)
    return Entry(at=moment, actor="tests", body=Alarm(name="n", severity="notice", told=""))


def test_the_tree_is_signed_in_time(folder):
    """Every thousand records or ten seconds, and at once where a clock went back."""
    clock = iter([Moment(0, 0)])
    heads = []
    journal = open_in(folder, take_head=heads.append, clock=lambda: next(clock, Moment(SECOND_NS * 99, SECOND_NS * 99)))
    journal.write(at(5))
    journal.write(at(9, SECOND_NS - 1))
    assert len(heads) == 1
    journal.write(at(10))
    assert len(heads) == 2
    journal.write(at(19, SECOND_NS - 1))
    assert len(heads) == 2
    journal.write(at(9))
    assert len(heads) == 3, "a clock that went back hides how long ago the last head was"
    for _ in range(999):
        journal.append(at(10))
    journal.commit()
    assert len(heads) == 3
    journal.write(at(10))
    assert len(heads) == 4
    journal.close()
    assert len(heads) == 4, "there was nothing left to sign"


@pytest.mark.parametrize(
    "body",
    [Halt(scope="account", why="w"), Stopped(why="w", working_orders=0, unknown_orders=0)],
    ids=["halt", "stopped"],
)
def test_a_halt_and_a_stop_are_signed_at_once(folder, body):
    heads = []
    with open_in(folder, take_head=heads.append) as journal:
        journal.write(Entry(at=CLOCK(), actor="human:a", body=body))
        assert [head.size for head in heads] == [1, 3]


def test_heads_leave_only_when_they_are_durable(folder, monkeypatch):
    heads = []
    journal = open_in(folder, take_head=heads.append)
    journal.append(Entry(at=CLOCK(), actor="human:a", body=Halt(scope="account", why="w")))
    assert len(heads) == 1
    monkeypatch.setattr(SqliteStore, "write", lambda *_: (_ for _ in ()).throw(OSError("cut")))
    with pytest.raises(OSError, match="cut"):
        journal.commit()
    assert len(heads) == 1, "a head left whose records are not durable: it would accuse an honest file"
    journal.close()


def test_a_head_is_one_line_that_reads_back(folder):
    heads = []
    written(folder, 1, taker=heads.append)
    assert [read_head(head.line()) for head in heads] == heads
    assert all("\n" not in head.line() for head in heads)


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_waits_for_a_commit_has_a_limit(folder, monkeypatch):
    monkeypatch.setattr(journals, "PENDING_MAX", 3)
    with open_in(folder) as journal:
        for _ in range(3):
            journal.append(alarm())
        with pytest.raises(JournalBusy, match="commit them first"):
            journal.append(alarm())
        journal.commit()
        journal.write(alarm())


def test_the_journals_own_kinds_are_its_own(folder):
    body = Recovered(records=1, torn_bytes=0, why="w")
    with open_in(folder) as journal, pytest.raises(EntryRefused, match="the journal alone"):
        journal.append(Entry(at=CLOCK(), actor="tests", body=body))


def test_a_store_says_which_file_it_could_not_make(folder):
    store = store_in(folder)
    file_of(folder).with_name(f"{DAY}.journal.new").mkdir()
    with pytest.raises(Exception, match=r"journal\.new"):
        store.begin(DAY, ())
    store.close()


# ── anything that happens ────────────────────────────────────────────────────────────────────────────────────────────

STEPS = st.lists(
    st.sampled_from(["append", "append", "append", "commit", "commit", "close", "die", "roll"]), max_size=40
)


@settings(max_examples=25)
@given(steps=STEPS)
def test_any_history_reads_back_the_same(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("history") / "journal"
    day, number, heads = 1, 0, []
    durable, waiting = [], []
    journal = open_in(folder, day=f"2026-11-{day:02}", take_head=heads.append)
    for step in [*steps, "commit"]:
        match step:
            case "append":
                waiting.append((journal.append(alarm(str(number), order=f"S{number % 3}")), str(number)))
                number += 1
            case "commit":
                journal.commit()
                durable, waiting = durable + waiting, []
            case "roll":
                day += 1
                journal.roll(f"2026-11-{day:02}")
                durable, waiting = durable + waiting, []
            case "close":
                journal.close()
                durable, waiting = durable + waiting, []
                journal = open_in(folder, day=f"2026-11-{day:02}", take_head=heads.append)
            case "die":
                journal._store.close()
                waiting = []
                journal = open_in(folder, day=f"2026-11-{day:02}", take_head=heads.append)
        found = [(each.sequence, each.read().told) for each in journal.of_kind("alarm")]
        assert found == durable
    journal.close()
    verdicts = verify_folder(folder, heads=heads, public_key=SIGNER.public_key)
    assert [verdict.first_bad for _, verdict in verdicts] == [None] * day
    everything = [row for path, _ in verdicts for row in all_rows(path)]
    assert [row.sequence for row in everything] == list(range(1, len(everything) + 1))
