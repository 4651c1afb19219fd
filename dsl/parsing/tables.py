"""The parsers of the grammar: LALR tables made from the two grammar files, kept beside them as JSON.

`clause_reader` reads texts. `clause_parser` is lark's, for what lies beyond a text that can be read: what could stand
where it stops. Building the tables from the grammar takes a quarter of a second and lark a tenth to load, so they are
generated (`tests/make_grammar_tables.py`) and a test holds them to the grammar. A table that was made from another
grammar text is not used: the parser is then built from the grammar, slowly and rightly.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from stratc.dsl.parsing.reading import Reader

if TYPE_CHECKING:
    from lark import Lark

TABLES_FILE: Final = "tables.json"
READING_FILE: Final = "reading.json"

# One start symbol per clause, and `expression` for whoever needs a single one.
START_SYMBOLS: Final = (
    "expression",
    "strategy_line",
    "trade_line",
    "read_line",
    "account_line",
    "roll",
    "leave",
    "group",
    "flow",
    "input",
    "let",
    "use",
    "block_line",
    "book_line",
    "sleeve",
    "events",
    "data",
    "advice",
    "no_entries",
    "rule_head",
    "sequence_head",
    "first_step",
    "then_step",
    "unless",
    "on",
    "when",
    "every",
    "at_most",
    "then",
    "leg",
    "more",
    "cap",
    "floor",
    "halt",
)


def grammar_text() -> str:
    """The grammar as lark reads it: expressions first, then the clauses."""
    folder = files("stratc.dsl")
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("expression.lark", "grammar.lark"))


def build_parser(text: str, *, strict: bool) -> Lark:
    """A parser made from the grammar; `strict` refuses every conflict instead of settling it in silence."""
    from lark import Lark

    return Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start=list(START_SYMBOLS),
        strict=strict,
        propagate_positions=False,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


@cache
def clause_reader() -> Reader:
    """What reads all clauses, made once per process."""
    text = grammar_text()
    stored = files("stratc.dsl.parsing") / READING_FILE
    if stored.is_file():
        tables = json.loads(stored.read_text(encoding="utf-8"))
        if tables["grammar"] == reading_digest(text):
            return Reader(tables)
    from stratc.dsl.parsing.stored import reading_tables

    return Reader(reading_tables(build_parser(text, strict=False)))


@cache
def clause_parser() -> Lark:
    """Lark's parser of all clauses, made once per process."""
    from lark import Lark

    text = grammar_text()
    stored = files("stratc.dsl.parsing") / TABLES_FILE
    if stored.is_file():
        tables = json.loads(stored.read_text(encoding="utf-8"), object_hook=_with_integer_keys)
        if tables["grammar"] == _digest(text):
            return Lark.load({"data": tables["data"], "memo": tables["memo"]})
    return build_parser(text, strict=False)


@cache
def phrases() -> dict[str, str]:
    """The words of every keyword terminal, `STOP_LOSS_AT` → `stop loss at`; signs included."""
    from lark.lexer import PatternRE

    found = {}
    for terminal in clause_parser().terminals:
        words = terminal.pattern.value
        if isinstance(terminal.pattern, PatternRE):
            words = words.replace(r"\s+", " ").removesuffix(r"\b")
            if not re.fullmatch(r"[a-z ]+", words):
                continue
        found[terminal.name] = words
    return found


def serialise_tables(text: str) -> str:
    """The tables of a grammar as JSON, marked with the grammar and the version of lark that they were made from."""
    from stratc.dsl.parsing.stored import tables_text

    return tables_text(build_parser(text, strict=True), _digest(text))


def serialise_reading(text: str) -> str:
    """The same tables for `clause_reader`; what version of lark they were made by is nothing to it."""
    from stratc.dsl.parsing.stored import reading_text

    return reading_text(build_parser(text, strict=True), reading_digest(text))


def reading_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(text: str) -> str:
    from lark import __version__ as lark_version

    return hashlib.sha256(f"{lark_version}\n{text}".encode()).hexdigest()


def _with_integer_keys(found: dict[str, Any]) -> dict[Any, Any]:
    """JSON turns the numbers of states and rules into texts; this turns them back."""
    if found and all(key.isdecimal() for key in found):
        return {int(key): value for key, value in found.items()}
    return found
