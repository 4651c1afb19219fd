"""The verifier: whether a journal's rows are those that were written, and which is the first that is not.

Shares with the writer only definitions (the bytes of a leaf, the tree, a head, the schema) and nothing that writes.
Three things testify: each row's own leaf hash; the signed heads among the rows, which catch whoever makes leaf hashes
anew; and heads that left the host, which alone catch who cuts off the end or puts an older copy in place.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from stratc.runtime.journal.evidence import NotEvidence, Row, changed_objects, opened, rows
from stratc.runtime.journal.head import NotAHead, SignedHead, head_of
from stratc.runtime.journal.keys import is_signed_by
from stratc.runtime.journal.merkle import Frontier
from stratc.runtime.journal.schema_sql import SUFFIX
from stratc.runtime.model.key_id import key_id

OPENED: Final = "opened"
HEAD: Final = "head"
SEALED: Final = "sealed"
# A row is looked for this far beyond the last place, in case rows before it were taken out.
BEYOND: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first bad record, or the records up to `last` among which it is; none where the file's structure is bad."""

    sequence: int | None
    last: int | None
    how: str  # altered | deleted | reordered | inserted | truncated | replaced | forged | unreadable | structure
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was verified of one segment; `first_bad` is None where every record is as it was written."""

    journal: str | None
    day: str | None
    first_sequence: int | None
    last_sequence: int | None
    records: int
    root: str
    heads: int
    outside_heads: int
    signer: str | None
    unsigned: int
    sealed: bool
    first_bad: Finding | None
    previous: dict[str, Any] | None

    @property
    def ok(self) -> bool:
        return self.first_bad is None


class Bad(Exception):
    """Ends the walk at the first bad record."""

    def __init__(self, how: str, told: str, sequence: int | None, last: int | None = None) -> None:
        super().__init__(told)
        self.finding = Finding(sequence=sequence, last=last, how=how, told=told)


class Walk:
    """What is known after so many good rows."""

    def __init__(self, public_key: str | None, outside: Sequence[SignedHead]) -> None:
        self.trusted = public_key
        self.outside = outside
        self.heads_met = 0
        self.opened: dict[str, Any] = {}
        self.first = 0
        self.tree = Frontier()
        self.covered = 0  # rows that a good head covers
        self.heads = 0
        self.seal: int | None = None
        self.last_kind = ""

    @property
    def expected(self) -> int:
        return self.first + self.tree.size

    # ── one row ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, row: Row) -> None:
        """Count a row; raises `Bad`. That its leaf hash is of its content is checked already."""
        if self.tree.size == 0:
            self._begin(row)
        if row.sequence != self.expected:
            missing = (
                f"{self.expected}" if row.sequence == self.expected + 1 else f"{self.expected} to {row.sequence - 1}"
            )
            raise Bad("deleted", f"record {missing} is missing", self.expected, row.sequence - 1)
        if self.seal is not None and (row.kind != HEAD or row.sequence != self.seal + 1):
            raise Bad("inserted", f"record {row.sequence} stands after the seal of record {self.seal}", row.sequence)
        if row.kind == HEAD:
            self._take_head(row)
        if row.kind == SEALED:
            self.seal = row.sequence
        self.tree.append(row.leaf_hash)
        self.last_kind = row.kind
        self._meet_outside()

    def _begin(self, row: Row) -> None:
        self.first = row.sequence
        if row.kind != OPENED and row.sequence <= 1:
            raise Bad("inserted", f"record {row.sequence} is of kind {row.kind} and opens no file", row.sequence)
        if row.kind != OPENED:
            raise Bad(
                "deleted", f"the record that opens the file is missing: it begins with {row.sequence}", row.sequence - 1
            )
        self.opened = _object(row)
        previous = self.opened.get("previous")
        begins = previous["last_sequence"] + 1 if isinstance(previous, dict) else 1
        if row.sequence != begins:
            raise Bad("reordered", f"record {row.sequence} opens a file that begins with {begins}", row.sequence)
        key = self.opened.get("public_key")
        if self.trusted and key != self.trusted:
            named = key_id(key) if key else "nobody"
            raise Bad("forged", f"the journal is signed by {named}, not by {key_id(self.trusted)}", row.sequence)

    def _take_head(self, row: Row) -> None:
        try:
            head = head_of(_object(row))
        except NotAHead as problem:
            raise Bad("forged", f"record {row.sequence} is no head: {problem}", row.sequence) from None
        self._check_signature(head, f"the head in record {row.sequence}", row.sequence)
        self._check_root(head, f"the head in record {row.sequence}", "altered", row.sequence)
        self.heads += 1

    def _check_signature(self, head: SignedHead, named: str, sequence: int) -> None:
        key = self.opened.get("public_key")
        if key is None:
            return
        if head.signature is None or head.public_key != key or not is_signed_by(key, head.signature, head.message()):
            raise Bad("forged", f"{named} is not signed by {key_id(key)}", sequence)

    def _check_root(self, head: SignedHead, named: str, how: str, last: int) -> None:
        ours = (self.opened.get("journal"), self.first, self.tree.size, self.tree.root().hex())
        if (head.journal, head.first_sequence, head.size, head.root) != ours:
            start = self.first + self.covered
            told = f"{named} is of other records: one of {start} to {last} was changed, and its leaf hash made anew"
            raise Bad(how, told, start, last)
        self.covered = self.tree.size

    def _meet_outside(self) -> None:
        while self.heads_met < len(self.outside) and self.outside[self.heads_met].size == self.tree.size:
            head = self.outside[self.heads_met]
            self._check_root(
                head, f"the head that left the host, of {head.size} records,", "replaced", self.expected - 1
            )
            self.heads_met += 1

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def end(self) -> None:
        if self.tree.size == 0:
            raise Bad("truncated", "the file holds no record", 1)
        if self.heads_met < len(self.outside):
            head = self.outside[-1]
            told = (
                f"a head that left the host signs {head.size} records, and here are {self.tree.size}: "
                f"they were cut off, or the file is an older copy"
            )
            raise Bad("truncated", told, self.expected, self.first + head.size - 1)


def _object(row: Row) -> dict[str, Any]:
    try:
        found = json.loads(row.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Bad("forged", f"record {row.sequence} of kind `{row.kind}` cannot be read", row.sequence)
    return found


# ── a segment ────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify_rows(
    read: Callable[[], Iterator[Row]], *, heads: Sequence[SignedHead] = (), public_key: str | None = None
) -> Verdict:
    """The verdict on a segment's rows; `read` gives them in the order of their sequences, anew at every call.

    `heads` are those of this segment that left the host, and `public_key`, in hexadecimal, is whom the reader trusts.
    """
    walk = Walk(public_key, sorted(heads, key=lambda head: head.size))
    try:
        _walk(walk, read)
        finding = None
    except Bad as bad:
        finding = bad.finding
    key = walk.opened.get("public_key")
    return Verdict(
        journal=walk.opened.get("journal"), day=walk.opened.get("day"),
        first_sequence=walk.first or None, last_sequence=walk.expected - 1 if walk.tree.size else None,
        records=walk.tree.size, root=walk.tree.root().hex(), heads=walk.heads, outside_heads=walk.heads_met,
        signer=key_id(key) if key else None, unsigned=walk.tree.size - walk.covered - (walk.last_kind == HEAD),
        sealed=walk.seal is not None and walk.last_kind == HEAD, first_bad=finding,
        previous=walk.opened.get("previous"),
    )  # fmt: skip


def _walk(walk: Walk, read: Callable[[], Iterator[Row]]) -> None:
    found = read()
    while True:
        try:
            row = next(found, None)
        except sqlite3.Error as problem:
            raise Bad(
                "unreadable", f"record {walk.expected} cannot be read: {problem}", walk.expected or 1
            ) from problem
        if row is None:
            break
        # A row that is missing is told before the row that stands after it is looked at.
        if _leaf(row, row.sequence) != row.leaf_hash and not (walk.tree.size and row.sequence != walk.expected):
            raise _explained(row, read)
        walk.take(row)
    walk.end()


def _leaf(row: Row, sequence: int) -> bytes:
    """The leaf hash of a row's content; none of content that no record can have."""
    try:
        return row.leaf_as(sequence)
    except (TypeError, ValueError, AttributeError, struct.error):
        return b""


def _explained(row: Row, read: Callable[[], Iterator[Row]]) -> Bad:
    """What happened at the first row whose leaf hash is not of its content.

    A row that was moved still has the leaf hash of its own place, so it says where it was; and if what belongs here
    stands somewhere else, nothing was deleted.
    """
    at = row.sequence
    first, last, elsewhere = _look_for(at, read)
    home = next((place for place in range(1, last + BEYOND) if _leaf(row, place) == row.leaf_hash), None)
    if home is not None and first <= home < at:
        return Bad("inserted", f"record {home} was inserted: what belongs there stands as record {at}", home)
    if home is None and elsewhere is not None:
        return Bad("inserted", f"record {at} was inserted: what belongs there stands as record {elsewhere}", at)
    if home is None:
        return Bad("altered", f"record {at} is not as it was written", at)
    if elsewhere is None and home > at:
        return Bad("deleted", f"record {at} was deleted: record {home} stands in its place", at)
    return Bad("reordered", f"record {at} is what was written as record {home}", at)


def _look_for(sequence: int, read: Callable[[], Iterator[Row]]) -> tuple[int, int, int | None]:
    """The first and the last sequence there are, and the row elsewhere that holds what belongs at `sequence`."""
    first, last, elsewhere = sequence, sequence, None
    try:
        for each in read():
            first, last = min(first, each.sequence), max(last, each.sequence)
            if elsewhere is None and each.sequence != sequence and _leaf(each, sequence) == each.leaf_hash:
                elsewhere = each.sequence
    except sqlite3.Error:
        pass  # the rows behind cannot be read: the first bad one is known all the same
    return first, last, elsewhere


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify_file(path: Path, *, heads: Sequence[SignedHead] = (), public_key: str | None = None) -> Verdict:
    """The verdict on a journal's file; raises `NotEvidence` where it is none, or no head is of it."""
    verdict, mine = _verdict_on(path, heads, public_key)
    if heads and not mine and verdict.ok:
        raise NotEvidence(f"none of {len(heads)} heads is of {path}", "name heads of this journal and this day")
    return verdict


def verify_folder(
    folder: Path, *, heads: Sequence[SignedHead] = (), public_key: str | None = None
) -> tuple[tuple[Path, Verdict], ...]:
    """The verdict on every segment in a folder, oldest first, each held against the one before it."""
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise NotEvidence(
            f"{folder} holds no file that ends in {SUFFIX}", "name a journal's folder or one of its files"
        )
    found: list[tuple[Path, Verdict]] = []
    met: set[SignedHead] = set()
    before: Verdict | None = None
    for path in paths:
        verdict, mine = _verdict_on(path, heads, public_key)
        met |= set(mine)
        if verdict.ok and (before is None or before.ok) and (finding := unlinked(before, verdict)):
            verdict = replace(verdict, first_bad=finding)
        found.append((path, verdict))
        before = verdict
    unmet = sorted(set(heads) - met, key=lambda head: head.first_sequence)
    path, last = found[-1]
    if unmet and last.ok:
        found[-1] = path, replace(last, first_bad=_missing_segment(unmet[0], last, folder))
    return tuple(found)


def _missing_segment(head: SignedHead, last: Verdict, folder: Path) -> Finding:
    if head.journal != last.journal:
        raise NotEvidence(f"a head is of another journal than {folder}", "name heads of this journal alone")
    told = f"a head that left the host signs records from {head.first_sequence} on, and their file is missing"
    return Finding(sequence=head.first_sequence, last=head.first_sequence + head.size - 1, how="truncated", told=told)


def _verdict_on(
    path: Path, heads: Sequence[SignedHead], public_key: str | None
) -> tuple[Verdict, tuple[SignedHead, ...]]:
    """The verdict on a file, and which of the heads are of it."""
    with opened(path) as db:
        mine = _of_this_segment(db, path, heads) if heads else ()
        verdict = verify_rows(lambda: rows(db), heads=mine, public_key=public_key)
        return verdict if verdict.first_bad else _with_structure(verdict, db), mine


def _of_this_segment(db: sqlite3.Connection, path: Path, heads: Sequence[SignedHead]) -> tuple[SignedHead, ...]:
    """The heads of the segment that the file's first row opens; none where that row is bad and so says nothing."""
    try:
        first = next(rows(db), None)
        if first is None or _leaf(first, first.sequence) != first.leaf_hash or first.kind != OPENED:
            return ()
        opening = _object(first)
    except (sqlite3.Error, Bad):
        return ()
    mine = tuple(head for head in heads if (head.journal, head.first_sequence) == (opening["journal"], first.sequence))
    key = opening.get("public_key")
    for head in mine:
        if key and not (head.signature and is_signed_by(key, head.signature, head.message())):
            told = f"the head of {head.size} records that is to testify for {path} is not signed by {key_id(key)}"
            raise NotEvidence(told, "is it the right file of heads?")
    return mine


def _with_structure(verdict: Verdict, db: sqlite3.Connection) -> Verdict:
    """The same verdict, unless triggers, indexes or pages are not as the writer made them."""
    changed: tuple[str, ...] = ()
    try:
        changed = changed_objects(db)
        (sound,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as problem:
        sound = str(problem)
    if not changed and sound == "ok":
        return verdict
    told = f"not as stratc made them: {', '.join(changed)}" if changed else f"the file's pages are damaged: {sound}"
    return replace(verdict, first_bad=Finding(sequence=None, last=None, how="structure", told=told))


def unlinked(before: Verdict | None, after: Verdict) -> Finding | None:
    """What is wrong between a segment and the one before it that is there, both good by themselves."""
    named = after.previous
    if named is None:
        told = "it is the first segment of a journal, and others stand before it"
        return None if before is None else Finding(sequence=after.first_sequence, last=None, how="inserted", told=told)
    if before is None:
        told = f"the segment of {named['day']}, which came before, is missing"
        return Finding(sequence=1, last=named["last_sequence"], how="deleted", told=told)
    ends = {"day": before.day, "last_sequence": before.last_sequence, "size": before.records, "root": before.root}
    if before.journal == after.journal and ends == named:
        return None
    told = f"the segment of {named['day']} is missing, was cut off or was replaced: this one names another end of it"
    return Finding(
        sequence=named["last_sequence"] - named["size"] + 1, last=named["last_sequence"], how="replaced", told=told
    )
