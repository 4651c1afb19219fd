"""kalman(y, x, drift = 0.0001, noise = 0.001): a line y = slope * x + intercept that drifts, and its error.

    R         = P + W,  W = drift / (1 - drift) on the diagonal, P at first 0
    residual  = y - (slope * x + intercept)          with those of the bar before, at first 0
    Q         = x * x * R11 + 2 * x * R12 + R22 + noise
    deviation = square root of Q
    slope     = slope + (R11 * x + R12) / Q * residual
    intercept = intercept + (R12 * x + R22) / Q * residual
    P         = R - (R11 * x + R12, R12 * x + R22) times itself / Q

`drift` says how fast the line may change: W is the variance of what a bar changes, of the slope in the unit of y / x
squared and of the intercept, which has y's unit, in that unit squared. `noise` is the variance of y around the line, in
y's unit squared. So the same two numbers on prices in cents are another line than on prices in dollars. The residual is
a forecast error, known at the bar's close and measured by a line that had not seen the bar. On the first known bar the
line had seen nothing and the error would be all of y: it begins there, and every output is unknown. It still comes from
nought, a step of W a bar: where y is many times x, or the drift is small, wait (`bar > 250`) before its error trades.
Warm-up: 2 known bars. A bar on which one of the two is missing is passed over and its values are unknown. O(1) a bar.
Source: Chan, E. (2013), Algorithmic Trading, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(
    y: Iterator[float], x: Iterator[float], drift: float, noise: float
) -> Iterator[tuple[float, float, float, float]]:
    wander = drift / (1.0 - drift)
    slope, intercept = 0.0, 0.0
    p11, p12, p22 = 0.0, 0.0, 0.0
    begun = False
    for seen, at in zip(y, x, strict=True):
        if isnan(seen) or isnan(at):
            yield nan, nan, nan, nan
            continue
        p11, p22 = p11 + wander, p22 + wander
        one, two = p11 * at + p12, p12 * at + p22
        residual = seen - (slope * at + intercept)
        variance = at * one + two + noise
        first, second = one / variance, two / variance
        slope, intercept = slope + first * residual, intercept + second * residual
        p11, p12, p22 = p11 - first * one, p12 - first * two, p22 - second * two
        yield (slope, intercept, residual, sqrt(variance)) if begun else (nan, nan, nan, nan)
        begun = True


def warmup(drift: float, noise: float) -> int:
    return 2


INDICATOR = Indicator(
    name="kalman",
    summary="line with coefficients that drift",
    inputs=(Input(name="y"), Input(name="x")),
    params=(
        Param(name="drift", at_least=1e-9, at_most=0.5, whole=False, default=0.0001),
        Param(name="noise", at_least=1e-12, at_most=1e12, whole=False, default=0.001),
    ),
    outputs=(
        Output(name="slope", unit=Unit.NUMBER),
        Output(name="intercept", unit=Unit.SAME),
        Output(name="residual", unit=Unit.DIFFERENCE),
        Output(name="deviation", unit=Unit.DIFFERENCE, at_least=0.0),
    ),
    warmup=warmup,
    reference=reference,
)
