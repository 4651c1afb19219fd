"""Source lines as comments: where a block of generated code comes from."""

from __future__ import annotations

from dataclasses import dataclass

from stratc.compiler.ir.nodes import Program
from stratc.dsl.source import Source, Span


def printable(text: str) -> str:
    """The text without characters that could end a comment."""
    return "".join(character if character.isprintable() else "�" for character in text)


@dataclass(frozen=True, slots=True)
class SourceLines:
    """The source that a program's spans point into."""

    name: str
    source: Source

    @staticmethod
    def of(program: Program) -> SourceLines:
        return SourceLines(printable(program.source_name), Source(program.source_name, program.source_text))

    def number(self, span: Span) -> int:
        return self.source.position(span.start)[0]

    def comment(self, span: Span) -> str:
        """`# breakout.strat:7    let fast = sma(close, 10)`."""
        number = self.number(span)
        return f"# {self.name}:{number}    {printable(self.source.line(number)).strip()}".rstrip()
