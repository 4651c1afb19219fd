"""elder_ray(length = 13): Elder's bull and bear power: how far the extremes lie from the average.

    bull = high - ema(close, length)
    bear = low - ema(close, length)

Warm-up: `length` known bars, for both. A bar with a missing price is passed over and its values are unknown. O(1) a
bar.
Source: Elder, A. (1993), Trading for a Living, section 8.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int
) -> Iterator[tuple[float, float]]:
    average = drive(ema.reference, 1, length)
    for top, bottom, x in zip(high, low, close, strict=True):
        middle = average(x) if not (isnan(top) or isnan(bottom)) else nan
        yield (top - middle, bottom - middle)


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="elder_ray",
    summary="bull and bear power",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=1, at_most=5_000, default=13),),
    outputs=(Output(name="bull", unit=Unit.DIFFERENCE), Output(name="bear", unit=Unit.DIFFERENCE)),
    warmup=warmup,
    reference=reference,
)
