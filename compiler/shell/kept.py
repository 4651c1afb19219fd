"""What was worked out before, kept as JSON under the user's cache in files named after all that it came from.

A folder that others can write is not used, a file that cannot be read is made again, and where nothing can be kept the
work is just done.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from stratc.compiler.build.user_cache import user_cache
from stratc.compiler.shell.record_text import Kinds, decode, encode

FORGOTTEN_SECONDS: Final = 30 * 24 * 3600


def find(folder: str, digest: str, kinds: Kinds) -> Any:
    """What was kept there under that digest; None where nothing was, or nothing that can be used."""
    place = user_cache() / folder
    if not _is_ours(place):
        return None
    try:
        return decode(json.loads((place / f"{digest}.json").read_text("utf-8")), kinds)
    except (OSError, ValueError, TypeError, LookupError):
        return None


def keep(folder: str, digest: str, value: object) -> None:
    """Written whole or not at all; a cache that cannot be written is only slower."""
    file = user_cache() / folder / f"{digest}.json"
    text = json.dumps(encode(value), separators=(",", ":"))
    room = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        room.write_text(text, "utf-8")
        room.replace(file)
        for other in file.parent.iterdir():
            if time.time() - other.stat().st_mtime > FORGOTTEN_SECONDS:
                other.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            room.unlink(missing_ok=True)


@cache
def code_digest(packages: tuple[str, ...], *, below: bool) -> str:
    """Of the files of some packages, and of those `below` them, by name, size and time: to read them all takes as long
    as some of what is kept."""
    digest = sha256()
    for package in packages:
        with as_file(files(package)) as folder:
            for file in sorted(Path(folder).rglob("*") if below else Path(folder).iterdir()):
                if file.is_file() and file.suffix != ".pyc":
                    facts = file.stat()
                    digest.update(f"{file.relative_to(folder)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def digest_of(parts: Iterable[str], code: str) -> str:
    """Of texts, and of the code that works on them."""
    digest = sha256(code.encode())
    for part in parts:
        digest.update(f"{len(part)}\n{part}".encode())
    return digest.hexdigest()


def _is_ours(folder: Path) -> bool:
    """Nobody but the user can write there."""
    try:
        facts = folder.stat()
    except OSError:
        return False
    return os.name != "posix" or (facts.st_uid == os.getuid() and not facts.st_mode & 0o022)
