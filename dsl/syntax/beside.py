"""Nodes of what is known beside prices: tables of events, data and advice, and what holds entries back."""

from __future__ import annotations

from stratc.dsl.syntax.expressions import Expression, Interval, Name, Node
from stratc.runtime.model.record import record


@record
class Events(Node):
    """`events earnings of each instrument`, `events fomc`: dates of a table, as they were known."""

    name: Name
    each: bool


@record
class Data(Node):
    """`data discount of each instrument: ratio in -1..1, fresh for 45 days`: values of a table, as they were known."""

    name: Name
    each: bool
    kind: Name
    range: Interval | None
    fresh: Expression | None


@record
class Advice(Node):
    """`advice news_score: number in -1..1 from claude, fresh for 30 min`: what a model says, which may veto entries."""

    name: Name
    each: bool
    kind: Name
    range: Interval | None
    adviser: Name
    fresh: Expression | None


@record
class NoEntries(Node):
    """`no entries when sessions until earnings <= 3`: denied where it is true, and where it is unknown."""

    condition: Expression
