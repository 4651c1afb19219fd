"""Text → tree: `parse` never fails, `decode` makes text of bytes.

A text is cut into statements and clauses, each clause is parsed on its own, and what could not be read is a hole in the
tree with one problem beside it. Reading stops at the limits of `parsing.size`, and one problem says so. Pure: the same
text gives the same tree. After an edit only the clauses that changed are parsed again.
"""

from __future__ import annotations

import re

from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.diagnostics import ControlCharacter, NotText, NotUtf8, ReadingStopped, TooLong
from stratc.dsl.parsing.assembly import read_block
from stratc.dsl.parsing.blocks import Block, cut_blocks
from stratc.dsl.parsing.findings import Findings
from stratc.dsl.parsing.lines import BYTE_ORDER_MARK, scan_lines
from stratc.dsl.parsing.size import PROBLEMS_MAX, cut_to_size
from stratc.dsl.source import NOWHERE, SOURCE_CHARACTERS_MAX, Source, Span
from stratc.dsl.syntax import Statement, Tree, Unreadable
from stratc.runtime.model.record import record

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]|\r(?!\n)")


@record
class Parsed:
    """A tree, holes included, and every problem of the text in the order of the text."""

    tree: Tree
    problems: tuple[Diagnostic, ...]


def parse(source: Source) -> Parsed:
    """The tree of a strategy and all that is wrong with its text. Never raises."""
    text = source.text
    if len(text) > SOURCE_CHARACTERS_MAX:
        told = TooLong(span=NOWHERE, characters=len(text), most=SOURCE_CHARACTERS_MAX).diagnostic()
        return Parsed(tree=Tree(span=NOWHERE, statements=(), comments=()), problems=(told,))
    controls = tuple(_CONTROL.finditer(text))
    if controls:
        text = _CONTROL.sub(" ", text)
    read, too_much = cut_to_size(text)
    lines, comments = scan_lines(read)
    blocks, cut_problems, stopped_at = cut_blocks(read, lines)
    findings = Findings(diagnostics=[*_tell_controls(controls), *cut_problems])
    statements = _read_blocks(blocks, findings)
    if too_much is not None and stopped_at is None and not findings.full:
        findings.tell(too_much)
    if stopped_at is not None or too_much is not None or findings.full:
        # What was not read may be anything: later stages must not miss what may stand there.
        rest = Span(len(read) if stopped_at is None else stopped_at, len(text))
        statements = (*statements, Unreadable(span=rest))
    tree = Tree(span=Span(0, len(text)), statements=statements, comments=comments)
    return Parsed(tree=tree, problems=tuple(sorted(findings.diagnostics, key=lambda problem: problem.span)))


def _read_blocks(blocks: tuple[Block, ...], findings: Findings) -> tuple[Statement, ...]:
    """The statements of all blocks, or of those up to the problem that was one too many."""
    statements: list[Statement] = []
    for block in blocks:
        if findings.full:
            break
        statements.append(read_block(block, findings))
    if findings.full:
        last = max(found.span for found in findings.diagnostics)
        findings.tell(ReadingStopped(span=Span(last.end, last.end), most=PROBLEMS_MAX))
    return tuple(statements)


def _tell_controls(controls: tuple[re.Match[str], ...]) -> tuple[Diagnostic, ...]:
    return tuple(
        ControlCharacter(span=Span(found.start(), found.end()), name=f"U+{ord(found[0]):04X}").diagnostic()
        for found in controls[:10]
    )


def decode(name: str, data: bytes) -> Source | Diagnostic:
    """The text of a file's bytes, or why they are no text: another encoding, or no text at all."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return NotUtf8(span=NOWHERE, what="it begins with the mark of UTF-16").diagnostic()
    zero = data.find(b"\x00")
    if zero >= 0:
        return NotText(span=NOWHERE, offset=zero).diagnostic()
    try:
        return Source(name, data.decode("utf-8").removeprefix(BYTE_ORDER_MARK))
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        what = f"byte {failure.start}, in line {line}, is {data[failure.start]:#04x}"
        return NotUtf8(span=NOWHERE, what=what).diagnostic()
