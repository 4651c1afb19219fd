"""Blocks: a text and the files that it uses → one text that holds them all, as it is compiled and kept in an artefact.

Whoever calls reads the files: `read` is handed a path, from the strategy's folder downwards, and answers with the text
or None. What a text holds already is not asked for, so a text from an artefact needs no file. Never raises by itself;
what is missing is told when the text is compiled.

source = with_blocks(Source("my.strat", text), {"month_end.strat": overlay}.get)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from stratc.compiler.resolve.reuse.paths import below, why_not_below
from stratc.dsl.parser import parse
from stratc.dsl.source import Held, Source
from stratc.dsl.syntax import BlockLine, Tree, Use
from stratc.dsl.syntax.books import Sleeve

FILES_MAX: Final = 100


def with_blocks(source: Source, read: Callable[[str], str | None]) -> Source:
    """The text with every file that it uses behind it, each once, in the order in which they are met."""
    if "use" not in source.text and "sleeve" not in source.text:
        return source
    tree = parse(source).tree
    held = {line.path.value for line in tree.statements if isinstance(line, BlockLine) and line.path is not None}
    folder = source.name.replace("\\", "/").rpartition("/")[0]
    wanted, found = _paths(tree, ""), source
    while wanted and len(found.files) < FILES_MAX:
        path = wanted.pop(0)
        if path in held:
            continue
        held.add(path)
        text = read(path)
        if text is not None:
            found = _holding(found, path, f"{folder}/{path}" if folder else path, text)
            wanted += _paths(parse(Source(path, text)).tree, path)
    return found


def _paths(tree: Tree, file: str) -> list[str]:
    """The files that a file uses; a path that leads elsewhere is none and is told when the text is compiled."""
    paths = [each.path.value for each in tree.statements if isinstance(each, Use | Sleeve) and each.path is not None]
    return [below(file, path) for path in paths if not why_not_below(path)]


def _holding(source: Source, path: str, name: str, text: str) -> Source:
    head = len(source.text)
    begun = f'{source.text}\nblock "{path}"\n'
    held = Held(head=head, start=len(begun), end=len(begun) + len(text), name=name)
    return replace(source, text=begun + text, files=(*source.files, held))
