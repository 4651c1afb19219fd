"""stdev(series, length): standard deviation of the window, as of a whole population (divided by `length`).

    value = sqrt(sum((x - mean)^2) / length)

Warm-up: `length` values in a row. A missing value makes the deviation unknown until it has left the window.
O(1) a bar: running sums of d and d^2, d the deviation from a base that was the mean of the window at most 2 * `length`
bars ago; they are renewed every `length` bars as the sum of `sma` is. The variance is within 4 * `length` * 2^-53 * D^2
of the exact one, D the spread of the last 3 * `length` values: the level of the price costs no digits, an outlier costs
some for as long. A negative variance, which only rounding makes, counts as 0; a window of equal values gives exactly 0.
Source: Chan, T., Golub, G. and LeVeque, R. (1983), Algorithms for computing the sample variance. The American
Statistician 37(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def moments(series: Iterator[float], length: int) -> Iterator[tuple[float, float]]:
    """Mean and deviation of each window; both nan while it is not known."""
    inverse = 1.0 / length
    ring = [0.0] * length
    at, full, same = 0, False, 0
    base, total, square, last = 0.0, 0.0, 0.0, 0.0
    fresh_base, fresh_total, fresh_square = 0.0, 0.0, 0.0
    for x in series:
        if isnan(x):
            at, full, same = 0, False, 0
            yield nan, nan
            continue
        if full:
            step = x - ring[at]
            square += step * ((x - base) + (ring[at] - base))
            total += step
        elif at == 0:
            fresh_base, fresh_total, fresh_square = x, 0.0, 0.0
        fresh_total += x - fresh_base
        fresh_square += (x - fresh_base) * (x - fresh_base)
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
            base, total, square = fresh_base, fresh_total, fresh_square
            fresh_base, fresh_total, fresh_square = base + total * inverse, 0.0, 0.0
        same = same + 1 if x == last else 1
        last = x
        if same >= length:
            base, total, square = x, 0.0, 0.0
            fresh_base, fresh_total, fresh_square = x, 0.0, 0.0
        off = total * inverse
        variance = square * inverse - off * off
        yield (base + off, sqrt(variance) if variance > 0.0 else 0.0) if full else (nan, nan)


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    for _, deviation in moments(series, length):
        yield deviation


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="stdev",
    summary="standard deviation (population)",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
