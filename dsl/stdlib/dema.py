"""dema(series, length): Mulloy's double exponential moving average.

    e     = ema(series, length)
    value = 2 * e - ema(e, length)

Each average is seeded as `ema` is, as in TA-Lib. Warm-up: 2 * `length` - 1 known values. A missing value leaves the
state as it was and makes that bar's value unknown. O(1) a bar.
Source: Mulloy, P. (1994), Smoothing data with faster moving averages. Technical Analysis of Stocks & Commodities 12(1).
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    first, second = drive(ema.reference, 1, length), drive(ema.reference, 1, length)
    for x in series:
        once = first(x)
        yield once + (once - second(once))


def warmup(length: int) -> int:
    return 2 * length - 1


INDICATOR = Indicator(
    name="dema",
    summary="double exponential moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
