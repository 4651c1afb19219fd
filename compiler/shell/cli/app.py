"""The verbs: every module of `commands` is a group of them and has `register(app)`; nothing is listed by hand.

Modules import what is heavy inside their functions, so that `stratc --help` stays fast.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated

import typer

from stratc.compiler.shell.cli import commands


def show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as version_of

        typer.echo(f"stratc {version_of('stratc')}")
        raise typer.Exit


def describe(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A compiler for trading strategies: write rules, see what the law says of them, backtest and run them."""


def build_app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(describe)
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"{commands.__name__}.{module.name}").register(app)
    return app
