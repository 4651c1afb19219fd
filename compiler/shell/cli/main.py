"""The command line: finds the verbs, runs one, and turns what went wrong into a message and an exit code.

Every module of `commands` is a group of verbs and has `register(app)`; nothing is listed by hand. Modules import what
is heavy inside their functions, so that `stratc --help` stays fast.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import sys
from typing import Annotated, NoReturn

import typer

from stratc.compiler.shell.cli import commands
from stratc.compiler.shell.cli.asked import leave_what_is_asked
from stratc.compiler.shell.cli.output import say, say_refusal
from stratc.compiler.shell.exits import BUG, INTERRUPTED, Refused

# A command builds up what it knows and then ends: looking for garbage at Python's 700 would be a tenth of its time.
OBJECTS_PER_COLLECTION = 50_000
REPORT_TO = "please report it with the command and its input, see README.md"


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


def report_bug(problem: BaseException) -> None:
    import traceback

    traceback.print_exception(problem, file=sys.stderr)
    say(f"stratc: this is a bug in stratc ({type(problem).__name__}: {problem}); {REPORT_TO}")


def main() -> NoReturn:
    """Run the command line on `sys.argv`; never returns."""
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    # What is valid does not hang on pydantic's plugins, and looking for them reads every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    try:
        app = build_app()
        leave_what_is_asked(app, sys.argv[1:])
        app(prog_name="stratc")
    except Refused as refusal:
        say_refusal(refusal)
        sys.exit(refusal.code)
    except KeyboardInterrupt:
        say("stratc: interrupted; nothing half-written was left")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except Exception as problem:  # noqa: BLE001  the rim: whatever gets here is our bug and is told as one
        report_bug(problem)
        sys.exit(BUG)
    sys.exit(0)
