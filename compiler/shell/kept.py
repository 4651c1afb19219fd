"""What was worked out before, kept as JSON under the user's cache in files named after all that it came from.

A folder that others can write is not used, a file that cannot be read is made again, and where nothing can be kept the
work is just done.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable
from hashlib import sha256
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
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as room:
            room.write(json.dumps(encode(value), separators=(",", ":")))
        Path(room.name).replace(file)
        for other in file.parent.iterdir():
            if time.time() - other.stat().st_mtime > FORGOTTEN_SECONDS:
                other.unlink(missing_ok=True)
    except OSError:
        return


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
