"""`stratc new`: scaffolds, one new thing in its one place."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from stratc.compiler.shell.cli.options import Json
from stratc.compiler.shell.cli.output import print_json, say
from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.writing import create_file

WORD: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
NewName = Annotated[str, typer.Argument(metavar="NAME", help="Lower case letters, digits and underscores.")]
Into = Annotated[
    Path | None, typer.Option("--into", metavar="FOLDER", help="Where to put it; the usual place if not given.")
]


def new_strategy(name: NewName, into: Into = None, json: Json = False) -> None:
    """A strategy that compiles, its account profile and a README, in a folder of its own."""
    folder = (into or Path()) / checked(name)
    scaffold({"strategy": ("strategy.strat", "account.toml", "README.md")}, folder, name, as_json=json)


def new_indicator(name: NewName, into: Into = None, json: Json = False) -> None:
    """An indicator of the standard library: NAME.py with its reference, NAME.pxd with its kernel."""
    from stratc.dsl.stdlib import catalogue

    if catalogue.lookup(checked(name)) is not None:
        raise Refused(f"there is an indicator `{name}` already", "choose another name")
    folder = into or Path(str(files("stratc.dsl.stdlib")))
    scaffold({"indicator": ("NAME.py", "NAME.pxd")}, folder, name, as_json=json)


def new_rule(
    name: Annotated[str, typer.Argument(metavar="PACK/NAME", help="The pack's folder and the rule's name.")],
    into: Into = None,
    json: Json = False,
) -> None:
    """A rule file of a pack, with a scenario in each direction."""
    pack, _, rule = name.rpartition("/")
    if not pack:
        raise Refused(f"`{name}` names no pack", "write PACK/NAME, for example us_house_rules/position_limit")
    folder = (into or Path(str(files("stratc.rules")))) / checked(pack)
    if not (folder / "pack.toml").is_file():
        raise Refused(f"there is no pack at {folder}", f"make it first: stratc pack new {pack}")
    scaffold({"rule": ("NAME.md",)}, folder, checked(rule), as_json=json)


def new_broker(name: NewName) -> None:
    """Not built yet: the broker port comes with paper and live trading."""
    raise Refused(f"`stratc new broker {name}` is not built yet", "the broker port comes with paper and live trading")


def checked(name: str) -> str:
    if not WORD.fullmatch(name):
        raise Refused(f"`{name}` is no name", "use 2 to 40 lower case letters, digits and underscores, a letter first")
    return name


def scaffold(what: dict[str, tuple[str, ...]], folder: Path, name: str, *, as_json: bool) -> None:
    """Write every template of one kind into `folder`, with NAME and Name filled in."""
    written = []
    for kind, templates in what.items():
        for template in templates:
            text = files("stratc.compiler.shell.cli").joinpath("templates", kind, f"{template}.txt").read_text("utf-8")
            target = folder / template.replace("NAME", name)
            camel = "".join(part.capitalize() for part in name.split("_"))
            title = name.replace("_", " ").capitalize()
            create_file(target, text.replace("@name@", name).replace("@Name@", camel).replace("@title@", title))
            written.append(str(target))
    for target_name in written:
        say(f"wrote {target_name}")
    if as_json:
        print_json({"ok": True, "files": written})


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Scaffold a strategy, an indicator, a rule or a broker.")
    group.command("strategy")(new_strategy)
    group.command("indicator")(new_indicator)
    group.command("rule")(new_rule)
    group.command("broker")(new_broker)
    app.add_typer(group, name="new")
