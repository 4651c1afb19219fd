"""highest(series, length): highest value of the window.

    value = max(x, x[1], ..., x[length - 1])

Warm-up: `length` values in a row. A missing value makes the result unknown until it has left the window.
Amortised O(1) a bar, three comparisons and no search: the series is cut into blocks of `length` bars; the result is the
greater of the running maximum of this block and the maximum of the rest of the block before, which is laid out when
that block ends.
Source: van Herk, M. (1992), A fast algorithm for local minimum and maximum filters. Pattern Recognition Letters 13(7).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    ring = [0.0] * length
    at, full, top = 0, False, 0.0
    for x in series:
        if isnan(x):
            at, full = 0, False
            yield nan
            continue
        top = x if at == 0 or x > top else top
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
            for i in range(length - 2, 0, -1):
                ring[i] = ring[i + 1] if ring[i + 1] > ring[i] else ring[i]
            yield top
        elif full:
            yield ring[at] if ring[at] > top else top
        else:
            yield nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="highest",
    summary="highest value of the window",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
