"""What was worked out before, kept as JSON under the user's cache in files named after all that it came from.

A folder that others can write is not used, a file that cannot be read is made again, and where nothing can be kept the
work is just done. Every file begins with a seal over its name and all that follows: what was damaged, cut or put under
another name is made again too. A seal keeps out accidents; nobody but the user can write where the files are.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
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
        seal, _, text = (place / f"{digest}.json").read_text("utf-8").partition("\n")
        if seal != seal_of(folder, digest, text):
            return None
        return decode(json.loads(text), kinds)
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None


def keep(folder: str, digest: str, value: object) -> None:
    """Written whole or not at all; a cache that cannot be written is only slower."""
    file = user_cache() / folder / f"{digest}.json"
    text = json.dumps(encode(value), separators=(",", ":"))
    room = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        room.write_text(f"{seal_of(folder, digest, text)}\n{text}", "utf-8")
        room.replace(file)
        _forget_old(file.parent)
    except OSError:
        with suppress(OSError):
            room.unlink(missing_ok=True)


def seal_of(folder: str, digest: str, text: str) -> str:
    """What the first line of a kept file has to be."""
    return sha256(f"{folder}/{digest}\n{text}".encode()).hexdigest()


@cache
def _forget_old(folder: Path) -> None:
    """Leave what was used within the last days; once in a process, for a folder may hold thousands."""
    for other in folder.iterdir():
        if time.time() - other.stat().st_mtime > FORGOTTEN_SECONDS:
            other.unlink(missing_ok=True)


@cache
def code_digest(packages: tuple[str, ...], *, below: bool) -> str:
    """Of the files of some packages, and of those `below` them, by name, size and time: to read them all takes as long
    as some of what is kept."""
    digest = sha256()
    for package in packages:
        found = find_spec(package)
        for folder in () if found is None else found.submodule_search_locations or ():
            for line in sorted(_facts(folder, "", below=below)):
                digest.update(line.encode())
    return digest.hexdigest()


def _facts(folder: str, under: str, *, below: bool) -> Iterator[str]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir():
                if below and entry.name != "__pycache__":
                    yield from _facts(entry.path, f"{under}{entry.name}/", below=True)
            elif not entry.name.endswith(".pyc"):
                facts = entry.stat()
                yield f"{under}{entry.name} {facts.st_size} {facts.st_mtime_ns}\n"


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
