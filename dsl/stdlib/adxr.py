"""adxr(length): average directional index, averaged with its own past.

    value = (adx(length) + adx(length)[length - 1]) / 2

The past counts known values of the index, as in TA-Lib. Warm-up: 3 * `length` - 1 known bars. A bar with a missing
price is passed over and its values are unknown. O(1) a bar.
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section IV.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import adx, momentum
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    index, past = drive(adx.reference, 3, length), drive(momentum.pairs, 1, length - 1)
    for bar in zip(high, low, close, strict=True):
        value, _, _ = index(*bar)
        if isnan(value):
            yield nan
            continue
        _, earlier = past(value)
        yield (value + earlier) * 0.5


def warmup(length: int) -> int:
    return 3 * length - 1


INDICATOR = Indicator(
    name="adxr",
    summary="average directional index rating",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
