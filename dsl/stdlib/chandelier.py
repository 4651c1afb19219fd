"""chandelier(length, width = 3): LeBeau's exits, hung from the extremes of the window.

    for_long  = highest(high, length) - width * atr(length)
    for_short = lowest(low, length) + width * atr(length)

`for_long` is where a long position is left, `for_short` where a short one is. Warm-up: `length` + 1 known bars, for
both. A bar with a missing price is passed over and its values are unknown. Amortised O(1) a bar.
Source: Elder, A. (2002), Come Into My Trading Room, chapter 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import atr, highest, lowest
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan)


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int, width: float
) -> Iterator[tuple[float, float]]:
    tops, bottoms = drive(highest.reference, 1, length), drive(lowest.reference, 1, length)
    average = drive(atr.reference, 3, length)
    for top, bottom, x in zip(high, low, close, strict=True):
        if isnan(top) or isnan(bottom) or isnan(x):
            yield MISSING
            continue
        most, least, reach = tops(top), bottoms(bottom), width * average(top, bottom, x)
        yield (most - reach, least + reach) if not isnan(reach) else MISSING


def warmup(length: int, width: float) -> int:
    return length + 1


INDICATOR = Indicator(
    name="chandelier",
    summary="chandelier exit",
    inputs=(HIGH, LOW, CLOSE),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="width", at_least=0.1, at_most=20.0, whole=False, default=3.0),
    ),
    outputs=(Output(name="for_long", unit=Unit.SAME), Output(name="for_short", unit=Unit.SAME)),
    warmup=warmup,
    reference=reference,
)
