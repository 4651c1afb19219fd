"""What a word of the account means of a pair: of both its legs."""

from __future__ import annotations

from typing import Final

from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import (
    ArithmeticOperator,
    Book,
    BookWord,
    IsKnown,
    Logic,
    LogicOperator,
    NodeId,
    Select,
)
from stratc.dsl.source import Span

COUNTED: Final = frozenset({BookWord.BARS_HELD, BookWord.SESSIONS_HELD})


def lower_word(word: BookWord, span: Span, builder: Builder) -> NodeId:
    """A word of the account; where pairs are traded those of a position are asked of both legs.

    A pair is flat when both legs are, its profit is that of both, and it is held since the first of them was.
    """
    if not builder.checked.resolved.header.pairs:
        return builder.add(Book(word), (), span)
    if word is BookWord.FLAT:
        return builder.add(Logic(LogicOperator.AND), _of_both(word, span, builder), span)
    if word is BookWord.OPEN_PROFIT:
        return builder.arithmetic(ArithmeticOperator.ADD, span, *_of_both(word, span, builder))
    if word in COUNTED:
        return _since_the_first(word, span, builder)
    return builder.add(Book(word), (), span)


def _of_both(word: BookWord, span: Span, builder: Builder) -> tuple[NodeId, NodeId]:
    return builder.add(Book(word, leg=0), (), span), builder.add(Book(word, leg=1), (), span)


def _since_the_first(word: BookWord, span: Span, builder: Builder) -> NodeId:
    """The larger count of the two; of a leg that is held alone, its own."""
    one, other = _of_both(word, span, builder)
    known = [builder.add(IsKnown(), (leg,), span) for leg in (one, other)]
    longer = builder.arithmetic(ArithmeticOperator.MAXIMUM, span, one, other)
    single = builder.add(Select(), (known[0], one, other), span)
    both = builder.add(Logic(LogicOperator.AND), tuple(known), span)
    return builder.add(Select(), (both, longer, single), span)
