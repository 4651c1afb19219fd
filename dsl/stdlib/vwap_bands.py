"""vwap_bands(width = 2): bands of volume-weighted deviations around `vwap`.

    typical = (high + low + close) / 3
    middle  = sum(typical * volume) / sum(volume)                                over the session so far
    upper   = middle + width * sqrt(sum(volume * (typical - middle)^2) / sum(volume))
    lower   = middle - width * sqrt(sum(volume * (typical - middle)^2) / sum(volume))

Warm-up: 1 known bar, the first of a session, as of `vwap`. A bar with a missing value is passed over and its bands are
unknown; without any volume yet they are unknown. O(1) a bar: mean and spread are updated with each bar's weight, and no
square is ever subtracted from another.
Source: West, D. (1979), Updating mean and variance estimates: an improved method. Communications of the ACM 22(9).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, SESSION, VOLUME
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan, nan)


def reference(
    high: Iterator[float],
    low: Iterator[float],
    close: Iterator[float],
    volume: Iterator[float],
    session_start: Iterator[float],
    width: float,
) -> Iterator[tuple[float, float, float]]:
    third = 1.0 / 3.0
    mean, spread, total = nan, nan, nan
    for top, bottom, x, size, start in zip(high, low, close, volume, session_start, strict=True):
        if start > 0.0:
            mean, spread, total = 0.0, 0.0, 0.0
        typical = (top + bottom + x) * third
        if isnan(typical) or isnan(size) or isnan(start):
            yield MISSING
            continue
        if size > 0.0:
            total += size
            off = typical - mean
            mean += off * (size / total)
            spread += size * off * (typical - mean)
        if not total > 0.0:
            yield MISSING
            continue
        share = spread / total
        reach = width * (sqrt(share) if share > 0.0 else 0.0)
        yield mean, mean + reach, mean - reach


def warmup(width: float) -> int:
    return 1


INDICATOR = Indicator(
    name="vwap_bands",
    summary="volume-weighted average price of the session with bands",
    inputs=(HIGH, LOW, CLOSE, VOLUME, SESSION),
    params=(Param(name="width", at_least=0.1, at_most=10.0, whole=False, default=2.0),),
    outputs=(
        Output(name="middle", unit=Unit.SAME),
        Output(name="upper", unit=Unit.SAME),
        Output(name="lower", unit=Unit.SAME),
    ),
    warmup=warmup,
    reference=reference,
)
