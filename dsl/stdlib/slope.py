"""slope(series, length): slope of the least-squares line through the window, per bar.

    value = sum((t - mean(t)) * x) / sum((t - mean(t))^2)        t = 1 .. length, oldest first

Warm-up: `length` values in a row. A missing value makes the slope unknown until it has left the window.
O(1) a bar, on the running sums of `wma`; a window of equal values has slope exactly 0.
Source: Draper, N. and Smith, H. (1998), Applied Regression Analysis, chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import wma
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    middle = (length + 1.0) * 0.5
    scale = 12.0 / (length * (length * (length * 1.0) - 1.0))
    for _, weighted, total in wma.moments(series, length):
        yield (weighted - total * middle) * scale


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="slope",
    summary="slope of the least-squares line, per bar",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE),),
    warmup=warmup,
    reference=reference,
)
