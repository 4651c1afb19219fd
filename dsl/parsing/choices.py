"""Lark trees of a choice → nodes: `if … then … else …`, mixes of instruments, and the best of some."""

from __future__ import annotations

from stratc.dsl.parsing.expressions import (
    Branch,
    branch,
    items_of,
    leaf,
    read_expression,
    read_instrument,
    read_number,
    span_of,
    token_span,
)
from stratc.dsl.parsing.trees import Token
from stratc.dsl.syntax import Cash, Choice, Instrument, Mix, Name, Number, Part, Picked, Rest, Switch


def read_choice(tree: Branch, at: int) -> Choice:
    span = span_of(tree, at)
    if tree.data == "switch":
        return Switch(
            span=span,
            condition=read_expression(branch(tree, 1), at),
            then=read_choice(branch(tree, 3), at),
            otherwise=read_choice(branch(tree, 5), at),
        )
    return Mix(span=span, parts=tuple(_read_part(item, at) for item in items_of(tree)))


def read_picked(tree: Branch, at: int) -> Picked:
    """`top 1 of SQQQ, TLT by …`, from the word that says which end."""
    return Picked(
        span=span_of(tree, at),
        count=read_number(leaf(tree, 1), at),
        among=tuple(read_instrument(leaf(item, 0), at) for item in items_of(branch(tree, 3))),
        by=read_expression(branch(tree, 5), at),
        lowest=leaf(tree, 0).type.endswith("BOTTOM"),
    )


def one_part(held: Picked) -> Mix:
    """A mix of one part."""
    return Mix(span=held.span, parts=(Part(span=held.span, share=None, held=held),))


def _read_part(tree: Branch, at: int) -> Part:
    share = _read_share(leaf(tree, 0), at) if len(tree.children) == 2 else None
    return Part(span=span_of(tree, at), share=share, held=_read_held(tree.children[-1], at))


def _read_share(word: Token, at: int) -> Number | Name | Rest:
    match word.type:
        case "NUMBER":
            return read_number(word, at)
        case "REST":
            return Rest(span=token_span(word, at))
        case _:
            return Name(span=token_span(word, at), text=str(word))


def _read_held(child: Branch | Token, at: int) -> Instrument | Cash | Picked | Choice:
    if isinstance(child, Token):
        return read_instrument(child, at) if child.type == "SYMBOL" else Cash(span=token_span(child, at))
    if child.data == "picked":
        return read_picked(child, at)
    return read_choice(branch(child, 1), at)
