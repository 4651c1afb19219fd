"""alma(series, length, offset = 0.85, sigma = 6): moving average weighted by a bell.

    w(i)  = exp(-(i - offset * (length - 1))^2 / (2 * (length / sigma)^2))        i = 0 .. length - 1, oldest first
    value = sum(w(i) * x(i)) / sum(w(i))

Warm-up: `length` values in a row. A missing value makes it unknown until it has left the window. O(`length`) a bar,
from the newest value as the base, so equal values give exactly that value. The weights are made once, with the C
library's exponential.
Source: Legoux, A. and Kouzis-Loukas, D. (2009), Arnaud Legoux moving average.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, offset: float, sigma: float) -> Iterator[float]:
    middle, width = offset * (length - 1), length / sigma
    weights = [exp(-((i - middle) * (i - middle)) / (2.0 * (width * width))) for i in range(length)]
    whole = 0.0
    for weight in weights:
        whole += weight
    ring, at, full = [0.0] * length, 0, False
    for x in series:
        if isnan(x):
            at, full = 0, False
            yield nan
            continue
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
        total, place = 0.0, at
        for weight in weights:
            total += weight * (ring[place] - x)
            place = place + 1 if place + 1 < length else 0
        yield x + total / whole if full and whole > 0.0 else nan


def warmup(length: int, offset: float, sigma: float) -> int:
    return length


INDICATOR = Indicator(
    name="alma",
    summary="Arnaud Legoux moving average",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=1, at_most=5_000),
        Param(name="offset", at_least=0.0, at_most=1.0, whole=False, default=0.85),
        Param(name="sigma", at_least=0.5, at_most=50.0, whole=False, default=6.0),
    ),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
