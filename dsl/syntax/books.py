"""Nodes of a book: several strategies, each a sleeve with its part of one account's equity."""

from __future__ import annotations

from stratc.dsl.syntax.expressions import Expression, Missing, Name, Node, Text
from stratc.dsl.syntax.reuse import name_of_file
from stratc.runtime.model.record import record


@record
class BookLine(Node):
    """`book "Core"`: the title, where a strategy has its own."""

    title: Text | Missing


@record
class Sleeve(Node):
    """`sleeve "golden_cross.strat" with 40% of equity as golden`."""

    path: Text
    part: Expression
    alias: Name | None

    @property
    def known_as(self) -> Name | None:
        """The name before the dot of what the sleeve declares; None where the file's name is none and none is given."""
        return self.alias if self.alias is not None else name_of_file(self.path)
