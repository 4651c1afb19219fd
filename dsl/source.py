"""Text and places in it.

Maps a named text to lines and columns. A `Span` is a half-open range of offsets (code points) into one `Source`; lines
and columns exist only where something is shown to a person, and both count from 1. A text may hold the texts of other
files behind its own: one span then names a place in any of them, and `part` says in which.
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


@dataclass(frozen=True, slots=True)
class Held:
    """The text of another file inside a text: what announces it begins at `head`, itself it lies in `start..end`."""

    head: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """Where something stands, for a reader: the line of its own file, and that file where it is not the strategy's."""

    number: int
    file: str = ""

    @property
    def text(self) -> str:
        """`line 12`, `line 7 of golden_cross.strat`; nothing where a program was built without text."""
        if not self.number:
            return "no source text"
        return f"line {self.number} of {self.file}" if self.file else f"line {self.number}"


@dataclass(frozen=True)
class Source:
    """A named text: a file's path or a label such as `<stdin>`, and its characters; `files` are those of others."""

    name: str
    text: str
    files: tuple[Held, ...] = ()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        starts = [0]
        starts.extend(index + 1 for index, character in enumerate(self.text) if character == "\n")
        return tuple(starts)

    @property
    def own(self) -> str:
        """The text without those of other files."""
        return self.text[: self.files[0].head] if self.files else self.text

    @cached_property
    def _parts(self) -> tuple[tuple[Source, Held], ...]:
        return tuple((Source(held.name, self.text[held.start : held.end]), held) for held in self.files)

    @cached_property
    def _own_part(self) -> Source:
        return Source(self.name, self.own) if self.files else self

    def part(self, offset: int) -> tuple[Source, int]:
        """The file that an offset lies in, as a source of its own, and the offset of its first character."""
        for part, held in self._parts:
            if held.start <= offset <= held.end:
                return part, held.start
        return self._own_part, 0

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
