"""What is wrong with the line that names a sleeve is told in one message, of sleeves and books and not of blocks."""

from __future__ import annotations

import pytest

from stratc.compiler.workbench import compile_source, with_blocks
from stratc.dsl.diagnostic import Severity
from stratc.dsl.source import Source
from tests.books.making import sleeve

pytestmark = pytest.mark.fast

ONE = sleeve(
    "when flat and close > open\n  then buy 10% of equity at next open", "when long\n  then exit all at next open"
)
BOOK = 'book "Book"\naccount cash USD\n'
LINE = 'sleeve "one.strat" with 30% of equity\n'
FILES = {
    "one.strat": ONE,
    "close.strat": ONE,
    "a_book.strat": BOOK + LINE,
    "holds.strat": ONE + LINE,
    "empty.strat": "# nothing yet\n",
    "round.strat": ONE + 'use "book.strat"\n',
}
CASES = {
    "a file that is not there": (LINE.replace("one", "none"), "N292", "there is no strategy `none.strat`"),
    "a file that is nearly there": (LINE.replace("one", "clsoe"), "N292", "there is no strategy `clsoe.strat`"),
    "an empty file": (LINE.replace("one", "empty"), "N292", "`empty.strat` holds nothing"),
    "the book itself": (LINE.replace("one", "book"), "N293", "`book.strat` is this book itself"),
    "another book": (LINE.replace("one", "a_book"), "N293", "`a_book.strat` is a book"),
    "a strategy that uses the book": (LINE.replace("one", "round"), "N293", "`book.strat` is this book itself"),
    "a strategy with a sleeve": (LINE.replace("one", "holds"), "N242", "a sleeve belongs to a book"),
    "a name of the language": (LINE.replace("one", "close"), "N294", "`close` has another meaning here"),
    "the same file twice": (LINE * 2, "N294", "there are two sleeves `one`"),
    "the same name twice": (
        LINE.replace("equity", "equity as both") + LINE.replace("one", "close").replace("equity", "equity as both"),
        "N294",
        "there are two sleeves `both`",
    ),
}


def told(text: str):
    found = compile_source(with_blocks(Source("book.strat", text), {**FILES, "book.strat": text}.get)).diagnostics
    return [problem for problem in found if problem.severity is Severity.ERROR]


@pytest.mark.parametrize("name", CASES)
def test_one_message_that_speaks_of_sleeves(name):
    lines, code, said = CASES[name]
    (problem,) = told(BOOK + lines)
    assert problem.code == code
    assert problem.message.startswith(said)
    assert "block" not in problem.message + problem.label + " ".join(problem.helps).replace("rules of a block", "")


@pytest.mark.parametrize("text", ['strategy "S"\n' + BOOK + LINE, BOOK + 'strategy "S"\ntrade SPY on 1 day\n' + LINE])
def test_a_book_and_a_strategy_in_one_text(text):
    (problem,) = told(text)
    assert problem.code == "N295"
    assert "take the `strategy` line out" in problem.helps[0]


def test_a_strategy_with_the_line_of_a_book():
    (problem,) = told(ONE + 'book "B"\n')
    assert problem.code == "N295"
    assert "take the `book` line out" in problem.helps[0]


def test_a_strategy_with_a_sleeve_of_its_own_is_told_once():
    (problem,) = told(ONE + LINE)
    assert problem.code == "N242"
    assert "in the place of its `strategy` line" in problem.helps[0]
