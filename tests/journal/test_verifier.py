"""F59: does the verifier name the first bad record, whatever was done to the file?

A file of 30 alarms: record 1 opens it, 2 is a head, 3 to 32 are the alarms, and 33 is the head at closing.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.runtime.journal import chain as chains
from stratc.runtime.journal.evidence import NotEvidence, rows
from stratc.runtime.journal.head import head_message, head_of
from stratc.runtime.journal.merkle import root_of
from stratc.runtime.journal.schema_sql import COLUMNS
from stratc.runtime.journal.verify import verify_file, verify_folder
from tests.journal.making import IDENTITY, SIGNER, STRANGER, alarm, file_of, open_in, written
from tests.journal.tampering import (
    FORGED,
    all_rows,
    change,
    close_gap,
    delete,
    forced,
    insert,
    move,
    remake,
    shift,
    swap,
)

ALARMS, LAST = 30, 33
VERIFY = """
import pathlib, sys
from stratc.runtime.journal.verify import verify_file
print(verify_file(pathlib.Path(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """The file and the heads that left the host."""
    folder = tmp_path_factory.mktemp("audit") / "journal"
    heads = []
    return written(folder, ALARMS, taker=heads.append), tuple(heads)


@pytest.fixture
def copy(original, tmp_path):
    return shutil.copy(original[0], tmp_path / original[0].name)


def test_what_was_not_touched_is_as_it_was_written(original):
    path, heads = original
    found = verify_file(path, heads=heads, public_key=SIGNER.public_key)
    assert found.first_bad is None
    assert (found.journal, found.day, found.records) == (IDENTITY, "2026-11-28", LAST)
    assert (found.first_sequence, found.last_sequence, found.unsigned, found.sealed) == (1, LAST, 0, False)
    assert (found.heads, found.outside_heads) == (2, 2)


# what was done, the first bad record, how; found without any head from outside
TAMPERED = {
    "a body": (change(9, "body", FORGED), 9, "altered"),
    "a body, one bit": (change(9, "body", b'{"name":"test","severity":"notice","told":"number 7"}'), 9, "altered"),
    "a wall time": (change(9, "wall_ns", 5), 9, "altered"),
    "a monotonic time": (change(9, "mono_ns", 5), 9, "altered"),
    "an actor": (change(9, "actor", "human:mallory"), 9, "altered"),
    "a kind": (change(9, "kind", "fill"), 9, "altered"),
    "a client order id": (change(9, "cl_ord_id", None), 9, "altered"),
    "a cause": (change(9, "cause", 3), 9, "altered"),
    "a schema": (change(9, "schema", 2), 9, "altered"),
    "a leaf hash": (change(9, "leaf_hash", bytes(32)), 9, "altered"),
    "a leaf hash, cut short": (change(9, "leaf_hash", b""), 9, "altered"),
    "a number too large for a leaf": (change(9, "schema", -1), 9, "altered"),
    "the opening record": (change(1, "actor", "human:mallory"), 1, "altered"),
    "the last head": (change(LAST, "wall_ns", 5), LAST, "altered"),
    "one is gone": (delete(9), 9, "deleted"),
    "several are gone": (delete(9, 12), 9, "deleted"),
    "the first is gone": (delete(1), 1, "deleted"),
    "one is gone and the others moved up": (close_gap(9), 9, "deleted"),
    "two changed places": (swap(9, 20), 9, "reordered"),
    "neighbours changed places": (swap(9, 10), 9, "reordered"),
    "one went to the end": (move(9, 99), 9, "deleted"),
    "one put in": (insert(9), 9, "inserted"),
    "one put in, with a bad leaf hash": (insert(9, honest=False), 9, "inserted"),
    "one put in before the first": (insert(1), 1, "inserted"),
    "all moved by one": (shift(1, 1), 2, "reordered"),
}


@pytest.mark.parametrize(("tamper", "sequence", "how"), TAMPERED.values(), ids=TAMPERED)
def test_the_first_bad_record_is_named(copy, tamper, sequence, how):
    with forced(copy) as db:
        tamper(db)
    found = verify_file(copy).first_bad
    assert found is not None
    assert (found.sequence, found.how) == (sequence, how), found


# who also makes the leaf hash anew is caught by the next head: the bad record is one that no earlier head covers
REMADE = {
    "a body": (remake(9, FORGED), (3, LAST)),
    "a head's size": (remake(LAST, b"{}"), (LAST, None)),
    "one at the end of what the head covers": (remake(32, FORGED), (3, LAST)),
}


@pytest.mark.parametrize(("tamper", "span"), REMADE.values(), ids=REMADE)
def test_leaf_hashes_made_anew_are_caught_by_the_next_head(copy, tamper, span):
    with forced(copy) as db:
        tamper(db)
    found = verify_file(copy).first_bad
    assert found is not None
    assert (found.sequence, found.last) == span or (found.sequence, found.last) == (2, LAST), found


def test_more_heads_narrow_it_down(tmp_path, monkeypatch):
    monkeypatch.setattr(chains, "HEAD_RECORDS", 5)
    path = written(tmp_path / "journal", ALARMS)
    with forced(path) as db:
        remake(16, FORGED)(db)
    found = verify_file(path).first_bad
    assert found is not None
    assert found.last is not None
    assert found.sequence <= 16 <= found.last
    assert found.last - found.sequence <= 6


def test_who_holds_the_disk_and_no_key_cannot_sign(copy):
    """A whole new history with a head of somebody else's key."""
    with forced(copy) as db:
        remake(9, FORGED)(db)
        root = root_of([row.leaf_hash for row in rows(db)][: LAST - 1]).hex()
        parts = (IDENTITY, 1, LAST - 1, root, 7)
        head = {
            "journal": IDENTITY, "first_sequence": 1, "size": LAST - 1, "root": root, "wall_ns": 7,
            "public_key": STRANGER.public_key, "signature": STRANGER.sign(head_message(*parts)),
        }  # fmt: skip
        head_of(head)
        remake(LAST, json.dumps(head, separators=(",", ":")).encode())(db)
    found = verify_file(copy).first_bad
    assert found is not None
    assert (found.sequence, found.how) == (LAST, "forged")


def test_a_whole_journal_of_another_key_is_not_the_one_that_is_trusted(tmp_path):
    with open_in(tmp_path / "journal", signer=STRANGER) as journal:
        journal.write(alarm())
    assert verify_file(file_of(tmp_path / "journal")).ok
    found = verify_file(file_of(tmp_path / "journal"), public_key=SIGNER.public_key).first_bad
    assert found is not None
    assert (found.sequence, found.how) == (1, "forged")


# ── against heads that left the host ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", [3, 20, 32])
def test_a_cut_tail_is_found_with_a_head_from_outside_and_with_nothing_else(original, copy, first):
    with forced(copy) as db:
        delete(first, LAST)(db)
    assert verify_file(copy).ok, "nothing in the file itself can show it"
    found = verify_file(copy, heads=original[1]).first_bad
    assert found is not None
    assert (found.sequence, found.last, found.how) == (first, 32, "truncated")


def test_the_last_head_alone_may_be_missing(original, copy):
    """A head signs what is before it, so without its own record all that it signs is still there."""
    with forced(copy) as db:
        delete(LAST)(db)
    found = verify_file(copy, heads=original[1])
    assert (found.ok, found.unsigned) == (True, 0)


def test_an_older_copy_is_found(tmp_path):
    folder, heads = tmp_path / "journal", []
    path = written(folder, 10, taker=heads.append)
    older = shutil.copy(path, tmp_path / path.name)
    with open_in(folder, take_head=heads.append) as journal:
        journal.write(alarm("later"))
    assert verify_file(path, heads=heads).ok
    assert verify_file(older, heads=heads[:2]).ok
    found = verify_file(older, heads=heads).first_bad
    assert found is not None
    assert (found.sequence, found.how) == (14, "truncated")


def test_a_history_that_the_key_itself_signed_anew_is_found(original, tmp_path):
    """Who has key and disk can write another past, but not the heads that have left."""
    path = written(tmp_path / "journal", ALARMS)
    with pytest.raises(NotEvidence, match="none of"):
        verify_file(path, heads=[_of_another_journal(original[1][-1])])
    found = verify_file(path, heads=original[1]).first_bad
    assert found is not None
    assert (found.sequence, found.last, found.how) == (1, 1, "replaced")


def _of_another_journal(head):
    return replace(head, journal="f" * 32)


def test_a_head_that_nobody_signed_testifies_nothing(original):
    path, heads = original
    with pytest.raises(NotEvidence, match="not signed by"):
        verify_file(path, heads=[replace(heads[-1], size=1_000)])


# ── any mutation ─────────────────────────────────────────────────────────────────────────────────────────────────────

NUMBERS = ("wall_ns", "mono_ns", "cause", "schema")


@settings(max_examples=60)
@given(st.data())
def test_any_single_mutation_is_found_and_named(original, tmp_path_factory, data):
    path, heads = original
    copy = shutil.copy(path, tmp_path_factory.mktemp("mutated") / path.name)
    good = {row.sequence: row for row in all_rows(path)}
    at = data.draw(st.integers(1, LAST))
    match data.draw(st.sampled_from(["column", "delete", "swap", "insert", "close_gap"])):
        case "column":
            column = data.draw(st.sampled_from(COLUMNS.split(", ")[1:]))
            old = getattr(good[at], column)
            tamper = change(at, column, data.draw(other_than(old)))
        case "delete":
            tamper = delete(at)
        case "swap":
            other = data.draw(st.integers(1, LAST).filter(lambda place: place != at))
            tamper, at = swap(at, other), min(at, other)
        case "insert":
            tamper = insert(at, honest=data.draw(st.booleans()))
        case _:
            tamper = close_gap(at)
    with forced(copy) as db:
        tamper(db)
    found = verify_file(copy, heads=heads).first_bad
    if found is None:
        # The last record is a head: without it all that was signed is there.
        assert at == LAST
        assert len(all_rows(copy)) == LAST - 1
    elif found.how == "replaced":
        # One with a good leaf hash, put in where only a head shows it: of the records since the head before.
        assert found.sequence <= at <= found.last, found
    else:
        assert found.sequence == at, found


def other_than(old):
    if isinstance(old, bytes) and old:
        flips = st.integers(0, len(old) * 8 - 1)
        return flips.map(lambda bit: old[: bit // 8] + bytes([old[bit // 8] ^ 1 << bit % 8]) + old[bit // 8 + 1 :])
    if isinstance(old, str):
        return st.text("abcSö", max_size=4).filter(lambda text: text != old)
    return st.integers(1, 1 << 31).filter(lambda number: number != old) if old is None or old >= 0 else st.just(1)


@settings(max_examples=40)
@given(st.data())
def test_a_flipped_bit_is_found_or_changes_no_record(original, tmp_path_factory, data):
    """Anywhere in the file: what is found is named, and where nothing is found every record reads as it was."""
    path, heads = original
    content = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    copy = tmp_path_factory.mktemp("flipped") / path.name
    copy.write_bytes(content)
    try:
        found = verify_file(copy, heads=heads)
    except NotEvidence:
        return
    if found.ok:
        assert all_rows(copy) == all_rows(path)


# ── the file itself ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dropped_trigger_is_told(copy):
    with closing(sqlite3.connect(copy)) as db:
        db.execute("DROP TRIGGER never_deleted")
    found = verify_file(copy).first_bad
    assert found is not None
    assert (found.sequence, found.how) == (None, "structure")
    assert "never_deleted" in found.told


def test_what_is_no_journal_is_refused(tmp_path):
    other = tmp_path / "other.journal"
    other.write_text("nothing")
    with pytest.raises(NotEvidence, match="no SQLite file"):
        verify_file(other)
    with pytest.raises(NotEvidence, match="not there"):
        verify_file(tmp_path / "absent.journal")
    with closing(sqlite3.connect(tmp_path / "plain.journal")) as db:
        db.execute("CREATE TABLE record (sequence)")
    with pytest.raises(NotEvidence, match="no journal of stratc"):
        verify_file(tmp_path / "plain.journal")
    with pytest.raises(NotEvidence, match=r"ends in \.journal"):
        verify_folder(tmp_path / "nowhere")


def test_a_newer_format_is_refused(copy):
    with closing(sqlite3.connect(copy)) as db:
        db.execute("PRAGMA user_version = 2")
    with pytest.raises(NotEvidence, match="format 2"):
        verify_file(copy)


def test_verifying_changes_nothing_also_while_a_writer_is_at_work(tmp_path):
    folder = tmp_path / "journal"
    with open_in(folder) as journal:
        for number in range(200):
            journal.write(alarm(str(number)))
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert f"{file_of(folder).name}-wal" in before
        # In a process of its own: a handle closed in this one would drop the writer's lock.
        command = [sys.executable, "-c", VERIFY, str(file_of(folder))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "first_bad=None" in done.stdout
        assert "records=202" in done.stdout
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# ── a folder of days ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def days(tmp_path):
    heads = []
    with open_in(tmp_path / "journal", day="2026-11-25", take_head=heads.append) as journal:
        journal.write(alarm("one"))
        journal.roll("2026-11-26")
        journal.write(alarm("two"))
        journal.roll("2026-11-27")
        journal.write(alarm("three"))
    return tmp_path / "journal", heads


def test_every_day_is_verified_and_linked(days):
    folder, heads = days
    found = verify_folder(folder, heads=heads, public_key=SIGNER.public_key)
    assert [verdict.ok for _, verdict in found] == [True, True, True]
    assert [verdict.sealed for _, verdict in found] == [True, True, False]
    assert [verdict.first_sequence for _, verdict in found] == [1, 6, 11]


def test_a_missing_day_is_found(days):
    folder, _ = days
    file_of(folder, "2026-11-26").unlink()
    found = [verdict.first_bad for _, verdict in verify_folder(folder)]
    assert found[0] is None
    assert (found[1].sequence, found[1].last) == (6, 10)
    file_of(folder, "2026-11-25").unlink()
    assert verify_folder(folder)[0][1].first_bad.how == "deleted"


def test_a_missing_last_day_is_found_with_a_head(days):
    folder, heads = days
    file_of(folder, "2026-11-27").unlink()
    assert all(verdict.ok for _, verdict in verify_folder(folder))
    found = verify_folder(folder, heads=heads)[-1][1].first_bad
    assert (found.sequence, found.how) == (11, "truncated")


def test_a_sealed_day_that_was_cut_off_is_found_by_the_next(days):
    folder, _ = days
    path = file_of(folder, "2026-11-26")
    path.chmod(0o600)
    with forced(path) as db:
        delete(9, 10)(db)
    found = verify_folder(folder)[-1][1].first_bad
    assert found.how == "replaced"


def test_a_record_after_the_seal_is_found(days):
    path = file_of(days[0], "2026-11-25")
    path.chmod(0o600)
    with forced(path) as db:
        insert(6)(db)
    found = verify_file(path).first_bad
    assert (found.sequence, found.how) == (6, "inserted")
