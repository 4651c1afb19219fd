"""zscore(series, length): how many standard deviations the value lies above the mean of its window.

    value = (x - mean) / stdev(series, length)

The window ends with x itself. Warm-up: `length` values in a row. A missing value makes the score unknown until it has
left the window; so does a window of equal values, whose deviation is 0. O(1) a bar, on the running sums of `stdev`.
Source: Kreyszig, E. (1979), Advanced Engineering Mathematics, chapter 23.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import nan

from stratc.dsl.stdlib import stdev
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    values, copy = tee(series)
    for x, (mean, deviation) in zip(values, stdev.moments(copy, length), strict=True):
        yield (x - mean) / deviation if deviation > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="zscore",
    summary="distance from the mean in standard deviations",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER),),
    warmup=warmup,
    reference=reference,
)
