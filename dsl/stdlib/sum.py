"""sum(series, length): total of the window.

    value = x + x[1] + ... + x[length - 1]

Warm-up: `length` values in a row. A missing value makes it unknown until it has left the window. O(1) a bar: a running
sum, renewed every `length` bars as that of `sma` is. Whole numbers below 2^53 are summed exactly; a window of equal
values gives exactly `length` times that value.
Source: this definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    ring, at, full, same = [0.0] * length, 0, False, 0
    total, fresh, last = 0.0, 0.0, 0.0
    for x in series:
        if isnan(x):
            at, full, same = 0, False, 0
            fresh = 0.0
            yield nan
            continue
        if full:
            total += x - ring[at]
        fresh += x
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
            total, fresh = fresh, 0.0
        same = same + 1 if x == last else 1
        last = x
        if same >= length:
            total = x * length
        yield total if full else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="sum",
    summary="total",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
