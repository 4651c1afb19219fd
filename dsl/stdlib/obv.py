"""obv(): on-balance volume.

    value = value + volume    where close > last close
    value = value - volume    where close < last close
    value = value             where they are equal

Begun with the volume of the first known bar, as in TA-Lib. Warm-up: 1 known bar. A bar on which volume or close is
missing is passed over and its value is unknown; the next one is compared with the last known close.
Source: Granville, J. (1963), Granville's New Key to Stock Market Profits.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit, Wants


def reference(volume: Iterator[float], close: Iterator[float]) -> Iterator[float]:
    value, last = 0.0, nan
    for size, x in zip(volume, close, strict=True):
        if isnan(size) or isnan(x):
            yield nan
            continue
        value += size if isnan(last) else size * (int(x > last) - int(x < last))
        last = x
        yield value


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="obv",
    summary="on-balance volume",
    inputs=(
        Input(name="volume", wants=Wants.QUANTITY, column="volume"),
        Input(name="close", wants=Wants.PRICE, column="close"),
    ),
    params=(),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
