"""Compile: a checked and judged text in, an artefact's folder out.

Emitting and building are imported where they are done, since whoever only checks has to wait for every import too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.workbench.checking import CheckReport, Law
from stratc.dsl.diagnostic import Problem

if TYPE_CHECKING:
    from stratc.compiler.build.artefact import Contents, Judged


def contents_of(report: CheckReport, law: Law, *, backtest_only: bool, accepted: tuple[str, ...] = ()) -> Contents:
    """Everything that an artefact is made from; the report must have a program."""
    from stratc.compiler.build.artefact import Contents
    from stratc.compiler.emit.guards import write_guards
    from stratc.compiler.emit.module import emit
    from stratc.compiler.workbench.judged import judged_for
    from stratc.runtime.artefact.engine_text import engine_text

    program = report.compilation.program
    if program is None:
        raise ValueError("a text with errors cannot be compiled: show its diagnostics")
    guards = () if report.judgement is None else report.judgement.guards
    tripwires = () if report.judgement is None else report.judgement.tripwires
    code = write_guards((*guards, *tripwires), len(program.instruments), tripwires=len(tripwires))
    emitted = emit(program, engine_text(), code)
    judged = judged_for(report, law)
    return Contents(
        program=program,
        emitted=emitted,
        judged=replace(
            judged, backtest_only=judged.backtest_only or backtest_only, accepted_risks=tuple(dict.fromkeys(accepted))
        ),
    )


def compile_artefact(
    report: CheckReport,
    law: Law,
    folder: Path,
    *,
    optimize: bool,
    backtest_only: bool,
    accepted: tuple[str, ...] = (),
) -> str | Problem:
    """The digest of the artefact, now in `folder`; what was there is replaced only by a whole one."""
    from stratc.compiler.build.artefact import build, export
    from stratc.runtime.artefact.load import inspect

    contents = contents_of(report, law, backtest_only=backtest_only, accepted=accepted)
    built = build(replace(contents, judged=_dated(contents.judged, report, law)), optimize=optimize)
    if isinstance(built, Problem):
        return built
    refused = export(built.folder, folder)
    return refused if refused is not None else inspect(folder)[1]


def _dated(judged: Judged, report: CheckReport, law: Law) -> Judged:
    """With the day of the law: a folder outlives the day on which it was made, what is built for one run does not."""
    if report.judgement is None:
        return judged
    known_at = "" if law.known_at is None else law.known_at.isoformat()
    return replace(judged, as_of=law.as_of.isoformat(), known_at=known_at)
