"""Several strategies of one account → one text that a check reads: each strategy under its name, as in a book.

Unlike in a book no strategy has a part of the equity: each reads the whole account's, as it does when it runs beside
the others, so that what they buy adds up. A limit is the account's. What all files say is said once for the account;
what one of them says alone would bind orders of which it knows nothing, so it is refused. What books cannot hold is
refused by their own codes. Lines that are the account's stand where the first file has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from stratc.compiler.driver import Compilation
from stratc.compiler.resolve.words import WORDS
from stratc.compiler.workbench.blocks import with_blocks
from stratc.compiler.workbench.diagnostics import BookAmongFiles, LimitOfOne
from stratc.dsl.diagnostic import Problem, has_errors
from stratc.dsl.parser import parse
from stratc.dsl.source import Source
from stratc.dsl.syntax import AccountLine, Cap, Floor, Halt, Statement
from stratc.dsl.syntax.books import BookLine
from stratc.runtime.model.record import record

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
LIMITS: Final = (Cap, Floor, Halt)
LIMITS_ARE_OF_ALL: Final = (
    "the files run beside each other on one account: each reads the whole account's equity and its own positions, and "
    "what all of them limit is limited for the account"
)


@record
class Refused:
    """What keeps a text from being put beside the others."""

    source: Source
    problem: Problem


def put_together(files: Sequence[Source]) -> Source | Refused:
    """One text of the files, each of which compiles alone, or what keeps them apart. Places in it are told of the
    files."""
    for file in files:
        book = next((each for each in parse(file).tree.statements if isinstance(each, BookLine)), None)
        if book is not None:
            return Refused(source=file, problem=BookAmongFiles(span=book.span))
    limits = [_limits(each) for each in files]
    for file, own in zip(files, limits, strict=True):
        for limit, statement in own.items():
            lacking = [other.name for other, said in zip(files, limits, strict=True) if limit not in said]
            if lacking:
                problem = LimitOfOne(span=statement.span, limit=limit, others=", ".join(lacking))
                return Refused(source=file, problem=problem)
    texts: dict[str, tuple[str, str]] = {}
    lines = []
    for number, (file, own, name) in enumerate(zip(files, limits, _names(files), strict=True), start=1):
        path = f"{number}/{_base(file)}"
        texts[path] = (file.name, _blanked(file, own.values()))
        folder = file.name.replace("\\", "/").rpartition("/")[0]
        for held in file.files:
            below = held.name.removeprefix(f"{folder}/") if folder else held.name
            texts[f"{number}/{below}"] = (held.name, file.text[held.start : held.end])
        lines.append(f'sleeve "{path}" with 1% of equity as {name}')
    title = " + ".join(_title(each) for each in files)
    head = [f'book "{title}"']
    for words, statement in (*_account(files[0]), *limits[0].items()):
        line, _ = files[0].position(statement.span.start)
        head += [""] * (line - 1 - len(head)) + [words]
    whole = Source(" + ".join(each.name for each in files), "\n".join([*head, "", *lines]) + "\n")
    found = with_blocks(whole, lambda path: texts[path][1] if path in texts else None)
    return replace(found, files=tuple(replace(each, name=_told(each.name, whole, texts)) for each in found.files))


def of_one_account(compilation: Compilation) -> Compilation:
    """Without parts of the equity: each strategy reads the account's."""
    program = compilation.program
    return compilation if program is None else replace(compilation, program=replace(program, sleeves=()))


def _limits(file: Source) -> dict[str, Statement]:
    return _said(file, LIMITS)


def _said(file: Source, kinds: tuple[type[Statement], ...]) -> dict[str, Statement]:
    """Statements of a file's own text, by their words."""
    own = Source(file.name, file.own)
    found = [each for each in parse(own).tree.statements if isinstance(each, kinds)]
    return {" ".join(own.slice(each.span).split()): each for each in found}


def _blanked(file: Source, limits: Iterable[Statement]) -> str:
    """The file's own text without its limits, every other character in its place."""
    text = file.own
    for each in limits:
        said = text[each.span.start : each.span.end]
        blank = "".join(character if character == "\n" else " " for character in said)
        text = text[: each.span.start] + blank + text[each.span.end :]
    return text


def _names(files: Sequence[Source]) -> Iterator[str]:
    """What each strategy is called: its file, else the folder that it lies in, with a number where that is taken."""
    taken: set[str] = set()
    for number, file in enumerate(files, start=1):
        parts = file.name.replace("\\", "/").removesuffix(".strat").split("/")
        asked = (*(each.lower() for each in reversed(parts[-2:])), f"strategy_{number}")
        name = next((each for each in asked if each not in taken and _is_name(each)), f"strategy_{number}")
        taken.add(name)
        yield name


def _is_name(word: str) -> bool:
    """Whether a strategy can be called so: a word of the language is no name."""
    if NAME.fullmatch(word) is None or word in WORDS:
        return False
    return not has_errors(parse(Source("", f"let {word} = close\n")).problems)


def _base(file: Source) -> str:
    base = file.name.replace("\\", "/").rpartition("/")[2]
    return base if base.endswith(".strat") else f"{base}.strat"


def _title(file: Source) -> str:
    return _base(file).removesuffix(".strat")


def _account(file: Source) -> Iterator[tuple[str, Statement]]:
    """The `account` line of a file; where it has none the compiler says so."""
    yield from ((words, each) for words, each in _said(file, (AccountLine,)).items())


def _told(name: str, whole: Source, texts: dict[str, tuple[str, str]]) -> str:
    """What a file is called where a reader has it."""
    folder = whole.name.replace("\\", "/").rpartition("/")[0]
    path = name.removeprefix(f"{folder}/") if folder else name
    return texts[path][0] if path in texts else name
