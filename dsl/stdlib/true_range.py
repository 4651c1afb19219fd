"""true_range(): the bar's range, with the gap from the last known close.

    value = max(high, last close) - min(low, last close)

Warm-up: 2 known bars. A bar with a missing price is passed over and its range is unknown. The wider of the high and the
last close less the lower of the low and the last close is Wilder's greatest of three distances.
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section III.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit, Wants


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float]) -> Iterator[float]:
    last = nan
    for top, bottom, x in zip(high, low, close, strict=True):
        if isnan(top) or isnan(bottom) or isnan(x):
            yield nan
            continue
        yield distance(top, bottom, last)
        last = x


def distance(top: float, bottom: float, last: float) -> float:
    """The true range of one bar; nan where the last close is."""
    return (last if last > top else top) - (last if last < bottom else bottom) if not isnan(last) else nan


def warmup() -> int:
    return 2


INDICATOR = Indicator(
    name="true_range",
    summary="range of the bar including the gap from the last close",
    inputs=(
        Input(name="high", wants=Wants.PRICE, column="high"),
        Input(name="low", wants=Wants.PRICE, column="low"),
        Input(name="close", wants=Wants.PRICE, column="close"),
    ),
    params=(),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
