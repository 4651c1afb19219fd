"""The driver: the stages of the compiler in order, each with what it needs.

All problems of a text are collected; a program is made only when no error was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stratc.compiler.check.checked import Checked
from stratc.compiler.check.program import check
from stratc.compiler.ir.from_checked import lower
from stratc.compiler.ir.nodes import Program
from stratc.compiler.passes import apply_passes
from stratc.compiler.resolve.from_tree import resolve
from stratc.compiler.resolve.reuse.blocks import splice
from stratc.compiler.resolve.reuse.copies import Copies, with_spans
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


def at_home(program: Program, copies: Copies) -> Program:
    """The program with every span in the text that was written, which is its source."""
    if not copies.made:
        return program
    written = copies.written
    return replace(with_spans(program, copies.for_reader), source_text=written.text, source_files=written.files)


def compile_source(
    source: Source, instruments: Mapping[str, Instrument] | None = None, members: tuple[str, ...] = ()
) -> Compilation:
    """Text to program. `instruments` are the trader's own, from an `instruments.toml`; `members` are the symbols of the
    universe that the text trades, from its table."""
    parsed = parse(source)
    copies = Copies(written=source)
    tree, blocks, misused = splice(parsed.tree, copies)
    resolved, names = resolve(tree, copies, instruments, members, blocks)
    checked, units = check(resolved, copies.source)
    found = dict.fromkeys(copies.told(each) for each in (*parsed.problems, *misused, *names, *units))
    problems = tuple(sorted(found, key=lambda problem: (problem.span.start, problem.code)))
    program = None if has_errors(problems) else apply_passes(at_home(lower(checked), copies))
    told = leave_out_repeated(problems)
    return Compilation(source=source, tree=parsed.tree, diagnostics=told, checked=checked, program=program)
