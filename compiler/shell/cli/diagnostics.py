"""Diagnostics on stderr, for verbs whose stdout is something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stratc.compiler.shell.cli.output import in_color, say, width

if TYPE_CHECKING:
    from stratc.dsl.diagnostic import Diagnostic
    from stratc.dsl.source import Source


def show_diagnostics(diagnostics: Sequence[Diagnostic], source: Source) -> None:
    from stratc.dsl.render import render

    if diagnostics:
        say(render(diagnostics, source, color=in_color(), width=width()))
