"""The driver: the stages of the compiler in order, each with what it needs.

All problems of a text are collected; a program is made only when no error was found.
"""

from __future__ import annotations

from collections.abc import Mapping

from stratc.compiler.check.checked import Checked
from stratc.compiler.check.program import check
from stratc.compiler.ir.from_checked import lower
from stratc.compiler.ir.nodes import Program
from stratc.compiler.passes import apply_passes
from stratc.compiler.resolve.from_tree import resolve
from stratc.dsl.diagnostic import Diagnostic, has_errors
from stratc.dsl.parser import parse
from stratc.dsl.parsing.size import leave_out_repeated
from stratc.dsl.source import Source
from stratc.dsl.syntax import Tree
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record


@record
class Compilation:
    """What became of a text: its tree, all that was said about it, and the program where nothing was wrong."""

    source: Source
    tree: Tree
    diagnostics: tuple[Diagnostic, ...]
    checked: Checked
    program: Program | None


def compile_source(
    source: Source, instruments: Mapping[str, Instrument] | None = None, members: tuple[str, ...] = ()
) -> Compilation:
    """Text to program. `instruments` are the trader's own, from an `instruments.toml`; `members` are the symbols of the
    universe that the text trades, from its table."""
    parsed = parse(source)
    resolved, names = resolve(parsed.tree, instruments, members)
    checked, units = check(resolved, source)
    problems = tuple(sorted((*parsed.problems, *names, *units), key=lambda problem: (problem.span.start, problem.code)))
    program = None if has_errors(problems) else apply_passes(lower(checked))
    told = leave_out_repeated(problems)
    return Compilation(source=source, tree=parsed.tree, diagnostics=told, checked=checked, program=program)
