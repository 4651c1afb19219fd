"""realized_volatility(series, length, periods = 1): root of the mean squared logarithmic return.

    value = sqrt(periods * (ln(x / x[1])^2 + ... over `length` returns) / length)

With `periods` = 252 a yearly volatility of daily prices; with `periods` = `length` the realized volatility of the
window itself. Returns are not centred, as is the convention: the mean of a short window is noise. Warm-up: `length` + 1
values in a row. A missing value makes it unknown until it has left the window; so does a price that is not positive.
O(1) a bar, on the running sums of `sma`; the logarithm is the C library's.
Source: Andersen, T. and Bollerslev, T. (1998), Answering the skeptics. International Economic Review 39(4).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, log, nan, sqrt

from stratc.dsl.stdlib import sma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, periods: float) -> Iterator[float]:
    average, last = drive(sma.reference, 1, length), nan
    for x in series:
        change = log(x / last) if x > 0.0 and last > 0.0 and 0.0 < x / last < inf else nan
        square = average(change * change)
        last = x
        yield sqrt(periods * square) if square > 0.0 else 0.0 if square <= 0.0 else nan


def warmup(length: int, periods: float) -> int:
    return length + 1


INDICATOR = Indicator(
    name="realized_volatility",
    summary="realized volatility",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="periods", at_least=1.0, at_most=1000000.0, whole=False, default=1.0),
    ),
    outputs=(Output(name="value", unit=Unit.RATIO, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
