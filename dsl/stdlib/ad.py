"""ad(): Chaikin's accumulation and distribution line.

    clv     = ((close - low) - (high - close)) / (high - low)        0 where the bar has no range
    value   = value + clv * volume

Begun at 0 before the first known bar, as in TA-Lib. Warm-up: 1 known bar. A bar with a missing value is passed over and
its values are unknown. O(1) a bar. What it comes to depends on where the data begin: compare it with its own past only.
Source: Achelis, S. (2000), Technical Analysis from A to Z.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, VOLUME
from stratc.dsl.stdlib.signature import Indicator, Output, Unit


def place(top: float, bottom: float, x: float) -> float:
    """Where the bar closed in its range, -1 to 1."""
    return ((x - bottom) - (top - x)) / (top - bottom) if top > bottom else 0.0


def reference(
    volume: Iterator[float], high: Iterator[float], low: Iterator[float], close: Iterator[float]
) -> Iterator[float]:
    value = 0.0
    for size, top, bottom, x in zip(volume, high, low, close, strict=True):
        if isnan(size) or isnan(top) or isnan(bottom) or isnan(x):
            yield nan
            continue
        value += place(top, bottom, x) * size
        yield value


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="ad",
    summary="accumulation and distribution line",
    inputs=(VOLUME, HIGH, LOW, CLOSE),
    params=(),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
