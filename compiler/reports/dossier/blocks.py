"""The parts of a document that has more than one form: each form writes the same parts in its own way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is the title. `mark` is a word that a form may colour, such as a verdict."""

    level: int
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text as it stands, with line numbers where `numbered`."""

    text: str
    numbered: bool = False


Block = Heading | Paragraph | Listing | Table | Code
