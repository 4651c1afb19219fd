"""force_index(length): Elder's force index: the change of a bar times its volume, smoothed.

    value = ema(volume * (close - last close), length)

Money that moved, in the currency of the price. The change is from the last known close. Warm-up: `length` + 1 known
bars. A bar with a missing value is passed over and its values are unknown. O(1) a bar.
Source: Elder, A. (1993), Trading for a Living, section 8.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import ema
from stratc.dsl.stdlib.series import CLOSE, VOLUME, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(volume: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    average, last = drive(ema.reference, 1, length), nan
    for size, x in zip(volume, close, strict=True):
        if isnan(size) or isnan(x):
            yield nan
            continue
        yield average(size * (x - last))
        last = x


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="force_index",
    summary="force index",
    inputs=(VOLUME, CLOSE),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.PRODUCT),),
    warmup=warmup,
    reference=reference,
)
