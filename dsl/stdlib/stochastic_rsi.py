"""stochastic_rsi(series, rsi_length, k_length, k_smooth, d_length): `rsi` in its own range, 0 to 100.

    r   = rsi(series, rsi_length)
    raw = 100 * (r - lowest(r, k_length)) / (highest(r, k_length) - lowest(r, k_length))
    k   = sma(raw, k_smooth)
    d   = sma(k, d_length)

With `k_smooth` = 1 it is TA-Lib's. Warm-up: `rsi_length` + `k_length` + `k_smooth` + `d_length` - 2 known values, for
both. A missing value is passed over and its bar's values are unknown; a window in which the index did not move has no
raw value (TA-Lib says 0). Amortised O(1) a bar.
Source: Chande, T. and Kroll, S. (1994), The New Technical Trader, chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import highest, lowest, rsi, sma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit

MISSING = (nan, nan)


def reference(
    series: Iterator[float], rsi_length: int, k_length: int, k_smooth: int, d_length: int
) -> Iterator[tuple[float, float]]:
    strength = drive(rsi.reference, 1, rsi_length)
    tops, bottoms = drive(highest.reference, 1, k_length), drive(lowest.reference, 1, k_length)
    first, second = drive(sma.reference, 1, k_smooth), drive(sma.reference, 1, d_length)
    for x in series:
        if isnan(x):
            yield MISSING
            continue
        r = strength(x)
        most, least = tops(r), bottoms(r)
        k = first(100.0 * ((r - least) / (most - least)) if most > least else nan)
        d = second(k)
        yield (k, d) if not isnan(d) else MISSING


def warmup(rsi_length: int, k_length: int, k_smooth: int, d_length: int) -> int:
    return rsi_length + k_length + k_smooth + d_length - 2


INDICATOR = Indicator(
    name="stochastic_rsi",
    summary="stochastic of the relative strength index",
    inputs=(Input(name="series"),),
    params=(
        Param(name="rsi_length", at_least=2, at_most=5_000),
        Param(name="k_length", at_least=2, at_most=5_000),
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
