"""stochastic(k_length, k_smooth, d_length): Lane's stochastic oscillator, 0 to 100.

    raw = 100 * (close - lowest(low, k_length)) / (highest(high, k_length) - lowest(low, k_length))
    k   = sma(raw, k_smooth)
    d   = sma(k, d_length)

Warm-up: `k_length` + `k_smooth` + `d_length` - 2 bars in a row, for both. A bar with a missing price makes the values
unknown until it has left all three windows; a window without any range has no raw value, which counts as missing
(TA-Lib says 0). Amortised O(1) a bar.
Source: Lane, G. (1984), Lane's stochastics. Technical Analysis of Stocks & Commodities 2(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import isnan, nan

from stratc.dsl.stdlib import highest, lowest, sma, true_range
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], k_length: int, k_smooth: int, d_length: int
) -> Iterator[tuple[float, float]]:
    bars, tops, bottoms = tee(_whole(high, low, close), 3)
    highs = highest.reference((top for top, _, _ in tops), k_length)
    lows = lowest.reference((bottom for _, bottom, _ in bottoms), k_length)
    raw = (_place(x, bottom, top) for (_, _, x), bottom, top in zip(bars, lows, highs, strict=True))
    ks, copy = tee(sma.reference(raw, k_smooth))
    for k, d in zip(ks, sma.reference(copy, d_length), strict=True):
        yield (nan, nan) if isnan(d) else (k, d)


def _whole(high: Iterator[float], low: Iterator[float], close: Iterator[float]) -> Iterator[tuple[float, float, float]]:
    """The bars, with nothing known of a bar that misses a price."""
    for bar in zip(high, low, close, strict=True):
        yield (nan, nan, nan) if any(isnan(x) for x in bar) else bar


def _place(x: float, bottom: float, top: float) -> float:
    return 100.0 * ((x - bottom) / (top - bottom)) if top > bottom else nan


def warmup(k_length: int, k_smooth: int, d_length: int) -> int:
    return k_length + k_smooth + d_length - 2


INDICATOR = Indicator(
    name="stochastic",
    summary="stochastic oscillator",
    inputs=true_range.INDICATOR.inputs,
    params=(
        Param(name="k_length", at_least=1, at_most=5_000),
        Param(name="k_smooth", at_least=1, at_most=5_000),
        Param(name="d_length", at_least=1, at_most=5_000),
    ),
    outputs=(
        Output(name="k", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),
        Output(name="d", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),
    ),
    warmup=warmup,
    reference=reference,
)
