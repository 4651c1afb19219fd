"""correlation(x, y, length): Pearson's correlation of two series, -1 to 1.

    value = covariance(x, y, length) / (stdev(x, length) * stdev(y, length))

Warm-up: `length` pairs in a row. A pair with a missing value makes it unknown until it has left the window; so does a
window in which either series does not move (TA-Lib says 0). O(1) a bar, on the running sums of `covariance`; what
rounding puts beyond 1 counts as 1. Prices that merely rise together correlate: pass returns, `roc(close, 1)`.
Source: Kreyszig, E. (1979), Advanced Engineering Mathematics, chapter 23.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan, sqrt

from stratc.dsl.stdlib import covariance
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(x: Iterator[float], y: Iterator[float], length: int) -> Iterator[float]:
    for variance_x, variance_y, both in covariance.moments(x, y, length):
        if not (variance_x > 0.0 and variance_y > 0.0):
            yield nan
            continue
        value = both / (sqrt(variance_x) * sqrt(variance_y))
        yield 1.0 if value > 1.0 else -1.0 if value < -1.0 else value


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="correlation",
    summary="correlation",
    inputs=(Input(name="x"), Input(name="y")),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-1.0, at_most=1.0),),
    warmup=warmup,
    reference=reference,
)
