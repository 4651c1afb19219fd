"""Rule packs as they were read before: parsing their rules takes longer than all the rest of a check.

The texts of rules are read anyway, for they name what is kept; what is kept goes without them, and without what is read
from them when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stratc.compiler.judge import diagnostics, pack, policies, rulefile, ruletree, scenario_text, waivers
from stratc.compiler.judge.pack import Pack, read_pack
from stratc.compiler.shell.kept import code_digest, digest_of, find, keep
from stratc.compiler.shell.record_text import kinds_of
from stratc.dsl import source

FOLDER: Final = "packs"
READERS: Final = ("stratc.compiler.judge", "stratc.dsl", "stratc.compiler.shell", "stratc.runtime.model")
MODULES: Final = (diagnostics, pack, policies, rulefile, ruletree, scenario_text, source, waivers)


def read_kept_pack(name: str, texts: Mapping[str, str]) -> Pack:
    """What `read_pack` would give; raises `PackRefused`."""
    parts = (part for file in sorted(texts) for part in (file, texts[file]))
    digest = digest_of((name, *parts), code_digest(READERS, below=False))
    found = find(FOLDER, digest, kinds_of(MODULES))
    if isinstance(found, Pack) and all(rule.name in texts for rule in found.rules):
        return replace(found, rules=tuple(replace(rule, text=texts[rule.name]) for rule in found.rules))
    made = read_pack(name, texts)
    keep(FOLDER, digest, replace(made, rules=tuple(replace(rule, text="") for rule in made.rules)))
    return made
