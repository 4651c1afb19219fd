"""ewma_volatility(returns, center, periods = 1): exponentially weighted standard deviation of returns.

    decay    = center / (center + 1)                      so that the weights' centre of mass lies `center` bars back
    weight   = decay * weight + 1
    mean     = mean + (x - mean) / weight
    spread   = decay * spread + (x - last mean) * (x - mean)
    value    = sqrt(periods * spread / weight)

`center` = 60 and `periods` = 261 give the yearly volatility of Moskowitz, Ooi and Pedersen; a decay d is a `center` of
d / (1 - d), so RiskMetrics' 0.94 is 15.67; a half-life of h bars is a `center` of 1 / (2^(1/h) - 1). Weights of the
bars so far are scaled to 1, so there is no seed to forget. Warm-up: ceil(`center`) + 1 known values. A missing value
leaves the state as it was and makes that bar's value unknown. O(1) a bar; no sum of squares is ever subtracted from
another. `volatility(length, per_year)` is this formula for the returns of the close: it takes them itself, over a
missing close as well, and is known one bar earlier, after `length` returns.
Source: Moskowitz, T., Ooi, Y. and Pedersen, L. (2012), Time series momentum. Journal of Financial Economics 104(2);
West, D. (1979), Updating mean and variance estimates. Communications of the ACM 22(9).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit, Wants


def reference(returns: Iterator[float], center: float, periods: float) -> Iterator[float]:
    decay, wanted = center / (center + 1.0), ceil(center) + 1
    count, weight, mean, spread = 0, 0.0, 0.0, 0.0
    for x in returns:
        if isnan(x):
            yield nan
            continue
        count += count < wanted
        weight = decay * weight + 1.0
        off = x - mean
        mean += off / weight
        spread = decay * spread + off * (x - mean)
        yield sqrt(periods * (spread / weight)) if count == wanted else nan


def warmup(center: float, periods: float) -> int:
    return ceil(center) + 1


INDICATOR = Indicator(
    name="ewma_volatility",
    summary="exponentially weighted volatility",
    inputs=(Input(name="returns", wants=Wants.RATIO),),
    params=(
        Param(name="center", at_least=0.5, at_most=5000.0, whole=False),
        Param(name="periods", at_least=1.0, at_most=1000000.0, whole=False, default=1.0),
    ),
    outputs=(Output(name="value", unit=Unit.RATIO, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
