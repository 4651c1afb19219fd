"""ema(series, length): exponential moving average.

    value = value + (x - value) * 2 / (length + 1)

Seeded with the simple average of the first `length` known values, as TA-Lib does. Warm-up: `length` known values.
A missing value leaves the state as it was and makes that bar's average unknown.
Source: Hunter, J. S. (1986), The exponentially weighted moving average. Journal of Quality Technology 18(4).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    alpha = 2.0 / (length + 1)
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
            value += (x - value) * alpha
        yield value if count == length else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="ema",
    summary="exponential moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
