"""Places in a rule's tree and the same tree with something else in one place.

It goes by the fields of records, so that a node that the language gets tomorrow is walked like those of today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from stratc.compiler.judge.ruletree import Node

# From a node to one inside it: names of fields, and numbers where a field holds several.
Path = tuple[str | int, ...]
N = TypeVar("N", bound=Node)


def parts(node: Node) -> Iterator[tuple[Path, Node]]:
    """The node and everything inside it, outermost first, each with the way to it."""
    yield (), node
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield from (((field.name, *path), part) for path, part in parts(value))
        elif isinstance(value, tuple):
            for number, each in enumerate(value):
                if isinstance(each, Node):
                    yield from (((field.name, number, *path), part) for path, part in parts(each))


def put(node: N, path: Path, new: Node) -> N:
    """The node with `new` at the end of the way; the way is not empty."""
    name, *rest = path
    value = getattr(node, str(name))
    changed: dict[str, Any] = {}
    if isinstance(value, tuple):
        number = int(rest[0])
        inner = new if len(rest) == 1 else put(value[number], tuple(rest[1:]), new)
        changed[str(name)] = (*value[:number], inner, *value[number + 1 :])
    else:
        changed[str(name)] = new if not rest else put(value, tuple(rest), new)
    return replace(node, **changed)


def bare(value: object) -> object:
    """The value without places in the file: what two texts that say the same have in common."""
    if isinstance(value, Node):
        found = {field.name: bare(getattr(value, field.name)) for field in fields(value) if field.name != "span"}
        return (type(value).__name__, *found.items())
    if isinstance(value, tuple):
        return tuple(bare(each) for each in value)
    return value
