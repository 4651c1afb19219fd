"""beta(series, market, length): how far a series moves for one of the market.

    value = covariance(series, market, length) / stdev(market, length)^2    the slope of the least-squares line

Warm-up: `length` pairs in a row. A pair with a missing value makes it unknown until it has left the window; so does a
window in which the market does not move. O(1) a bar, on the running sums of `covariance`; `ols` gives the same slope
with its errors, at O(`length`). Pass returns, `roc(close, 1)`, for the beta of the textbooks.
Source: Sharpe, W. (1964), Capital asset prices. The Journal of Finance 19(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from stratc.dsl.stdlib import covariance
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], market: Iterator[float], length: int) -> Iterator[float]:
    for variance, _, both in covariance.moments(market, series, length):
        yield both / variance if variance > 0.0 else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="beta",
    summary="beta",
    inputs=(Input(name="series"), Input(name="market")),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER),),
    warmup=warmup,
    reference=reference,
)
