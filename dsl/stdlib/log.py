"""log(series): natural logarithm.

    value = ln(x)

A number: the slope of the logarithm of a price is the rate at which it grows, `slope(log(close), 90)`. Warm-up: 1
value. A missing value, nought and what lies below it have no logarithm: unknown. O(1) a bar, by the C library's.
Source: Euler, L. (1748), Introductio in analysin infinitorum, chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit


def reference(series: Iterator[float]) -> Iterator[float]:
    for x in series:
        yield log(x) if x > 0.0 else nan


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="log",
    summary="natural logarithm",
    inputs=(Input(name="series"),),
    params=(),
    outputs=(Output(name="value", unit=Unit.NUMBER),),
    warmup=warmup,
    reference=reference,
    of_levels=True,
)
