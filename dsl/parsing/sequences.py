"""A block that begins with `sequence` → its node: one `first`, at least one `then`, at most one `unless`.

Guarantees that a step which could not be read adds exactly one problem and leaves a hole in its place.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from stratc.dsl.diagnostics import SaidTwice, StepsMissing, StepWithoutLimit
from stratc.dsl.parsing.blocks import Block, Kind, Piece
from stratc.dsl.parsing.diagnostics import Unexpected
from stratc.dsl.parsing.findings import Findings, name_in, read_clause, word_span
from stratc.dsl.source import Span
from stratc.dsl.syntax import Expression, Missing, Name, Sequence, SequenceStep

_SEQUENCE_NAME: Final = re.compile(r"sequence\s+(\w+)")


def read_sequence(block: Block, findings: Findings) -> Sequence:
    head = block.head
    named = read_clause(head, "sequence_head", findings)
    name = named if isinstance(named, Name) else name_in(head, _SEQUENCE_NAME)
    name = name or Name(span=Span(head.end, head.end), text="")
    steps: list[SequenceStep] = []
    unless: Expression | None = None
    unread = False
    for piece in block.clauses:
        match piece.kind, piece.word:
            case Kind.CLAUSE, "first" if steps:
                findings.tell(SaidTwice(span=word_span(piece), what="`first`"))
            case Kind.CLAUSE, "first" | "then":
                steps.append(_read_step(piece, name, steps, findings))
            case Kind.CLAUSE, "unless" if unless is not None:
                findings.tell(SaidTwice(span=word_span(piece), what="`unless`"))
            case Kind.CLAUSE, "unless":
                node = read_clause(piece, "unless", findings)
                unless = node if isinstance(node, Expression) else Missing(span=piece.span)
            case _:
                unread = True
                findings.tell(_unknown_step(piece))
    if len(steps) < 2 and not unread:
        what = "no step" if not steps else "no second step"
        findings.tell(StepsMissing(span=head.span, name=name.text, what=what))
    return Sequence(span=block.span, name=name, steps=tuple(steps), unless=unless)


def _read_step(piece: Piece, name: Name, before: list[SequenceStep], findings: Findings) -> SequenceStep:
    node = read_clause(piece, f"{piece.word}_step", findings)
    if not isinstance(node, SequenceStep):
        return SequenceStep(span=piece.span, condition=Missing(span=piece.span))
    if piece.word == "then" and not before:
        findings.tell(StepsMissing(span=word_span(piece), name=name.text, what="no `first` step"))
    elif piece.word == "then" and node.within is None and not node.same_bar:
        findings.tell(StepWithoutLimit(span=piece.span))
    return replace(node, span=piece.span)


def _unknown_step(piece: Piece) -> Unexpected:
    expected = "`first`, `then` or `unless`"
    return Unexpected(span=word_span(piece), found=f"`{piece.word}`", clause="this sequence", expected=expected)
