"""aroon(length): Chande's Aroon: how long ago the extremes of the window were.

    oscillator = up - down                                               -100 to 100
    up         = 100 * (length - bars since the highest high) / length   0 to 100
    down       = 100 * (length - bars since the lowest low) / length

The window is the bar and the `length` bars before it; of equal extremes the latest counts, as in TA-Lib. Warm-up:
`length` + 1 bars in a row. A bar with a missing price makes all unknown until it has left the window. O(`length`) a
bar.
Source: Chande, T. (1995), A time price oscillator. Technical Analysis of Stocks & Commodities 13(9).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.series import HIGH, LOW
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan, nan)


def reference(high: Iterator[float], low: Iterator[float], length: int) -> Iterator[tuple[float, float, float]]:
    size, scale = length + 1, 100.0 / length
    highs, lows, at, count = [0.0] * size, [0.0] * size, 0, 0
    for top, bottom in zip(high, low, strict=True):
        if isnan(top) or isnan(bottom):
            at, count = 0, 0
            yield MISSING
            continue
        highs[at], lows[at] = top, bottom
        at = at + 1 if at + 1 < size else 0
        count += count < size
        if count < size:
            yield MISSING
            continue
        place, highest_at, lowest_at, most, least = at, 0, 0, highs[at], lows[at]
        for i in range(size):
            if highs[place] >= most:
                most, highest_at = highs[place], i
            if lows[place] <= least:
                least, lowest_at = lows[place], i
            place = place + 1 if place + 1 < size else 0
        yield scale * (highest_at - lowest_at), scale * highest_at, scale * lowest_at


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="aroon",
    summary="Aroon",
    inputs=(HIGH, LOW),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(
        Output(name="oscillator", unit=Unit.NUMBER, at_least=-100.0, at_most=100.0),
        Output(name="up", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),
        Output(name="down", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),
    ),
    warmup=warmup,
    reference=reference,
)
