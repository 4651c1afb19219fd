"""`stratc check --fix` and `--diff`: what the safe fixes change, shown or written, and what is left to a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.cli.output import print_text, say
from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.reading import STDIN, read_instruments, read_profile
from stratc.compiler.shell.writing import replace_file

if TYPE_CHECKING:
    from stratc.compiler.workbench import Fixing


def fix_file(path: Path, account: Path | None, *, write: bool, show: bool) -> dict[str, Any]:
    """Apply the safe fixes of one file: `write` the outcome, `show` the difference; what was done, as data."""
    from stratc.compiler.workbench import fix_source

    if path == STDIN and write:
        raise Refused("stdin cannot be fixed in place", "name a file, or use `--diff` alone to see the change")
    source = read_strategy(path)
    beside = None if path == STDIN else path
    fixing = fix_source(source, read_instruments(read_profile(account, beside), account, beside))
    if write and fixing.applied:
        replace_file(path, fixing.after.own)
    if show and fixing.diff:
        print_text(fixing.diff)
    report_fixes(fixing, written=write)
    return fix_document(fixing, written=write)


def report_fixes(fixing: Fixing, *, written: bool) -> None:
    name = fixing.before.name
    for each in fixing.applied:
        say(f"{name}:{each.line}: {'fixed' if written else 'would fix'} {each.code}: {each.title}")
    for problem in fixing.unsafe:
        line = fixing.after.position(problem.span.start)[0]
        title = problem.fix.title if problem.fix is not None else ""
        say(f"{name}:{line}: not fixed {problem.code}: {title} (look at it, it may not be what was meant)")


def fix_document(fixing: Fixing, *, written: bool) -> dict[str, Any]:
    """One entry of `fixes` in `check --json`."""
    return {
        "file": fixing.before.name,
        "written": written and bool(fixing.applied),
        "applied": [{"code": each.code, "title": each.title, "line": each.line} for each in fixing.applied],
        "unsafe": [
            {"code": each.code, "title": each.fix.title, "line": fixing.after.position(each.span.start)[0]}
            for each in fixing.unsafe
            if each.fix is not None
        ],
        "diff": fixing.diff,
    }
