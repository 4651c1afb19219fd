"""volatility(length, per_year = 252): volatility of the close for a year, from exponentially weighted returns.

    r        = close / close[1] - 1
    weight   of a return i bars back: d^i, d = length / (length + 1), so that the weights' centre of mass is `length`
    mean     = sum(d^i r) / sum(d^i)
    value    = sqrt(per_year * (sum(d^i r^2) / sum(d^i) - mean^2))

`per_year` is how many bars a year has: 252 on daily bars, and it must be said on others. Warm-up: `length` + 1 known
bars. A bar with a missing close is passed over: the next return is over both. After a price of 0 nothing is known.
O(1) a bar. It is the formula of `ewma_volatility(close / close[1] - 1, length, per_year)`, which is known a bar later,
knows no return beside a missing close, and takes returns of anything and a center that is no whole number.
Source: Moskowitz, T., Ooi, Y. H. and Pedersen, L. H. (2012), Time series momentum, equation 1 (there 261 days, 60).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit, Wants


def reference(close: Iterator[float], length: int, per_year: float) -> Iterator[float]:
    decay, last, count = length / (length + 1.0), nan, 0
    weights, returns, squares = 0.0, 0.0, 0.0
    for x in close:
        if isnan(x):
            yield nan
            continue
        before, last = last, x
        if isnan(before) or before == 0.0:
            yield nan
            continue
        change = x / before - 1.0
        weights = decay * weights + 1.0
        returns = decay * returns + change
        squares = decay * squares + change * change
        count += count < length
        mean = returns / weights
        variance = squares / weights - mean * mean
        yield sqrt(per_year * (variance if variance > 0.0 else 0.0)) if count == length else nan


def warmup(length: int, per_year: float) -> int:
    return length + 1


INDICATOR = Indicator(
    name="volatility",
    summary="volatility for a year",
    inputs=(Input(name="close", wants=Wants.PRICE, column="close"),),
    params=(
        Param(name="length", at_least=2, at_most=5_000),
        Param(name="per_year", at_least=1.0, at_most=600_000.0, whole=False, default=252.0),
    ),
    outputs=(Output(name="value", unit=Unit.RATIO, at_least=0.0),),
    warmup=warmup,
    reference=reference,
    of_levels=True,
)
