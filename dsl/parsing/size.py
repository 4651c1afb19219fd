"""How much of a text is read: a text → the part of it that is within the limits, and what was too much.

Limits on lines, on characters of code, on clauses and on problems keep the time for any text within a second or two.
They are far beyond what a person writes. Comments and blank lines are free of all but the limit on lines.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from stratc.dsl.diagnostic import Diagnostic, Problem
from stratc.dsl.diagnostics import MoreOfAKind, TooMuch
from stratc.dsl.source import Span

LINES_MAX: Final = 20_000
CODE_CHARACTERS_MAX: Final = 80_000
CLAUSES_MAX: Final = 5_000
PROBLEMS_MAX: Final = 200


def cut_to_size(text: str) -> tuple[str, Problem | None]:
    """The text up to the line with which a limit is passed, and what to say of the rest."""
    start = lines = characters = 0
    for line in text.split("\n"):
        if written := line.strip():
            lines += 1
            characters += _code_characters(written)
            if lines > LINES_MAX:
                return text[:start], _too_much(start, LINES_MAX, "lines")
            if characters > CODE_CHARACTERS_MAX:
                return text[:start], _too_much(start, CODE_CHARACTERS_MAX, "characters of code")
        start += len(line) + 1
    return text, None


def _code_characters(line: str) -> int:
    """The length of a line without its comment; with it where a `#` may stand inside a quoted text."""
    return len(line if '"' in line else line.partition("#")[0])


def _too_much(start: int, most: int, what: str) -> Problem:
    return TooMuch(span=Span(start, start), most=most, what=what)


def leave_out_repeated(problems: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The first problems of each kind, and how many more there are, in the place of the first that is left out."""
    if len(problems) <= PROBLEMS_MAX:
        return problems
    counts = Counter(problem.code for problem in problems)
    shown: Counter[str] = Counter()
    kept: list[Diagnostic] = []
    for problem in problems:
        shown[problem.code] += 1
        if shown[problem.code] <= PROBLEMS_MAX:
            kept.append(problem)
        elif shown[problem.code] == PROBLEMS_MAX + 1:
            count = counts[problem.code] - PROBLEMS_MAX
            kept.append(MoreOfAKind(span=problem.span, count=count, kind=problem.code).diagnostic())
    return tuple(kept)
