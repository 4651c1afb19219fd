"""covariance(x, y, length): how two series of returns move together, as of a whole population (divided by `length`).

    value = sum((x - mean(x)) * (y - mean(y))) / length

Of returns, so that it is a ratio: the product of two prices has no unit in the language. Warm-up: `length` pairs in a
row. A pair with a missing value makes it unknown until it has left the window. O(1) a bar: running sums of deviations
from bases and of their products, renewed every `length` bars as those of `stdev` are; it is within 4 * `length` * 2^-53
* D * E of the exact one, D and E the spreads of the last 3 * `length` values of each. Where either series does not move
it is exactly 0.
Source: Chan, T., Golub, G. and LeVeque, R. (1983), Algorithms for computing the sample variance. The American
Statistician 37(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit, Wants


def moments(x: Iterator[float], y: Iterator[float], length: int) -> Iterator[tuple[float, float, float]]:
    """Variance of each series and their covariance, a window; all nan while it is not known."""
    inverse = 1.0 / length
    xs, ys = [0.0] * length, [0.0] * length
    at, full, same_x, same_y, last_x, last_y = 0, False, 0, 0, 0.0, 0.0
    now, fresh = _Sums(0.0, 0.0), _Sums(0.0, 0.0)
    for u, v in zip(x, y, strict=True):
        if isnan(u) or isnan(v):
            at, full, same_x, same_y = 0, False, 0, 0
            yield nan, nan, nan
            continue
        if full:
            now.replace(xs[at], ys[at], u, v)
        elif at == 0:
            fresh = _Sums(u, v)
        fresh.take(u, v)
        xs[at], ys[at] = u, v
        at += 1
        if at == length:
            at, full = 0, True
            now = fresh
            fresh = _Sums(now.base_x + now.x * inverse, now.base_y + now.y * inverse)
        same_x = same_x + 1 if u == last_x else 1
        same_y = same_y + 1 if v == last_y else 1
        last_x, last_y = u, v
        if same_x >= length:
            now.still_x(u)
            fresh.still_x(u)
        if same_y >= length:
            now.still_y(v)
            fresh.still_y(v)
        yield now.moments(inverse) if full else (nan, nan, nan)


class _Sums:
    """Sums of deviations from two bases, of their squares and of their products."""

    __slots__ = ("base_x", "base_y", "x", "xx", "xy", "y", "yy")

    def __init__(self, base_x: float, base_y: float) -> None:
        self.base_x, self.base_y = base_x, base_y
        self.x = self.y = self.xx = self.xy = self.yy = 0.0

    def take(self, u: float, v: float) -> None:
        dx, dy = u - self.base_x, v - self.base_y
        self.x += dx
        self.y += dy
        self.xx += dx * dx
        self.xy += dx * dy
        self.yy += dy * dy

    def replace(self, old_u: float, old_v: float, u: float, v: float) -> None:
        dx, dy, ox, oy = u - self.base_x, v - self.base_y, old_u - self.base_x, old_v - self.base_y
        step_x, step_y = u - old_u, v - old_v
        self.x += step_x
        self.y += step_y
        self.xx += step_x * (dx + ox)
        self.xy += dx * dy - ox * oy
        self.yy += step_y * (dy + oy)

    def still_x(self, u: float) -> None:
        """The window holds one value of x only."""
        self.base_x, self.x, self.xx, self.xy = u, 0.0, 0.0, 0.0

    def still_y(self, v: float) -> None:
        self.base_y, self.y, self.yy, self.xy = v, 0.0, 0.0, 0.0

    def moments(self, inverse: float) -> tuple[float, float, float]:
        off_x, off_y = self.x * inverse, self.y * inverse
        return (
            self.xx * inverse - off_x * off_x,
            self.yy * inverse - off_y * off_y,
            self.xy * inverse - off_x * off_y,
        )


def reference(x: Iterator[float], y: Iterator[float], length: int) -> Iterator[float]:
    for _, _, covariance in moments(x, y, length):
        yield covariance


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="covariance",
    summary="covariance of two series of returns (population)",
    inputs=(Input(name="x", wants=Wants.RATIO), Input(name="y", wants=Wants.RATIO)),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
)
