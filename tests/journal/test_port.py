"""Does every store do what the port promises? The shipped conformance kit over SQLite and a real PostgreSQL server."""

from __future__ import annotations

import os
from itertools import count

import psycopg
import pytest
from msgspec.structs import replace

from stratc.runtime.journal.failure import JournalDamaged, JournalError, JournalFailed, JournalHeld, JournalTooNew
from stratc.runtime.journal.journal import open_journal
from stratc.runtime.journal.postgres_store import PostgresStore
from stratc.runtime.testing.check_journal import CHECKS
from tests.journal.making import DAY, IDENTITY, alarm, hand, open_in
from tests.journal.postgres_server import binaries, server

REQUIRED = os.environ.get("STRATC_REQUIRE_POSTGRES") == "1"
SCHEMAS = (f"journal{number}" for number in count())


@pytest.fixture(scope="module")
def conninfo():
    found = binaries()
    if found is None:
        assert not REQUIRED, "STRATC_REQUIRE_POSTGRES=1 and there is no server: install the package postgresql"
        pytest.skip("no PostgreSQL server is installed here: initdb is not found")
    with server(found) as running:
        yield running


def open_on(conninfo, schema, day=DAY):
    store = PostgresStore(conninfo, program="test", since="now", schema=schema)
    return open_journal(store, hand(), day=day, identity=IDENTITY)


@pytest.fixture
def schema():
    return next(SCHEMAS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_sqlite(check, tmp_path):
    check(lambda day: open_in(tmp_path / "journal", day=day))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_postgres(check, conninfo, schema):
    check(lambda day: open_on(conninfo, schema, day))


FORBIDDEN = [
    "UPDATE record SET actor = 'x'",
    "DELETE FROM record WHERE sequence = 3",
    "TRUNCATE record",
    "TRUNCATE segment CASCADE",
    "UPDATE segment SET first_sequence = 2",
    "INSERT INTO record SELECT 99, 1, 1, 'x', 'alarm', NULL, NULL, 1, '{}', leaf_hash FROM record WHERE sequence = 1",
    "INSERT INTO record SELECT * FROM record ON CONFLICT (sequence) DO UPDATE SET actor = 'x'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_server_itself_refuses_changes(conninfo, schema, statement):
    with open_on(conninfo, schema) as journal:
        journal.write(alarm())
        before = list(journal.since(1))
        with psycopg.connect(conninfo) as other:
            other.execute(f"SET search_path = {schema}")
            with pytest.raises(psycopg.errors.RaiseException):
                other.execute(statement)
        assert list(journal.since(1)) == before


def test_a_sealed_segment_takes_nothing(conninfo, schema):
    with open_on(conninfo, schema) as journal:
        store = journal._store
        last = list(journal.since(1))[-1]
        store.seal()
        with pytest.raises(JournalDamaged, match="sealed"):
            store.write([replace(last, sequence=last.sequence + 1)])


def test_who_holds_it_is_told(conninfo, schema):
    with open_on(conninfo, schema), pytest.raises(JournalHeld, match=r"written by stratc test, now, session \d+"):
        open_on(conninfo, schema)


def test_two_schemas_are_two_journals(conninfo):
    with open_on(conninfo, next(SCHEMAS)) as one, open_on(conninfo, next(SCHEMAS)) as other:
        assert one.write(alarm()) == other.write(alarm())


def test_a_session_that_dies_closes_the_journal_and_loses_nothing(conninfo, schema):
    journal = open_on(conninfo, schema)
    kept = journal.write(alarm("kept"))
    journal.append(alarm("not durable"))
    with psycopg.connect(conninfo, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (journal._store._db.info.backend_pid,))
    with pytest.raises(JournalFailed):
        journal.commit()
    with pytest.raises(JournalError):
        journal.write(alarm())
    journal.close()
    with open_on(conninfo, schema) as after:
        assert [each.sequence for each in after.of_kind("alarm")] == [kept]
        assert len(list(after.of_kind("recovered"))) == 1


def test_a_newer_format_is_refused(conninfo, schema):
    open_on(conninfo, schema).close()
    with psycopg.connect(conninfo, autocommit=True) as other:
        other.execute(f"INSERT INTO {schema}.format VALUES (2)")
        other.execute(f"DROP TRIGGER never_changed ON {schema}.format")
        other.execute(f"DELETE FROM {schema}.format WHERE version = 1")
    with pytest.raises(JournalTooNew, match="format 2"):
        open_on(conninfo, schema)


def test_a_touched_journal_is_not_written_to(conninfo, schema):
    with open_on(conninfo, schema) as journal:
        journal.write(alarm())
    with psycopg.connect(conninfo, autocommit=True) as other:
        other.execute(f"DROP TRIGGER never_changed ON {schema}.record")
        other.execute(f"UPDATE {schema}.record SET actor = 'human:mallory' WHERE sequence = 3")
    with pytest.raises(JournalDamaged, match="record 3 is not as it was written"):
        open_on(conninfo, schema)


def test_a_server_that_does_not_answer_is_told(tmp_path):
    with pytest.raises(JournalFailed, match="look at the server"):
        PostgresStore(f"host={tmp_path} user=nobody", program="test", since="now")
