"""roc(series, length): rate of change over `length` bars, as a ratio: 0.05 is 5%.

    value = x / x[length] - 1 = (x - x[length]) / x[length]

Computed in the second form, which loses no digits where the change is small; TA-Lib's name for it is ROCP, its ROC is
100 times as much. Warm-up: `length` + 1 bars. It reads two bars: a missing value makes the rate unknown on its own bar
and `length` bars later; so does a past value of 0.
Source: Murphy, J. (1999), Technical Analysis of the Financial Markets, chapter 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib import momentum
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    for x, past in momentum.pairs(series, length):
        yield (x - past) / past if past != 0.0 else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="roc",
    summary="rate of change over so many bars",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
    of_levels=True,
)
