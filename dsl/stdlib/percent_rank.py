"""percent_rank(series, length): share of the previous `length` values that are less than or equal to x, 0 to 1.

    value = count of i in 1..length with x[i] <= x, divided by length

x itself is not counted, so a new high gives 1 and a new low 0. Warm-up: `length` + 1 values in a row. A missing value
makes the rank unknown until it has left the window. O(`length`) a bar.
Source: Connors, L. (2012), An Introduction to ConnorsRSI, for the rank of the day among the days before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    ring = [0.0] * length
    at, full = 0, False
    for x in series:
        if isnan(x):
            at, full = 0, False
            yield nan
            continue
        # Divided, not multiplied by an inverse: all of 49 must be 1, and 49 * (1 / 49) is less.
        yield sum(past <= x for past in ring) / length if full else nan
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="percent_rank",
    summary="share of the previous values that are not higher",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.RATIO, at_least=0.0, at_most=1.0),),
    warmup=warmup,
    reference=reference,
)
