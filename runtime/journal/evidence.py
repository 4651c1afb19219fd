"""A journal's files as evidence: their rows, by Python's own SQLite, without changing a byte of what is read.

A file that has its write-ahead file beside it (its writer runs, or died) is copied first, and the copy is read: opening
the original would finish what the dead writer left. Not for use in the writer's own process: there, closing any handle
of the file drops the writer's lock.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from stratc.runtime.journal.leaf import leaf_bytes
from stratc.runtime.journal.merkle import leaf_hash
from stratc.runtime.journal.schema_sql import APPLICATION_ID, COLUMNS, OBJECTS, VERSION

WAL: Final = "-wal"
WAL_HEADER_BYTES: Final = 32
COPIES_MAX: Final = 20


class NotEvidence(Exception):
    """A file that cannot be read as a journal at all: `message` says why, `remedy` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


class Row(NamedTuple):
    """A row as it stands in the file, whether it was written by us or not."""

    sequence: int
    wall_ns: int
    mono_ns: int
    actor: str
    kind: str
    cl_ord_id: str | None
    cause: int | None
    schema: int
    body: bytes
    leaf_hash: bytes

    def leaf_as(self, sequence: int) -> bytes:
        """The leaf hash that this row's content would have as the record of that sequence."""
        return leaf_hash(leaf_bytes(sequence, *self[1:9]))


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database in a journal's file, for reading; raises `NotEvidence`."""
    if not path.is_file():
        raise NotEvidence(f"{path} is {'a folder' if path.is_dir() else 'not there'}", "name a journal's file")
    with tempfile.TemporaryDirectory(prefix="stratc-audit-") as scratch:
        wal = path.with_name(path.name + WAL)
        try:
            running = wal.is_file() and wal.stat().st_size > 0
            name = str(copied(path, Path(scratch))) if running else f"{path.resolve().as_uri()}?immutable=1"
            connection = sqlite3.connect(name, uri=not running, isolation_level=None)
        except (OSError, sqlite3.Error) as problem:
            raise NotEvidence(f"{path} cannot be read: {problem}", "check its permissions") from problem
        with closing(connection) as db:
            db.text_factory = lambda data: data.decode("utf-8", "replace")
            check_identity(db, path)
            yield db


def check_identity(db: sqlite3.Connection, path: Path) -> None:
    try:
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as problem:
        raise NotEvidence(
            f"{path} is no SQLite file, or its first page is damaged: {problem}", "name a journal's file"
        ) from problem
    if application != APPLICATION_ID:
        raise NotEvidence(f"{path} is no journal of stratc", "name a file that ends in .journal")
    if version > VERSION:
        raise NotEvidence(f"{path} has format {version}, and this stratc reads {VERSION}", "use the newer stratc")


def copied(path: Path, folder: Path) -> Path:
    """A copy of a file and its write-ahead file that belong together, while a writer may be at work.

    A checkpoint changes only pages that the write-ahead file holds too, until that file begins anew with other salts in
    its header: so a copy is whole if the header was the same before and after.
    """
    wal, copy = path.with_name(path.name + WAL), folder / path.name
    for _ in range(COPIES_MAX):
        before = _header(wal)
        shutil.copyfile(path, copy)
        if wal.exists():
            shutil.copyfile(wal, folder / wal.name)
        if before == _header(wal):
            return copy
    raise NotEvidence(f"{path} is written faster than it can be copied", "verify it when its writer has stopped")


def _header(wal: Path) -> bytes:
    try:
        with wal.open("rb") as file:
            return file.read(WAL_HEADER_BYTES)
    except FileNotFoundError:
        return b""


def changed_objects(db: sqlite3.Connection) -> tuple[str, ...]:
    """What of the file's tables, indexes and triggers is missing, changed or added."""
    query = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    found: dict[str, str] = dict(db.execute(query).fetchall())
    return tuple(sorted(name for name in found.keys() | OBJECTS.keys() if found.get(name) != OBJECTS.get(name)))


def rows(db: sqlite3.Connection) -> Iterator[Row]:
    """All rows in the order of their sequences."""
    for found in db.execute(f"SELECT {COLUMNS} FROM record ORDER BY sequence"):  # noqa: S608
        yield Row(*found)
