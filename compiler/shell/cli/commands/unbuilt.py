"""Verbs of the contract that are not built yet: each says so and exits 2."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from stratc.compiler.shell.exits import Refused

UNBUILT: Final = {
    "draft": "drafting a strategy from English",
    "review": "the review queue",
    "approve": "approvals",
    "mcp": "the MCP server",
    "sweep": "parameter sweeps",
    "why": "explaining an order",
    "why-not": "explaining a missing order",
    "reconcile": "reconciliation with a broker",
    "kill": "the kill switch",
    "release": "releasing a halt",
    "status": "the status of running strategies",
    "lsp": "the language server",
}
Anything = Annotated[list[str] | None, typer.Argument(hidden=True)]
LENIENT: Final = {"ignore_unknown_options": True, "allow_extra_args": True}


def register(app: typer.Typer) -> None:
    for verb, what in UNBUILT.items():
        add_unbuilt(app, verb, what)


def add_unbuilt(app: typer.Typer, verb: str, what: str) -> None:
    def refuse(rest: Anything = None) -> None:
        raise Refused(f"`stratc {verb}` ({what}) is not built yet", "see `stratc --help` for what is")

    app.command(verb, help=f"Not built yet: {what}.", context_settings=dict(LENIENT), hidden=True)(refuse)
