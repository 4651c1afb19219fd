"""Files of blocks, read from the strategy's folder and from nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.reading import STDIN, read_bytes, read_source

if TYPE_CHECKING:
    from stratc.dsl.source import Source

BLOCK_BYTES_MAX: Final = 1_000_000


def read_strategy(path: Path) -> Source:
    """The strategy text of a file with the texts of all blocks that it uses; a text from stdin has none beside it."""
    from stratc.compiler.workbench.blocks import with_blocks

    source = read_source(path)
    if path == STDIN:
        return source
    return with_blocks(source, lambda wanted: _read_block(path.parent, wanted))


def _read_block(folder: Path, wanted: str) -> str | None:
    """The text of a block's file; None where there is none. A link that leads out of the folder is refused."""
    from stratc.dsl.parser import decode
    from stratc.dsl.source import Source

    path = folder / wanted
    if not path.exists():
        return None
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"block {path} lies outside of the strategy's folder", "put the file itself there, not a link")
    decoded = decode(str(path), read_bytes(path, what="block", most=BLOCK_BYTES_MAX))
    if not isinstance(decoded, Source):
        raise Refused(f"{path}: {decoded.message} [{decoded.code}]", " ".join(decoded.helps))
    return decoded.text
