"""williams_r(length): Williams' percent range, -100 to 0.

    value = -100 * (highest(high, length) - close) / (highest(high, length) - lowest(low, length))

Warm-up: `length` bars in a row. A bar with a missing price makes it unknown until it has left the window; so does a
window without any range (TA-Lib says 0). Amortised O(1) a bar.
Source: Williams, L. (1979), How I Made One Million Dollars Last Year Trading Commodities.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import highest, lowest
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    tops, bottoms = drive(highest.reference, 1, length), drive(lowest.reference, 1, length)
    for top, bottom, x in zip(high, low, close, strict=True):
        whole = not (isnan(top) or isnan(bottom) or isnan(x))
        most, least = tops(top if whole else nan), bottoms(bottom if whole else nan)
        yield -100.0 * ((most - x) / (most - least)) if most > least else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="williams_r",
    summary="Williams percent range",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-100.0, at_most=0.0),),
    warmup=warmup,
    reference=reference,
)
