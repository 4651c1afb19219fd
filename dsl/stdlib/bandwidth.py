"""bandwidth(series, length, width = 2): how far apart the Bollinger bands are, beside their middle.

    value = (upper - lower) / middle        of bollinger(series, length, width)

A ratio. Warm-up: `length` values in a row. A missing value makes it unknown until it has left the window; so does a
mean of nought. O(1) a bar, on the running sums of `stdev`.
Source: Bollinger, J. (2001), Bollinger on Bollinger Bands, chapter 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib import bollinger
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, width: float) -> Iterator[float]:
    for middle, upper, lower in bollinger.reference(series, length, width):
        yield (upper - lower) / middle if middle != 0.0 else nan


def warmup(length: int, width: float) -> int:
    return length


INDICATOR = Indicator(
    name="bandwidth",
    summary="width of the Bollinger bands",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=2, at_most=5_000),
        Param(name="width", at_least=0.1, at_most=10.0, whole=False, default=2.0),
    ),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
    of_levels=True,
)
