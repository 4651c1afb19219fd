"""ols(y, x, length): the least-squares line of `y` over `x` in the window, and the newest pair's distance from it.

    slope       = sum((x - mean(x)) * (y - mean(y))) / sum((x - mean(x))^2)
    intercept   = mean(y) - slope * mean(x)
    residual    = y - (intercept + slope * x)            of the newest pair
    r2          = 1 - sum(residual^2) / sum((y - mean(y))^2)
    deviation   = sqrt(sum(residual^2) / (length - 2))   the standard error of the regression
    slope_error = deviation / sqrt(sum((x - mean(x))^2))

Warm-up: `length` pairs in a row. A pair with a missing value makes all unknown until it has left the window; so does a
window in which `x` does not move; where `y` does not, `r2` alone is unknown. O(`length`) a bar and no running sums:
means, moments and residuals are taken in three passes, from the newest pair as the base, so neither the level of the
prices nor a line that fits nearly everything costs digits. `beta` is the slope alone, in O(1).
Source: Draper, N. and Smith, H. (1998), Applied Regression Analysis, chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit

MISSING = (nan, nan, nan, nan, nan, nan)


def fit(
    ys: list[float], xs: list[float], y: float, x: float, inverse: float, freedom: float
) -> tuple[float, float, float, float, float, float]:
    """The line through the pairs of a window, whose newest is (x, y); the outputs in their order."""
    mean_y, mean_x = 0.0, 0.0
    for v, u in zip(ys, xs, strict=True):
        mean_y += v - y
        mean_x += u - x
    mean_y, mean_x = mean_y * inverse, mean_x * inverse
    xx, xy, yy = 0.0, 0.0, 0.0
    for v, u in zip(ys, xs, strict=True):
        dy, dx = (v - y) - mean_y, (u - x) - mean_x
        xx += dx * dx
        xy += dx * dy
        yy += dy * dy
    if not xx > 0.0:
        return MISSING
    slope, squares = xy / xx, 0.0
    for v, u in zip(ys, xs, strict=True):
        off = ((v - y) - mean_y) - slope * ((u - x) - mean_x)
        squares += off * off
    deviation = sqrt(squares * freedom)
    return (
        slope,
        (y + mean_y) - slope * (x + mean_x),
        slope * mean_x - mean_y,
        1.0 - squares / yy if yy > 0.0 else nan,
        deviation,
        deviation / sqrt(xx),
    )


def reference(
    y: Iterator[float], x: Iterator[float], length: int
) -> Iterator[tuple[float, float, float, float, float, float]]:
    inverse, freedom = 1.0 / length, 1.0 / (length - 2)
    ys, xs = [0.0] * length, [0.0] * length
    at, full = 0, False
    for v, u in zip(y, x, strict=True):
        if isnan(v) or isnan(u):
            at, full = 0, False
            yield MISSING
            continue
        ys[at], xs[at] = v, u
        at += 1
        if at == length:
            at, full = 0, True
        yield fit(ys, xs, v, u, inverse, freedom) if full else MISSING


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="ols",
    summary="least-squares line",
    inputs=(Input(name="y"), Input(name="x")),
    params=(Param(name="length", at_least=3, at_most=5_000),),
    outputs=(
        Output(name="slope", unit=Unit.NUMBER),
        Output(name="intercept", unit=Unit.SAME),
        Output(name="residual", unit=Unit.DIFFERENCE),
        Output(name="r2", unit=Unit.NUMBER, at_least=0.0, at_most=1.0),
        Output(name="deviation", unit=Unit.DIFFERENCE, at_least=0.0),
        Output(name="slope_error", unit=Unit.NUMBER, at_least=0.0),
    ),
    warmup=warmup,
    reference=reference,
)
