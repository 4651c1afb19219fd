"""The store in SQLite files, one a trading day, in a folder that only its owner may enter.

Every connection that writes is alone (an exclusive lock), in WAL mode with synchronous=FULL: a commit returns after the
disk has it, and a torn tail is dropped when the file is opened again. What the disk refuses is raised as a type.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import apsw
from msgspec.structs import astuple

from stratc.runtime.journal.failure import (
    JournalClosed,
    JournalDamaged,
    JournalError,
    JournalExposed,
    JournalFailed,
    JournalFull,
    JournalHeld,
    JournalTooNew,
)
from stratc.runtime.journal.holding import Hold, private_folder
from stratc.runtime.journal.record import Record
from stratc.runtime.journal.schema_sql import APPLICATION_ID, COLUMNS, OBJECTS, SUFFIX, VERSION
from stratc.runtime.journal.wal import torn_bytes_after, written_frames

# The name under which a segment is made: it has its own name only when its first records are durable.
UNBORN: Final = ".new"
SETTINGS: Final = (
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # On macOS fsync alone leaves data in the drive's cache.
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA trusted_schema = OFF",
)
INSERT: Final = f"INSERT INTO record ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
SELECT: Final = f"SELECT {COLUMNS} FROM record"  # noqa: S608


@contextmanager
def told(what: str) -> Iterator[None]:
    """SQLite's refusals as the journal's."""
    try:
        yield
    except apsw.FullError as problem:
        raise JournalFull(f"{what}: the disk is full ({problem}); make room and open the journal again") from problem
    except apsw.BusyError as problem:
        raise JournalHeld(f"{what}: another process has the file open ({problem}); stop that one first") from problem
    except (apsw.CorruptError, apsw.NotADBError, apsw.ConstraintError) as problem:
        raise JournalDamaged(f"{what}: {problem}; see stratc audit verify") from problem
    except apsw.Error as problem:
        raise JournalFailed(f"{what}: {problem}; look at the disk, then open the journal again") from problem


class SqliteStore:
    """A folder of segments, held by this object alone until it is closed."""

    def __init__(self, folder: Path, *, program: str, since: str, vfs: str | None = None) -> None:
        """`since` is told to who finds the journal held. `vfs` is one of SQLite's file layers."""
        private_folder(folder)
        self._folder = folder
        self._vfs = vfs
        self._hold = Hold(folder, program, since)
        self._db: apsw.Connection | None = None
        for unborn in folder.glob(f"*{SUFFIX}{UNBORN}*"):
            unborn.unlink()

    # ── segments ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def days(self) -> tuple[str, ...]:
        return tuple(sorted(path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}")))

    def resume(self) -> int:
        path = self._path(self.days()[-1])
        _refuse_exposed(path)
        written = written_frames(path)
        with told(f"journal {path}"):
            if not os.access(path, os.W_OK):
                return 0
            self._db = self._connect(path)
            _check_identity(self._db, path)
            known, _ = self._db.wal_checkpoint()
            _empty_wal(self._db)
        return torn_bytes_after(written, known)

    def begin(self, day: str, first: Sequence[Record]) -> None:
        path = self._path(day)
        unborn = path.with_name(path.name + UNBORN)
        with told(f"journal {path}"):
            _make_private(unborn)
            db = self._connect(unborn)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {VERSION}")
            with db:
                for text in OBJECTS.values():
                    db.execute(text)
                db.executemany(INSERT, map(astuple, first))
            _empty_wal(db)
            db.close()
            _rename(unborn, path)
            self._db = self._connect(path)

    def write(self, records: Sequence[Record]) -> None:
        db = self._connected()
        with told(f"journal {db.filename}"):
            db.execute("BEGIN IMMEDIATE")
            try:
                db.executemany(INSERT, map(astuple, records))
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def seal(self) -> None:
        path = self._path(self.days()[-1])
        if self._db is not None:
            with told(f"journal {path}"):
                _empty_wal(self._db)
                self._db.close()
            self._db = None
        path.chmod(0o400)

    def close(self) -> None:
        try:
            if self._db is not None:
                with told("closing the journal"):
                    self._db.close()
        finally:
            self._db = None
            self._hold.let_go()

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def rows_of_day(self, day: str) -> Iterator[Record]:
        yield from self._rows(day, f"{SELECT} ORDER BY sequence", ())

    def row(self, sequence: int) -> Record | None:
        # The newest segments are asked about most.
        for day in reversed(self.days()):
            for found in self._rows(day, f"{SELECT} WHERE sequence = ?", (sequence,)):
                return found
        return None

    def rows_of_order(self, cl_ord_id: str) -> Iterator[Record]:
        return self._rows_of_all(f"{SELECT} WHERE cl_ord_id = ? ORDER BY sequence", (cl_ord_id,))

    def rows_of_kind(self, kind: str) -> Iterator[Record]:
        return self._rows_of_all(f"{SELECT} WHERE kind = ? ORDER BY sequence", (kind,))

    def rows_caused_by(self, sequence: int) -> Iterator[Record]:
        return self._rows_of_all(f"{SELECT} WHERE cause = ? ORDER BY sequence", (sequence,))

    def rows_from(self, sequence: int) -> Iterator[Record]:
        return self._rows_of_all(f"{SELECT} WHERE sequence >= ? ORDER BY sequence", (sequence,))

    def _rows_of_all(self, query: str, values: tuple[Any, ...]) -> Iterator[Record]:
        for day in self.days():
            yield from self._rows(day, query, values)

    def _rows(self, day: str, query: str, values: tuple[Any, ...]) -> Iterator[Record]:
        path = self._path(day)
        with told(f"journal {path}"):
            if self._db is not None and Path(self._db.filename).name == path.name:
                yield from (Record(*row) for row in self._db.execute(query, values))
                return
            # A segment of an earlier day has no writer, so nothing need be locked, and nothing can change.
            name = f"file:{path.as_posix()}?immutable=1"
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            db = apsw.Connection(name, flags=flags)
            try:
                yield from (Record(*row) for row in db.execute(query, values))
            finally:
                db.close()

    # ── the inside ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _path(self, day: str) -> Path:
        return self._folder / f"{day}{SUFFIX}"

    def _connect(self, path: Path) -> apsw.Connection:
        db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=self._vfs)
        for setting in SETTINGS:
            db.execute(setting).fetchall()
        return db

    def _connected(self) -> apsw.Connection:
        if self._db is None:
            raise JournalClosed("the journal's file is closed; open the journal again")
        return self._db


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as problem:
        raise JournalFailed(f"{path} cannot be made: {problem.strerror}") from problem


def _refuse_exposed(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise JournalExposed(f"others may read the journal {path}: chmod 600 {path}")


def _rename(old: Path, new: Path) -> None:
    """Give a durable file its name, durably."""
    try:
        if new.exists():
            raise JournalError(f"{new} is there already; nothing was written over it")
        old.rename(new)
        if os.name == "posix":
            folder = os.open(new.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as problem:
        raise JournalFailed(f"{new} cannot be made: {problem.strerror}") from problem


def _empty_wal(db: apsw.Connection) -> None:
    """Bring all records into the file itself, synced. Closing does so too, and does not say where it fails."""
    db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def _check_identity(db: apsw.Connection, path: Path) -> None:
    if db.pragma("application_id") != APPLICATION_ID:
        raise JournalDamaged(f"{path} is no journal of stratc; nothing was written to it")
    version = db.pragma("user_version")
    if version > VERSION:
        raise JournalTooNew(f"{path} has format {version}, this stratc writes {VERSION}: use the newer one")
