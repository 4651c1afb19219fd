"""hma(series, length): Hull's moving average, fast and smooth.

    raw   = 2 * wma(series, length / 2) - wma(series, length)
    value = wma(raw, sqrt(length))                               whole lengths, rounded down

Warm-up: `length` + sqrt(`length`) - 1 values in a row. A missing value makes it unknown until it has left the window.
O(1) a bar; a window of equal values gives exactly that value.
Source: Hull, A. (2005), How to reduce lag in a moving average.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt

from stratc.dsl.stdlib import wma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    half, whole, outer = (drive(wma.reference, 1, n) for n in (length // 2, length, isqrt(length)))
    for x in series:
        fast, slow = half(x), whole(x)
        yield outer(fast + (fast - slow))


def warmup(length: int) -> int:
    return length + isqrt(length) - 1


INDICATOR = Indicator(
    name="hma",
    summary="Hull moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
