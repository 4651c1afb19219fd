"""`stratc pack diff`: what one version of a pack or rule allows and the other refuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratc.compiler.shell.cli.commands.pack import pack_group, refuse_unread
from stratc.compiler.shell.cli.options import Json
from stratc.compiler.shell.cli.output import print_json, print_text
from stratc.compiler.shell.cli.progress import progress_bar
from stratc.compiler.shell.exits import DONE, PROBLEMS
from stratc.compiler.shell.packs import load_rules

if TYPE_CHECKING:
    from datetime import date

    from stratc.compiler.judge.kit.compare import Difference, RuleComparison, Where
    from stratc.compiler.judge.scenario_ending import Ending

Old = Annotated[Path, typer.Argument(metavar="OLD", help="A pack's folder, or a rule file.")]
New = Annotated[Path, typer.Argument(metavar="NEW", help="The other version.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit 1 where anything differs.")]


def diff_packs(old: Old, new: New, exit_code: ExitCode = False, json: Json = False) -> None:
    """Compare two versions of a pack or a rule in meaning: the shortest trace on which they differ."""
    from stratc.compiler.judge.kit.compare import compare

    before, after = load_rules(old), load_rules(new)
    refuse_unread((*before, *after))
    found = []
    total = len({rule.id for rule in (*before, *after)})
    with progress_bar("comparing", unit="rules") as advance:
        for comparison in compare(before, after):
            found.append(comparison)
            advance(len(found), total)
    differs = any(each.differs for each in found)
    if json:
        print_json({"ok": True, "differs": differs, "rules": [document(each) for each in found]})
    for each in () if json else found:
        print_comparison(each)
    raise typer.Exit(PROBLEMS if differs and exit_code else DONE)


# ── as text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def print_comparison(found: RuleComparison) -> None:
    print_text(f"{found.rule}: {headline(found)}")
    for difference in found.differences:
        for place in difference.where:
            print_text(f"  {place_text(place)}")
        print_text(f"    {ends_text(difference)}")
        text = trace_text(difference)
        if text:
            print_text("\n".join(f"    {line}" for line in text.splitlines()))
    for each in found.announced:
        print_text(f"  {each.what}: {day_text(each.old)} in the old version, {day_text(each.new)} in the new one")
    if found.unexplored:
        print_text(f"  {found.unexplored} further combinations of days and accounts differ and were not explored")


def day_text(day: date | None) -> str:
    return "not said when it was announced" if day is None else f"announced {day}"


def headline(found: RuleComparison) -> str:
    from stratc.compiler.judge.kit.apart import Likeness

    if found.old is None:
        return "added"
    if found.new is None:
        return "removed"
    match found.likeness:
        case Likeness.SAME:
            return "equivalent: the same machine on every day, for every account and instrument"
        case Likeness.EXHAUSTED:
            return "no difference on any trace, of any length, of the explored kind"
        case Likeness.BOUNDED:
            return f"no difference on any trace of up to {found.actions} actions"
        case _:
            return "different"


def place_text(place: Where) -> str:
    days = " and ".join(f"from {since} " + (f"until {until}" if until else "on") for since, until in place.days)
    accounts = " or ".join(f"({each})" if len(place.accounts) > 1 else each for each in place.accounts)
    return days + (f", where {accounts}" if accounts else "") + f", in {place.instruments}:"


def ends_text(difference: Difference) -> str:
    apart = difference.apart
    if apart.one is None or apart.two is None:
        broken = apart.split.one if apart.split and apart.split.one.problem else apart.split and apart.split.two
        return f"one of the two cannot be read there: {broken.problem if broken else ''}"
    return f"old: {ending_text(apart.one)}; new: {ending_text(apart.two)}"


def ending_text(ending: Ending) -> str:
    if not ending.applies:
        return "does not apply"
    if ending.problem:
        return f"cannot be read: {ending.problem}"
    broken = "allowed" if ending.violated_on is None else f"broken on day {ending.violated_on}"
    return broken + (f", an order denied on day {ending.denied_on}" if ending.denied_on is not None else "")


def trace_text(difference: Difference) -> str:
    from stratc.compiler.judge.kit.stories import expected_of, story_text

    apart = difference.apart
    if apart.story is None or apart.two is None:
        return ""
    return story_text(apart.story, "as the new version has it", expected_of(apart.two))


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(found: RuleComparison) -> dict[str, object]:
    change = "added" if found.old is None else "removed" if found.new is None else None
    return {
        "rule": found.rule,
        "change": change or ("different" if found.differs else "none"),
        "likeness": found.likeness.value,
        "actions": found.actions,
        "unexplored": found.unexplored,
        "announced": [
            {"what": each.what, "old": each.old and str(each.old), "new": each.new and str(each.new)}
            for each in found.announced
        ],
        "differences": [difference_document(each) for each in found.differences],
    }


def difference_document(difference: Difference) -> dict[str, object]:
    places = [
        {
            "days": [
                {"from": since.isoformat(), "until": until.isoformat() if until else None}
                for since, until in place.days
            ],
            "accounts": list(place.accounts),
            "instruments": place.instruments,
        }
        for place in difference.where
    ]
    apart = difference.apart
    ends = [None if each is None else ending_document(each) for each in (apart.one, apart.two)]
    return {"where": places, "trace": trace_text(difference) or None, "old": ends[0], "new": ends[1]}


def ending_document(ending: Ending) -> dict[str, object]:
    return {key: getattr(ending, key) for key in ("applies", "violated_on", "denied_on", "problem")}


def register(app: typer.Typer) -> None:
    pack_group(app).command("diff")(diff_packs)
