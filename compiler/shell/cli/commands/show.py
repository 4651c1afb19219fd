"""`stratc show`: what a stage of the compiler makes of a text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.cli.diagnostics import show_diagnostics
from stratc.compiler.shell.cli.options import Account, Json, StrategyFile
from stratc.compiler.shell.cli.output import print_json, print_text
from stratc.compiler.shell.exits import PROBLEMS, Refused
from stratc.compiler.shell.reading import STDIN, read_instruments, read_profile

StageOption = Annotated[str, typer.Option("--stage", metavar="tree|ir|cython|bounds", help="Which stage.")]


def show_stage(file: StrategyFile, stage: StageOption = "ir", account: Account = None, json: Json = False) -> None:
    """Show a stage: the tree, the program, the generated Cython, or the static bounds."""
    from stratc.compiler import workbench

    if stage not in set(workbench.Stage):
        raise Refused(f"there is no stage `{stage}`", "choose " + ", ".join(workbench.Stage))
    beside: Path | None = None if file == STDIN else file
    profile = read_profile(account, beside)
    instruments = read_instruments(profile, account, beside)
    if stage == workbench.Stage.BOUNDS:
        bounds = workbench.show_bounds(read_strategy(file), profile, instruments)
        if isinstance(bounds, workbench.ShownBounds):
            document = {"bounds": bounds.document} if json else {}
            tell(stage, bounds.text, document, json=json)
            return
        show_diagnostics(bounds.diagnostics, bounds.source)
        raise typer.Exit(PROBLEMS)
    shown = workbench.show_stage(read_strategy(file), workbench.Stage(stage), instruments)
    if not isinstance(shown, str):
        show_diagnostics(shown.diagnostics, shown.source)
        raise typer.Exit(PROBLEMS)
    tell(stage, shown, {}, json=json)


def tell(stage: str, text: str, document: Mapping[str, object], *, json: bool) -> None:
    """The text, or with `--json` the text in a document and what else the stage has."""
    if json:
        print_json({"ok": True, "stage": stage, "text": text, **document})
    else:
        print_text(text)


def register(app: typer.Typer) -> None:
    app.command("show")(show_stage)
