"""kst(series, signal_length = 9): Pring's sum of four smoothed rates of change.

    value  = sma(roc(x, 10), 10) + 2 * sma(roc(x, 15), 10) + 3 * sma(roc(x, 20), 10) + 4 * sma(roc(x, 30), 15)
    signal = sma(value, signal_length)

A ratio; charts often say it in percent. Warm-up: 44 + `signal_length` known values, for both. A missing value is passed
over and its bar's values are unknown. O(1) a bar.
Source: Pring, M. (1992), Rate of change. Technical Analysis of Stocks & Commodities 10(8).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan
from typing import Final

from stratc.dsl.stdlib import roc, sma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit

MISSING = (nan, nan)


LENGTHS: Final = ((10, 10), (15, 10), (20, 10), (30, 15))


def reference(series: Iterator[float], signal_length: int) -> Iterator[tuple[float, float]]:
    changes = [drive(roc.reference, 1, change) for change, _ in LENGTHS]
    averages = [drive(sma.reference, 1, average) for _, average in LENGTHS]
    smooth = drive(sma.reference, 1, signal_length)
    for x in series:
        if isnan(x):
            yield MISSING
            continue
        a, b, c, d = (average(change(x)) for average, change in zip(averages, changes, strict=True))
        value = a + 2.0 * b + 3.0 * c + 4.0 * d
        signal = smooth(value)
        yield (value, signal) if not isnan(signal) else MISSING


def warmup(signal_length: int) -> int:
    return 44 + signal_length


INDICATOR = Indicator(
    name="kst",
    summary="know sure thing",
    inputs=(Input(name="series"),),
    params=(Param(name="signal_length", at_least=1, at_most=5_000, default=9),),
    outputs=(Output(name="value", unit=Unit.RATIO), Output(name="signal", unit=Unit.RATIO)),
    warmup=warmup,
    reference=reference,
)
