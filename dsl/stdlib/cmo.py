"""cmo(series, length): Chande's momentum oscillator, smoothed as Wilder does, -100 to 100.

    value = 100 * (rma(gain, length) - rma(loss, length)) / (rma(gain, length) + rma(loss, length))

gain and loss are the upward and the downward part of the change from the last known value; the averages are those of
`rsi`, as in TA-Lib: the value is 2 * rsi - 100. Chande himself took plain sums. Warm-up: `length` + 1 known values. A
missing value leaves the state as it was and makes that bar's value unknown. While there was neither gain nor loss it is
unknown (TA-Lib says 0). O(1) a bar.
Source: Chande, T. and Kroll, S. (1994), The New Technical Trader, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import rma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    gains, losses, last = drive(rma.reference, 1, length), drive(rma.reference, 1, length), nan
    for x in series:
        change = x - last
        last = last if isnan(x) else x
        gain = gains(max(change, 0.0))
        loss = losses(max(-change, 0.0))
        yield 100.0 * ((gain - loss) / (gain + loss)) if gain + loss > 0.0 else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="cmo",
    summary="Chande momentum oscillator",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=-100.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
