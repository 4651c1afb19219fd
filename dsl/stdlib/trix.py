"""trix(series, length): change of a triply smoothed average by one bar.

    e     = ema(ema(ema(series, length), length), length)
    value = e / e[1] - 1

A ratio: TA-Lib says it in percent. Each average is seeded as `ema` is. Warm-up: 3 * `length` - 1 known values. A
missing value leaves the state as it was and makes that bar's value unknown. Where e[1] is 0 the value is unknown. O(1)
a bar.
Source: Hutson, J. (1983), Good trix. Technical Analysis of Stocks & Commodities 1(5).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    first, second, third = (drive(ema.reference, 1, length) for _ in range(3))
    last = nan
    for x in series:
        smooth = third(second(first(x)))
        yield (smooth - last) / last if last != 0.0 else nan
        last = last if isnan(smooth) else smooth


def warmup(length: int) -> int:
    return 3 * length - 1


INDICATOR = Indicator(
    name="trix",
    summary="rate of change of a triply smoothed average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
)
