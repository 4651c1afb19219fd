"""price_volume_trend(): volume, summed in the measure of the change of price.

    value = value + volume * (close - last close) / last close

Begun at 0 on the first known bar. Warm-up: 1 known bar. A bar with a missing value is passed over and its value is
unknown; the next one is compared with the last known close, and adds nothing where that is 0. O(1) a bar. What it comes
to depends on where the data begin: compare it with its own past only.
Source: Markstein, D. (1966), How to Chart Your Way to Stock Market Profits.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.series import CLOSE, VOLUME
from stratc.dsl.stdlib.signature import Indicator, Output, Unit


def reference(volume: Iterator[float], close: Iterator[float]) -> Iterator[float]:
    value, last = 0.0, 0.0
    for size, x in zip(volume, close, strict=True):
        if isnan(size) or isnan(x):
            yield nan
            continue
        value += size * ((x - last) / last) if last != 0.0 else 0.0
        last = x
        yield value


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="price_volume_trend",
    summary="price volume trend",
    inputs=(VOLUME, CLOSE),
    params=(),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
