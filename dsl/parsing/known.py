"""Lark trees of what is known beside prices → nodes: tables of events, data and advice, and what is asked of them."""

from __future__ import annotations

from stratc.dsl.parsing.expressions import Branch, branch, leaf, read_expression, read_name, read_range, span_of
from stratc.dsl.parsing.trees import Token
from stratc.dsl.syntax import (
    Advice,
    Data,
    Events,
    Expression,
    Interval,
    Name,
    NoEntries,
)


def read_events(tree: Branch, at: int) -> Events:
    return Events(span=span_of(tree, at), name=read_name(leaf(tree, 1), at), each=_of_each(tree))


def read_data(tree: Branch, at: int) -> Data:
    return Data(
        span=span_of(tree, at),
        name=read_name(leaf(tree, 1), at),
        each=_of_each(tree),
        kind=_name_after(tree, "COLON", at),
        range=_bounds(tree, at),
        fresh=_fresh(tree, at),
    )


def read_advice(tree: Branch, at: int) -> Advice:
    return Advice(
        span=span_of(tree, at),
        name=read_name(leaf(tree, 1), at),
        each=_of_each(tree),
        kind=_name_after(tree, "COLON", at),
        range=_bounds(tree, at),
        adviser=_name_after(tree, "FROM", at),
        fresh=_fresh(tree, at),
    )


def read_no_entries(tree: Branch, at: int) -> NoEntries:
    return NoEntries(span=span_of(tree, at), condition=read_expression(branch(tree, 1), at))


def _of_each(tree: Branch) -> bool:
    return any(isinstance(part, Token) and part.type == "OF_EACH_INSTRUMENT" for part in tree.children)


def _name_after(tree: Branch, terminal: str, at: int) -> Name:
    place = next(k for k, part in enumerate(tree.children) if isinstance(part, Token) and part.type == terminal)
    return read_name(leaf(tree, place + 1), at)


def _part(tree: Branch, data: str) -> Branch | None:
    return next((part for part in tree.children if not isinstance(part, Token) and part.data == data), None)


def _bounds(tree: Branch, at: int) -> Interval | None:
    found = _part(tree, "bounds")
    return None if found is None else read_range(branch(found, 1), at)


def _fresh(tree: Branch, at: int) -> Expression | None:
    found = _part(tree, "fresh")
    return None if found is None else read_expression(branch(found, 2), at)
