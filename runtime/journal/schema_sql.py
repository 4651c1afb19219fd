"""What a journal's SQLite file looks like: the writer makes it so, the verifier tells what is not."""

from __future__ import annotations

from typing import Final

# "stJ1": files of other programs are told apart, and `file` names ours.
APPLICATION_ID: Final = 0x73744A31
VERSION: Final = 1
SUFFIX: Final = ".journal"
COLUMNS: Final = "sequence, wall_ns, mono_ns, actor, kind, cl_ord_id, cause, schema, body, leaf_hash"

OBJECTS: Final = {
    "record": """CREATE TABLE record (
    sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
    wall_ns INTEGER NOT NULL,
    mono_ns INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    cl_ord_id TEXT,
    cause INTEGER CHECK (cause > 0 AND cause < sequence),
    schema INTEGER NOT NULL,
    body BLOB NOT NULL,
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
) STRICT""",
    "record_of_order": "CREATE INDEX record_of_order ON record (cl_ord_id) WHERE cl_ord_id IS NOT NULL",
    "record_of_kind": "CREATE INDEX record_of_kind ON record (kind)",
    "record_of_cause": "CREATE INDEX record_of_cause ON record (cause) WHERE cause IS NOT NULL",
    "never_updated": """CREATE TRIGGER never_updated BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'a record is never changed: write another one that refers to it'); END""",
    "never_deleted": """CREATE TRIGGER never_deleted BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'a record is never deleted'); END""",
    # Also stops INSERT OR REPLACE, which deletes without asking the trigger above.
    "only_appended": """CREATE TRIGGER only_appended BEFORE INSERT ON record
WHEN NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM record)
BEGIN SELECT raise(ABORT, 'a record is only added after the last one'); END""",
}
