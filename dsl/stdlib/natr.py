"""natr(length): average true range in terms of the close.

    value = atr(length) / close

A ratio: TA-Lib says it in percent. Seeded as `atr` is. Warm-up: `length` + 1 known bars. A bar with a missing value is
passed over and its values are unknown. So is that of a bar that closes at 0. O(1) a bar.
Source: Forman, J. (2006), Cross-market evaluations with normalized average true range. Technical Analysis of Stocks &
Commodities 24(5).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib import atr
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    average = drive(atr.reference, 3, length)
    for top, bottom, x in zip(high, low, close, strict=True):
        reach = average(top, bottom, x)
        yield reach / x if x != 0.0 else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="natr",
    summary="normalized average true range",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
)
