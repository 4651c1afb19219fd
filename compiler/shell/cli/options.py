"""The options that several verbs share, each with one spelling and one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document on stdout.")]
StrategyFile = Annotated[Path, typer.Argument(metavar="FILE", help="A strategy file (.strat); - reads stdin.")]
Account = Annotated[
    Path | None,
    typer.Option("--account", metavar="A.toml", help="The account's profile; account.toml beside FILE if not given."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Judge by the law of this day (YYYY-MM-DD); today if not given."),
]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", metavar="DATE", help="Leave out of the law what was announced after this day."),
]
Packs = Annotated[list[Path] | None, typer.Option("--packs", metavar="FOLDER", help="A folder of further rule packs.")]
