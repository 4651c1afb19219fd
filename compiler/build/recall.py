"""From a source text to its build without compiling anything: which entry of the cache a text led to last time.

A key stands for everything that a build depends on: the text, the settings that are compiled in, the tools and every
file of stratc itself. It is remembered as a small file that holds the build's digest; a wrong or stale one cannot be
taken for a build, because keys are digests and entries are verified.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import stratc.compiler
import stratc.dsl
import stratc.rules
import stratc.runtime
from stratc.compiler.build.cache import fetch
from stratc.compiler.build.toolchain import Toolchain, c_flags
from stratc.runtime.artefact.load import own_abi

KEYS: Final = "by-source"
DIGEST_LENGTH: Final = 64
ROOMS: Final = (stratc.dsl, stratc.compiler, stratc.rules, stratc.runtime)


def source_key(source_text: str, settings: Sequence[str], toolchain: Toolchain, *, optimize: bool) -> str:
    """`settings`: all that the build depends on besides the text, such as account, packs and date, as texts."""
    parts = (source_text, *settings, toolchain.stamp, *c_flags(optimize=optimize), own_abi(), sys.version, own_stamp())
    digest = sha256()
    for part in parts:
        digest.update(f"{len(part)}\n{part}".encode())
    return digest.hexdigest()


def own_stamp() -> str:
    """Changes when any file of the four rooms does."""
    return "\n".join(sorted(stamp for room in ROOMS for folder in room.__path__ for stamp in _stamps(folder)))


def _stamps(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _stamps(entry.path)
            elif entry.is_file():
                facts = entry.stat()
                yield f"{entry.path} {facts.st_size} {facts.st_mtime_ns}"


def recall(cache: Path, key: str) -> Path | None:
    """The whole build that this key led to, if it is still there."""
    try:
        digest = (cache / KEYS / key).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    well_formed = len(digest) == DIGEST_LENGTH and digest.isalnum()
    return fetch(cache, digest) if well_formed else None


def remember(cache: Path, key: str, digest: str) -> None:
    """Writes the key down in one step; where the cache cannot be written, nothing is remembered and nothing is lost."""
    try:
        (cache / KEYS).mkdir(mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cache / KEYS, delete=False, encoding="ascii") as room:
            room.write(digest)
        Path(room.name).replace(cache / KEYS / key)
    except OSError:
        return
