"""fisher(length): Ehlers' Fisher transform of where the bar lies in its window.

    p      = (high + low) / 2
    raw    = 0.66 * ((p - lowest(p, length)) / (highest(p, length) - lowest(p, length)) - 0.5) + 0.67 * last raw
    value  = 0.5 * ln((1 + raw) / (1 - raw)) + 0.5 * last value       raw kept within -0.999 and 0.999
    signal = last value

Both memories begin at 0. Warm-up: `length` + 1 known bars, for both. A bar with a missing price is passed over and its
values are unknown. A bar whose window has no range keeps the memories and is unknown. Amortised O(1) a bar; the
logarithm is the C library's.
Source: Ehlers, J. (2002), Using the Fisher transform. Technical Analysis of Stocks & Commodities 20(11).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, log, nan

from stratc.dsl.stdlib import highest, lowest
from stratc.dsl.stdlib.series import HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan)


def reference(high: Iterator[float], low: Iterator[float], length: int) -> Iterator[tuple[float, float]]:
    tops, bottoms = drive(highest.reference, 1, length), drive(lowest.reference, 1, length)
    raw, value, signal = 0.0, nan, nan
    for top, bottom in zip(high, low, strict=True):
        middle = (top + bottom) * 0.5
        if isnan(middle):
            yield MISSING
            continue
        most, least = tops(middle), bottoms(middle)
        if not most > least:
            yield MISSING
            continue
        raw = 0.66 * ((middle - least) / (most - least) - 0.5) + 0.67 * raw
        raw = 0.999 if raw > 0.999 else -0.999 if raw < -0.999 else raw
        signal = value
        value = 0.5 * log((1.0 + raw) / (1.0 - raw)) + (0.0 if isnan(value) else 0.5 * value)
        yield (value, signal) if not isnan(signal) else MISSING


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="fisher",
    summary="Fisher transform",
    inputs=(HIGH, LOW),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER), Output(name="signal", unit=Unit.NUMBER)),
    warmup=warmup,
    reference=reference,
)
