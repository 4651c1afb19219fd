"""No text makes the parser raise: texts at random, good programs with mistakes in them, and the grammar's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from stratc.dsl.parser import decode, parse
from stratc.dsl.parsing import tables
from stratc.dsl.parsing.pieces import read_piece
from stratc.dsl.printer import format_source
from stratc.dsl.render import apply_edits, render
from stratc.dsl.source import Source
from stratc.dsl.syntax import walk

PROGRAMS = tuple(path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "good").glob("*.strat")))
WORDS = tuple(word for word in " ".join(PROGRAMS).split() if len(word) < 30)
SPACES = (" ", " ", " ", "\n", "\n  ", "\n       ", "", ",", "(", ")", "#", '"', "\t", "\r\n", "\x00")

pytestmark = pytest.mark.fast


def read_all(text: str) -> None:
    """Read, show, format and fix a text; whatever it is, nothing may raise and nothing may point outside it."""
    source = Source("fuzz.strat", text)
    parsed = parse(source)
    for problem in parsed.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        if problem.fix is not None:
            parse(Source("fixed.strat", apply_edits(text, problem.fix)))
    for node in walk(parsed.tree):
        assert 0 <= node.span.start <= node.span.end <= len(text)
    assert bool(parsed.problems) == bool(render(parsed.problems, source, color=False, width=80))
    format_source(source)


@st.composite
def mistaken(draw: st.DrawFn) -> str:
    """A good program in which a few characters were lost, doubled, swapped or put in."""
    text = draw(st.sampled_from(PROGRAMS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = (
            text[:start] + draw(st.sampled_from(("", text[start:end] * 2, *SPACES, "é", "then", "]", "R"))) + text[end:]
        )
    return text


@settings(max_examples=150, deadline=None)
@given(mistaken())
def test_mistaken_programs(text):
    read_all(text)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)), max_size=60))
def test_words_at_random(pairs):
    read_all("".join(word + space for word, space in pairs))


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_texts_at_random(text):
    read_all(text)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_at_random(data):
    source = decode("fuzz.strat", data)
    if isinstance(source, Source):
        read_all(source.text)


def terminals_of(grammar: Lark, start: str) -> dict[str, st.SearchStrategy[str]]:
    """One or a few spellings of each terminal, with the spaces that keep words apart."""
    kinds = {
        "NAME": ["close", "fast", "risk"],
        "NUMBER": ["1", "0.5%", "2R", "15 min", "8_000 USD"],
        "TEXT": ['"x"'],
        "CLOCK": ["09:45"],
        "DAY": ["2026-06-04"],
        "ZONE": ["London", "New York"],
        "SYMBOL": ["SPY", "EUR/USD"],
        "WEEKDAY": ["Friday"],
        "LEG": ["one", "other"],
        "MONTH_WORD": ["month"],
        "MONTH_NAME": ["October"],
        "CALENDAR_READING": ["session of month", "day of month", "days to next session", "time left in session"],
        "ON_NTH": ["on third"],
    }
    spellings = {name: [phrase] for name, phrase in tables.phrases().items()} | kinds | {"COMMENT": ["# x\n"]}
    used, _, _ = grammar.grammar.compile([start], ())
    return {
        terminal.name: st.sampled_from([f" {text} " for text in spellings[terminal.name]])
        for terminal in used
        if terminal.name != "SPACE"
    }


@pytest.mark.parametrize("start", ["more", "every", "trade_line"])
def test_the_grammar_reads_what_it_makes(start):
    grammar = tables.build_parser(tables.grammar_text(), strict=False)

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
    @given(from_lark(grammar, start=start, explicit=terminals_of(grammar, start)))
    def read(text):
        codes = {problem.code for problem in read_piece(start, text, 0).problems}
        # What only a reader refuses: depth, `of` an instrument, `over` no calculation, a call of no function.
        assert codes <= {"S005", "S030", "S031", "S051"}, text

    read()
