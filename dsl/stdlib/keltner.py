"""keltner(length, width = 2): Keltner channel, an average of closes with bands of average true ranges around it.

    middle = ema(close, length)
    upper  = middle + width * atr(length)
    lower  = middle - width * atr(length)

Seeded as `ema` and `atr` are. Warm-up: `length` + 1 known bars, for all three. A bar with a missing price is passed
over and its channel is unknown. O(1) a bar.
Source: Keltner, C. W. (1960), How to Make Money in Commodities; with true ranges after Raschke, L. B. and Connors, L.
(1996), Street Smarts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import isnan, nan

from stratc.dsl.stdlib import atr, ema, true_range
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

Band = tuple[float, float, float]


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int, width: float
) -> Iterator[Band]:
    bars = tee(_whole(high, low, close), 4)
    middles = ema.reference((x for _, _, x in bars[0]), length)
    ranges = atr.reference((top for top, _, _ in bars[1]), (bottom for _, bottom, _ in bars[2]), _last(bars[3]), length)
    for middle, reach in zip(middles, ranges, strict=True):
        far = width * reach
        yield (nan, nan, nan) if isnan(far) else (middle, middle + far, middle - far)


def _whole(high: Iterator[float], low: Iterator[float], close: Iterator[float]) -> Iterator[Band]:
    """The bars, with nothing known of a bar that misses a price."""
    for bar in zip(high, low, close, strict=True):
        yield (nan, nan, nan) if any(isnan(x) for x in bar) else bar


def _last(bars: Iterator[Band]) -> Iterator[float]:
    return (x for _, _, x in bars)


def warmup(length: int, width: float) -> int:
    return length + 1


INDICATOR = Indicator(
    name="keltner",
    summary="Keltner channel",
    inputs=true_range.INDICATOR.inputs,
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="width", at_least=0.1, at_most=10.0, whole=False, default=2.0),
    ),
    outputs=(
        Output(name="middle", unit=Unit.SAME),
        Output(name="upper", unit=Unit.SAME),
        Output(name="lower", unit=Unit.SAME),
    ),
    warmup=warmup,
    reference=reference,
)
