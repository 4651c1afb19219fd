"""vortex(length): the two vortex indicators.

    plus  = sum(|high - low[1]|, length) / sum(true_range(), length)
    minus = sum(|low - high[1]|, length) / sum(true_range(), length)

Warm-up: `length` + 1 known bars, for both. A bar with a missing price is passed over and its values are unknown. So are
those of a window without range. O(1) a bar, on the running sums of `sum`.
Source: Botes, E. and Siepman, D. (2010), The vortex indicator. Technical Analysis of Stocks & Commodities 28(1).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import sum, true_range
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan)


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int
) -> Iterator[tuple[float, float]]:
    ups, downs, spans = (drive(sum.reference, 1, length) for _ in range(3))
    before, last_top, last_bottom = nan, nan, nan
    for top, bottom, x in zip(high, low, close, strict=True):
        if isnan(top) or isnan(bottom) or isnan(x):
            yield MISSING
            continue
        span = true_range.distance(top, bottom, before)
        up, down = abs(top - last_bottom), abs(bottom - last_top)
        before, last_top, last_bottom = x, top, bottom
        if isnan(span):
            yield MISSING
            continue
        rise, fall, whole = ups(up), downs(down), spans(span)
        yield (rise / whole, fall / whole) if whole > 0.0 else MISSING


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="vortex",
    summary="vortex indicators",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="plus", unit=Unit.NUMBER, at_least=0.0), Output(name="minus", unit=Unit.NUMBER, at_least=0.0)),
    warmup=warmup,
    reference=reference,
)
