"""chaikin_oscillator(fast_length = 3, slow_length = 10): momentum of the accumulation and distribution line.

    value = average(ad(), fast_length) - average(ad(), slow_length)

The averages are exponential, with the factor of `ema`, and both begin with the line of the first known bar, as in TA-
Lib. Warm-up: max(`fast_length`, `slow_length`) known bars. A bar with a missing value is passed over and its values are
unknown. O(1) a bar.
Source: Achelis, S. (2000), Technical Analysis from A to Z.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ad
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, VOLUME, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(
    volume: Iterator[float],
    high: Iterator[float],
    low: Iterator[float],
    close: Iterator[float],
    fast_length: int,
    slow_length: int,
) -> Iterator[float]:
    longest, quick, lazy = max(fast_length, slow_length), 2.0 / (fast_length + 1), 2.0 / (slow_length + 1)
    line, count, fast, slow = drive(ad.reference, 4), 0, 0.0, 0.0
    for bar in zip(volume, high, low, close, strict=True):
        value = line(*bar)
        if isnan(value):
            yield nan
            continue
        fast = fast + (value - fast) * quick if count else value
        slow = slow + (value - slow) * lazy if count else value
        count += count < longest
        yield fast - slow if count == longest else nan


def warmup(fast_length: int, slow_length: int) -> int:
    return max(fast_length, slow_length)


INDICATOR = Indicator(
    name="chaikin_oscillator",
    summary="Chaikin oscillator",
    inputs=(VOLUME, HIGH, LOW, CLOSE),
    params=(
        Param(name="fast_length", at_least=1, at_most=5_000, default=3),
        Param(name="slow_length", at_least=1, at_most=5_000, default=10),
    ),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE),),
    warmup=warmup,
    reference=reference,
)
