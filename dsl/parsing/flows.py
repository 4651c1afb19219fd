"""Lark trees of `contribute` and `withdraw` → nodes, by the conventions of `statements`."""

from __future__ import annotations

from stratc.dsl.parsing.expressions import Branch, branch, leaf, read_expression, span_of
from stratc.dsl.parsing.schedules import read_every
from stratc.dsl.syntax.flows import Flow


def read_flow(tree: Branch, at: int) -> Flow:
    """How much, then when."""
    return Flow(
        span=span_of(tree, at),
        amount=read_expression(branch(tree, 1), at),
        every=read_every(branch(tree, 2), at),
        withdraw=leaf(tree, 0).type == "WITHDRAW",
    )
