"""Diagnostics → frames for a terminal.

Maps diagnostics and their source to text: the message, the place, the line with carets, what else is worth pointing
at, notes, helps, and a fix as the line before and after. Columns are those of a terminal: a tab goes to the next
multiple of four, a wide character takes two cells, a combining one none. Pure; colour is plain ANSI and only if asked.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from unicodedata import combining, east_asian_width

from stratc.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from stratc.dsl.source import Source, Span
from stratc.runtime.model.record import record

TAB_CELLS: Final = 4
WIDTH_CELLS_MIN: Final = 40
LINE_CHARACTERS_MAX: Final = 400
BEFORE_CHARACTERS_MAX: Final = 100

_RED, _YELLOW, _BLUE, _GREEN, _BOLD, _RESET = "\x1b[31m", "\x1b[33m", "\x1b[34m", "\x1b[32m", "\x1b[1m", "\x1b[0m"
_COLOURS: Final = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTE: _BLUE}


@record
class _Style:
    """How a frame is drawn."""

    color: bool
    ascii_only: bool
    width_cells: int

    def paint(self, text: str, *codes: str) -> str:
        return f"{''.join(codes)}{text}{_RESET}" if self.color and text else text

    @property
    def bar(self) -> str:
        return "|" if self.ascii_only else "│"

    @property
    def arrow(self) -> str:
        return "-->" if self.ascii_only else "──▶"


def render(
    diagnostics: Iterable[Diagnostic], source: Source, *, color: bool, width: int, ascii_only: bool = True
) -> str:
    """Every diagnostic as a frame, a blank line between them, `width` terminal cells wide; empty for none."""
    style = _Style(color=color, ascii_only=ascii_only, width_cells=max(width, WIDTH_CELLS_MIN))
    frames = ["\n".join(_frame(found, source, style)) for found in diagnostics]
    return "\n\n".join(frames) + "\n" if frames else ""


def summarise(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or the empty text for none."""
    counts = dict.fromkeys(Severity, 0)
    for found in diagnostics:
        counts[found.severity] += 1
    told = (f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in counts.items() if count)
    return ", ".join(told)


def _frame(found: Diagnostic, whole: Source, style: _Style) -> list[str]:
    """The frame of a problem in its own file; places in other files follow, each below its own address."""
    source, begin = whole.part(_inside(found.span, whole).start)
    parts = [(label, *whole.part(label.span.start)) for label in found.labels]
    away = [(label, other, start) for label, other, start in parts if start != begin]
    found = _moved(replace(found, labels=tuple(label for label, _, start in parts if start == begin)), -begin)
    color = _COLOURS[found.severity]
    line, column = source.position(_inside(found.span, source).start)
    gutter = len(str(_last_line(found, source)))
    head = f"{style.paint(f'{found.severity}[{found.code}]', _BOLD, color)}{style.paint(f': {found.message}', _BOLD)}"
    place = f"{' ' * gutter}{style.paint(style.arrow, _BLUE)} {_visible(source.name)}:{line}:{column}"
    lines = [head, place]
    if source.text:
        lines += [_rule_line(gutter, style), *_snippets(found, source, gutter, style)]
    for label, other, start in away:
        lines += _elsewhere(replace(label, span=label.span.shifted(-start)), other, gutter, style)
    asides = [("note", text) for text in found.notes] + [("help", text) for text in found.helps]
    if asides or found.fix is not None:
        lines.append(_rule_line(gutter, style))
    for kind, text in asides:
        lines += _aside(kind, text, gutter, style)
    if found.fix is not None:
        lines += _fix_lines(found.fix, source, gutter, style)
    return lines


def _moved(found: Diagnostic, offset: int) -> Diagnostic:
    """The same of a text that begins elsewhere."""
    if not offset:
        return found
    labels = tuple(replace(label, span=label.span.shifted(offset)) for label in found.labels)
    fix = found.fix
    if fix is not None:
        fix = replace(fix, edits=tuple(replace(edit, span=edit.span.shifted(offset)) for edit in fix.edits))
    return replace(found, span=found.span.shifted(offset), labels=labels, fix=fix)


def _elsewhere(label: Label, source: Source, gutter: int, style: _Style) -> list[str]:
    """A second place in another file."""
    line, column = source.position(_inside(label.span, source).start)
    place = f"{' ' * gutter}{style.paint(style.arrow, _BLUE)} {_visible(source.name)}:{line}:{column}"
    marks = _marks(label.span, label.text, source, primary=False)
    return [place, _rule_line(gutter, style), *_rows(marks, source, Severity.NOTE, max(gutter, len(str(line))), style)]


def _inside(span: Span, source: Source) -> Span:
    """A span that surely lies in the text, so that a wrong one cannot stop a message from being shown."""
    length = len(source.text)
    start = min(max(span.start, 0), length)
    return Span(start, min(max(span.end, start), length))


def _last_line(found: Diagnostic, source: Source) -> int:
    spans = [found.span, *(label.span for label in found.labels)]
    spans += [edit.span for edit in found.fix.edits] if found.fix else []
    return max(source.position(max(_inside(span, source).end - 1, 0))[0] for span in spans)


def _rule_line(gutter: int, style: _Style) -> str:
    return f"{' ' * gutter} {style.paint(style.bar, _BLUE)}"


@record
class _Mark:
    """Carets under a part of one line; `columns` count characters from 0."""

    line: int
    start: int
    end: int
    text: str
    primary: bool


def _snippets(found: Diagnostic, source: Source, gutter: int, style: _Style) -> list[str]:
    marks = _marks(found.span, found.label, source, primary=True)
    for label in found.labels:
        marks += _marks(label.span, label.text, source, primary=False)
    return _rows(marks, source, found.severity, gutter, style)


def _rows(marks: list[_Mark], source: Source, severity: Severity, gutter: int, style: _Style) -> list[str]:
    """The lines that marks stand in, in order, each once and with its carets below."""
    marks.sort(key=lambda mark: (mark.line, not mark.primary, mark.start))
    lines: list[str] = []
    shown = 0
    for mark in marks:
        line = source.line(mark.line)
        begin = _begin(line, mark.start)
        line = line[begin : begin + LINE_CHARACTERS_MAX]
        if mark.line != shown or begin:
            if shown and mark.line > shown + 1:
                lines.append(f"{' ' * gutter} {style.paint('...', _BLUE)}")
            lines.append(f"{style.paint(f'{mark.line:>{gutter}} {style.bar}', _BLUE)} {_visible(line)}".rstrip())
            shown = mark.line
        near = replace(mark, start=mark.start - begin, end=mark.end - begin)
        lines.append(f"{_rule_line(gutter, style)} {_carets(near, line, severity, style)}")
    return lines


def _begin(line: str, start: int) -> int:
    """From which character a line is shown: the first, or of a line too long to read one shortly before the place."""
    return 0 if len(line) <= LINE_CHARACTERS_MAX else max(0, start - BEFORE_CHARACTERS_MAX)


def _marks(span: Span, text: str, source: Source, *, primary: bool) -> list[_Mark]:
    """The carets of a span: one row, or the first and the last line of a span over several lines."""
    span = _inside(span, source)
    line, column = source.position(span.start)
    last_line, last_column = source.position(max(span.end - 1, span.start))
    if last_line == line:
        end = last_column if span.end > span.start else column
        return [_Mark(line=line, start=column - 1, end=end, text=text, primary=primary)]
    first = source.line(line)
    last = source.line(last_line)
    lead = len(last) - len(last.lstrip())
    return [
        _Mark(line=line, start=column - 1, end=max(len(first), column), text="", primary=primary),
        _Mark(line=last_line, start=min(lead, last_column - 1), end=last_column, text=text, primary=primary),
    ]


def _carets(mark: _Mark, line: str, severity: Severity, style: _Style) -> str:
    start = cells(line[: mark.start])
    count = max(cells(line[: mark.end]) - start, 1)
    row = (("^" if mark.primary else "-") * count + f" {mark.text}").rstrip()
    color = _COLOURS[severity] if mark.primary else _BLUE
    return " " * start + style.paint(row, _BOLD, color)


def _aside(kind: str, text: str, gutter: int, style: _Style) -> list[str]:
    lead = f"{' ' * gutter} = {kind}: "
    wrapped = textwrap.wrap(text, max(style.width_cells - len(lead), 20)) or [""]
    rest = " " * len(lead)
    first = f"{' ' * gutter} {style.paint('=', _BLUE)} {style.paint(kind, _BOLD)}: {wrapped[0]}"
    return [first, *(rest + line for line in wrapped[1:])]


def _fix_lines(fix: Fix, source: Source, gutter: int, style: _Style) -> list[str]:
    """A fix as the lines that it takes away and the lines that it puts there."""
    title = fix.title if fix.safe else f"{fix.title} (look at it before you apply it)"
    first = source.position(min(_inside(edit.span, source).start for edit in fix.edits))[0]
    last = source.position(max(_inside(edit.span, source).end for edit in fix.edits))[0]
    start = source.line_starts[first - 1]
    end = start + sum(len(source.line(number)) + 1 for number in range(first, last + 1)) - 1
    start += _begin(source.text[start:end], min(edit.span.start for edit in fix.edits) - start)
    end = min(end, max(start + LINE_CHARACTERS_MAX, *(edit.span.end for edit in fix.edits)))
    before = source.text[start:end].replace("\r", "")
    near = tuple(Edit(edit.span.shifted(-start), edit.text) for edit in fix.edits)
    after = apply_edits(source.text[start:end], replace(fix, edits=near)).replace("\r", "")
    lines = [f"{' ' * gutter} {style.paint('=', _BLUE)} {style.paint('fix', _BOLD)}: {title}"]
    lines += [f"{' ' * gutter}   {style.paint(f'- {_visible(line)}', _RED)}" for line in before.split("\n")]
    lines += [f"{' ' * gutter}   {style.paint(f'+ {_visible(line)}', _GREEN)}" for line in after.split("\n")]
    return lines


def apply_edits(text: str, fix: Fix) -> str:
    """The text with all edits of a fix made; edits must not overlap."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def cells(text: str) -> int:
    """How many terminal cells a piece of a line takes, from the line's beginning."""
    count = 0
    for character in text:
        count += TAB_CELLS - count % TAB_CELLS if character == "\t" else _cells_of(character)
    return count


def _cells_of(character: str) -> int:
    if combining(character) or character in "\u200b\u200d\ufe0f\ufeff":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _visible(line: str) -> str:
    """A line as it may be sent to a terminal: tabs as spaces, control characters as a dot, so none is obeyed."""
    found: list[str] = []
    count = 0
    for character in line:
        width = TAB_CELLS - count % TAB_CELLS if character == "\t" else _cells_of(character)
        hidden = character < " " or "\x7f" <= character <= "\x9f" or "\u202a" <= character <= "\u202e"
        found.append(" " * width if character == "\t" else "·" if hidden else character)
        count += width
    return "".join(found)
