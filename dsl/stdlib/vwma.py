"""vwma(series, length): moving average that weighs each bar by its volume.

    value = sum(x * volume) / sum(volume)    over `length` bars

Warm-up: `length` bars in a row. A bar with a missing value makes it unknown until it has left the window; so does a
window without any volume. O(`length`) a bar, from the newest value as the base, so equal values give exactly that
value.
Source: Buff Dormeier (2011), Investing with Volume Analysis, chapter 15.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.series import VOLUME
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], volume: Iterator[float], length: int) -> Iterator[float]:
    ring, sizes, at, full = [0.0] * length, [0.0] * length, 0, False
    for x, size in zip(series, volume, strict=True):
        if isnan(x) or isnan(size):
            at, full = 0, False
            yield nan
            continue
        ring[at], sizes[at] = x, size
        at += 1
        if at == length:
            at, full = 0, True
        total, weight = 0.0, 0.0
        for each, share in zip(ring, sizes, strict=True):
            total += (each - x) * share
            weight += share
        yield x + total / weight if full and weight > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="vwma",
    summary="volume-weighted moving average",
    inputs=(Input(name="series"), VOLUME),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
