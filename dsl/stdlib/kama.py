"""kama(series, length, fast = 2, slow = 30): Kaufman's adaptive moving average.

    er    = efficiency_ratio(series, length)
    c     = (er * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1))^2
    value = value + (x - value) * c

Begun with the value before the first one that is known, as in TA-Lib, whose `fast` and `slow` are always 2 and 30;
where the series did not move, er is 1. Warm-up: `length` + 1 known values. A missing value leaves the state as it was
and makes that bar's value unknown. O(1) a bar.
Source: Kaufman, P. (1995), Smarter Trading, chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import momentum, sum
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, fast: int, slow: int) -> Iterator[float]:
    quick, lazy = 2.0 / (fast + 1), 2.0 / (slow + 1)
    past, walked = drive(momentum.reference, 1, length), drive(sum.reference, 1, length)
    value, last = 0.0, nan
    for x in series:
        if isnan(x):
            yield nan
            continue
        made, way = abs(past(x)), nan if isnan(last) else walked(abs(x - last))
        if isnan(way):
            value, last = x, x
            yield nan
            continue
        last = x
        ratio = made / way if way > made else 1.0
        pace = ratio * (quick - lazy) + lazy
        value += (x - value) * (pace * pace)
        yield value


def warmup(length: int, fast: int, slow: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="kama",
    summary="Kaufman adaptive moving average",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="fast", at_least=1, at_most=5_000, default=2),
        Param(name="slow", at_least=1, at_most=5_000, default=30),
    ),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
