"""The kinds of records, a closed table: what each says, as frozen plain data. A new kind is one class here.

Numbers that are money, prices or quantities stand as decimal text (`Exact`), just as they were decided or told: no
binary fraction enters the journal. Times are UTC nanoseconds. What a body's fields are never changes under its schema
number: who changes a class writes the next number into it and keeps the old class in `FORMER`, because the journal of
last year must still be read.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

import msgspec
from msgspec import Meta

Exact = Annotated[str, Meta(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=4_000)]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{32,128}$")]
# A structure of another room, as the JSON that it wrote: read there, kept here as it came.
Structure = msgspec.Raw
Count = Annotated[int, Meta(ge=0)]
Sequence = Annotated[int, Meta(ge=1)]
Nanoseconds = int


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a record says; `kind` is its word in the journal."""

    kind: ClassVar[str] = ""
    schema: ClassVar[int] = 1


# ── the journal's own ────────────────────────────────────────────────────────────────────────────────────────────────


class Previous(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the segment before this one ended."""

    day: Day
    last_sequence: Sequence
    size: Count
    root: Digest


class Opened(Body, frozen=True, kw_only=True):
    """A segment begins: the first record of every trading day, and the first leaf of its tree."""

    kind = "opened"
    journal: Digest
    day: Day
    format: int
    program: Word
    public_key: Digest | None
    previous: Previous | None


class Recovered(Body, frozen=True, kw_only=True):
    """The last program ended without closing the journal; what was torn was never acknowledged to anybody."""

    kind = "recovered"
    records: Count
    torn_bytes: Count
    why: Text


class Head(Body, frozen=True, kw_only=True):
    """The tree of all records of this segment before this one, signed; copies of it leave the host."""

    kind = "head"
    journal: Digest
    first_sequence: Sequence
    size: Count
    root: Digest
    wall_ns: Nanoseconds
    public_key: Digest | None
    signature: Digest | None


class Sealed(Body, frozen=True, kw_only=True):
    """The segment's day is over: nothing but the last head follows."""

    kind = "sealed"
    day: Day
    records: Count


# ── a session of the program ─────────────────────────────────────────────────────────────────────────────────────────


class Started(Body, frozen=True, kw_only=True):
    """A session of the program begins."""

    kind = "started"
    program: Word
    mode: Literal["backtest", "paper", "live"]
    deployment: Word
    strategy: Word
    artefact_digest: Digest
    account: Word
    account_digest: Digest
    law_day: Day
    packs_digest: Digest


class Stopped(Body, frozen=True, kw_only=True):
    """A session of the program ends in order."""

    kind = "stopped"
    why: Word
    working_orders: Count
    unknown_orders: Count


# ── what the strategy decided, and what became of it ─────────────────────────────────────────────────────────────────


class Denial(Body, frozen=True, kw_only=True):
    """Our guards said no to an intent; the first reason in the order of precedence."""

    kind = "denial"
    intent: Structure
    reason: Word
    detail: Text
    rule: Word | None = None
    citation: Text | None = None


class Sent(Body, frozen=True, kw_only=True):
    """Bytes left, or are about to: written before the first of them does."""

    kind = "sent"
    venue: Word
    what: Literal["new", "cancel", "replace", "query", "cancel_all"]
    attempt: Count
    raw: bytes


class Report(Body, frozen=True, kw_only=True):
    """What the venue said, just as it came, and how it was understood; what was not understood has no exec type."""

    kind = "report"
    venue: Word
    channel: Word
    raw: bytes
    exec_type: Word | None = None
    order_id: Word | None = None
    venue_wall_ns: Nanoseconds | None = None
    quarantined: bool = False


class Status(Body, frozen=True, kw_only=True):
    """An order's status changed."""

    kind = "status"
    before: Word
    after: Word
    cum_qty: Exact
    leaves_qty: Exact
    flags: tuple[Word, ...] = ()


class Event(Body, frozen=True, kw_only=True):
    """What reached the desk, as its own canonical text: stepping through these again gives its state again."""

    kind = "event"
    event: Structure


class Command(Body, frozen=True, kw_only=True):
    """What the desk ordered because of an event; it is durable before a byte of it leaves."""

    kind = "command"
    command: Structure


# ── the account ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Baseline(Body, frozen=True, kw_only=True):
    """A number that a limit is measured from; a restart forgets none."""

    kind = "baseline"
    name: Literal["start", "day_open", "peak"]
    scope: Word
    trading_day: Day
    amount: Exact
    currency: Word


class Halt(Body, frozen=True, kw_only=True):
    """No new risk in this scope from here on."""

    kind = "halt"
    scope: Word
    why: Text
    baseline: Word | None = None


class Release(Body, frozen=True, kw_only=True):
    """A halt is over, because a person or a declared rule said so."""

    kind = "release"
    scope: Word
    why: Text


# ── digests: what replay must reproduce ──────────────────────────────────────────────────────────────────────────────


class Decisions(Body, frozen=True, kw_only=True):
    """All that the strategy decided at one moment, as the digest of its decision log's lines."""

    kind = "decisions"
    moment_ns: Nanoseconds
    count: Count
    digest: Digest
    state_digest: Digest | None = None


class Feed(Body, frozen=True, kw_only=True):
    """A session's market data as they were taken, by digest; the data themselves lie beside the journal."""

    kind = "feed"
    feed: Word
    trading_day: Day
    events: Count
    digest: Digest


# ── people and alarms ────────────────────────────────────────────────────────────────────────────────────────────────


class Operator(Body, frozen=True, kw_only=True):
    """What a person told the program to do; the record's actor says who."""

    kind = "operator"
    command: Word
    arguments: dict[str, str]
    why: Text


class Alarm(Body, frozen=True, kw_only=True):
    """Somebody must look."""

    kind = "alarm"
    name: Word
    severity: Literal["notice", "warning", "critical"]
    told: Text


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS: Final[dict[str, type[Body]]] = {body.kind: body for body in Body.__subclasses__()}
# Bodies as they were under earlier schema numbers, by kind and number.
FORMER: Final[dict[tuple[str, int], type[Body]]] = {}
# Only the journal itself writes these: they say how its tree and its files stand.
OWN: Final = frozenset({Opened.kind, Recovered.kind, Head.kind, Sealed.kind})
# After one of these the tree is signed at once: what stands before it is what somebody will ask about.
SIGNED_AT: Final = frozenset({Halt.kind, Stopped.kind, Sealed.kind})
