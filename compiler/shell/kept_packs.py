"""Rule packs as they were read before: parsing their rules takes longer than all the rest of a check.

A pack is kept as JSON under the user's cache, in a file named after the digest of everything that it came from: its
texts, the grammar and the code that reads them. A folder that others can write is not used, a file that cannot be read
is made again, and where nothing can be kept the pack is just read.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from stratc.compiler.build.user_cache import user_cache
from stratc.compiler.judge import diagnostics, pack, rulefile, ruletree, scenario_text
from stratc.compiler.judge.pack import Pack, read_pack
from stratc.compiler.shell.record_text import decode, encode, kinds_of
from stratc.dsl import source

READERS: Final = ("stratc.compiler.judge", "stratc.dsl", "stratc.compiler.shell", "stratc.runtime.model")
READER_ENDINGS: Final = (".py", ".lark")
FORGOTTEN_SECONDS: Final = 30 * 24 * 3600
MODULES: Final = (diagnostics, pack, rulefile, ruletree, scenario_text, source)


def read_kept_pack(name: str, texts: Mapping[str, str]) -> Pack:
    """What `read_pack` would give; raises `PackRefused`."""
    folder = user_cache() / "packs"
    file = folder / f"{_digest(name, texts)}.json"
    if _is_ours(folder):
        try:
            found = decode(json.loads(file.read_text("utf-8")), kinds_of(MODULES))
        except (OSError, ValueError, TypeError, LookupError):
            pass
        else:
            if isinstance(found, Pack):
                return found
    made = read_pack(name, texts)
    _keep(file, json.dumps(encode(made), separators=(",", ":")))
    return made


def _is_ours(folder: Path) -> bool:
    """Nobody but the user can write there."""
    try:
        facts = folder.stat()
    except OSError:
        return False
    return os.name != "posix" or (facts.st_uid == os.getuid() and not facts.st_mode & 0o022)


def _keep(file: Path, text: str) -> None:
    """Written whole or not at all; a cache that cannot be written is only slower."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as room:
            room.write(text)
        Path(room.name).replace(file)
        for other in file.parent.iterdir():
            if time.time() - other.stat().st_mtime > FORGOTTEN_SECONDS:
                other.unlink(missing_ok=True)
    except OSError:
        return


def _digest(name: str, texts: Mapping[str, str]) -> str:
    digest = sha256(_code_digest().encode())
    for part in (name, *(part for file in sorted(texts) for part in (file, texts[file]))):
        digest.update(f"{len(part)}\n{part}".encode())
    return digest.hexdigest()


@cache
def _code_digest() -> str:
    """Of the code and the grammars that a pack is read with."""
    digest = sha256()
    for package in READERS:
        for entry in sorted(files(package).iterdir(), key=lambda each: each.name):
            if entry.name.endswith(READER_ENDINGS):
                digest.update(entry.read_bytes())
    return digest.hexdigest()
