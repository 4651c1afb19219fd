"""`stratc pack impact`: the strategies whose verdict another version of a pack changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratc.compiler.shell.cli.commands.check import BUDGET, Budget, Fast
from stratc.compiler.shell.cli.commands.pack import pack_group
from stratc.compiler.shell.cli.options import AsOf, Json
from stratc.compiler.shell.cli.output import print_json, print_text
from stratc.compiler.shell.cli.progress import progress_bar
from stratc.compiler.shell.exits import DONE
from stratc.compiler.shell.packs import load_one_pack
from stratc.compiler.shell.reading import read_date

if TYPE_CHECKING:
    from stratc.compiler.judge.verdict import Verdict
    from stratc.compiler.shell.impact import Change, Judged

Old = Annotated[Path, typer.Argument(metavar="OLD", help="A pack's folder.")]
New = Annotated[Path, typer.Argument(metavar="NEW", help="The other version's folder.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Strategies, each with its account.toml beside it.")]


def show_impact(
    old: Old,
    new: New,
    folder: Folder,
    as_of: AsOf = None,
    budget: Budget = None,
    fast: Fast = False,
    json: Json = False,
) -> None:
    """Judge every strategy of a folder under two versions of a pack, and list those whose verdict changes."""
    from stratc.compiler.shell.impact import changes_of, impact_of, strategies_in

    files = strategies_in(folder)
    day = read_date(as_of)
    before, after = load_one_pack(old), load_one_pack(new)
    with progress_bar("judging", unit="strategies") as advance:
        judged = impact_of(files, before, after, day, advance, budget_seconds=budget or BUDGET, fast=fast)
    changed = [(each, changes_of(each)) for each in judged]
    if json:
        print_json({"ok": True, "as_of": day.isoformat(), "strategies": [document(*each) for each in changed]})
        raise typer.Exit(DONE)
    for each, changes in changed:
        print_judged(each, changes)
    moved = sum(bool(changes) for _, changes in changed)
    left = sum(bool(each.problem) for each in judged)
    skipped = f", {left} not judged" if left else ""
    print_text(f"{moved} of {len(judged)} strategies change under the law of {day}{skipped}")


def print_judged(judged: Judged, changes: tuple[Change, ...]) -> None:
    if judged.problem:
        print_text(f"{judged.file}: not judged: {judged.problem}")
    for change in changes:
        print_text(f"{judged.file}: {change.rule}: {status_of(change.old)} -> {status_of(change.new)}")
        for name, verdict in (("old", change.old), ("new", change.new)):
            if verdict is not None:
                print_text(f"  {name}: {verdict.because}")
                for line in trace_of(verdict):
                    print_text(f"    {line}")


def status_of(verdict: Verdict | None) -> str:
    if verdict is None:
        return "no such rule"
    return verdict.status.value + ("" if verdict.hard_block else " (no hard block)")


def trace_of(verdict: Verdict) -> list[str]:
    """The counterexample, event by event."""
    if verdict.counterexample is None:
        return []
    told = [
        " ".join(part for part in (each.at, each.kind, each.side, each.quantity, each.instrument) if part)
        + (f" @ {each.price}" if each.price else "")
        + (f"  {each.note}" if each.note else "")
        for each in verdict.counterexample.events
    ]
    return [verdict.counterexample.summary, *told]


def document(judged: Judged, changes: tuple[Change, ...]) -> dict[str, object]:
    return {
        "file": str(judged.file),
        "problem": judged.problem or None,
        "changes": [
            {
                "rule": change.rule,
                "old": None if change.old is None else change.old.as_json(),
                "new": None if change.new is None else change.new.as_json(),
            }
            for change in changes
        ],
    }


def register(app: typer.Typer) -> None:
    pack_group(app).command("impact")(show_impact)
