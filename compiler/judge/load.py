"""Reading rule packs from disk: the rim of judging. The packs themselves are texts from here on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from stratc.compiler.judge.pack import PACK_FILE, Pack, PackRefused, read_pack, refuse_twins
from stratc.rules import packs_root

SUFFIXES: Final = frozenset({".md", ".toml"})
FILE_BYTES_MAX: Final = 1_000_000

# How the texts of a folder become a pack: `read_pack`, or what gives the same sooner.
Read = Callable[[str, Mapping[str, str]], Pack]


def load_pack(folder: Path, read: Read = read_pack) -> Pack:
    """The pack in a folder; raises `PackRefused` and `OSError`."""
    return read(folder.name, texts_of(folder))


def texts_of(folder: Path) -> dict[str, str]:
    """The texts that make up a pack; what else lies in its folder, such as a signature, is none of it.

    What looks like a text of the pack and cannot be read as one refuses the pack; it is never left out.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.casefold() in SUFFIXES and not path.is_dir()]
    home = folder.resolve()
    return {path.relative_to(folder).as_posix(): _text(path, folder, home) for path in files}


def _text(path: Path, folder: Path, home: Path) -> str:
    file = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    if path.suffix not in SUFFIXES:
        raise PackRefused(f"{file} ends in `{path.suffix}`; write `{path.suffix.casefold()}`")
    # What a link leads to elsewhere is neither the pack's nor its owner's to answer for.
    if not path.resolve().is_relative_to(home):
        raise PackRefused(f"{file} is a link that leads out of the pack's folder")
    if not path.is_file():
        raise PackRefused(f"{file} is no file")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise PackRefused(f"{file} has {path.stat().st_size:,} bytes; the limit is {FILE_BYTES_MAX:,}")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise PackRefused(f"{file} is not UTF-8 text") from None


def load_packs(roots: Sequence[Path] = (), read: Read = read_pack) -> tuple[Pack, ...]:
    """The packs that ship with stratc, then those in further folders, each in the order of their names."""
    packs = tuple(load_pack(folder, read) for folder in pack_folders(roots))
    refuse_twins(packs)
    return packs


def pack_folders(roots: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Where those packs are."""
    return tuple(path.parent for root in (packs_root(), *roots) for path in sorted(root.glob(f"*/{PACK_FILE}")))
