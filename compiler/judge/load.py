"""Reading rule packs from disk: the rim of judging. The packs themselves are texts from here on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from stratc.compiler.judge.pack import PACK_FILE, Pack, read_pack
from stratc.rules import packs_root

# How the texts of a folder become a pack: `read_pack`, or what gives the same sooner.
Read = Callable[[str, Mapping[str, str]], Pack]


def load_pack(folder: Path, read: Read = read_pack) -> Pack:
    """The pack in a folder; raises `PackRefused` and `OSError`."""
    return read(folder.name, texts_of(folder))


def texts_of(folder: Path) -> dict[str, str]:
    """The texts that make up a pack; what else lies in its folder, such as a signature, is none of it."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in {".md", ".toml"} and path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def load_packs(roots: Sequence[Path] = (), read: Read = read_pack) -> tuple[Pack, ...]:
    """The packs that ship with stratc, then those in further folders, each in the order of their names."""
    return tuple(load_pack(folder, read) for folder in pack_folders(roots))


def pack_folders(roots: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Where those packs are."""
    return tuple(path.parent for root in (packs_root(), *roots) for path in sorted(root.glob(f"*/{PACK_FILE}")))
