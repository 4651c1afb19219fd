"""Lark trees of what is written once → nodes: bindings and functions, the lines of blocks, the lines that use them."""

from __future__ import annotations

from stratc.dsl.parsing.diagnostics import NoParameters
from stratc.dsl.parsing.expressions import (
    Branch,
    Unacceptable,
    branch,
    items_of,
    leaf,
    read_expression,
    read_name,
    read_text,
    span_of,
    token_span,
)
from stratc.dsl.parsing.trees import Token
from stratc.dsl.source import Span
from stratc.dsl.syntax import BlockLine, Function, Let, Name, Setting, Text, Use


def read_let(tree: Branch, at: int) -> Let | Function:
    """`let fast = sma(close, 50)`, `let spread(a, b) = (a - b) / b`."""
    name, value = read_name(leaf(tree, 1), at), read_expression(branch(tree, -1), at)
    if tree.data != "function":
        return Let(span=span_of(tree, at), name=name, value=value)
    if isinstance(tree.children[3], Token):
        span = Span(token_span(leaf(tree, 2), at).start, token_span(leaf(tree, 3), at).end)
        raise Unacceptable(NoParameters(span=span, name=name.text))
    parameters = tuple(read_name(leaf(item, 0), at) for item in items_of(branch(tree, 3)))
    return Function(span=span_of(tree, at), name=name, parameters=parameters, value=value)


def read_use(tree: Branch, at: int) -> Use:
    """`use "calendar.strat"`, `use month_end`, `use month_end from "calendar.strat" with days = 3 as calendar`."""
    tokens = {part.type: part for part in tree.children if isinstance(part, Token)}
    parts = {part.data: part for part in tree.children if not isinstance(part, Token)}
    settings, naming = parts.get("settings"), parts.get("naming")
    return Use(
        span=span_of(tree, at),
        block=read_name(tokens["NAME"], at) if "NAME" in tokens else None,
        path=read_text(tokens["TEXT"], at) if "TEXT" in tokens else None,
        settings=() if settings is None else tuple(_read_setting(s, at) for s in items_of(branch(settings, 1))),
        alias=None if naming is None else read_name(leaf(naming, 1), at),
    )


def _read_setting(tree: Branch, at: int) -> Setting:
    value = read_expression(branch(tree, 2), at)
    return Setting(span=span_of(tree, at), name=read_name(leaf(tree, 0), at), value=value)


def read_block_line(tree: Branch, at: int) -> BlockLine:
    name = leaf(tree, 1)
    named: Name | None = None if name.type == "TEXT" else read_name(name, at)
    path: Text | None = read_text(name, at) if name.type == "TEXT" else None
    return BlockLine(span=span_of(tree, at), name=named, path=path)


def read_on(tree: Branch, at: int) -> Name:
    """The sequence that a rule waits for, with its dots where it is a block's."""
    dotted = branch(tree, 1)
    parts: list[str] = []
    rest = dotted
    while len(rest.children) == 3:
        parts.append(str(leaf(rest, 2)))
        rest = branch(rest, 0)
    return Name(span=span_of(dotted, at), text=".".join((str(leaf(rest, 0)), *reversed(parts))))
