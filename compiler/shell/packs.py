"""The rule packs that a command judges by: those that ship with stratc, and those in folders that a user names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.shell.exits import Refused

if TYPE_CHECKING:
    from stratc.compiler.judge.pack import Pack


def load_all_packs(roots: Sequence[Path]) -> tuple[Pack, ...]:
    """All packs, or a refusal that names the folder that is none."""
    from stratc.compiler.judge.load import load_packs
    from stratc.compiler.judge.pack import PackRefused
    from stratc.compiler.shell.kept_packs import read_kept_pack

    for root in roots:
        if not root.is_dir():
            raise Refused(f"{root} is no folder of packs", "name a folder that holds pack folders")
    try:
        return load_packs(tuple(roots), read_kept_pack)
    except (PackRefused, OSError, UnicodeDecodeError) as problem:
        raise Refused(
            f"the rule packs cannot be read: {problem}", "see rules/README.md for what a pack holds"
        ) from None
