"""`stratc pack`: rule packs, listed, tested, explained and begun."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stratc.compiler.shell.cli.commands.new import checked, scaffold
from stratc.compiler.shell.cli.options import Json, Packs
from stratc.compiler.shell.cli.output import print_json, print_text
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.packs import load_all_packs

if TYPE_CHECKING:
    from stratc.compiler.judge.pack import Pack, ScenarioResult

Names = Annotated[list[str] | None, typer.Argument(metavar="PACK…", help="Folders' names; all packs if not given.")]
Rule = Annotated[str, typer.Argument(metavar="RULE", help="A rule's id, for example us.finra.intraday_margin.")]
UNBUILT: Final = {
    "diff": "comparing two versions of a pack in meaning",
    "impact": "listing the strategies whose verdict changes",
    "sign": "signing a pack",
    "verify": "verifying a pack's signature",
}


def list_packs(packs: Packs = None, json: Json = False) -> None:
    """The packs and their rules, with version, authority and the spans in force."""
    found = load_all_packs(packs or ())
    if json:
        print_json({"ok": True, "packs": [pack_document(pack) for pack in found]})
        return
    for pack in found:
        print_text(f"{pack.name} {pack.version}  {pack.title} ({pack.jurisdiction}, {pack.authority})")
        for rule in pack.rules:
            spans = ", ".join(f"{each.since} to {each.until or 'further notice'}" for each in rule.in_force)
            print_text(f"  {rule.id:<34} {spans}\n  {'':<34} {rule.title}")


def pack_document(pack: Pack) -> dict[str, object]:
    rules = [
        {
            "rule": rule.id,
            "title": rule.title,
            "citation": rule.front.get("citation", ""),
            "in_force": [
                {"from": each.since.isoformat(), "until": each.until.isoformat() if each.until else None}
                for each in rule.in_force
            ],
        }
        for rule in pack.rules
    ]
    keys = ("name", "id", "title", "jurisdiction", "authority", "owner", "version", "digest")
    return {**{key: getattr(pack, key) for key in keys}, "rules": rules}


def run_scenarios(names: Names = None, packs: Packs = None, json: Json = False) -> None:
    """Run every scenario of the packs, in both directions."""
    from stratc.compiler.judge.pack import test_pack

    results = [(pack, test_pack(pack)) for pack in chosen(load_all_packs(packs or ()), names)]
    failed = sum(not result.passed for _, outcomes in results for result in outcomes)
    if json:
        print_json({"ok": not failed, "packs": [result_document(pack, outcomes) for pack, outcomes in results]})
    for pack, outcomes in () if json else results:
        print_text(f"{pack.name} {pack.version}: {len(outcomes)} scenarios")
        for outcome in outcomes:
            mark = "ok    " if outcome.passed else "FAILED"
            print_text(f"  {mark} {outcome.rule}: {outcome.scenario}{': ' * bool(outcome.problem)}{outcome.problem}")
    raise typer.Exit(PROBLEMS if failed else DONE)


def result_document(pack: Pack, outcomes: tuple[ScenarioResult, ...]) -> dict[str, object]:
    keys = ("rule", "scenario", "line", "passed", "problem")
    return {"pack": pack.name, "scenarios": [{key: getattr(each, key) for key in keys} for each in outcomes]}


def explain_rule(rule: Rule, packs: Packs = None, json: Json = False) -> None:
    """A rule in plain words, with its citation, its spans in time and who interpreted what."""
    from stratc.compiler import workbench

    page = workbench.rule_page(rule, load_all_packs(packs or ()))
    if page is None:
        raise Refused(f"there is no rule `{rule}`", "see `stratc pack list`")
    if json:
        print_json({"ok": True, "rule": rule, "text": page})
    else:
        print_text(page)


def new_pack(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The pack's folder.")],
    into: Annotated[
        Path | None, typer.Option("--into", metavar="FOLDER", help="Where; this folder if not given.")
    ] = None,
    json: Json = False,
) -> None:
    """A pack folder with a first rule and its scenarios."""
    files: dict[str, tuple[str, ...]] = {"pack": ("pack.toml", "README.md", "CHANGES.md", "position_limit.md")}
    scaffold(files, (into or Path()) / checked(name), name, as_json=json)


def chosen(packs: tuple[Pack, ...], names: list[str] | None) -> tuple[Pack, ...]:
    known = {pack.name: pack for pack in packs}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise Refused(f"there is no pack `{unknown[0]}`", "there are " + ", ".join(known))
    return tuple(known[name] for name in names) if names else packs


def add_unbuilt(group: typer.Typer) -> None:
    from stratc.compiler.shell.cli.commands.unbuilt import add_unbuilt as add

    for verb, what in UNBUILT.items():
        add(group, verb, what, prefix="pack ")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Rule packs: list, test, explain, new.")
    group.command("list")(list_packs)
    group.command("test")(run_scenarios)
    group.command("explain")(explain_rule)
    group.command("new")(new_pack)
    add_unbuilt(group)
    app.add_typer(group, name="pack")
