"""`--dossier FILE`: the document for whoever answers for a strategy, written by the ending of the file's name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratc.compiler.shell.cli.output import say
from stratc.compiler.shell.exits import PROBLEMS, USAGE, Refused
from stratc.compiler.shell.writing import replace_file

if TYPE_CHECKING:
    from stratc.compiler.workbench import CheckReport, Law
    from stratc.runtime.model.account import AccountProfile

Dossiers = Annotated[
    list[Path] | None,
    typer.Option("--dossier", metavar="FILE", help="Write the compliance dossier, .html, .md, .json or .sarif."),
]


def refuse_other_forms(paths: list[Path] | None) -> None:
    """Before anything is judged: an ending that no dossier has."""
    if not paths:
        return
    from stratc.compiler.workbench.dossiers import Form

    for path in paths:
        if path.suffix.casefold() not in set(Form):
            raise Refused(f"{path}: a dossier has no form `{path.suffix}`", f"end its name in {', '.join(Form)}")


def write_dossiers(
    paths: list[Path] | None, report: CheckReport, law: Law, account: AccountProfile | None, artefact: str = ""
) -> None:
    from stratc.compiler.workbench.dossiers import Form, dossier

    for path in paths or ():
        if account is None or report.judgement is None:
            code = USAGE if report.ok else PROBLEMS
            raise Refused(
                "nothing was judged, so no dossier was written", "mend the text, and name an account: --account", code
            )
        replace_file(path, dossier(report, law, account, Form(path.suffix.casefold()), artefact=artefact))
        say(f"dossier: {path}")
