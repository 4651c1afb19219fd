"""tema(series, length): Mulloy's triple exponential moving average.

    e     = ema(series, length),  f = ema(e, length)
    value = 3 * e - 3 * f + ema(f, length)

Each average is seeded as `ema` is, as in TA-Lib. Warm-up: 3 * `length` - 2 known values. A missing value leaves the
state as it was and makes that bar's value unknown. O(1) a bar.
Source: Mulloy, P. (1994), Smoothing data with less lag. Technical Analysis of Stocks & Commodities 12(2).
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    first, second, third = (drive(ema.reference, 1, length) for _ in range(3))
    for x in series:
        once = first(x)
        twice = second(once)
        yield 3.0 * (once - twice) + third(twice)


def warmup(length: int) -> int:
    return 3 * length - 2


INDICATOR = Indicator(
    name="tema",
    summary="triple exponential moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
