"""The dossier as Markdown: tables of GitHub's form, and nothing of a text that could be taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, assert_never

from stratc.compiler.reports.dossier.blocks import Block, Code, Heading, Listing, Paragraph, Table
from stratc.compiler.reports.dossier.content import Dossier
from stratc.compiler.reports.dossier.pages import blocks_of

MARKUP: Final = re.compile(r"([\\`*_\[\]<>|#~])")


def to_markdown(dossier: Dossier) -> str:
    return "\n\n".join("\n".join(_lines(block)) for block in blocks_of(dossier)) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text, mark=mark):
            yield f"{'#' * level} {f'{mark.upper()} ' if mark else ''}{escaped(text)}"
        case Paragraph(text=text):
            yield escaped(" ".join(text.split()))
        case Listing(items=items):
            yield from (f"- {escaped(' '.join(item.split()))}" for item in items)
        case Table(head=head, rows=rows):
            yield _row(head)
            yield f"|{'---|' * len(head)}"
            yield from (_row(tuple(escaped(" ".join(cell.split())) for cell in row)) for row in rows)
        case Code(text=text, numbered=numbered):
            lines = text.rstrip("\n").splitlines()
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
            yield fence
            yield from (f"{number:>4}  {line}" for number, line in enumerate(lines, 1)) if numbered else iter(lines)
            yield fence
        case _:
            assert_never(block)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    return MARKUP.sub(r"\\\1", text)
