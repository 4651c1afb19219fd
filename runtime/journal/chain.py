"""The tree of one segment as it grows: which sequence is next, when the tree is signed, and what the head says.

Pure: entries and moments go in, records come out. Assumes that every record it makes is written, in that order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stratc.runtime.journal.failure import JournalDamaged
from stratc.runtime.journal.head import SignedHead, head_message
from stratc.runtime.journal.keys import Signer, is_signed_by
from stratc.runtime.journal.kinds import SIGNED_AT, Body, Head, Opened, Previous, Sealed
from stratc.runtime.journal.merkle import Frontier
from stratc.runtime.journal.record import Entry, Moment, Record, check, encode, make_record
from stratc.runtime.model.key_id import key_id

HEAD_RECORDS: Final = 1_000
HEAD_NS: Final = 10_000_000_000
FORMAT: Final = 1
ACTOR: Final = "stratc"


class Chain:
    """One segment: its identity and its tree so far."""

    def __init__(self, opened: Opened, first_sequence: int) -> None:
        self.opened = opened
        self.first_sequence = first_sequence
        self.tree = Frontier()
        self.unsigned = 0  # records since the last head
        self.signed_mono_ns: int | None = None
        self.sealed = False

    @property
    def next_sequence(self) -> int:
        return self.first_sequence + self.tree.size

    def is_due(self, at: Moment, kind: str) -> bool:
        """Whether the tree is to be signed after a record of this kind. A clock set back counts as long ago."""
        if kind in SIGNED_AT or self.unsigned >= HEAD_RECORDS:
            return True
        return self.signed_mono_ns is not None and not 0 <= at.mono_ns - self.signed_mono_ns < HEAD_NS

    def extend(self, entry: Entry) -> Record:
        """The next record; raises `EntryRefused` and is unchanged where the entry is not fit for one."""
        check(entry, self.next_sequence)
        return self.take(make_record(entry, self.next_sequence, encode(entry.body)), entry.at.mono_ns)

    def take(self, record: Record, mono_ns: int) -> Record:
        """Count a record that is the next one."""
        self.tree.append(record.leaf_hash)
        if self.signed_mono_ns is None:
            self.signed_mono_ns = mono_ns
        if record.kind == Head.kind:
            self.unsigned, self.signed_mono_ns = 0, mono_ns
        else:
            self.unsigned += 1
        self.sealed = self.sealed or record.kind == Sealed.kind
        return record

    def sign(self, at: Moment, signer: Signer | None) -> tuple[Record, SignedHead]:
        """The head of the tree as it stands, as its next record and as what leaves the host."""
        root = self.tree.root().hex()
        parts = (self.opened.journal, self.first_sequence, self.tree.size, root, at.wall_ns)
        signature = signer.sign(head_message(*parts)) if signer else None
        head = SignedHead(
            journal=parts[0], first_sequence=parts[1], size=parts[2], root=root, wall_ns=at.wall_ns,
            public_key=signer.public_key if signer else None, signature=signature,
        )  # fmt: skip
        body = Head(
            journal=head.journal, first_sequence=head.first_sequence, size=head.size, root=root, wall_ns=at.wall_ns,
            public_key=head.public_key, signature=signature,
        )  # fmt: skip
        return self.extend(own_entry(at, body)), head

    def ending(self) -> Previous:
        """How the next segment names this one."""
        return Previous(
            day=self.opened.day,
            last_sequence=self.next_sequence - 1,
            size=self.tree.size,
            root=self.tree.root().hex(),
        )


def own_entry(at: Moment, body: Body) -> Entry:
    return Entry(at=at, actor=ACTOR, body=body)


def open_chain(
    at: Moment, *, journal: str, day: str, program: str, signer: Signer | None, previous: Previous | None
) -> tuple[Chain, Record]:
    """A new segment and its first record."""
    opened = Opened(
        journal=journal, day=day, format=FORMAT, program=program,
        public_key=signer.public_key if signer else None, previous=previous,
    )  # fmt: skip
    chain = Chain(opened, previous.last_sequence + 1 if previous else 1)
    return chain, chain.extend(own_entry(at, opened))


def seal_chain(chain: Chain, at: Moment, signer: Signer | None) -> tuple[Record, Record, SignedHead]:
    """The two last records of a segment, and its last head."""
    sealed = chain.extend(own_entry(at, Sealed(day=chain.opened.day, records=chain.tree.size)))
    return sealed, *chain.sign(at, signer)


def resume_chain(records: Iterable[Record]) -> tuple[Chain, Record]:
    """The chain of a segment that is there, every record of it verified, and its last record.

    Raises `JournalDamaged` where a record is not as it was written.
    """
    chain: Chain | None = None
    last: Record | None = None
    for last in records:
        if chain is None:
            chain = Chain(_opened(last), last.sequence)
        if last.sequence != chain.next_sequence:
            raise _damaged(chain.next_sequence, "is missing")
        if last.leaf() != last.leaf_hash:
            raise _damaged(last.sequence, "is not as it was written")
        if last.kind == Head.kind:
            _check_head(chain, last)
        chain.take(last, last.mono_ns)
    if chain is None or last is None:
        raise JournalDamaged("a segment has no record")
    return chain, last


def _opened(record: Record) -> Opened:
    opened = record.read()
    if not isinstance(opened, Opened):
        raise _damaged(record.sequence, "is the first of its segment and does not open it")
    return opened


def _check_head(chain: Chain, record: Record) -> None:
    head = record.read()
    assert isinstance(head, Head)
    if (head.size, head.root) != (chain.tree.size, chain.tree.root().hex()):
        raise _damaged(record.sequence, "is a head of other records than those before it")
    key = chain.opened.public_key
    parts = (head.journal, head.first_sequence, head.size, head.root, head.wall_ns)
    if key and not (head.signature and is_signed_by(key, head.signature, head_message(*parts))):
        raise _damaged(record.sequence, f"is a head that {key_id(key)} did not sign")


def _damaged(sequence: int, how: str) -> JournalDamaged:
    return JournalDamaged(f"record {sequence} {how}; nothing is written to this journal: see stratc audit verify")
