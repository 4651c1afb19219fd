"""cci(length): commodity channel index.

    typical = (high + low + close) / 3
    value   = (typical - sma(typical, length)) / (0.015 * mean of |typical - sma(typical, length)| over the window)

Warm-up: `length` bars in a row. A bar with a missing price makes the index unknown until it has left the window; so
does a window of equal typical prices, whose deviation is 0 (TA-Lib says 0). O(`length`) a bar: the mean has moved, so
every distance from it is another one.
Source: Lambert, D. (1980), Commodity channel index: tool for trading cyclic trends. Commodities magazine, October.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import isnan, nan

from stratc.dsl.stdlib import sma, true_range
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    inverse = 1.0 / length
    third = 1.0 / 3.0
    ring, at = [0.0] * length, 0
    typical, copy = tee((top + bottom + x) * third for top, bottom, x in zip(high, low, close, strict=True))
    for x, mean in zip(typical, sma.reference(copy, length), strict=True):
        if isnan(x):
            at = 0
            yield nan
            continue
        ring[at] = x
        at = at + 1 if at + 1 < length else 0
        total = 0.0
        for value in ring:  # sum() is compensated from Python 3.12 on, and would differ from the kernel
            total += abs(value - mean)
        deviation = total * inverse
        yield (x - mean) / (0.015 * deviation) if deviation > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="cci",
    summary="commodity channel index",
    inputs=true_range.INDICATOR.inputs,
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER),),
    warmup=warmup,
    reference=reference,
)
