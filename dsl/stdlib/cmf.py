"""cmf(length): Chaikin's money flow: how near their extremes bars closed, weighed by volume, -1 to 1.

    clv     = ((close - low) - (high - close)) / (high - low)        0 where the bar has no range
    value   = sum(clv * volume, length) / sum(volume, length)

Warm-up: `length` bars in a row. A bar with a missing value makes it unknown until it has left the window; so does a
window without any volume. O(1) a bar, on the running sums of `sum`.
Source: Thomsett, M. (2010), CMF: Chaikin Money Flow.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ad, sum
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, VOLUME, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(
    volume: Iterator[float], high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int
) -> Iterator[float]:
    flows, sizes = drive(sum.reference, 1, length), drive(sum.reference, 1, length)
    for size, top, bottom, x in zip(volume, high, low, close, strict=True):
        whole = not (isnan(size) or isnan(top) or isnan(bottom) or isnan(x))
        flow, total = flows(ad.place(top, bottom, x) * size if whole else nan), sizes(size if whole else nan)
        yield flow / total if total > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="cmf",
    summary="Chaikin money flow",
    inputs=(VOLUME, HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-1.0, at_most=1.0),),
    warmup=warmup,
    reference=reference,
)
