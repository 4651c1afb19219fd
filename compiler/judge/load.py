"""Reading rule packs from disk: the rim of judging. The packs themselves are texts from here on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stratc.compiler.judge.pack import PACK_FILE, Pack, read_pack
from stratc.rules import packs_root


def load_pack(folder: Path) -> Pack:
    """The pack in a folder; raises `PackRefused` and `OSError`."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in {".md", ".toml"} and path.is_file()]
    return read_pack(folder.name, {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files})


def load_packs(roots: Sequence[Path] = ()) -> tuple[Pack, ...]:
    """The packs that ship with stratc, then those in further folders, each in the order of their names."""
    folders = [path.parent for root in (packs_root(), *roots) for path in sorted(root.glob(f"*/{PACK_FILE}"))]
    return tuple(load_pack(folder) for folder in folders)
