"""The store in PostgreSQL, for several hosts that read one journal; one of them writes, under an advisory lock.

A commit returns when the server has it on its disk: the session asks for synchronous_commit, and a server that runs
without fsync is refused. Triggers refuse every update, delete and truncate, and every row but the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final, LiteralString

import psycopg
from msgspec.structs import astuple
from psycopg import sql

from stratc.runtime.journal.failure import (
    JournalClosed,
    JournalDamaged,
    JournalFailed,
    JournalFull,
    JournalHeld,
    JournalTooNew,
)
from stratc.runtime.journal.record import Record

VERSION: Final = 1
SCHEMA: Final = "stratc_journal"
PAGE_ROWS: Final = 1_000
COLUMNS: Final[LiteralString] = "sequence, wall_ns, mono_ns, actor, kind, cl_ord_id, cause, schema, body, leaf_hash"
# Put together of literals alone, as the types say.
INSERT: Final[LiteralString] = "INSERT INTO record (" + COLUMNS + ") VALUES (" + "%s, " * 9 + "%s)"
SELECT: Final[LiteralString] = "SELECT " + COLUMNS + " FROM record WHERE "  # noqa: S608
TABLES: Final[LiteralString] = """
CREATE TABLE format (version integer NOT NULL);
CREATE TABLE segment (day text PRIMARY KEY, first_sequence bigint NOT NULL UNIQUE);
CREATE TABLE seal (day text PRIMARY KEY REFERENCES segment);
CREATE TABLE record (
    sequence bigint PRIMARY KEY CHECK (sequence > 0),
    wall_ns bigint NOT NULL,
    mono_ns bigint NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    cl_ord_id text,
    cause bigint CHECK (cause > 0 AND cause < sequence),
    schema integer NOT NULL,
    body bytea NOT NULL,
    leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32)
);
CREATE INDEX record_of_order ON record (cl_ord_id, sequence) WHERE cl_ord_id IS NOT NULL;
CREATE INDEX record_of_kind ON record (kind, sequence);
CREATE INDEX record_of_cause ON record (cause, sequence) WHERE cause IS NOT NULL;

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a record is never changed or deleted: write another one that refers to it'; END $$;
CREATE FUNCTION only_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM record) THEN
        RAISE EXCEPTION 'a record is only added after the last one';
    END IF;
    IF EXISTS (SELECT FROM seal WHERE day = (SELECT max(day) FROM segment)) THEN
        RAISE EXCEPTION 'the segment is sealed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_appended BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION only_append();
"""
GUARDED: Final = ("format", "segment", "seal", "record")


@contextmanager
def told(what: str) -> Iterator[None]:
    """The server's refusals as the journal's."""
    try:
        yield
    except psycopg.errors.DiskFull as problem:
        raise JournalFull(
            f"{what}: the server's disk is full ({problem}); make room, open the journal again"
        ) from problem
    except (psycopg.errors.RaiseException, psycopg.IntegrityError, psycopg.errors.DataCorrupted) as problem:
        raise JournalDamaged(f"{what}: {problem}; somebody else wrote to it") from problem
    except psycopg.Error as problem:
        raise JournalFailed(f"{what}: {problem}; look at the server, then open the journal again") from problem


class PostgresStore:
    """A schema of a database, held by this object's session alone until it is closed."""

    def __init__(self, conninfo: str, *, program: str, since: str, schema: str = SCHEMA) -> None:
        """`conninfo` is libpq's, its password in PGPASSFILE. `since` is told to who finds the journal held."""
        self._what = f"journal {schema}"
        with told(self._what):
            self._db = psycopg.connect(conninfo, autocommit=True, application_name=f"stratc {program}, {since}"[:63])
        try:
            with told(self._what):
                self._hold(schema)
                self._make_ready(schema)
        except BaseException:
            self._db.close()
            raise

    # ── segments ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def days(self) -> tuple[str, ...]:
        return tuple(day for (day,) in self._query("SELECT day FROM segment ORDER BY day", ()))

    def resume(self) -> int:
        # The server recovers by itself: what it had not acknowledged is wholly there or not at all.
        return 0

    def begin(self, day: str, first: Sequence[Record]) -> None:
        with told(self._what), self._db.transaction(), self._db.cursor() as cursor:
            cursor.execute("INSERT INTO segment VALUES (%s, %s)", (day, first[0].sequence))
            cursor.executemany(INSERT, list(map(astuple, first)))

    def write(self, records: Sequence[Record]) -> None:
        if self._db.closed:
            raise JournalClosed("the journal's session with the server has ended; open the journal again")
        with told(self._what), self._db.transaction(), self._db.cursor() as cursor:
            cursor.executemany(INSERT, list(map(astuple, records)))

    def seal(self) -> None:
        with told(self._what):
            self._db.execute("INSERT INTO seal SELECT max(day) FROM segment ON CONFLICT DO NOTHING")

    def close(self) -> None:
        self._db.close()

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def rows_of_day(self, day: str) -> Iterator[Record]:
        ((first, end),) = self._query(
            "SELECT first_sequence, (SELECT min(first_sequence) FROM segment WHERE day > %s) FROM segment "
            "WHERE day = %s",
            (day, day),
        )
        for record in self._pages("true", (), first):
            if end is not None and record.sequence >= end:
                return
            yield record

    def row(self, sequence: int) -> Record | None:
        found = self._query(SELECT + "sequence = %s", (sequence,))
        return Record(*found[0]) if found else None

    def rows_of_order(self, cl_ord_id: str) -> Iterator[Record]:
        return self._pages("cl_ord_id = %s", (cl_ord_id,), 1)

    def rows_of_kind(self, kind: str) -> Iterator[Record]:
        return self._pages("kind = %s", (kind,), 1)

    def rows_caused_by(self, sequence: int) -> Iterator[Record]:
        return self._pages("cause = %s", (sequence,), 1)

    def rows_from(self, sequence: int) -> Iterator[Record]:
        return self._pages("true", (), sequence)

    def _pages(self, condition: LiteralString, values: tuple[Any, ...], first: int) -> Iterator[Record]:
        """Rows from a sequence on, page by page, so that a reader holds neither all of them nor the session."""
        query = SELECT + condition + " AND sequence >= %s ORDER BY sequence LIMIT %s"
        while found := self._query(query, (*values, first, PAGE_ROWS)):
            yield from (Record(*row) for row in found)
            first = found[-1][0] + 1

    def _query(self, query: LiteralString, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with told(self._what):
            return self._db.execute(query, values).fetchall()

    # ── the inside ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _hold(self, schema: str) -> None:
        """The lock is the session's: it ends with the session, however that ends."""
        name = int.from_bytes(sha256(schema.encode()).digest()[:8], signed=True)
        ((alone,),) = self._query("SELECT pg_try_advisory_lock(%s)", (name,))
        if not alone:
            query: LiteralString = (
                "SELECT a.application_name, a.pid, coalesce(host(a.client_addr), 'the same host') FROM pg_locks l "
                "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
                "AND (l.classid::bigint << 32 | l.objid::bigint) = %s"
            )
            found = self._query(query, (name,))
            holder = f"{found[0][0]}, session {found[0][1]} from {found[0][2]}" if found else "another session"
            raise JournalHeld(f"the {self._what} is written by {holder}; stop that one first")

    def _make_ready(self, schema: str) -> None:
        for setting in ("fsync", "full_page_writes"):
            ((value,),) = self._query("SELECT current_setting(%s)", (setting,))
            if value != "on":
                raise JournalFailed(
                    f"the {self._what} is on a server with {setting} off: a power cut would lose records"
                )
        self._db.execute("SET synchronous_commit = on")
        self._db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        ((there,),) = self._query("SELECT to_regclass('format') IS NOT NULL", ())
        if not there:
            self._make_tables(schema)
        ((version,),) = self._query("SELECT version FROM format", ())
        if version > VERSION:
            raise JournalTooNew(
                f"the {self._what} has format {version}, this stratc writes {VERSION}: use the newer one"
            )

    def _make_tables(self, schema: str) -> None:
        with self._db.transaction():
            self._db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
            self._db.execute(TABLES)
            self._db.execute("INSERT INTO format VALUES (%s)", (VERSION,))
            for table in GUARDED:
                self._db.execute(
                    sql.SQL(
                        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {} "
                        "FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
                    ).format(sql.Identifier(table))
                )
