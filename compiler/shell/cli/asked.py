"""Of all verbs, what a command line needs: to make every option of every verb takes as long as typer takes to start.

A line that begins with a verb needs that verb alone, `--help` the names and first lines of all. Whatever else is asked,
such as completion or a verb that there is not, is answered with everything there is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import typer

from stratc.compiler.bug import StratcBug

COMPLETION = "_STRATC_COMPLETE"


def leave_what_is_asked(app: typer.Typer, words: Sequence[str]) -> None:
    """Takes out of an application what a command line of these words has no use for."""
    if COMPLETION in os.environ:
        return
    if not words or list(words) == ["--help"]:
        _leave_first_lines(app)
    else:
        _leave_verb(app, words)


def _leave_verb(app: typer.Typer, words: Sequence[str]) -> None:
    verbs = [each for each in app.registered_commands if each.name == words[0]]
    groups = [each for each in app.registered_groups if each.name == words[0]]
    if not verbs and not groups:
        return
    app.registered_commands[:], app.registered_groups[:] = verbs, groups
    for group in groups:
        if group.typer_instance is not None and len(words) > 1:
            _leave_verb(group.typer_instance, words[1:])


def _leave_first_lines(app: typer.Typer) -> None:
    for verb in app.registered_commands:
        verb.callback = _named_only(verb.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            group.typer_instance.registered_commands.clear()


def _named_only(verb: Callable[..., Any] | None) -> Callable[[], None]:
    def told() -> None:
        raise StratcBug("help was asked for, and a verb was run")

    told.__doc__ = None if verb is None else verb.__doc__
    return told
