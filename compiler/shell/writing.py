"""Files that a command writes: whole or not at all.

Text goes to a temporary file in the same folder, which takes the name only when it is complete, so an interrupted
command, a full disk or a missing permission leaves what was there before.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stratc.compiler.shell.exits import Refused


def replace_file(path: Path, text: str) -> None:
    """Write `text` to `path`, atomically; a refusal names what could not be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}", "choose another place or make room") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}", "choose another place or make room") from None
    finally:
        temporary.unlink(missing_ok=True)


def create_file(path: Path, text: str) -> None:
    """Write a new file; a file that exists is never overwritten."""
    if path.exists():
        raise Refused(f"{path} exists already", "choose another name; nothing was written")
    replace_file(path, text)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside `path`, for who writes in pieces; it takes the name of `path` when the block ends well.

    What is new is its owner's alone.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}", "choose another place or make room") from None
    temporary = Path(name)
    try:
        yield temporary
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}", "choose another place or make room") from None
    finally:
        temporary.unlink(missing_ok=True)
