"""Nodes of ladders: entries that rest at several prices at once."""

from __future__ import annotations

from enum import StrEnum

from stratc.dsl.syntax.expressions import Expression, Node, Number
from stratc.runtime.model.record import record


class Spacing(StrEnum):
    """Equally far apart, or each the same multiple of the one below."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


@record
class Levels(Node):
    """`at each of 40 geometric levels from 2000 USD to 4000 USD`: both ends are levels, in either order."""

    count: Number
    spacing: Spacing
    first: Expression
    last: Expression


@record
class LevelTarget(Node):
    """`target one level up`, `target one level down`: the price of the neighbour of each level."""

    up: bool
