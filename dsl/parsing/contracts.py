"""Lark trees of `roll`, `leave` and `group` → nodes, by the conventions of `statements`."""

from __future__ import annotations

from stratc.dsl.parsing.expressions import (
    Branch,
    branch,
    items_of,
    leaf,
    read_expression,
    read_instrument,
    read_name,
    span_of,
)
from stratc.dsl.parsing.trees import Token
from stratc.dsl.syntax.contracts import Group, Leave, Roll


def read_roll(tree: Branch, at: int) -> Roll:
    """What tells the day, the day itself or the latest one, and how prices are joined."""
    parts = {part.data: part for part in tree.children if not isinstance(part, Token)}
    day = parts.get("latest") or (tree if "before" in parts else None)
    return Roll(
        span=span_of(tree, at),
        by=_words(parts["activity"]) if "activity" in parts else "",
        sessions=None if day is None else read_expression(branch(day, 1), at),
        before="" if day is None else _day(branch(day, 2)),
        adjusted=_words(branch(parts["adjusted"], 2)) if "adjusted" in parts else "",
    )


def read_leave(tree: Branch, at: int) -> Leave:
    return Leave(span=span_of(tree, at), sessions=read_expression(branch(tree, 1), at), before=_day(branch(tree, 2)))


def read_group(tree: Branch, at: int) -> Group:
    return Group(
        span=span_of(tree, at),
        name=read_name(leaf(tree, 1), at),
        instruments=tuple(read_instrument(leaf(item, -1), at) for item in items_of(branch(tree, 3))),
    )


def _words(tree: Branch) -> str:
    return " ".join(leaf(tree, 0).split())


def _day(tree: Branch) -> str:
    """`before   first notice` → `first notice`."""
    return _words(tree).removeprefix("before ")
