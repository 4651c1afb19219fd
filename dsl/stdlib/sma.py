"""sma(series, length): simple moving average.

    value = (x + x[1] + ... + x[length - 1]) / length

Warm-up: `length` values in a row. A missing value makes the average unknown until it has left the window.
O(1) a bar: a running sum of deviations from a base. A second sum, begun afresh every `length` bars from the mean of
that moment, replaces the first when it spans the whole window, so no sum is older than 2 * `length` bars: the average
is within 2 * `length` * 2^-53 * D and the last rounding, D the spread of the last 3 * `length` values, however long the
series is. A window of equal values gives exactly that value: a flat price cannot cross its own average.
Source: Murphy, J. (1999), Technical Analysis of the Financial Markets, chapter 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    inverse = 1.0 / length
    ring = [0.0] * length
    at, full, same = 0, False, 0
    base, total, fresh_base, fresh, last = 0.0, 0.0, 0.0, 0.0, 0.0
    for x in series:
        if isnan(x):
            at, full, same = 0, False, 0
            yield nan
            continue
        if full:
            total += x - ring[at]
        elif at == 0:
            fresh_base, fresh = x, 0.0
        fresh += x - fresh_base
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
            base, total = fresh_base, fresh
            fresh_base, fresh = base + total * inverse, 0.0
        same = same + 1 if x == last else 1
        last = x
        if same >= length:
            base, total, fresh_base, fresh = x, 0.0, x, 0.0
        yield base + total * inverse if full else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="sma",
    summary="simple moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
