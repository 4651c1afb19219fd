"""What searches for counterexamples came to: they take seconds, and what they found is replayed in milliseconds.

Kept under a digest of all that a search depends on: program, instruments, observers, account, day, budget and code.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.kept import digest_of, find, keep
from stratc.compiler.shell.record_text import encode, kinds_of

if TYPE_CHECKING:
    from stratc.compiler.judge.search import Outcome

FOLDER: Final = "searches"
ROOMS: Final = ("stratc.compiler", "stratc.runtime")


class KeptSearches:
    """The searches that this user's cache holds."""

    def find(self, asked: tuple[object, ...]) -> Outcome | None:
        # Whoever asks has imported the search, and with it the engine; who only type-checks has not.
        from stratc.compiler.judge import market, search

        found = find(FOLDER, _digest(asked), kinds_of((market, search)))
        return found if isinstance(found, search.Outcome) else None

    def keep(self, asked: tuple[object, ...], outcome: Outcome) -> None:
        keep(FOLDER, _digest(asked), outcome)


def _digest(asked: tuple[object, ...]) -> str:
    return digest_of((json.dumps(encode(asked), separators=(",", ":")),), _code_digest())


@cache
def _code_digest() -> str:
    """Of the code by its files' names, sizes and times: to read them all would take as long as some searches."""
    digest = sha256()
    for room in ROOMS:
        with as_file(files(room)) as folder:
            for file in sorted(Path(folder).rglob("*")):
                if file.suffix in {".py", ".lark", ".toml"}:
                    facts = file.stat()
                    digest.update(f"{file.relative_to(folder)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
