"""Text and places in it.

Maps a named text to lines and columns. A `Span` is a half-open range of offsets (code points) into one `Source`; lines
and columns exist only where something is shown to a person, and both count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final

SOURCE_CHARACTERS_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `start..end` of code-point offsets."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def shifted(self, offset: int) -> Span:
        return Span(self.start + offset, self.end + offset)


NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True)
class Source:
    """A named text: a file's path or a label such as `<stdin>`, and its characters."""

    name: str
    text: str

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        starts = [0]
        starts.extend(index + 1 for index, character in enumerate(self.text) if character == "\n")
        return tuple(starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a code-point offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its line end."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]
