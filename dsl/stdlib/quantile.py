"""quantile(series, length, share): the value below which a share of the window lies.

    place = share * (length - 1)                        in the sorted window, counted from 0
    value = the value at that place; between two, on the straight line from one to the other

The definition of R's type 7 and of numpy; `share` 0.5 is the median. Warm-up: `length` values in a row. A missing value
makes it unknown until it has left the window. O(`length`) a bar: the window is kept sorted, one value is taken out and
one put in.
Source: Hyndman, R. and Fan, Y. (1996), Sample quantiles in statistical packages. The American Statistician 50(4).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, share: float) -> Iterator[float]:
    place = (length - 1) * share
    low = int(place)
    part = place - low
    ring, ranked, at = [0.0] * length, list[float](), 0
    for x in series:
        if isnan(x):
            ranked.clear()
            at = 0
            yield nan
            continue
        if len(ranked) == length:
            del ranked[bisect_left(ranked, ring[at])]
        insort(ranked, x)
        ring[at] = x
        at = at + 1 if at + 1 < length else 0
        if len(ranked) < length:
            yield nan
        else:
            yield ranked[low] + part * (ranked[low + 1] - ranked[low]) if part > 0.0 else ranked[low]


def warmup(length: int, share: float) -> int:
    return length


INDICATOR = Indicator(
    name="quantile",
    summary="quantile of the window",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="share", at_least=0.0, at_most=1.0, whole=False),
    ),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
