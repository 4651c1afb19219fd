"""cross(a, b): the bar on which `a` comes to lie on the other side of `b`.

    value = +1    where a > b and not a[1] > b[1]
    value = -1    where a < b and not a[1] < b[1]
    value = 0     otherwise

Touching is not crossing: from above down to equal is 0, and from equal to above is +1. Warm-up: 2 bars in a row. A bar
on which `a` or `b` is missing makes the value unknown on that bar and on the next.
Source: this definition; Murphy, J. (1999), Technical Analysis of the Financial Markets, chapter 9, for the use.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit


def reference(a: Iterator[float], b: Iterator[float]) -> Iterator[float]:
    last = nan
    for left, right in zip(a, b, strict=True):
        side = nan if isnan(left) or isnan(right) else float(left > right) - float(left < right)
        yield nan if isnan(side) or isnan(last) else side if side != last else 0.0
        last = side


def warmup() -> int:
    return 2


INDICATOR = Indicator(
    name="cross",
    summary="direction of a crossing on the bar on which it happens",
    inputs=(Input(name="a"), Input(name="b")),
    params=(),
    outputs=(Output(name="value", unit=Unit.NUMBER),),
    warmup=warmup,
    reference=reference,
)
