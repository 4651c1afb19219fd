"""Files that a command writes: whole or not at all.

Text goes to a temporary file in the same folder, which takes the name only when it is complete, so an interrupted
command, a full disk or a missing permission leaves what was there before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stratc.compiler.shell.exits import Refused


def replace_file(path: Path, text: str) -> None:
    """Write `text` to `path`, atomically; a refusal names what could not be done."""
    with replacing(path, mode=0o644) as temporary:
        temporary.write_text(text, encoding="utf-8")


def create_file(path: Path, text: str) -> None:
    """Write a new file; a file that exists is never overwritten."""
    if path.exists():
        raise Refused(f"{path} exists already", "choose another name; nothing was written")
    replace_file(path, text)


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[Path]:
    """A temporary file beside `path`, for who writes in pieces; it takes the name of `path` when the block ends well.

    What is new has the mode, by default its owner's alone; what is replaced keeps its own.
    """
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise _refused(path, problem) from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else mode)
        temporary.replace(path)
    except OSError as problem:
        raise _refused(path, problem) from None
    finally:
        temporary.unlink(missing_ok=True)


def _refused(path: Path, problem: OSError) -> Refused:
    return Refused(f"{path} cannot be written: {problem.strerror}", "choose another place or make room")
