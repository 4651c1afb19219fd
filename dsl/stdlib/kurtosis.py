"""kurtosis(series, length): how much of the variance comes from far values.

    m(k)  = sum((x - mean)^k) / length
    value = m(4) / m(2)^2 - 3

As of a whole population; 0 for normal values, never below -2. Warm-up: `length` values in a row. A missing value makes
it unknown until it has left the window; so does a window of equal values. O(`length`) a bar, in the passes of `skew`.
Source: Joanes, D. and Gill, C. (1998), Comparing measures of sample skewness and kurtosis. The Statistician 47(1), g2.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib import skew
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    for second, _, fourth in skew.moments(series, length):
        scale = second * second
        yield fourth / scale - 3.0 if scale > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="kurtosis",
    summary="excess kurtosis",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=3, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-2.0),),
    warmup=warmup,
    reference=reference,
)
