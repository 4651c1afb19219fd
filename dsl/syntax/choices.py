"""Nodes of a choice: which instruments an allocation holds, by conditions that nest."""

from __future__ import annotations

from stratc.dsl.syntax.expressions import Expression, Instrument, Name, Node, Number
from stratc.runtime.model.record import record


@record
class Cash(Node):
    """`cash`: nothing is held."""


@record
class Picked(Node):
    """`top 1 of SQQQ, TLT by rsi(close, 10)`, `bottom 2 of …`: the score is read of each of them."""

    count: Number
    among: tuple[Instrument, ...]
    by: Expression
    lowest: bool = False


@record
class Rest(Node):
    """`rest BIL`: what the parts before it leave."""


@record
class Part(Node):
    """`TQQQ`, `60% SPY`, `40% (if … then … else …)`; without a share the parts of a mix are equal.

    A share that is computed has a name, `risky SPY and rest BIL`.
    """

    share: Number | Name | Rest | None
    held: Instrument | Cash | Picked | Mix | Switch


@record
class Mix(Node):
    """`TQQQ`, `SPY and TLT`, `60% SPY and 40% cash`."""

    parts: tuple[Part, ...]


@record
class Switch(Node):
    """`if bull then TQQQ else …`: one of the two is held."""

    condition: Expression
    then: Mix | Switch
    otherwise: Mix | Switch


Choice = Mix | Switch
