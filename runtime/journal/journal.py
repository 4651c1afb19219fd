"""The journal as its users hold it: append, commit, read, and follow causes, over whatever store keeps the rows.

`append` gives a record its place and its leaf in the tree; `commit` makes all that was appended durable, in one
transaction, and returns only then. A commit that fails closes the journal: what was not acknowledged may or may not be
there when it is opened again, and nothing is sent in between. One thread at a time: `group.py` is for many callers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from secrets import token_hex
from types import TracebackType
from typing import Final, Self

from stratc.runtime.journal.chain import Chain, open_chain, own_entry, resume_chain, seal_chain
from stratc.runtime.journal.failure import EntryRefused, JournalAhead, JournalBusy, JournalClosed
from stratc.runtime.journal.head import SignedHead
from stratc.runtime.journal.keys import KeyRefused, Signer
from stratc.runtime.journal.kinds import OWN, Head, Previous, Recovered
from stratc.runtime.journal.port import Store
from stratc.runtime.journal.record import Clock, Entry, Moment, Record
from stratc.runtime.model.key_id import key_id

PENDING_MAX: Final = 10_000
IDENTITY_BYTES: Final = 16

HeadTaker = Callable[[SignedHead], None]


def keep_no_head(_: SignedHead) -> None:
    """For who has nowhere to send heads: nothing then shows that records were cut off at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who writes: the program, its clock, the key it signs with, and where signed heads go."""

    program: str
    clock: Clock
    signer: Signer | None
    take_head: HeadTaker


class Journal:
    """One writer of one journal. `torn_bytes` says what opening dropped of a commit that nobody was told had worked."""

    def __init__(self, store: Store, chain: Chain, hand: Hand) -> None:
        self._store = store
        self._chain = chain
        self._hand = hand
        self._pending: list[Record] = []
        self._heads: list[SignedHead] = []
        self._closed = ""
        self.torn_bytes = 0

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def clock(self) -> Clock:
        return self._hand.clock

    @property
    def next_sequence(self) -> int:
        return self._chain.next_sequence

    @property
    def unsigned(self) -> int:
        """How many records no head covers yet."""
        return self._chain.unsigned

    def append(self, entry: Entry) -> int:
        """The sequence that this entry has; it is durable when `commit` returns."""
        self._require_open()
        if len(self._pending) >= PENDING_MAX:
            raise JournalBusy(f"{PENDING_MAX:,} records wait for a commit; commit them first")
        if entry.body.kind in OWN:
            raise EntryRefused(f"records of kind `{entry.body.kind}` are written by the journal alone")
        record = self._chain.extend(entry)
        self._pending.append(record)
        if self._chain.is_due(entry.at, record.kind):
            self._sign(entry.at)
        return record.sequence

    def commit(self) -> None:
        """Returns when all that was appended is durable; raises a `JournalError` and closes where it cannot be."""
        self._require_open()
        if not self._pending:
            return
        try:
            self._store.write(self._pending)
        except BaseException as problem:
            # Also an interrupt: what of this commit is on the disk is not known.
            self._fail(problem)
            raise
        self._pending = []
        self._publish()

    def write(self, entry: Entry) -> int:
        """Append and commit: the sequence of a durable record."""
        sequence = self.append(entry)
        self.commit()
        return sequence

    def sign_head(self) -> None:
        """Sign the tree as it stands and commit; does nothing where no record came since the last head."""
        self._require_open()
        if self._chain.unsigned:
            self._sign(self._hand.clock())
        self.commit()

    def roll(self, day: str) -> None:
        """Seal the segment of the day that is over and begin the next one."""
        if day <= self._chain.opened.day:
            raise JournalAhead(f"the journal is at {self._chain.opened.day}, and {day} is not after it")
        self.commit()
        try:
            self._roll(self._hand.clock(), day)
        except BaseException as problem:
            self._fail(problem)
            raise
        self._publish()

    def close(self) -> None:
        """Commit, sign and let go. A journal that failed is let go as it is."""
        if self._closed:
            self._store.close()
            return
        try:
            self.sign_head()
        finally:
            self._closed = self._closed or "it was closed"
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def record(self, sequence: int) -> Record | None:
        """A committed record."""
        return self._store.row(sequence)

    def of_order(self, cl_ord_id: str) -> Iterator[Record]:
        return self._store.rows_of_order(cl_ord_id)

    def of_kind(self, kind: str) -> Iterator[Record]:
        return self._store.rows_of_kind(kind)

    def since(self, sequence: int) -> Iterator[Record]:
        """This record and all after it."""
        return self._store.rows_from(sequence)

    def causes_of(self, sequence: int) -> Iterator[Record]:
        """The record, then what caused it, then what caused that, back to what nothing caused."""
        at: int | None = sequence
        while at is not None and (found := self._store.row(at)) is not None:
            yield found
            at = found.cause

    def effects_of(self, sequence: int) -> Iterator[Record]:
        """All that followed from a record, directly or not, nearest first."""
        waiting = [sequence]
        for at in waiting:
            for found in self._store.rows_caused_by(at):
                waiting.append(found.sequence)
                yield found

    # ── the inside ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _sign(self, at: Moment) -> None:
        record, head = self._chain.sign(at, self._hand.signer)
        self._pending.append(record)
        self._heads.append(head)

    def _publish(self) -> None:
        """Heads leave the host only when what they sign is durable: else a crash would look like a theft."""
        heads, self._heads = self._heads, []
        for head in heads:
            self._hand.take_head(head)

    def _roll(self, at: Moment, day: str) -> None:
        # A program that ended between the two halves has sealed the segment already; and one key never seals what
        # another signed: the next segment then names how this one ended.
        signed_by_us = self._chain.opened.public_key == (self._hand.signer.public_key if self._hand.signer else None)
        if signed_by_us and not self._chain.sealed:
            *last, head = seal_chain(self._chain, at, self._hand.signer)
            self._store.write(last)
            self._heads.append(head)
        self._store.seal()
        opened = self._chain.opened
        self._chain, head = begin(self._store, self._hand, at, opened.journal, day, self._chain.ending())
        self._heads.append(head)

    def _recover(self, torn_bytes: int, last: Record) -> None:
        """Say in the journal that the last program did not close it, and what opening it dropped."""
        self.torn_bytes = torn_bytes
        if self._chain.sealed or (last.kind == Head.kind and not torn_bytes):
            return
        at = self._hand.clock()
        why = "the last program ended without closing the journal"
        body = Recovered(records=self._chain.tree.size, torn_bytes=torn_bytes, why=why)
        self._pending.append(self._chain.extend(own_entry(at, body)))
        self._sign(at)
        self.commit()

    def _require_open(self) -> None:
        if self._closed:
            raise JournalClosed(f"the journal takes no more records: {self._closed}; open it again, which verifies it")

    def _fail(self, problem: BaseException) -> None:
        self._closed = f"a commit failed ({problem})"
        self._pending, self._heads = [], []


def open_journal(store: Store, hand: Hand, *, day: str, identity: str | None = None) -> Journal:
    """The journal in a store, verified, at that trading day; a new one where there is none.

    `hand.take_head` is given every signed head once what it signs is durable, to bring it off the host. `identity`, 32
    hexadecimal digits, is what a new journal is called; without one it is drawn. Raises `JournalError`s.
    """
    try:
        days = store.days()
        if not days:
            chain, head = begin(store, hand, hand.clock(), identity or token_hex(IDENTITY_BYTES), day, None)
            journal = Journal(store, chain, hand)
            hand.take_head(head)
            return journal
        return _reopen(store, hand, days[-1], day)
    except BaseException:
        store.close()
        raise


def _reopen(store: Store, hand: Hand, newest: str, day: str) -> Journal:
    if newest > day:
        raise JournalAhead(f"the journal is at {newest}, and {day} is before it: look at the clock")
    torn_bytes = store.resume()
    chain, last = resume_chain(store.rows_of_day(newest))
    journal = Journal(store, chain, hand)
    theirs, ours = chain.opened.public_key, hand.signer.public_key if hand.signer else None
    if newest == day and chain.sealed:
        raise JournalAhead(f"the segment of {day} is sealed: the next one is of a later day")
    if theirs != ours and not (newest < day and last.kind == Head.kind and not torn_bytes):
        told = f"the segment of {newest} is signed by {_named(theirs)}, not by {_named(ours)}"
        raise KeyRefused(told, "sign on with its key: a new one signs from the next day on, once this day was closed")
    if theirs == ours:
        journal._recover(torn_bytes, last)
    if newest < day:
        journal.roll(day)
    return journal


def _named(public_key: str | None) -> str:
    return key_id(public_key) if public_key else "nobody"


def begin(
    store: Store, hand: Hand, at: Moment, identity: str, day: str, previous: Previous | None
) -> tuple[Chain, SignedHead]:
    """A new segment, durable, with its first record and a head of it."""
    chain, first = open_chain(
        at, journal=identity, day=day, program=hand.program, signer=hand.signer, previous=previous
    )
    record, head = chain.sign(at, hand.signer)
    store.begin(day, (first, record))
    return chain, head
