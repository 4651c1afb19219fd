"""A tree as text: one line a node, indented, with its place and what it holds besides other nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from stratc.dsl.source import Source
from stratc.dsl.syntax import Node, Tree, children


def show_tree(tree: Tree, source: Source) -> str:
    return "\n".join(_lines(tree, source, 0))


def _lines(node: Node, source: Source, depth: int) -> Iterator[str]:
    line, column = source.position(node.span.start)
    yield f"{'  ' * depth}{type(node).__name__} {line}:{column}{_leaves(node)}"
    for child in children(node):
        yield from _lines(child, source, depth + 1)


def _leaves(node: Node) -> str:
    """Fields that are neither nodes nor empty, such as a name's text."""
    told = []
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name != "span" and not isinstance(value, Node | tuple) and value not in (None, False, ""):
            told.append(f"{field.name}={value}")
    return "".join(f" {each}" for each in told)
