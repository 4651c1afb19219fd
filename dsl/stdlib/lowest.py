"""lowest(series, length): lowest value of the window.

    value = min(x, x[1], ..., x[length - 1]) = -highest(-x, length)

Warm-up: `length` values in a row. A missing value makes the result unknown until it has left the window.
Amortised O(1) a bar: it is `highest` of the mirrored series.
Source: van Herk, M. (1992), A fast algorithm for local minimum and maximum filters. Pattern Recognition Letters 13(7).
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import highest
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    for value in highest.reference((-x for x in series), length):
        yield -value


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="lowest",
    summary="lowest value of the window",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
