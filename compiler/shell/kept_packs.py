"""Rule packs as they were read before: parsing their rules takes longer than all the rest of a check."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from stratc.compiler.judge import diagnostics, pack, rulefile, ruletree, scenario_text
from stratc.compiler.judge.pack import Pack, read_pack
from stratc.compiler.shell.kept import digest_of, find, keep
from stratc.compiler.shell.record_text import kinds_of
from stratc.dsl import source

FOLDER: Final = "packs"
READERS: Final = ("stratc.compiler.judge", "stratc.dsl", "stratc.compiler.shell", "stratc.runtime.model")
READER_ENDINGS: Final = (".py", ".lark")
MODULES: Final = (diagnostics, pack, rulefile, ruletree, scenario_text, source)


def read_kept_pack(name: str, texts: Mapping[str, str]) -> Pack:
    """What `read_pack` would give; raises `PackRefused`."""
    digest = digest_of((name, *(part for file in sorted(texts) for part in (file, texts[file]))), _code_digest())
    found = find(FOLDER, digest, kinds_of(MODULES))
    if isinstance(found, Pack):
        return found
    made = read_pack(name, texts)
    keep(FOLDER, digest, made)
    return made


@cache
def _code_digest() -> str:
    """Of the code and the grammars that a pack is read with."""
    digest = sha256()
    for package in READERS:
        for entry in sorted(files(package).iterdir(), key=lambda each: each.name):
            if entry.name.endswith(READER_ENDINGS):
                digest.update(entry.read_bytes())
    return digest.hexdigest()
