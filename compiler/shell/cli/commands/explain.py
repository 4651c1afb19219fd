"""`stratc explain`: a strategy in plain English, or the page of a diagnostic, a rule or an indicator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.cli.diagnostics import show_diagnostics
from stratc.compiler.shell.cli.options import Json, Packs
from stratc.compiler.shell.cli.output import print_json, print_text
from stratc.compiler.shell.exits import PROBLEMS, Refused
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.shell.reading import STDIN, read_instruments, read_profile

CODE: Final = re.compile(r"[A-Z]\d{3}")
What = Annotated[str, typer.Argument(metavar="FILE|CODE|RULE", help="A strategy, T301, us.finra.…, or an indicator.")]


def explain_what(what: What, packs: Packs = None, json: Json = False) -> None:
    """Say a strategy back in plain English, every assumption listed; or show the page of a code, rule or indicator."""
    text = explain_page(what, packs) if not is_file(what) else explain_file(Path(what))
    if json:
        print_json({"ok": True, "what": what, "text": text})
    else:
        print_text(text)


def is_file(what: str) -> bool:
    return what.endswith(".strat") or Path(what) == STDIN or Path(what).exists()


def explain_page(what: str, packs: list[Path] | None) -> str:
    from stratc.compiler import workbench

    if CODE.fullmatch(what):
        found = workbench.diagnostic_page(what)
    elif "." in what:
        found = workbench.rule_page(what, load_all_packs(packs or ()))
    else:
        found = workbench.indicator_page(what)
    if found is None:
        raise Refused(f"there is no file, code, rule or indicator `{what}`", "see `stratc pack list` for the rules")
    return found


def explain_file(path: Path) -> str:
    from stratc.compiler import workbench

    beside = None if path == STDIN else path
    profile = read_profile(None, beside)
    compilation = workbench.compile_source(read_strategy(path), read_instruments(profile, None, beside))
    show_diagnostics(compilation.diagnostics, compilation.source)
    if compilation.program is None:
        raise typer.Exit(PROBLEMS)
    return workbench.explain_strategy(compilation)


def register(app: typer.Typer) -> None:
    app.command("explain")(explain_what)
