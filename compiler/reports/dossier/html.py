"""The dossier as one HTML page that stands alone: no script, no request, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib import resources
from typing import Final, assert_never

from stratc.compiler.judge.verdict import Status
from stratc.compiler.reports.dossier.blocks import Block, Code, Heading, Listing, Paragraph, Table
from stratc.compiler.reports.dossier.content import Dossier
from stratc.compiler.reports.dossier.pages import blocks_of

STYLE: Final = "dossier.css"
MARKS: Final = frozenset(status.value.replace("_", " ") for status in Status)


def to_html(dossier: Dossier) -> str:
    style = (resources.files("stratc.compiler.reports.dossier") / STYLE).read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(dossier.strategy)}: compliance dossier</title>",
            f"<style>{style}</style>\n</head>\n<body>",
            *(part for block in blocks_of(dossier) for part in _parts(block)),
            "</body>\n</html>\n",
        )
    )


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text, mark=mark):
            shown = f'<span class="{escape(mark.replace(" ", "-"))}">{escape(mark)}</span> ' if mark else ""
            yield f"<h{level}>{shown}{escape(text)}</h{level}>"
        case Paragraph(text=text):
            yield from (f"<p>{escape(' '.join(part.split()))}</p>" for part in text.split("\n\n"))
        case Listing(items=items):
            yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Table(head=head, rows=rows):
            heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
            yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>'
            yield from (f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
            yield "</tbody></table></div>"
        case Code(text=text, numbered=numbered):
            lines = text.rstrip("\n").splitlines()
            listed = [f"{number:>4}  {line}" for number, line in enumerate(lines, 1)] if numbered else lines
            yield f"<pre>{escape(chr(10).join(listed))}</pre>"
        case _:
            assert_never(block)


def _cell(text: str) -> str:
    marked = text.replace(" ", "-") if text in MARKS else ""
    return f'<td><span class="{marked}">{escape(text)}</span></td>' if marked else f"<td>{escape(text)}</td>"
