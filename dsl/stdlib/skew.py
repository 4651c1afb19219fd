"""skew(series, length): how lopsided the window is: the third moment about the mean, in deviations.

    m(k)  = sum((x - mean)^k) / length
    value = m(3) / m(2)^1.5

As of a whole population. Positive where the far values lie above. Warm-up: `length` values in a row. A missing value
makes it unknown until it has left the window; so does a window of equal values. O(`length`) a bar: a second pass over
the window takes the powers about its mean, so the level of the series costs no digits.
Source: Joanes, D. and Gill, C. (1998), Comparing measures of sample skewness and kurtosis. The Statistician 47(1), g1.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def moments(series: Iterator[float], length: int) -> Iterator[tuple[float, float, float]]:
    """The second, third and fourth moment about the mean of each window; all nan while it is not known."""
    inverse = 1.0 / length
    ring, at, full = [0.0] * length, 0, False
    for x in series:
        if isnan(x):
            at, full = 0, False
            yield nan, nan, nan
            continue
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
        yield _about_mean(ring, x, inverse) if full else (nan, nan, nan)


def _about_mean(window: list[float], base: float, inverse: float) -> tuple[float, float, float]:
    mean = 0.0
    for x in window:
        mean += x - base
    mean = mean * inverse
    second, third, fourth = 0.0, 0.0, 0.0
    for x in window:
        off = (x - base) - mean
        square = off * off
        second += square
        third += square * off
        fourth += square * square
    return second * inverse, third * inverse, fourth * inverse


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    for second, third, _ in moments(series, length):
        scale = second * sqrt(second) if second > 0.0 else 0.0
        yield third / scale if scale > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="skew",
    summary="skewness",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=3, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER),),
    warmup=warmup,
    reference=reference,
)
