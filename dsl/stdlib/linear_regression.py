"""linear_regression(series, length): the least-squares line of the window over time.

    value     = the line at the newest bar
    slope     = slope(series, length), per bar
    intercept = the line at the oldest bar of the window
    forecast  = value + slope, the line one bar on
    r2        = share of the variance of the window that the line explains

Warm-up: `length` values in a row. A missing value makes all unknown until it has left the window; in a window of equal
values the line is exactly that value and `r2` is unknown. O(1) a bar, on the running sums of `wma` and `stdev`. The
forecast is made of known bars and is no knowledge of the next one.
Source: Draper, N. and Smith, H. (1998), Applied Regression Analysis, chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib import stdev, wma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[tuple[float, float, float, float, float]]:
    inverse, middle, reach = 1.0 / length, (length + 1.0) * 0.5, (length - 1.0) * 0.5
    scale = 12.0 / (length * (length * (length * 1.0) - 1.0))
    spread = (length * (length * 1.0) - 1.0) / 12.0
    weights, deviations = drive(wma.moments, 1, length), drive(stdev.reference, 1, length)
    for x in series:
        base, weighted, total = weights(x)
        deviation = deviations(x)
        slope = (weighted - total * middle) * scale
        mean = base + total * inverse
        value, variance = mean + slope * reach, deviation * deviation
        explained = slope * slope * spread
        r2 = (1.0 if explained > variance else explained / variance) if variance > 0.0 else nan
        yield value, slope, mean - slope * reach, value + slope, r2


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="linear_regression",
    summary="least-squares line over time",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(
        Output(name="value", unit=Unit.SAME),
        Output(name="slope", unit=Unit.DIFFERENCE),
        Output(name="intercept", unit=Unit.SAME),
        Output(name="forecast", unit=Unit.SAME),
        Output(name="r2", unit=Unit.NUMBER, at_least=0.0, at_most=1.0),
    ),
    warmup=warmup,
    reference=reference,
)
