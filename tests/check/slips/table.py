"""Tables of slips: literate files of base programs, each followed by what a slip of the pen makes of it.

A row holds the words as meant and as slipped, then what was recorded: the code, the words that the message points at,
the first line of its help, and which proposal of the help, written in place, makes the program well-typed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratc.dsl.diagnostic import Diagnostic, has_errors
from stratc.runtime.model.record import record
from tests.check.programs import compiled

BASE = re.compile(r"```strat\n(.*?)```\n\n((?:\|[^\n]*\n)+)", re.S)
HEAD = "| as meant | as slipped | code | at | help | mended by |\n|---|---|---|---|---|---|\n"
ADVICE_ONLY = "—"
QUOTED = re.compile(r"`([^`]*)`")


@record
class Row:
    """One slip of a base program, and what was recorded of it."""

    base: str
    meant: str
    slipped: str
    recorded: tuple[str, ...]

    def text(self) -> str:
        return self.base.replace(self.meant, self.slipped)


@record
class Base:
    """A base program and its rows; `span` is where the table stands in the file."""

    text: str
    rows: tuple[Row, ...]
    span: tuple[int, int]


def bases(markdown: str) -> Iterator[Base]:
    for found in BASE.finditer(markdown):
        rows = tuple(_row(found[1], line) for line in found[2].splitlines()[2:])
        yield Base(text=found[1], rows=rows, span=found.span(2))


def _row(base: str, line: str) -> Row:
    meant, slipped, *recorded = (cell.strip() for cell in line.strip().strip("|").split("|"))
    return Row(base=base, meant=_words(meant), slipped=_words(slipped), recorded=tuple(recorded))


def _words(cell: str) -> str:
    return cell.strip("`").replace("⏎", "\n")


def _cell(text: str) -> str:
    return f"`{text}`".replace("\n", "⏎")


def told(row: Row) -> tuple[str, ...]:
    """The cells that this row's slip gives today."""
    problems = compiled(row.text()).diagnostics
    if len(problems) != 1:
        codes = ", ".join(f"{one.code} {one.message}" for one in problems)
        return (f"{len(problems)} messages: {codes}", "", "", "")
    (problem,) = problems
    at = " ".join(row.text()[problem.span.start : problem.span.end].split())
    mend = mended_by(row.text(), problem)
    return (problem.code, _cell(at), " · ".join(problem.helps), ADVICE_ONLY if mend is None else _cell(mend))


def written(base: Base) -> str:
    """The table of a base, recorded anew."""
    rows = (" | ".join((_cell(row.meant), _cell(row.slipped), *told(row))) for row in base.rows)
    return HEAD + "".join(f"| {row} |\n" for row in rows)


def mended_by(text: str, problem: Diagnostic) -> str | None:
    """The first proposal of the help that makes the text well-typed where it is written in place."""
    for proposal in (quoted for line in problem.helps for quoted in QUOTED.findall(line)):
        if any(not has_errors(compiled(mend).diagnostics) for _, mend in placements(text, problem, proposal)):
            return proposal
    edits = problem.fix.edits if problem.fix is not None else ()
    for edit in edits:
        if not has_errors(compiled(text[: edit.span.start] + edit.text + text[edit.span.end :]).diagnostics):
            return edit.text
    return None


def placements(text: str, problem: Diagnostic, proposal: str) -> Iterator[tuple[int, str]]:
    """Where the proposal begins and the text with it, in the problem's place or wider, where it repeats the words
    around that place."""
    start, end = problem.span.start, problem.span.end
    line_start, line_end = text.rfind("\n", 0, start) + 1, (text + "\n").index("\n", end)
    first, last = re.findall(r"\w+|[^\w\s]", proposal or " ")[:1], re.findall(r"\w+|[^\w\s]", proposal)[-1:]
    starts = [start] + [
        m.start() for m in re.finditer(r"\w+|\[", text[:start]) if [m[0]] == first and m.start() >= line_start
    ]
    ends = [end] + [end + m.end() for m in re.finditer(r"\w+|[^\w\s]", text[end:line_end]) if [m[0]] == last]
    for begin in starts:
        for stop in ends:
            yield begin, text[:begin] + proposal + text[stop:]
