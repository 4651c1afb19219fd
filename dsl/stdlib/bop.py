"""bop(): balance of power: where the bar went, in terms of its range, -1 to 1.

    value = (close - open) / (high - low)

Warm-up: 1 bar. A bar with a missing price is unknown, and so is one without range (TA-Lib says 0). Smooth it with an
average: `sma(bop(), 14)`.
Source: Livshin, I. (2001), Balance of power. Technical Analysis of Stocks & Commodities 19(8).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, OPEN
from stratc.dsl.stdlib.signature import Indicator, Output, Unit


def reference(
    open: Iterator[float], high: Iterator[float], low: Iterator[float], close: Iterator[float]
) -> Iterator[float]:
    for start, top, bottom, x in zip(open, high, low, close, strict=True):
        yield (x - start) / (top - bottom) if top > bottom else nan


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="bop",
    summary="balance of power",
    inputs=(OPEN, HIGH, LOW, CLOSE),
    params=(),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-1.0, at_most=1.0),),
    warmup=warmup,
    reference=reference,
)
