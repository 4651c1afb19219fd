"""The files of a run, each row with the moment since when anybody could have known it; cut at a moment, written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A line of a table and when it was known, in UTC nanoseconds."""

    known_ns: int
    text: str


@dataclass(frozen=True)
class Files:
    """Tables by the names of their files, headings first, and texts that are known throughout."""

    headings: Mapping[str, str]
    rows: Mapping[str, tuple[Row, ...]]
    texts: Mapping[str, str]

    def until(self, moment_ns: int) -> Files:
        """The same files as they were at that moment: of every table the rows that were known by then."""
        kept = {name: tuple(row for row in rows if row.known_ns <= moment_ns) for name, rows in self.rows.items()}
        return replace(self, rows=kept)

    def write(self, folder: Path) -> None:
        """Every file; a table of bars without a bar is left out, since nobody has such a file."""
        for name, text in self.texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        for name, rows in self.rows.items():
            if rows or not self.headings[name].startswith("time"):
                lines = [self.headings[name], *(row.text for row in rows)]
                (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
