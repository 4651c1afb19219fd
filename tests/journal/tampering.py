"""Ways to tamper with a journal's file: by somebody who drops the triggers first, as whoever has the file can."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from stratc.runtime.journal.evidence import Row, rows
from stratc.runtime.journal.schema_sql import COLUMNS, OBJECTS

Tamper = Callable[[sqlite3.Connection], object]
FORGED = b'{"name":"test","severity":"notice","told":"forged"}'
TRIGGERS = ("never_updated", "never_deleted", "only_appended")


@contextmanager
def forced(path: Path) -> Iterator[sqlite3.Connection]:
    """The file without its triggers, which stand again at the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for name in TRIGGERS:
            db.execute(OBJECTS[name])


def all_rows(path: Path) -> list[Row]:
    with closing(sqlite3.connect(path)) as db:
        return list(rows(db))


def put(db: sqlite3.Connection, row: Row) -> None:
    db.execute(f"INSERT INTO record ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def change(sequence: int, column: str, value: object) -> Tamper:
    return lambda db: db.execute(f"UPDATE record SET {column} = ? WHERE sequence = ?", (value, sequence))


def delete(first: int, last: int | None = None) -> Tamper:
    return lambda db: db.execute("DELETE FROM record WHERE sequence BETWEEN ? AND ?", (first, last or first))


def move(sequence: int, to: int) -> Tamper:
    return lambda db: db.execute("UPDATE record SET sequence = ? WHERE sequence = ?", (to, sequence))


def swap(one: int, other: int) -> Tamper:
    def tamper(db: sqlite3.Connection) -> None:
        for old, new in ((one, 10**9), (other, one), (10**9, other)):
            move(old, new)(db)

    return tamper


def shift(first: int, by: int) -> Tamper:
    """Move this record and all after it; one by one, in the order in which places are free."""

    def tamper(db: sqlite3.Connection) -> None:
        order = "DESC" if by > 0 else "ASC"
        query = f"SELECT sequence FROM record WHERE sequence >= ? ORDER BY sequence {order}"
        for (sequence,) in db.execute(query, (first,)).fetchall():
            move(sequence, sequence + by)(db)

    return tamper


def close_gap(sequence: int) -> Tamper:
    """Delete a record and let the others move up."""

    def tamper(db: sqlite3.Connection) -> None:
        delete(sequence)(db)
        shift(sequence + 1, -1)(db)

    return tamper


def insert(sequence: int, *, honest: bool = True) -> Tamper:
    """Put a record in; honest: with the leaf hash of its content."""

    def tamper(db: sqlite3.Connection) -> None:
        shift(sequence, 1)(db)
        row = Row(sequence, 1, 1, "tests", "alarm", None, None, 1, FORGED, bytes(32))
        put(db, row._replace(leaf_hash=row.leaf_as(sequence)) if honest else row)

    return tamper


def remake(sequence: int, body: bytes) -> Tamper:
    """Change a body and make its leaf hash anew."""

    def tamper(db: sqlite3.Connection) -> None:
        row = next(each for each in rows(db) if each.sequence == sequence)._replace(body=body)
        change(sequence, "body", body)(db)
        change(sequence, "leaf_hash", row.leaf_as(sequence))(db)

    return tamper
