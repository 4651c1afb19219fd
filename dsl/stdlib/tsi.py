"""tsi(series, long_length = 25, short_length = 13): Blau's true strength index, -100 to 100.

    change = x - last x
    value  = 100 * ema(ema(change, long_length), short_length) / ema(ema(|change|, long_length), short_length)

Each average is seeded as `ema` is. Warm-up: `long_length` + `short_length` known values. A missing value leaves the
state as it was and makes that bar's value unknown. While there was no change it is unknown. O(1) a bar.
Source: Blau, W. (1991), True strength index. Technical Analysis of Stocks & Commodities 9(11).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], long_length: int, short_length: int) -> Iterator[float]:
    first, size, last = drive(ema.reference, 1, long_length), drive(ema.reference, 1, long_length), nan
    second, whole = drive(ema.reference, 1, short_length), drive(ema.reference, 1, short_length)
    for x in series:
        change = x - last
        last = last if isnan(x) else x
        made, way = second(first(change)), whole(size(abs(change)))
        yield 100.0 * (made / way) if way > 0.0 else nan


def warmup(long_length: int, short_length: int) -> int:
    return long_length + short_length


INDICATOR = Indicator(
    name="tsi",
    summary="true strength index",
    inputs=(Input(name="series"),),
    params=(
        Param(name="long_length", at_least=1, at_most=5_000, default=25),
        Param(name="short_length", at_least=1, at_most=5_000, default=13),
    ),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-100.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
