"""mfi(length): money flow index: an index of strength that weighs by volume, 0 to 100.

    typical = (high + low + close) / 3
    value   = 100 * inflow / (inflow + outflow)

inflow and outflow are the sums of typical * volume over the last `length` bars whose typical price rose and fell from
the known bar before. Warm-up: `length` + 1 known bars. A bar with a missing value is passed over and its values are
unknown. Without any flow in the window it is unknown (TA-Lib says 0). Divided by 3, not multiplied by a third: the last
digit decides whether it rose. O(1) a bar, on the running sums of `sum`.
Source: Quong, G. and Soudack, A. (1989), Volume-weighted RSI: money flow. Technical Analysis of Stocks & Commodities
7(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import sum
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, VOLUME, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], volume: Iterator[float], length: int
) -> Iterator[float]:
    last = nan
    inflow, outflow = drive(sum.reference, 1, length), drive(sum.reference, 1, length)
    for top, bottom, x, size in zip(high, low, close, volume, strict=True):
        typical = (top + bottom + x) / 3.0
        if isnan(typical) or isnan(size):
            yield nan
            continue
        before, last = last, typical
        if isnan(before):
            yield nan
            continue
        into, out = inflow(typical * size * (typical > before)), outflow(typical * size * (typical < before))
        yield 100.0 * (into / (into + out)) if into + out > 0.0 else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="mfi",
    summary="money flow index",
    inputs=(HIGH, LOW, CLOSE, VOLUME),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
