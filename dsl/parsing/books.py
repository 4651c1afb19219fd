"""Lark trees of a book's lines → nodes."""

from __future__ import annotations

from stratc.dsl.parsing.expressions import Branch, branch, leaf, read_expression, read_name, read_text, span_of
from stratc.dsl.parsing.trees import Token
from stratc.dsl.syntax.books import BookLine, Sleeve


def read_book_line(tree: Branch, at: int) -> BookLine:
    return BookLine(span=span_of(tree, at), title=read_text(leaf(tree, 1), at))


def read_sleeve(tree: Branch, at: int) -> Sleeve:
    """`sleeve "golden_cross.strat" with 40% of equity as golden`."""
    naming = next((part for part in tree.children[4:] if not isinstance(part, Token)), None)
    return Sleeve(
        span=span_of(tree, at),
        path=read_text(leaf(tree, 1), at),
        part=read_expression(branch(tree, 3), at),
        alias=None if naming is None else read_name(leaf(naming, 1), at),
    )
