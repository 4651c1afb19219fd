"""Constants of a resolved program: values in base units, known before any bar is seen.

The rules are those of `resolve.constants`, which has read the bindings. An `input` counts at its default;
`reads_input` tells where one is read.
"""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.resolve.constants import (
    DURATION_UNITS,
    SCALES,
    STEP_UNITS,
    base_value,
    is_fixed,
    reads_any,
    value_of,
)
from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import Expression, Node

__all__ = [
    "DURATION_UNITS",
    "SCALES",
    "STEP_UNITS",
    "base_value",
    "constant",
    "is_constant",
    "reads_input",
]


def constant(expression: Expression, resolved: Resolved) -> Decimal | None:
    """The value of an expression that reads no bar and no account; None where it does, or has none."""
    return value_of(expression, resolved.followed)


def is_constant(expression: Expression, resolved: Resolved) -> bool:
    """Whether nothing of the market or the account is read: numbers, steps, inputs and their arithmetic."""
    return is_fixed(expression, resolved.followed)


def reads_input(expression: Node, resolved: Resolved) -> bool:
    """Whether an `input` is read anywhere below, through bindings too."""
    return reads_any(expression, resolved.followed.from_inputs)
