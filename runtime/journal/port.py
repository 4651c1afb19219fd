"""The port: what a store of records is, whichever database keeps it. `sqlite_store` and `postgres_store` are two.

A store keeps rows in segments, one a trading day, and never changes or drops one. It knows nothing of trees, heads or
kinds: those are the journal's, so that a new store is short. `testing/check_journal.py` is the conformance kit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from stratc.runtime.journal.record import Record


class Store(Protocol):
    """One writer's hold on a journal; raises `JournalError`s. Rows come oldest first."""

    def days(self) -> tuple[str, ...]:
        """The days that have a segment, oldest first; a segment has at least one record."""

    def resume(self) -> int:
        """Make ready to write to the newest segment; the bytes of a torn tail that were dropped."""

    def begin(self, day: str, first: Sequence[Record]) -> None:
        """A new segment with its first records, wholly there or not at all; rows are written to it from now on."""

    def write(self, records: Sequence[Record]) -> None:
        """Add records to the newest segment, all or none, and durable on return."""

    def seal(self) -> None:
        """Nothing is written to the newest segment any more, by whatever the store has against it."""

    def rows_of_day(self, day: str) -> Iterator[Record]:
        """A whole segment."""

    def row(self, sequence: int) -> Record | None:
        """One record by its sequence."""

    def rows_of_order(self, cl_ord_id: str) -> Iterator[Record]:
        """All that was written about a client order id."""

    def rows_of_kind(self, kind: str) -> Iterator[Record]:
        """All records of a kind."""

    def rows_caused_by(self, sequence: int) -> Iterator[Record]:
        """The records that name this one as their cause."""

    def rows_from(self, sequence: int) -> Iterator[Record]:
        """This record and all after it."""

    def close(self) -> None:
        """Let go; nothing is lost where it is not called."""
