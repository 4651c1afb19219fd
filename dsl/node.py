"""The base of every node of the tree, apart so that groups of nodes can have modules of their own."""

from __future__ import annotations

from stratc.dsl.source import Span
from stratc.runtime.model.record import record


@record
class Node:
    """Base of every node: `span` is the text that it was read from."""

    span: Span
