"""The rule packs that a command judges by: those that ship with stratc, and those in folders that a user names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.exits import Refused

RULE_BYTES_MAX: Final = 1_000_000

if TYPE_CHECKING:
    from stratc.compiler.judge.pack import Pack
    from stratc.compiler.judge.rulefile import RuleFile


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


def load_one_pack(folder: Path) -> Pack:
    """The pack in a folder, or a refusal that says why it is none."""
    from stratc.compiler.judge.load import load_pack
    from stratc.compiler.judge.pack import PackRefused

    if not folder.is_dir():
        raise Refused(f"{folder} is no folder of a pack", "name the folder that holds the pack.toml")
    try:
        return load_pack(folder)
    except (PackRefused, OSError, UnicodeDecodeError) as problem:
        raise Refused(f"{folder} cannot be read as a pack: {problem}", "see rules/README.md") from None


def load_rules(place: Path) -> tuple[RuleFile, ...]:
    """The rules of a pack's folder, or the one of a rule file."""
    from stratc.compiler.judge.rulefile import read_rule_file
    from stratc.compiler.shell.reading import read_bytes

    if place.is_dir():
        return load_one_pack(place).rules
    try:
        text = read_bytes(place, what="rule file", most=RULE_BYTES_MAX).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"rule file {place} is not UTF-8 text", "save it as UTF-8") from None
    return (read_rule_file(place.name, text),)
