"""supertrend(length, width = 3): a band of average true ranges that follows a trend and turns when the close breaks it.

    upper     = midpoint(high, low) + width * atr(length), or last upper if lower and not passed by last close
    lower     = midpoint(high, low) - width * atr(length), or last lower if higher and not passed by last close
    direction = +1 above the band, -1 below it; it turns when the close passes the band
    value     = lower where direction is +1, upper where it is -1

Begun with direction +1 where the first close that has a band lies above its middle, else -1. Warm-up: `length` + 1
known bars, for both. A bar with a missing price is passed over and its values are unknown. O(1) a bar.
Source: Seban, O. (2008), Tout le monde mérite d'être riche.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import atr
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan)


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int, width: float
) -> Iterator[tuple[float, float]]:
    average = drive(atr.reference, 3, length)
    upper, lower, before, direction = nan, nan, nan, 0.0
    for top, bottom, x in zip(high, low, close, strict=True):
        reach = width * average(top, bottom, x)
        if isnan(reach):
            yield MISSING
            continue
        middle = (top + bottom) * 0.5
        above, below = middle + reach, middle - reach
        if direction == 0.0:
            direction = 1.0 if x > middle else -1.0
        else:
            above = above if above < upper or before > upper else upper
            below = below if below > lower or before < lower else lower
            rises = x >= below if direction > 0.0 else x > above
            direction = 1.0 if rises else -1.0
        upper, lower, before = above, below, x
        yield (lower if direction > 0.0 else upper), direction


def warmup(length: int, width: float) -> int:
    return length + 1


INDICATOR = Indicator(
    name="supertrend",
    summary="supertrend",
    inputs=(HIGH, LOW, CLOSE),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="width", at_least=0.1, at_most=20.0, whole=False, default=3.0),
    ),
    outputs=(
        Output(name="value", unit=Unit.SAME),
        Output(name="direction", unit=Unit.NUMBER, at_least=-1.0, at_most=1.0),
    ),
    warmup=warmup,
    reference=reference,
)
