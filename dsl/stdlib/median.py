"""median(series, length): the middle value of the window, or the mean of the two in the middle.

    value = quantile(series, length, 0.5)

Warm-up: `length` values in a row. A missing value makes it unknown until it has left the window. O(`length`) a bar, on
the sorted window of `quantile`; one wild value moves it by one place at most.
Source: Hyndman, R. and Fan, Y. (1996), Sample quantiles in statistical packages. The American Statistician 50(4).
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import quantile
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    return quantile.reference(series, length, 0.5)


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="median",
    summary="median",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
