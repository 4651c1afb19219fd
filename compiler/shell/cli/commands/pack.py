"""`stratc pack`: rule packs, listed, explained and begun; the other verbs stand in modules of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stratc.compiler.shell.cli.commands.new import checked, scaffold
from stratc.compiler.shell.cli.diagnostics import show_diagnostics
from stratc.compiler.shell.cli.options import Json, Packs
from stratc.compiler.shell.cli.output import print_json, print_text
from stratc.compiler.shell.exits import PROBLEMS, Refused
from stratc.compiler.shell.packs import load_all_packs

if TYPE_CHECKING:
    from stratc.compiler.judge.pack import Pack
    from stratc.compiler.judge.rulefile import RuleFile

Names = Annotated[list[str] | None, typer.Argument(metavar="PACK…", help="Folders' names; all packs if not given.")]
Rule = Annotated[str, typer.Argument(metavar="RULE", help="A rule's id, for example us.finra.intraday_margin.")]
GROUP: Final = "pack"


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


def explain_rule(rule: Rule, packs: Packs = None, json: Json = False) -> None:
    """A rule in English, clause by clause, with the source of every number and who interpreted what."""
    from stratc.compiler.judge.kit.saying import explain_rule as explain

    found = load_all_packs(packs or ())
    place = next(((pack, each) for pack in found for each in pack.rules if each.id == rule), None)
    if place is None:
        raise Refused(f"there is no rule `{rule}`", "see `stratc pack list`")
    refuse_unread((place[1],))
    page = explain(*place)
    if json:
        print_json({"ok": True, "rule": rule, "text": page})
    else:
        print_text(page)


def refuse_unread(rules: Iterable[RuleFile]) -> None:
    """Nothing is said of what a rule means that cannot be read: its problems are shown instead."""
    for rule in rules:
        if rule.problems:
            show_diagnostics(rule.diagnostics(), rule.source)
            raise Refused(f"the rule `{rule.id}` cannot be read", f"mend {rule.name} first", code=PROBLEMS)


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


def pack_group(app: typer.Typer) -> typer.Typer:
    """The one group `pack`, made by whichever of its modules comes first."""
    found = next((each.typer_instance for each in app.registered_groups if each.name == GROUP), None)
    if found is None:
        found = typer.Typer(no_args_is_help=True, help="Rule packs: written, tested, compared, signed.")
        app.add_typer(found, name=GROUP)
    return found


def register(app: typer.Typer) -> None:
    group = pack_group(app)
    group.command("list")(list_packs)
    group.command("explain")(explain_rule)
    group.command("new")(new_pack)
