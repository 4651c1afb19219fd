"""wma(series, length): linearly weighted moving average, the newest value weighing most.

    value = (length * x + (length - 1) * x[1] + ... + 1 * x[length - 1]) / (length * (length + 1) / 2)

Warm-up: `length` values in a row. A missing value makes the average unknown until it has left the window.
O(1) a bar: running sums of deviations from a base, renewed every `length` bars as that of `sma` is, with four times its
error at most; a window of equal values gives exactly that value.
Source: Murphy, J. (1999), Technical Analysis of the Financial Markets, chapter 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def moments(series: Iterator[float], length: int) -> Iterator[tuple[float, float, float]]:
    """Base, weighted sum and plain sum of the deviations from it, a window; all nan while the window is not known."""
    inverse = 2.0 / (length * (length + 1.0))
    ring = [0.0] * length
    at, full, same = 0, False, 0
    base, weighted, total, last = 0.0, 0.0, 0.0, 0.0
    fresh_base, fresh_weighted, fresh_total = 0.0, 0.0, 0.0
    for x in series:
        if isnan(x):
            at, full, same = 0, False, 0
            yield nan, nan, nan
            continue
        if full:
            weighted += length * (x - base) - total
            total += x - ring[at]
        elif at == 0:
            fresh_base, fresh_weighted, fresh_total = x, 0.0, 0.0
        fresh_weighted += (at + 1.0) * (x - fresh_base)
        fresh_total += x - fresh_base
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
            base, weighted, total = fresh_base, fresh_weighted, fresh_total
            fresh_base, fresh_weighted, fresh_total = base + weighted * inverse, 0.0, 0.0
        same = same + 1 if x == last else 1
        last = x
        if same >= length:
            base, weighted, total = x, 0.0, 0.0
            fresh_base, fresh_weighted, fresh_total = x, 0.0, 0.0
        yield (base, weighted, total) if full else (nan, nan, nan)


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    inverse = 2.0 / (length * (length + 1.0))
    for base, weighted, _ in moments(series, length):
        yield base + weighted * inverse


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="wma",
    summary="linearly weighted moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
