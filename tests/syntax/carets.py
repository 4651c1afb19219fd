"""Expectations inside a text: `#   ^^^ S012 message` under the line that it speaks of.

`strip` takes the expectations out, `annotate` puts those of some problems in. The first caret of a problem in column 1
is the `#` itself. A problem over several lines is marked to the end of its first line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.source import Source

_EXPECTATION = re.compile(r"# *\^* [A-Z]\d{3} .*")


def strip(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not _EXPECTATION.fullmatch(line.rstrip("\n")))


def annotate(source: Source, problems: Iterable[Diagnostic]) -> str:
    """The text with an expectation under each line that a problem begins in."""
    marks: dict[int, list[str]] = {}
    for problem in problems:
        line, column = source.position(problem.span.start)
        end_line, end_column = source.position(problem.span.end)
        end = end_column if end_line == line else len(source.line(line)) + 1
        row = " " * (column - 1) + "^" * max(end - column, 1)
        told = f"{problem.message}; {problem.label}" if problem.label else problem.message
        marks.setdefault(line, []).append(f"#{row[1:]} {problem.code} {told}")
    found: list[str] = []
    for number, line in enumerate(source.text.split("\n"), 1):
        found += [line, *marks.get(number, ())]
    return "\n".join(found)
