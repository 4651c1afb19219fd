"""The line that names a sleeve: what is wrong with its file and its name, told of sleeves and not of blocks.

A sleeve is put in its place as a block is (`reuse.blocks`); what a reader wrote is a strategy in a book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stratc.compiler.resolve.books.diagnostics import BookAndStrategy, BookInBook, NoSuchSleeve, NotOfBook
from stratc.compiler.resolve.reuse.copies import with_spans
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE, Span
from stratc.dsl.syntax import Statement, StrategyLine, TradeLine, Use
from stratc.dsl.syntax.books import BookLine, Sleeve


def missing_sleeve(span: Span, file: str) -> Problem:
    """A sleeve's file that is not there; which files are, only the folder knows."""
    advice = f"put `{file}` into the book's folder, or mend the path"
    return NoSuchSleeve(span=span, what=f"there is no strategy `{file}` in the book's folder", advice=advice)


def empty_sleeve(span: Span, file: str) -> Problem:
    return NoSuchSleeve(
        span=span, what=f"`{file}` holds nothing", advice="write the strategy in it, or name another file"
    )


def sleeve_in_strategy(sleeve: Sleeve) -> Problem:
    advice = "take the line out of this strategy: sleeves stand in the text of a book"
    return NotOfBook(span=sleeve.span, what="a sleeve belongs to a book, and this text is none", advice=advice)


def book_inside(use: Use, file: str, block: Sequence[Statement], main: Sequence[Statement], *, sleeve: bool) -> Problem:
    """A book where a strategy, or a block, is wanted."""
    itself = len(block) == len(main) and all(
        with_spans(one, lambda _: NOWHERE) == with_spans(other, lambda _: NOWHERE)
        for one, other in zip(block, main, strict=True)
    )
    what = f"`{file}` is this book itself" if itself else f"`{file}` is a book"
    advice = (
        "name the files of the strategies that it holds: a book holds strategies, and no book"
        if sleeve
        else "take the line out: `use` takes the rules of a block, and a book has none of its own"
    )
    span = use.path.span if use.path is not None else use.span
    return BookInBook(span=span, what=what, advice=advice)


def is_book_and_strategy(statements: Iterable[Statement]) -> bool:
    """Whether a text has the first line of a book and that of a strategy."""
    kinds = {type(each) for each in statements}
    return StrategyLine in kinds and BookLine in kinds


def book_and_strategy(statements: Sequence[Statement]) -> Iterator[Problem]:
    """One problem, at the line that came second, in the place of one for each line of the strategy."""
    first, second = [each for each in statements if isinstance(each, BookLine | StrategyLine)][:2]
    yield BookAndStrategy(
        span=second.span, first=first.span, sleeves=any(isinstance(each, Sleeve) for each in statements)
    )


def without_strategy(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """A book's text without the lines of a strategy's header, of which one problem is enough; any other text whole."""
    if not any(isinstance(each, BookLine | Sleeve) for each in statements):
        return tuple(statements)
    return tuple(each for each in statements if not isinstance(each, StrategyLine | TradeLine))
