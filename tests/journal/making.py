"""Journals for tests: a clock that moves a millisecond at each look, a key, and short ways to open and to write."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stratc.runtime.journal.head import SignedHead
from stratc.runtime.journal.journal import Hand, HeadTaker, Journal, keep_no_head, open_journal
from stratc.runtime.journal.keys import Signer
from stratc.runtime.journal.kinds import Alarm
from stratc.runtime.journal.record import Clock, Entry, Moment
from stratc.runtime.journal.sqlite_store import SqliteStore

DAY = "2026-11-28"
IDENTITY = "0123456789abcdef" * 2
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
MILLISECOND = 1_000_000


def ticking(start_ns: int = 1_795_000_000_000_000_000) -> Clock:
    ticks = count(1)

    def clock() -> Moment:
        tick = next(ticks) * MILLISECOND
        return Moment(start_ns + tick, tick)

    return clock


CLOCK = ticking()


def hand(*, signer: Signer | None = SIGNER, take_head: HeadTaker = keep_no_head, clock: Clock = CLOCK) -> Hand:
    return Hand(program="stratc test", clock=clock, signer=signer, take_head=take_head)


def store_in(folder: Path, vfs: str | None = None) -> SqliteStore:
    return SqliteStore(folder, program="stratc test", since="2026-11-28T08:00:00Z", vfs=vfs)


def open_in(
    folder: Path, *, day: str = DAY, signer: Signer | None = SIGNER, take_head: HeadTaker = keep_no_head,
    clock: Clock = CLOCK, vfs: str | None = None,
) -> Journal:  # fmt: skip
    used = hand(signer=signer, take_head=take_head, clock=clock)
    return open_journal(store_in(folder, vfs), used, day=day, identity=IDENTITY)


def alarm(told: str = "look", *, order: str | None = None, cause: int | None = None) -> Entry:
    body = Alarm(name="test", severity="notice", told=told)
    return Entry(at=CLOCK(), actor="tests", body=body, cl_ord_id=order, cause=cause)


def file_of(folder: Path, day: str = DAY) -> Path:
    return folder / f"{day}.journal"


def written(folder: Path, records: int, *, taker: Callable[[SignedHead], None] = keep_no_head) -> Path:
    """The file of a closed journal with so many alarms."""
    with open_in(folder, take_head=taker) as journal:
        for number in range(records):
            journal.append(alarm(f"number {number}", order=f"S{number % 3}"))
        journal.commit()
    return file_of(folder)
