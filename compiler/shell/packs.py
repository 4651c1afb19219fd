"""The rule packs that a command judges by: those that ship with stratc, and those in folders that a user names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.exits import PROBLEMS, Refused

RULE_BYTES_MAX: Final = 1_000_000
LOCK: Final = "packs.lock"

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


def load_locked_packs(roots: Sequence[Path], strategies: Sequence[Path]) -> tuple[Pack, ...]:
    """All packs, held to the lock file beside each strategy; without such a file nothing is asked of them."""
    packs = load_all_packs(roots)
    for lock in dict.fromkeys(path.parent / LOCK for path in strategies):
        # A folder or a link to nothing in the lock's place refuses, as a lock that cannot be read does.
        if os.path.lexists(lock):
            from stratc.compiler.judge.kit.diagnostics import PackNotAsLocked
            from stratc.compiler.shell.signing import not_as_pinned, read_pins
            from stratc.dsl.source import NOWHERE

            loaded = list(zip(pack_folders(roots), packs, strict=True))
            for each in not_as_pinned(read_pins(lock), loaded):
                problem = PackNotAsLocked(span=NOWHERE, pack=each.pack, how=each.how, lock=str(lock)).diagnostic()
                raise Refused(f"{problem.message} [{problem.code}]", " ".join(problem.helps), code=PROBLEMS)
    return packs


def refuse_twin_packs(packs: Sequence[Pack]) -> None:
    """A refusal where two packs or rules go by one name."""
    from stratc.compiler.judge.pack import PackRefused, refuse_twins

    try:
        refuse_twins(packs)
    except PackRefused as problem:
        raise Refused(str(problem), "name each pack once") from None


def pack_folders(roots: Sequence[Path]) -> list[Path]:
    """The folders of all packs."""
    from stratc.compiler.judge.load import pack_folders as found

    return list(found(tuple(roots)))


def texts_of(folder: Path) -> dict[str, str]:
    """The texts of a pack that was read from this folder."""
    from stratc.compiler.judge.load import texts_of as read

    return read(folder)


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
