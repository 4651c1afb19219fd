"""Who writes a journal: a lock that ends with its holder, and the holder's name in it."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Final

from stratc.runtime.journal.failure import JournalError, JournalExposed, JournalHeld

LOCK: Final = "lock"
TEXT_BYTES_MAX: Final = 4_000
# On Windows a lock keeps others from reading the locked bytes, so it is on one beyond the holder's name.
LOCKED_BYTE: Final = 1 << 20


def private_folder(folder: Path) -> None:
    """Make the folder for its owner alone, or raise `JournalExposed` where others may enter it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as problem:
        raise JournalError(f"the journal's folder {folder} cannot be made: {problem.strerror}") from problem
    if os.name == "posix" and mode & 0o077:
        raise JournalExposed(f"others may enter the journal's folder {folder}: chmod 700 {folder}")


class Hold:
    """The lock of a journal's folder, held until `let_go` or the end of the process."""

    def __init__(self, folder: Path, program: str, since: str) -> None:
        """Raises `JournalHeld` with the holder's name where another process, or another object of this one, has it."""
        path = folder / LOCK
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise JournalError(f"{path} cannot be opened: {problem.strerror}") from problem
        if not _locked(self._handle):
            text = os.pread(self._handle, TEXT_BYTES_MAX, 0) if os.name == "posix" else b""
            os.close(self._handle)
            raise JournalHeld(f"the journal {folder} is written by {_holder(text)}; stop that one first")
        me = {"pid": os.getpid(), "host": socket.gethostname(), "program": program, "since": since}
        os.ftruncate(self._handle, 0)
        os.write(self._handle, json.dumps(me).encode())

    def let_go(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(text: bytes) -> str:
    try:
        found = json.loads(text)
        return f"process {found['pid']} on {found['host']} ({found['program']}, since {found['since']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
