"""Lines of a text: where the code of each line begins and ends, and its comment.

Maps a text to `Line`s and `Comment`s, one pass, no meaning. Assumes control characters were blanked. Guarantees that
the spans lie in the text, that a `#` inside a quoted text is no comment, and that line ends (LF or CRLF) are no code.
"""

from __future__ import annotations

import re
from typing import Final

from stratc.dsl.source import Span
from stratc.dsl.syntax import Comment
from stratc.runtime.model.record import record

TAB_COLUMNS: Final = 4
BYTE_ORDER_MARK: Final = "\ufeff"

_COMMENT = re.compile(r'(?:[^"#]|"[^"]*(?:"|$))*?(?=#)')
_QUOTED = re.compile(r'"[^"]*"?')


@record
class Line:
    """A line that holds code: `start..end` is the code, `indent` its column, `depth` how many brackets it opens."""

    start: int
    end: int
    indent: int
    depth: int
    code: str


def scan_lines(text: str) -> tuple[tuple[Line, ...], tuple[Comment, ...]]:
    """The lines with code, and all comments, in the order of the text."""
    lines: list[Line] = []
    comments: list[Comment] = []
    start = 0
    for content in text.split("\n"):
        code = content
        if "#" in content and (found := _COMMENT.match(content)):
            code = content[: found.end()]
            comments.append(_comment(content, code, start))
        if stripped := code.strip().strip(BYTE_ORDER_MARK):
            lines.append(_line(code, stripped, start))
        start += len(content) + 1
    return tuple(lines), tuple(comments)


def _comment(content: str, code: str, start: int) -> Comment:
    text = content[len(code) :].rstrip()
    begin = start + len(code)
    own_line = not code.strip().strip(BYTE_ORDER_MARK)
    return Comment(span=Span(begin, begin + len(text)), text=text, own_line=own_line)


def _line(code: str, stripped: str, start: int) -> Line:
    lead = code.index(stripped)
    indent = len(code[:lead].replace(BYTE_ORDER_MARK, "").expandtabs(TAB_COLUMNS))
    return Line(
        start=start + lead,
        end=start + lead + len(stripped),
        indent=indent,
        depth=bracket_balance(stripped),
        code=stripped,
    )


def bracket_balance(code: str) -> int:
    """How many more brackets open than close, quoted text apart."""
    plain = _QUOTED.sub("", code) if '"' in code else code
    return plain.count("(") + plain.count("[") - plain.count(")") - plain.count("]")
