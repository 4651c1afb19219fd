"""mass_index(length = 9, sum_length = 25): Dorsey's mass index: ranges that swell warn of a turn.

    e     = ema(high - low, length)
    value = sum(e / ema(e, length), sum_length)

Warm-up: 2 * `length` + `sum_length` - 2 known bars. A bar with a missing price is passed over and its values are
unknown. While the averages are 0 it is unknown. O(1) a bar.
Source: Dorsey, D. (1992), The mass index. Technical Analysis of Stocks & Commodities 10(6).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ema, sum
from stratc.dsl.stdlib.series import HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], length: int, sum_length: int) -> Iterator[float]:
    first, second = drive(ema.reference, 1, length), drive(ema.reference, 1, length)
    whole = drive(sum.reference, 1, sum_length)
    for top, bottom in zip(high, low, strict=True):
        if isnan(top) or isnan(bottom):
            yield nan
            continue
        once = first(top - bottom)
        twice = second(once)
        yield whole(once / twice if twice > 0.0 else nan)


def warmup(length: int, sum_length: int) -> int:
    return 2 * length + sum_length - 2


INDICATOR = Indicator(
    name="mass_index",
    summary="mass index",
    inputs=(HIGH, LOW),
    params=(
        Param(name="length", at_least=1, at_most=5_000, default=9),
        Param(name="sum_length", at_least=1, at_most=5_000, default=25),
    ),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
