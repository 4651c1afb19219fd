"""Records and entries: what is written, what stands in the journal, and the one way from the first to the second.

`encode` gives the same bytes for the same body, always, and gives none that `decode` would not read back: what is
written today can be read for ever. An entry that is not fit to be a record is refused before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from stratc.runtime.journal.failure import EntryRefused, JournalDamaged, JournalTooNew
from stratc.runtime.journal.kinds import FORMER, KINDS, Body
from stratc.runtime.journal.leaf import leaf_bytes
from stratc.runtime.journal.merkle import leaf_hash

# A report of a venue is kept raw; beyond this it is no message but a mistake.
BODY_BYTES_MAX: Final = 1 << 20
ACTOR: Final = re.compile(r"[!-~]{1,200}")
CL_ORD_ID: Final = re.compile(r"[!-~]{1,64}")
# What the columns of every store hold; nanoseconds reach to the year 2262.
WHOLE_MAX: Final = (1 << 63) - 1

ENCODER: Final = msgspec.json.Encoder(order="deterministic")
DECODERS: Final = {kind: msgspec.json.Decoder(body) for kind, body in KINDS.items()}


class Moment(NamedTuple):
    """When, by both clocks: wall is UTC nanoseconds since 1970, mono never goes back while the machine is up."""

    wall_ns: int
    mono_ns: int


Clock = Callable[[], Moment]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller writes: `actor` did it (`human:alice`, `golden_cross@6f1c…`), `cause` is what it follows from."""

    at: Moment
    actor: str
    body: Body
    cl_ord_id: str | None = None
    cause: int | None = None


class Record(msgspec.Struct, frozen=True):
    """A record as it stands in the journal, its fields in the order of every store's columns."""

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

    def leaf(self) -> bytes:
        """The leaf hash that these fields have, whatever `leaf_hash` says."""
        return leaf_hash(
            leaf_bytes(
                self.sequence, self.wall_ns, self.mono_ns, self.actor, self.kind,
                self.cl_ord_id, self.cause, self.schema, self.body,
            )
        )  # fmt: skip

    def read(self) -> Body:
        """What it says; raises where this stratc has no such kind, or the bytes are not of it."""
        return decode(self.kind, self.schema, self.body)


def encode(body: Body) -> bytes:
    """The canonical bytes of a body; raises `EntryRefused` where they would not be read back as that body."""
    decoder = DECODERS.get(body.kind)
    if decoder is None or decoder.type is not type(body):
        raise EntryRefused(f"`{type(body).__name__}` is no kind of the journal; the kinds stand in journal/kinds.py")
    try:
        data = ENCODER.encode(body)
        same = decoder.decode(data) == body
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as problem:
        raise EntryRefused(f"a body of kind `{body.kind}` cannot be written: {problem}") from problem
    if not same:
        raise EntryRefused(f"a body of kind `{body.kind}` would not be read back as it is: {body!r:.200}")
    if len(data) > BODY_BYTES_MAX:
        raise EntryRefused(f"a body of kind `{body.kind}` has {len(data):,} bytes; the limit is {BODY_BYTES_MAX:,}")
    return data


def decode(kind: str, schema: int, data: bytes) -> Body:
    """The body in these bytes."""
    known = KINDS.get(kind)
    if known is None or schema > known.schema:
        raise JournalTooNew(
            f"records of kind `{kind}` and schema {schema} are of a newer stratc; read them with that one"
        )
    try:
        if schema == known.schema:
            return DECODERS[kind].decode(data)
        return msgspec.json.decode(data, type=FORMER[kind, schema])
    except (msgspec.MsgspecError, KeyError) as problem:
        raise JournalDamaged(f"a body of kind `{kind}` and schema {schema} cannot be read: {problem}") from problem


def check(entry: Entry, next_sequence: int) -> None:
    """Raises `EntryRefused` where anything but the body is not fit for a record of that sequence."""
    if ACTOR.fullmatch(entry.actor) is None:
        raise EntryRefused(f"an actor is 1 to 200 printable characters without spaces, not {entry.actor!r:.80}")
    if entry.cl_ord_id is not None and CL_ORD_ID.fullmatch(entry.cl_ord_id) is None:
        raise EntryRefused(f"a client order id is 1 to 64 printable characters, not {entry.cl_ord_id!r:.80}")
    if entry.cause is not None and not 0 < entry.cause < next_sequence:
        raise EntryRefused(f"record {next_sequence} cannot follow from record {entry.cause}, which is not before it")
    for name, value in (("wall", entry.at.wall_ns), ("monotonic", entry.at.mono_ns)):
        if not 0 <= value <= WHOLE_MAX:
            raise EntryRefused(f"{value} is no {name} time in nanoseconds")


def make_record(entry: Entry, sequence: int, body: bytes) -> Record:
    """The record of a checked entry with its encoded body."""
    at, kind, schema = entry.at, entry.body.kind, entry.body.schema
    data = leaf_bytes(sequence, at.wall_ns, at.mono_ns, entry.actor, kind, entry.cl_ord_id, entry.cause, schema, body)
    return Record(
        sequence, at.wall_ns, at.mono_ns, entry.actor, kind, entry.cl_ord_id, entry.cause, schema, body, leaf_hash(data)
    )
