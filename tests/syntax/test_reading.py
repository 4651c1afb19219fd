"""The reader gives lark's trees: over every text at hand, what is cut and stuck together from them, and rules."""

from __future__ import annotations

import re
import sys
from importlib.resources import files
from pathlib import Path

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.compiler.judge import ruleparse
from stratc.compiler.judge.rulefile import FENCE, _split
from stratc.dsl.parser import parse
from stratc.dsl.parsing import pieces, reading, stored, tables
from stratc.dsl.parsing.trees import Token, Tree, leaves
from stratc.dsl.source import Source
from stratc.rules import packs_root

ROOT = Path(__file__).parents[2]
TEXTS = tuple(path.read_text(encoding="utf-8", errors="replace") for path in sorted(ROOT.glob("examples/*/*.strat")))
TRIED = tuple(path.read_text(encoding="utf-8", errors="replace") for path in sorted(ROOT.glob("tests/**/*.strat")))
RULES = tuple(
    _split(block[1])[0]
    for file in sorted(packs_root().glob("*/*.md"))
    for block in FENCE.finditer(file.read_text("utf-8"))
)

PUT = ("", " ", "\n", "\u00a0", "# x\n", "(", ",", "é", "_", "9")

pytestmark = pytest.mark.fast


def plain(node: object) -> object:
    """A tree of either kind as plain data."""
    if isinstance(node, Tree | lark.Tree):
        return (str(node.data), [plain(child) for child in node.children])
    assert isinstance(node, Token | lark.Token)
    return (node.type, str(node), node.start_pos, node.end_pos)


def by_lark(parser: lark.Lark, start: str, text: str) -> object:
    try:
        return plain(parser.parse(text, start=start))
    except lark.UnexpectedInput:
        return None


def by_reader(reader: reading.Reader, start: str, text: str) -> object:
    found = reader.read(start, text)
    return None if found is None else plain(found)


@pytest.fixture(scope="module")
def clauses() -> tuple[tuple[str, str], ...]:
    """Every clause of every text with the start symbol by which it is read."""
    asked: dict[tuple[str, str], None] = {}
    whole = pieces._parse_piece
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            pieces, "_parse_piece", lambda start, text: asked.setdefault((start, text)) or whole(start, text)
        )
        for kept in (pieces._parse_kept, pieces._read_kept):
            kept.cache_clear()
        for text in (*TEXTS, *TRIED):
            parse(Source("a.strat", text))
    return tuple(asked)


def test_every_clause_is_read_as_lark_reads_it(clauses):
    reader, parser = tables.clause_reader(), tables.clause_parser()
    read = 0
    for start, text in clauses:
        wanted = by_lark(parser, start, text)
        assert by_reader(reader, start, text) == wanted, (start, text)
        read += wanted is not None
    assert read > 1_000
    assert len(clauses) - read > 50


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_is_made_of_clauses_is_read_as_lark_reads_it(clauses, data):
    start, text = data.draw(st.sampled_from(clauses))
    _, other = data.draw(st.sampled_from(clauses))
    cut, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    stuck = data.draw(st.sampled_from((*PUT, text[cut:end], other)))
    start = data.draw(st.sampled_from((start, start, start, *tables.START_SYMBOLS)))
    made = text[:cut] + stuck + text[end:]
    assert by_reader(tables.clause_reader(), start, made) == by_lark(tables.clause_parser(), start, made)


def test_every_rule_is_read_as_lark_reads_it():
    reader, parser = ruleparse._reader(), ruleparse._parser()
    assert len(RULES) > 40
    for text in RULES:
        wanted = by_lark(parser, "rule_text", text)
        assert wanted is not None
        assert by_reader(reader, "rule_text", text) == wanted


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_made_of_rules_is_read_as_lark_reads_it(data):
    text = data.draw(st.sampled_from(RULES))
    cut, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    made = text[:cut] + data.draw(st.sampled_from(("", " ", "\n", "when", "3", text[cut:end] * 2))) + text[end:]
    assert by_reader(ruleparse._reader(), "rule_text", made) == by_lark(ruleparse._parser(), "rule_text", made)


def test_spaces_and_letters_are_those_of_patterns():
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert re.findall(r"\s", every) == [each for each in every if each.isspace()]
    assert re.findall(r"\w", every) == [each for each in every if each.isalnum() or each == "_"]


@pytest.mark.parametrize("between", ["", " ", "\n\t ", "\u00a0", "\u2009", "_", "x", "."])
@pytest.mark.parametrize("behind", ["", " ", "_", "9", "é", "\u0301", "-", "."])
def test_words_are_matched_as_their_pattern_would(between, behind):
    text = f"stop{between}loss{behind}"
    found = re.match(r"stop\s+loss\b", text)
    assert reading._words(["stop", "loss"])(text, 0) == (-1 if found is None else found.end())


@pytest.mark.parametrize(
    ("package", "parser", "file"),
    [("stratc.dsl.parsing", tables, tables.READING_FILE), ("stratc.compiler.judge", ruleparse, ruleparse.READING_FILE)],
)
def test_the_stored_tables_are_those_of_the_grammar(package, parser, file):
    """If this fails, run `python tests/make_grammar_tables.py`."""
    assert (files(package) / file).read_text(encoding="utf-8") == parser.serialise_reading(parser.grammar_text())


def test_tables_of_another_grammar_are_not_used(monkeypatch):
    other = tables.grammar_text() + "\n// another text\n"
    monkeypatch.setattr(tables, "grammar_text", lambda: other)
    built = tables.clause_reader.__wrapped__()
    assert plain(built.read("halt", "halt at daily loss 3% of equity at last close, flatten, until next session"))
    assert built._rows == tables.clause_reader()._rows


@pytest.mark.parametrize(
    ("grammar", "told"),
    [
        ('start: "a" WORD\nWORD: /[a-z]/\n', "also words"),
        ("start: WORD\nWORD: /a/i\n", "flags"),
        ("start: WORD other?\nother: WORD\nWORD: /a/\n", "shape"),
    ],
)
def test_a_grammar_that_asks_for_more_is_refused(grammar, told):
    parser = lark.Lark(grammar, parser="lalr", lexer="contextual", keep_all_tokens="shape" not in told)
    with pytest.raises(ValueError, match=told):
        stored.reading_tables(parser)


def test_leaves_are_the_words_in_order():
    tree = tables.clause_reader().read("let", "let box = highest(high) over 00:00..07:00 London - 3 pips")
    assert isinstance(tree, Tree)
    words = [str(each) for each in leaves(tree)]
    assert words[:5] == ["let", "box", "=", "highest", "("]
    assert words[-1] == "3 pips"
