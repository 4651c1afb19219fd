"""`stratc audit` as an auditor uses it: verify, export, keys; exit codes 0, 1 and 2, and JSON that programs read."""

from __future__ import annotations

import csv
import io
import json
import stat

import polars as pl
import pytest

from stratc.runtime.journal.evidence import Row
from stratc.runtime.journal.keys import load_public_key, load_signer
from tests.acceptance.stratc_process import stratc
from tests.journal.making import alarm, file_of, open_in
from tests.journal.tampering import all_rows, change, delete, forced


@pytest.fixture
def desk(tmp_path):
    """A folder with a key, a journal of two days that it signed, and the heads that left the host."""
    made = stratc("audit", "key", "desk.key", "--json", cwd=tmp_path)
    assert made.code == 0, made.stderr
    assert "PRIVATE" not in made.stdout + made.stderr
    signer = load_signer(tmp_path / "desk.key")
    assert json.loads(made.stdout)["key"] == repr(signer)[len("Signer(") : -1]
    heads = []
    with open_in(tmp_path / "journal", day="2026-11-27", signer=signer, take_head=heads.append) as journal:
        for number in range(20):
            journal.append(alarm(f"ü {number}", order="S01"))
        journal.roll("2026-11-28")
        journal.write(alarm("next day", order="S01", cause=3))
    (tmp_path / "heads.jsonl").write_text("".join(head.line() + "\n" for head in heads))
    return tmp_path


def verify(desk, *words):
    done = stratc("audit", "verify", *words, "--json", cwd=desk)
    return done.code, json.loads(done.stdout)


def test_an_honest_journal(desk):
    code, told = verify(desk, "journal", "--head", "heads.jsonl", "--key", "desk.key.pub")
    assert (code, told["ok"]) == (0, True)
    assert [each["sealed"] for each in told["segments"]] == [True, False]
    assert [each["first_bad"] for each in told["segments"]] == [None, None]
    text = stratc("audit", "verify", "journal", "--head", "heads.jsonl", "--key", "desk.key.pub", cwd=desk)
    assert text.code == 0
    assert "24 records (1 to 24) as they were written" in text.stdout
    assert text.stderr == ""


def test_what_was_not_shown_is_said(desk):
    done = stratc("audit", "verify", "journal", cwd=desk)
    assert done.code == 0
    assert "nobody said whose key that is" in done.stderr
    assert "cut off at the end" in done.stderr


def test_the_first_bad_record_is_named(desk):
    path = file_of(desk / "journal", "2026-11-27")
    path.chmod(0o600)
    with forced(path) as db:
        change(9, "wall_ns", 1)(db)
        change(15, "wall_ns", 1)(db)
    done = stratc("audit", "verify", str(path), cwd=desk)
    assert done.code == 1
    assert "record 9 is not as it was written [altered]" in done.stdout
    code, told = verify(desk, str(path))
    assert (code, told["ok"]) == (1, False)
    assert told["segments"][0]["first_bad"] == {
        "sequence": 9, "last": None, "how": "altered", "told": "record 9 is not as it was written",
    }  # fmt: skip


def test_a_cut_tail_against_heads(desk):
    path = file_of(desk / "journal", "2026-11-28")
    with forced(path) as db:
        delete(27, 28)(db)
    assert verify(desk, str(path))[0] == 0
    code, told = verify(desk, str(path), "--head", "heads.jsonl")
    assert (code, told["segments"][0]["first_bad"]["how"]) == (1, "truncated")


def test_another_key(desk):
    assert stratc("audit", "key", "other", cwd=desk).code == 0
    code, told = verify(desk, "journal", "--key", "other.pub")
    assert (code, told["segments"][0]["first_bad"]["how"]) == (1, "forged")


UNREADABLE = [
    (("verify", "nowhere"), "nowhere is not there"),
    (("verify", "journal", "--head", "desk.key.pub"), "desk.key.pub:1 is no signed head"),
    (("verify", "journal", "--head", "empty"), "empty holds no signed head"),
    (("verify", "journal", "--key", "desk.key"), "is no public key"),
    (("verify", "heads.jsonl"), "is no SQLite file"),
    (("export", "journal", "--json"), "name a file: -o OUT"),
    (("export", "journal", "--format", "parquet"), "name a file: -o OUT"),
    (("export", "journal", "--format", "xml"), "xml"),
    (("key", "desk.key"), "exists already"),
    (("key", "nowhere/key"), "cannot be written"),
]


@pytest.mark.parametrize(("words", "told"), UNREADABLE, ids=[" ".join(words) for words, _ in UNREADABLE])
def test_what_cannot_be_used_is_said(desk, words, told):
    (desk / "empty").touch()
    done = stratc("audit", *words, cwd=desk)
    assert done.code == 2
    assert told in done.stderr
    assert done.stdout == ""


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_private(desk):
    assert stat.S_IMODE((desk / "desk.key").stat().st_mode) == 0o600
    assert load_signer(desk / "desk.key").public_key == load_public_key(desk / "desk.key.pub")
    (desk / "desk.key").chmod(0o640)
    with pytest.raises(Exception, match="can be read by others"):
        load_signer(desk / "desk.key")


# ── export ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def original(desk):
    return [row for day in ("2026-11-27", "2026-11-28") for row in all_rows(file_of(desk / "journal", day))]


def test_lines_of_json_verify_alone(desk):
    done = stratc("audit", "export", "journal", "--format", "jsonl", cwd=desk)
    assert done.code == 0
    found = []
    for line in done.stdout.splitlines():
        fields = json.loads(line)
        body = json.dumps(fields.pop("body"), ensure_ascii=False, separators=(",", ":")).encode()
        row = Row(**fields | {"body": body, "leaf_hash": bytes.fromhex(fields["leaf_hash"])})
        assert row.leaf_as(row.sequence) == row.leaf_hash
        found.append(row)
    assert found == original(desk)


def test_a_csv_table(desk):
    done = stratc("audit", "export", "journal", "--format", "csv", "-o", "out.csv", "--json", cwd=desk)
    assert json.loads(done.stdout) == {"ok": True, "file": "out.csv", "format": "csv", "records": 28, "problems": []}
    with (desk / "out.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [each["body"] for each in found] == [row.body.decode() for row in original(desk)]
    shown = stratc("audit", "export", "journal", "--format", "csv", cwd=desk).stdout
    assert list(csv.DictReader(io.StringIO(shown))) == found
    assert stat.S_IMODE((desk / "out.csv").stat().st_mode) == 0o600, "an account's life is nobody else's affair"


def test_a_parquet_file(desk):
    done = stratc("audit", "export", "journal", "--format", "parquet", "-o", "out.parquet", cwd=desk)
    assert done.code == 0, done.stderr
    table = pl.read_parquet(desk / "out.parquet")
    rows = original(desk)
    assert table["sequence"].to_list() == [row.sequence for row in rows]
    assert table["cause"].to_list() == [row.cause for row in rows]
    assert table["leaf_hash"].to_list() == [row.leaf_hash.hex() for row in rows]


def test_a_bad_journal_is_exported_as_it_stands_and_said_to_be_bad(desk):
    path = file_of(desk / "journal", "2026-11-28")
    with forced(path) as db:
        change(27, "body", b"\xff no json")(db)
    done = stratc("audit", "export", str(path), "-o", "out.jsonl", "--json", cwd=desk)
    assert done.code == 1
    told = json.loads(done.stdout)
    assert told["records"] == 4
    assert "record 27 is not as it was written" in told["problems"][0]
    assert "no json" in (desk / "out.jsonl").read_text()


def test_nothing_is_left_where_it_cannot_be_written(desk):
    (desk / "taken").mkdir()
    done = stratc("audit", "export", "journal", "-o", "taken", cwd=desk)
    assert done.code == 2
    assert "cannot be written" in done.stderr
    assert not [path for path in desk.iterdir() if path.name.startswith(".")]
