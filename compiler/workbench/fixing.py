"""Fixes: a text → the same text with every safe fix applied, and what was done.

A round applies the safe fixes of all errors that do not overlap, and compiles again; rounds end when nothing is left
to do. A round that would leave more errors than it found is taken apart, and only those of its fixes are kept that do
not. Warnings are never acted upon, so a program without errors stays as it is. Fixes that are not safe are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import unified_diff
from typing import TYPE_CHECKING, Final

from stratc.compiler.driver import compile_source
from stratc.dsl.diagnostic import Diagnostic, Edit, Fix, Severity
from stratc.dsl.render import apply_edits
from stratc.dsl.source import Source
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.runtime.model.instrument import Instrument

ROUNDS_MAX: Final = 10
APART_MAX: Final = 40

Own = Mapping[str, "Instrument"] | None


@record
class Applied:
    """A fix that was applied: the code of the problem, what was done, and the line where it was."""

    code: str
    title: str
    line: int


@record
class Fixing:
    """What became of a text. `unsafe` are the problems whose fixes a person has to look at."""

    before: Source
    after: Source
    applied: tuple[Applied, ...]
    unsafe: tuple[Diagnostic, ...]

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty where there is none."""
        lines = unified_diff(
            self.before.own.splitlines(keepends=True),
            self.after.own.splitlines(keepends=True),
            fromfile=self.before.name,
            tofile=self.after.name,
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def fix_source(source: Source, instruments: Mapping[str, Instrument] | None = None) -> Fixing:
    """The text with every safe fix applied. Guarantees that it has no more errors than before."""
    now, found = source, compile_source(source, instruments).diagnostics
    applied: list[Applied] = []
    for _ in range(ROUNDS_MAX):
        wanted = _choose(found, now)
        if not wanted:
            break
        kept = _keep_those_that_help(now, wanted, found, instruments)
        if not kept:
            break
        applied += [_told(problem, now) for problem in kept]
        now = _with_fixes(now, kept)
        found = compile_source(now, instruments).diagnostics
    unsafe = tuple(problem for problem in found if problem.fix is not None and not problem.fix.safe)
    return Fixing(before=source, after=now, applied=tuple(applied), unsafe=unsafe)


def _choose(found: tuple[Diagnostic, ...], source: Source) -> list[Diagnostic]:
    """The errors with safe fixes whose edits do not touch each other, nor another file, the first in the text first."""
    chosen: list[Diagnostic] = []
    taken: list[Edit] = []
    for problem in found:
        if problem.severity is not Severity.ERROR or problem.fix is None or not problem.fix.safe:
            continue
        if any(edit.span.end > len(source.own) for edit in problem.fix.edits):
            continue
        if not any(_touch(edit, other) for edit in problem.fix.edits for other in taken):
            chosen.append(problem)
            taken += problem.fix.edits
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def _keep_those_that_help(
    source: Source, wanted: list[Diagnostic], found: tuple[Diagnostic, ...], instruments: Own
) -> list[Diagnostic]:
    """All of them where they leave no more errors than there were, else those of the first that do so one by one."""
    errors = _errors(found)
    if _errors(compile_source(_with_fixes(source, wanted), instruments).diagnostics) <= errors:
        return wanted
    kept: list[Diagnostic] = []
    for problem in wanted[:APART_MAX]:
        left = _errors(compile_source(_with_fixes(source, [*kept, problem]), instruments).diagnostics)
        if left <= errors:
            kept, errors = [*kept, problem], left
    return kept


def _errors(found: tuple[Diagnostic, ...]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in found)


def _with_fixes(source: Source, problems: list[Diagnostic]) -> Source:
    edits = tuple(edit for problem in problems if problem.fix is not None for edit in problem.fix.edits)
    text = apply_edits(source.text, Fix("", edits, safe=True))
    longer = len(text) - len(source.text)
    files = (replace(each, head=each.head + longer, start=each.start + longer) for each in source.files)
    return Source(source.name, text, tuple(replace(each, end=each.end + longer) for each in files))


def _told(problem: Diagnostic, source: Source) -> Applied:
    title = "" if problem.fix is None else problem.fix.title
    return Applied(code=problem.code, title=title, line=source.position(problem.span.start)[0])
