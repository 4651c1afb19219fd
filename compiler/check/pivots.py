"""Pivots: `pivot_high(high, 3, 3)`, whose two numbers of bars are fixed before the run.

A pivot is a bar that is higher (lower) than so many bars on its left and so many on its right, ties excluded. It is
known when its right side has closed, and its value stays until the next one is known.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.diagnostics import LengthNotConstant, LengthOutOfRange
from stratc.compiler.check.mending import bars_instead
from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import Call, Expression
from stratc.dsl.types import BARS, COUNT, UNKNOWN

SIDE_BARS_MAX: Final = 5_000
SIDES: Final = ("left", "right")


def check_sides(call: Call, typing: Typing) -> None:
    """The two sides of a pivot, already typed."""
    for side, argument in zip(SIDES, call.arguments[1:], strict=True):
        _check_side(call, side, argument.value, typing)


def _check_side(call: Call, side: str, written: Expression, typing: Typing) -> None:
    found, value = typing.types[written], constant(written, typing.resolved)
    name, wanted = call.function.text, "a whole number of bars"
    if found == UNKNOWN:
        return
    why = ""
    if found not in (COUNT, BARS):
        why = f"this is {article(found)}"
    elif value is None:
        why = "known only bar by bar"
    elif reads_input(written, typing.resolved):
        why = "an input may change from run to run"
    elif value != value.to_integral_value():
        why = "not whole"
    if why:
        sample = str(bars_instead(written, typing) or 3)
        lack = LengthNotConstant(span=written.span, name=name, argument=side, wanted=wanted, why=why, sample=sample)
        typing.tell(lack)
    elif value is not None and not 1 <= value <= SIDE_BARS_MAX:
        span, high = written.span, f"{SIDE_BARS_MAX:g}"
        typing.tell(
            LengthOutOfRange(span=span, name=name, argument=side, low="1", high=high, found=f"{value:f}", sample="3")
        )


def sides_bars(call: Call, resolved: Resolved) -> tuple[int, int]:
    """How many bars stand on the left and on the right; 1 where that is wrong and has been told."""
    values = [constant(argument.value, resolved) for argument in call.arguments[1:3]]
    left, right = (int(value) if value is not None and 1 <= value <= SIDE_BARS_MAX else 1 for value in values)
    return left, right
