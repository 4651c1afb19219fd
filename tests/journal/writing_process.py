"""A process that writes to a journal and says each acknowledged record on stdout, until somebody kills it.

python writing_process.py FOLDER
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from stratc.runtime.journal.journal import Hand, keep_no_head, open_journal
from stratc.runtime.journal.kinds import Alarm
from stratc.runtime.journal.record import Entry, Moment
from stratc.runtime.journal.sqlite_store import SqliteStore


def clock() -> Moment:
    return Moment(time.time_ns(), time.monotonic_ns())


def main(folder: Path) -> None:
    hand = Hand(program="killed", clock=clock, signer=None, take_head=keep_no_head)
    journal = open_journal(SqliteStore(folder, program="killed", since="now"), hand, day="2026-11-28")
    while True:
        batch = []
        for _ in range(1 + journal.next_sequence % 7):
            body = Alarm(name="kill", severity="notice", told=f"{journal.next_sequence}" + "x" * 300)
            batch.append(journal.append(Entry(at=clock(), actor="killed", body=body)))
        journal.commit()
        os.write(1, "".join(f"{sequence}\n" for sequence in batch).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
