"""Impact: which strategies of a folder are judged otherwise by another version of a pack, with both verdicts.

Each strategy is judged twice, with the account beside it, by one version and by the other; nothing else differs. The
packs that ship with stratc are no part of it: a change is the change of this pack alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.reading import read_instruments, read_profile
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge.pack import Pack
    from stratc.compiler.judge.verdict import Verdict


@record
class Judged:
    """One strategy: its verdicts by rule under the old and the new version, or why it was not judged."""

    file: Path
    old: tuple[Verdict, ...]
    new: tuple[Verdict, ...]
    problem: str


@record
class Change:
    """A rule whose verdict changes; None where a version has no such rule."""

    rule: str
    old: Verdict | None
    new: Verdict | None


def strategies_in(folder: Path) -> tuple[Path, ...]:
    """Every strategy below a folder, in the order of their paths."""
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder of strategies", "name the folder that holds the .strat files")
    found = tuple(sorted(path for path in folder.rglob("*.strat") if path.is_file()))
    if not found:
        raise Refused(f"there is no strategy in {folder}", "name a folder that holds .strat files")
    return found


def judge_under_both(file: Path, old: Pack, new: Pack, as_of: date, *, budget_seconds: float, fast: bool) -> Judged:
    """One strategy under both versions. Without an account or with errors in its text there are no verdicts."""
    from stratc.compiler import workbench
    from stratc.dsl.diagnostic import has_errors

    try:
        source, profile = read_strategy(file), read_profile(None, file)
        instruments = read_instruments(profile, None, file)
    except Refused as refusal:
        return Judged(file=file, old=(), new=(), problem=refusal.message)
    if profile is None:
        return Judged(file=file, old=(), new=(), problem="there is no account.toml beside it")
    verdicts = []
    for pack in (old, new):
        law = workbench.Law(packs=(pack,), as_of=as_of)
        report = workbench.check(
            source, law, profile, instruments=instruments, budget_seconds=budget_seconds, fast=fast
        )
        if report.judgement is None:
            codes = ", ".join(dict.fromkeys(each.code for each in report.diagnostics if has_errors((each,))))
            return Judged(file=file, old=(), new=(), problem=f"its text has errors: {codes}")
        verdicts.append(report.judgement.verdicts)
    return Judged(file=file, old=verdicts[0], new=verdicts[1], problem="")


def changes_of(judged: Judged) -> tuple[Change, ...]:
    """The rules of either version whose verdict changes: another status, or a hard block that is none any more."""
    old = {verdict.rule: verdict for verdict in judged.old}
    new = {verdict.rule: verdict for verdict in judged.new}
    found = []
    for rule in dict.fromkeys([*old, *new]):
        before, after = old.get(rule), new.get(rule)
        if _stands(before) != _stands(after):
            found.append(Change(rule=rule, old=before, new=after))
    return tuple(found)


def _stands(verdict: Verdict | None) -> object:
    return None if verdict is None else (verdict.status, verdict.hard_block)


def impact_of(
    files: Sequence[Path],
    old: Pack,
    new: Pack,
    as_of: date,
    advance: Callable[[int, int], None],
    *,
    budget_seconds: float,
    fast: bool,
) -> tuple[Judged, ...]:
    """Every strategy under both versions."""
    found = []
    for number, file in enumerate(files):
        advance(number, len(files))
        found.append(judge_under_both(file, old, new, as_of, budget_seconds=budget_seconds, fast=fast))
    return tuple(found)
