"""momentum(series, length): change over `length` bars.

    value = x - x[length]

Warm-up: `length` + 1 bars. It reads two bars: a missing value makes the change unknown on its own bar and `length`
bars later, and on none between.
Source: Murphy, J. (1999), Technical Analysis of the Financial Markets, chapter 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat, tee
from math import nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    for x, past in pairs(series, length):
        yield x - past


def pairs(series: Iterator[float], length: int) -> Iterator[tuple[float, float]]:
    """Each value with the one `length` bars before it, which is nan before the series begins."""
    values, copy = tee(series)
    return zip(values, chain(repeat(nan, length), copy), strict=False)


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="momentum",
    summary="change over so many bars",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE),),
    warmup=warmup,
    reference=reference,
)
