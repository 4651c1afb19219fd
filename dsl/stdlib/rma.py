"""rma(series, length): Wilder's moving average.

    value = value + (x - value) / length

Seeded with the simple average of the first `length` known values, as Wilder and TA-Lib do. Warm-up: `length` known
values. A missing value leaves the state as it was and makes that bar's average unknown.
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section III.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    inverse = 1.0 / length
    count, value = 0, 0.0
    for x in series:
        if isnan(x):
            yield nan
            continue
        if count < length:
            count += 1
            value += x
            if count == length:
                value = value * inverse
        else:
            value += (x - value) * inverse
        yield value if count == length else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="rma",
    summary="Wilder's moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
