"""rsi(series, length): Wilder's relative strength index, 0 to 100.

    value = 100 * rma(gain, length) / (rma(gain, length) + rma(loss, length))

gain and loss are the upward and the downward part of the change from the last known value; both averages are seeded
as `rma` is, as in TA-Lib. Warm-up: `length` + 1 known values. A missing value leaves the state as it was and makes that
bar's index unknown. While there was neither gain nor loss the index is unknown (TA-Lib says 0).
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section VI.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import isnan, nan

from stratc.dsl.stdlib import rma
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    rises, falls = tee(_changes(series))
    gains = rma.reference((max(change, 0.0) for change in rises), length)
    losses = rma.reference((max(-change, 0.0) for change in falls), length)
    for gain, loss in zip(gains, losses, strict=True):
        both = gain + loss
        yield 100.0 * (gain / both) if both > 0.0 else nan


def _changes(series: Iterator[float]) -> Iterator[float]:
    """The change from the last known value; nan where either is missing, and `max(nan, 0.0)` is nan."""
    last = nan
    for x in series:
        yield x - last
        last = last if isnan(x) else x


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="rsi",
    summary="relative strength index",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
