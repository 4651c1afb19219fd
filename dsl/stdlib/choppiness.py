"""choppiness(length): Dreiss' choppiness index: near 100 where the bars went nowhere, low where they ran.

    value = 100 * log10(sum(true_range(), length) / (highest(high, length) - lowest(low, length))) / log10(length)

Warm-up: `length` + 1 known bars. A bar with a missing price is passed over and its values are unknown. So is a window
without range. Amortised O(1) a bar; the logarithm is the C library's.
Source: Dreiss, E. W. (1993), in Futures magazine.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, log10, nan

from stratc.dsl.stdlib import highest, lowest, sum, true_range
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    scale = 100.0 / log10(length)
    spans, last = drive(sum.reference, 1, length), nan
    tops, bottoms = drive(highest.reference, 1, length), drive(lowest.reference, 1, length)
    for top, bottom, x in zip(high, low, close, strict=True):
        if isnan(top) or isnan(bottom) or isnan(x):
            yield nan
            continue
        span = true_range.distance(top, bottom, last)
        last = x
        most, least = tops(top), bottoms(bottom)
        way, reach = (nan if isnan(span) else spans(span)), most - least
        ratio = way / reach if reach > 0.0 else nan
        yield scale * log10(ratio) if 0.0 < ratio < inf else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="choppiness",
    summary="choppiness index",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
