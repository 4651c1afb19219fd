"""Nodes of money that comes into the account and goes out of it."""

from __future__ import annotations

from stratc.dsl.syntax.expressions import Expression, Node
from stratc.dsl.syntax.schedules import Every
from stratc.runtime.model.record import record


@record
class Flow(Node):
    """`contribute 1_000 USD every month, on first session`, `withdraw 500 USD every quarter, on last session`."""

    amount: Expression
    every: Every
    withdraw: bool = False
