"""efficiency_ratio(series, length): Kaufman's efficiency ratio: the way made in the window by the way walked, 0 to 1.

    value = |x - x[length]| / sum(|x - x[1]|, length)

1 where every step went one way, near 0 where they canceled. Warm-up: `length` + 1 values in a row. A missing value
makes it unknown until it has left the window; so does a window without a step. O(1) a bar, on the running sum of `sum`;
what rounding puts beyond 1 counts as 1.
Source: Kaufman, P. (1995), Smarter Trading, chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import momentum, sum
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    walked, last = drive(sum.reference, 1, length), nan
    for x, past in momentum.pairs(series, length):
        way, made = walked(abs(x - last)), abs(x - past)
        last = x
        yield (1.0 if made > way else made / way) if way > 0.0 and not isnan(made) else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="efficiency_ratio",
    summary="efficiency ratio",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0, at_most=1.0),),
    warmup=warmup,
    reference=reference,
)
