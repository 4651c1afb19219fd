"""bollinger(series, length, width = 2): Bollinger bands.

    middle = mean of the last `length` values
    upper  = middle + width * stdev(series, length)
    lower  = middle - width * stdev(series, length)

Warm-up: `length` values in a row. A missing value makes the bands unknown until it has left the window.
O(1) a bar, on the running sums of `stdev`.
Source: Bollinger, J. (2001), Bollinger on Bollinger Bands.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import stdev
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, width: float) -> Iterator[tuple[float, float, float]]:
    for mean, deviation in stdev.moments(series, length):
        reach = width * deviation
        yield mean, mean + reach, mean - reach


def warmup(length: int, width: float) -> int:
    return length


INDICATOR = Indicator(
    name="bollinger",
    summary="Bollinger bands",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=2, at_most=5_000),
        Param(name="width", at_least=0.1, at_most=10.0, whole=False, default=2.0),
    ),
    outputs=(
        Output(name="middle", unit=Unit.SAME),
        Output(name="upper", unit=Unit.SAME),
        Output(name="lower", unit=Unit.SAME),
    ),
    warmup=warmup,
    reference=reference,
)
