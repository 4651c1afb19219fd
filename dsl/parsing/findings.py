"""What is found while a block is read: a clause's node, its problems, what its first words give away.

Shared by the readers of rules and of sequences. Assumes pieces from `blocks`; guarantees that a problem of a clause is
added once, in the order of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from stratc.dsl.diagnostic import Diagnostic, Problem
from stratc.dsl.parsing.blocks import Piece
from stratc.dsl.parsing.pieces import read_piece
from stratc.dsl.parsing.size import PROBLEMS_MAX
from stratc.dsl.source import Span
from stratc.dsl.syntax import Name, Node


@dataclass(slots=True)
class Findings:
    """Problems in the order in which they were found."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def tell(self, *problems: Problem) -> None:
        self.diagnostics.extend(problem.diagnostic() for problem in problems)

    @property
    def full(self) -> bool:
        """Whether so much is wrong that reading on tells nobody anything."""
        return len(self.diagnostics) >= PROBLEMS_MAX


def read_clause(piece: Piece, start: str, findings: Findings) -> Node:
    """The node of a clause, read by this start symbol; `Missing` where it could not be."""
    reading = read_piece(start, piece.text, piece.at)
    findings.diagnostics.extend(_in_source(problem, piece) for problem in reading.problems)
    return reading.node


def _in_source(problem: Diagnostic, piece: Piece) -> Diagnostic:
    """A problem with first words that were read as others than stand there: it points at those that do, and waits for
    them to be mended before it offers a fix."""
    if piece.at == piece.start or problem.span.start >= piece.at + len(piece.word):
        return problem
    return replace(problem, span=Span(piece.start, max(piece.start, problem.span.end)), fix=None)


def word_span(piece: Piece) -> Span:
    return Span(piece.start, min(piece.start + len(piece.word), piece.end))


def name_in(piece: Piece, pattern: re.Pattern[str]) -> Name | None:
    """The name that the first words of a broken clause give away."""
    found = pattern.match(piece.text)
    if found is None:
        return None
    return Name(span=Span(piece.at + found.start(1), piece.at + found.end(1)), text=found[1])
