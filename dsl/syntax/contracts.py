"""Nodes of what goes with futures and with markets that move together: rolls, the way out of a contract, groups."""

from __future__ import annotations

from stratc.dsl.syntax.expressions import Expression, Instrument, Name, Node
from stratc.runtime.model.record import record


@record
class Roll(Node):
    """`roll 5 sessions before expiry`, `roll by volume, at latest 2 sessions before first notice, adjusted by ratio`.

    `by` is empty, volume | open interest; `before` is expiry | first notice, empty where no day is named; `adjusted` is
    difference | ratio, empty where it is not said.
    """

    by: str = ""
    sessions: Expression | None = None
    before: str = ""
    adjusted: str = ""


@record
class Leave(Node):
    """`leave 5 sessions before expiry`: out of a single contract for good; `before` is expiry | first notice."""

    sessions: Expression
    before: str


@record
class Group(Node):
    """`group metals = GC, SI`."""

    name: Name
    instruments: tuple[Instrument, ...]
