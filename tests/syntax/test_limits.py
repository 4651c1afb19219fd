"""What is at the edges: bytes that are no text, texts that are too long or too deep, odd line ends and characters."""

from __future__ import annotations

import pytest

from stratc.dsl.parser import decode, parse
from stratc.dsl.parsing.size import CLAUSES_MAX, LINES_MAX, PROBLEMS_MAX
from stratc.dsl.source import SOURCE_CHARACTERS_MAX, Source
from stratc.dsl.syntax import Let, Missing
from tests.syntax.generate import without_spans

TEXT = 'strategy "Example"\ntrade   SPY on 1 day\naccount cash USD\n\nlet fast = sma(close, 50)  # fast\n'

pytestmark = pytest.mark.fast


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(Source("x.strat", text)).problems]


def test_a_million_characters_are_read_and_one_more_is_not():
    line = "# " + "x" * 997 + "\n"
    assert codes(line * (SOURCE_CHARACTERS_MAX // len(line))) == []
    assert codes("x" * (SOURCE_CHARACTERS_MAX + 1)) == ["S001"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# a comment\n" * (LINES_MAX + 1), "lines"),
        ("let sum = max(" + "close," * 20_000, "characters of code"),
        ("let a = close\n" * (CLAUSES_MAX + 1), "clauses"),
        (TEXT + "rule a\n" + "  when flat\n" * CLAUSES_MAX, "clauses"),
    ],
)
def test_what_is_too_much_is_said_once(text, what):
    (told,) = (problem for problem in parse(Source("x.strat", text)).problems if problem.code == "S006")
    assert what in told.message


@pytest.mark.parametrize("line", ["foo b\n", "lte x = 1\n", "  let x = 1\n", "let x = 3 shaers\n", "let x = (\n"])
def test_reading_stops_after_many_problems(line):
    found = codes(TEXT + line * 4_000)
    assert found.count("S007") == 1
    assert len(found) <= PROBLEMS_MAX + 10


def test_many_clauses_that_are_wrong_in_one_rule_end_it():
    assert len(codes(TEXT + "rule a\n" + "  zork\n" * 4_000)) <= PROBLEMS_MAX + 10


def test_a_long_line_is_read():
    assert codes(f"{TEXT}let sum = max({', '.join(['close'] * 5_000)})\n") == []


@pytest.mark.parametrize("depth", [60, 64])
def test_deep_nesting_is_read(depth):
    assert codes(f"{TEXT}let deep = {'(' * (depth - 3)}close{')' * (depth - 3)}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "(" * 65 + "close" + ")" * 65,
        "-" * 2_000 + "close",
        " + ".join(["close"] * 5_000),
        "(" * 70_000,
        "not " * 500 + "flat",
    ],
)
def test_too_deep_nesting_is_refused(text):
    assert codes(f"{TEXT}let deep = {text}\n") == ["S005"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "   \n"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("\n\n", "\n\n\n\t\n  # comment\n"),
        lambda text: text.rstrip("\n"),
    ],
)
def test_spaces_and_line_ends_mean_nothing(change):
    expected = parse(Source("x.strat", TEXT)).tree
    parsed = parse(Source("x.strat", change(TEXT)))
    assert parsed.problems == ()
    if "\u00a0" not in change(TEXT):
        assert without_spans(parsed.tree).statements == without_spans(expected).statements


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\u2028", "\r"])
def test_control_characters_are_told_and_the_rest_is_read(character):
    parsed = parse(Source("x.strat", TEXT.replace("close, ", f"close,{character}")))
    assert [problem.code for problem in parsed.problems] == ["S004"]
    last = parsed.tree.statements[-1]
    assert isinstance(last, Let)
    assert not isinstance(last.value, Missing)


def test_spans_are_those_of_the_whole_text():
    source = Source("x.strat", TEXT)
    last = parse(source).tree.statements[-1]
    assert isinstance(last, Let)
    assert source.slice(last.value.span) == "sma(close, 50)"
    assert source.slice(last.name.span) == "fast"
    assert source.slice(parse(source).tree.comments[0].span) == "# fast"


def test_the_name_of_a_broken_binding_is_kept():
    (broken,) = parse(Source("x.strat", "let fast = sma(close 50)\n")).tree.statements
    assert isinstance(broken, Let)
    assert broken.name.text == "fast"
    assert isinstance(broken.value, Missing)


@pytest.mark.parametrize(
    ("data", "code", "part"),
    [
        ("strategy".encode("utf-16"), "S002", "UTF-16"),
        (b'strategy "Caf\xe9"\n', "S002", "byte 13, in line 1, is 0xe9"),
        (b"PK\x03\x04\x00", "S003", "byte 4"),
    ],
)
def test_bytes_that_are_no_text(data, code, part):
    told = decode("x.strat", data)
    assert not isinstance(told, Source)
    assert told.code == code
    assert part in told.message


def test_bytes_that_are_text():
    assert decode("x.strat", b"\xef\xbb\xbf" + TEXT.encode()) == Source("x.strat", TEXT)
