"""Tree → canonical text, what `stratc fmt` writes.

`parse(print_tree(tree))` is the tree again, spans apart, and formatting twice is formatting once. A tree with holes
has no canonical text: printing it would destroy what the writer wrote.
"""

from __future__ import annotations

from stratc.dsl.diagnostic import has_errors
from stratc.dsl.parser import parse
from stratc.dsl.printing.layout import lay_out
from stratc.dsl.source import Source
from stratc.dsl.syntax import Missing, Tree, Unreadable, walk


def print_tree(tree: Tree, source: Source) -> str | None:
    """The canonical text of a tree that was read from `source`; None where the tree has holes."""
    if any(isinstance(node, Missing | Unreadable) for node in walk(tree)):
        return None
    return lay_out(tree, source)


def format_source(source: Source) -> str | None:
    """The canonical text of a source; None where it has problems, so that formatting never loses anything."""
    parsed = parse(source)
    return None if has_errors(parsed.problems) else print_tree(parsed.tree, source)
