"""`stratc fmt`: strategies in their canonical form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stratc.compiler.shell.cli.options import Json
from stratc.compiler.shell.cli.output import in_color, print_json, print_text, say, width
from stratc.compiler.shell.exits import DONE, PROBLEMS
from stratc.compiler.shell.reading import STDIN, read_source
from stratc.compiler.shell.writing import replace_file

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Strategy files; - reads stdin and prints.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file is not in canonical form.")]


def format_files(files: Files, check: Check = False, json: Json = False) -> None:
    """Rewrite strategies in canonical form; a file with mistakes is left as it is."""
    outcomes = [format_file(path, write=not check) for path in files]
    if json:
        print_json({"ok": not any(failed for _, failed in outcomes), "files": [document for document, _ in outcomes]})
    bad = any(failed or (check and document["changed"]) for document, failed in outcomes)
    raise typer.Exit(PROBLEMS if bad else DONE)


def format_file(path: Path, *, write: bool) -> tuple[dict[str, object], bool]:
    """One file: what happened to it, and whether it could not be formatted."""
    from stratc.compiler import workbench
    from stratc.dsl.render import render

    source = read_source(path)
    formatted = workbench.format_source(source)
    if formatted.text is None:
        say(render(formatted.diagnostics, source, color=in_color(), width=width()))
        return {"file": source.name, "changed": False, "formatted": False}, True
    changed = formatted.text != source.text
    if path == STDIN:
        print_text(formatted.text)
    elif changed and write:
        replace_file(path, formatted.text)
        say(f"formatted {path}")
    elif changed:
        say(f"{path} is not in canonical form")
    return {"file": source.name, "changed": changed, "formatted": True}, False


def register(app: typer.Typer) -> None:
    app.command("fmt")(format_files)
