"""t3(series, length, factor = 0.7): Tillson's moving average, six exponential ones deep.

    e(1)  = ema(series, length),  e(k) = ema(e(k - 1), length),  a = factor
    value = -a^3 * e(6) + 3 * (a^2 + a^3) * e(5) - 3 * (2 * a^2 + a + a^3) * e(4) + (1 + a)^3 * e(3)

Each average is seeded as `ema` is, as in TA-Lib. Warm-up: 6 * `length` - 5 known values. A missing value leaves the
state as it was and makes that bar's value unknown. O(1) a bar.
Source: Tillson, T. (1998), Better moving averages. Technical Analysis of Stocks & Commodities 16(11).
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, factor: float) -> Iterator[float]:
    steps = [drive(ema.reference, 1, length) for _ in range(6)]
    square, cube = factor * factor, factor * factor * factor
    for x in series:
        e3 = steps[2](steps[1](steps[0](x)))
        e4 = steps[3](e3)
        e5 = steps[4](e4)
        e6 = steps[5](e5)
        # The weights come to 1; written about e3 equal values stay what they are.
        yield (
            e3
            + (3.0 * (square + factor) + cube) * (e3 - e4)
            - (3.0 * square + 2.0 * cube) * (e4 - e5)
            + cube * (e5 - e6)
        )


def warmup(length: int, factor: float) -> int:
    return 6 * length - 5


INDICATOR = Indicator(
    name="t3",
    summary="Tillson moving average",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="factor", at_least=0.0, at_most=1.0, whole=False, default=0.7),
    ),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
