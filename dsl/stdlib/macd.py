"""macd(series, fast_length, slow_length, signal_length): moving average convergence and divergence.

    line      = ema(series, fast_length) - ema(series, slow_length)
    signal    = ema(line, signal_length)
    histogram = line - signal

Both averages of the series are seeded on the same bar, as in TA-Lib: the longer with the first of its `length` values,
the shorter with those just before that bar. Warm-up: max(fast_length, slow_length) + signal_length - 1 known values,
for all three. A missing value leaves the state as it was and makes that bar's results unknown. Lengths given the other
way round turn the sign (TA-Lib swaps them in silence).
Source: Appel, G. (2005), Technical Analysis: Power Tools for Active Investors, chapter 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import isnan, nan

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(
    series: Iterator[float], fast_length: int, slow_length: int, signal_length: int
) -> Iterator[tuple[float, float, float]]:
    longest = max(fast_length, slow_length)
    left, right = tee(series)
    fast = ema.reference(_skip(left, longest - fast_length), fast_length)
    slow = ema.reference(_skip(right, longest - slow_length), slow_length)
    lines, copy = tee(a - b for a, b in zip(fast, slow, strict=True))
    for line, signal in zip(lines, ema.reference(copy, signal_length), strict=True):
        yield (nan, nan, nan) if isnan(signal) else (line, signal, line - signal)


def _skip(series: Iterator[float], count: int) -> Iterator[float]:
    """The series with its first `count` known values made missing."""
    for x in series:
        yield nan if count > 0 else x
        count -= not isnan(x)


def warmup(fast_length: int, slow_length: int, signal_length: int) -> int:
    return max(fast_length, slow_length) + signal_length - 1


INDICATOR = Indicator(
    name="macd",
    summary="moving average convergence and divergence",
    inputs=(Input(name="series"),),
    params=(
        Param(name="fast_length", at_least=1, at_most=5_000),
        Param(name="slow_length", at_least=1, at_most=5_000),
        Param(name="signal_length", at_least=1, at_most=5_000),
    ),
    outputs=(
        Output(name="line", unit=Unit.DIFFERENCE),
        Output(name="signal", unit=Unit.DIFFERENCE),
        Output(name="histogram", unit=Unit.DIFFERENCE),
    ),
    warmup=warmup,
    reference=reference,
)
