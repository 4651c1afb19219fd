"""percent_b(series, length, width = 2): where the value lies between its Bollinger bands.

    value = (x - lower) / (upper - lower)        of bollinger(series, length, width)

A ratio: 0% at the lower band, 100% at the upper one, beyond them outside. Warm-up: `length` values in a row. A missing
value makes it unknown until it has left the window; so does a window of equal values, whose bands are one line. O(1) a
bar, on the running sums of `stdev`.
Source: Bollinger, J. (2001), Bollinger on Bollinger Bands, chapter 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import nan

from stratc.dsl.stdlib import bollinger
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, width: float) -> Iterator[float]:
    values, copy = tee(series)
    for x, (_, upper, lower) in zip(values, bollinger.reference(copy, length, width), strict=True):
        yield (x - lower) / (upper - lower) if upper > lower else nan


def warmup(length: int, width: float) -> int:
    return length


INDICATOR = Indicator(
    name="percent_b",
    summary="place between the Bollinger bands",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=2, at_most=5_000),
        Param(name="width", at_least=0.1, at_most=10.0, whole=False, default=2.0),
    ),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
)
