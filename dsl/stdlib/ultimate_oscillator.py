"""ultimate_oscillator(short_length = 7, middle_length = 14, long_length = 28): three horizons, 0 to 100.

    pressure = close - min(low, last close)
    a(n)     = sum(pressure, n) / sum(true_range(), n)
    value    = 100 * (4 * a(short) + 2 * a(middle) + a(long)) / 7

Warm-up: the longest of the three + 1 known bars. A bar with a missing value is passed over and its values are unknown.
So are those of a bar while there was no range in one of the windows (TA-Lib says 0). O(1) a bar, on the running sums of
`sum`.
Source: Williams, L. (1985), The ultimate oscillator. Technical Analysis of Stocks & Commodities 3(4).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import sum, true_range
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def _part(pressure: float, span: float) -> float:
    return pressure / span if span > 0.0 else nan


def reference(
    high: Iterator[float],
    low: Iterator[float],
    close: Iterator[float],
    short_length: int,
    middle_length: int,
    long_length: int,
) -> Iterator[float]:
    lengths, last = (short_length, middle_length, long_length), nan
    pressures = [drive(sum.reference, 1, n) for n in lengths]
    ranges = [drive(sum.reference, 1, n) for n in lengths]
    for top, bottom, x in zip(high, low, close, strict=True):
        if isnan(top) or isnan(bottom) or isnan(x):
            yield nan
            continue
        span = true_range.distance(top, bottom, last)
        pressure = x - (last if last < bottom else bottom)
        last = x
        if isnan(span):
            yield nan
            continue
        a, b, c = (_part(up(pressure), all_(span)) for up, all_ in zip(pressures, ranges, strict=True))
        yield 100.0 * ((4.0 * a + 2.0 * b + c) / 7.0)


def warmup(short_length: int, middle_length: int, long_length: int) -> int:
    return max(short_length, middle_length, long_length) + 1


INDICATOR = Indicator(
    name="ultimate_oscillator",
    summary="ultimate oscillator",
    inputs=(HIGH, LOW, CLOSE),
    params=(
        Param(name="short_length", at_least=1, at_most=5_000, default=7),
        Param(name="middle_length", at_least=1, at_most=5_000, default=14),
        Param(name="long_length", at_least=1, at_most=5_000, default=28),
    ),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
