"""dx(length): directional movement index, with the two directional indicators, before they are averaged into `adx`.

    dx       = 100 * |plus_di - minus_di| / (plus_di + minus_di)    0 to 100
    plus_di  = as in `adx`
    minus_di = as in `adx`

Warm-up: `length` + 1 known bars, for all three. A bar with a missing price is passed over and its values are unknown.
So are those of a bar while there was no range, or no movement in any direction (TA-Lib repeats the value before). O(1)
a bar.
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section IV.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import adx
from stratc.dsl.stdlib.series import CLOSE, HIGH, LOW
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan, nan)


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int
) -> Iterator[tuple[float, float, float]]:
    for plus, minus in adx.indicators(high, low, close, length):
        spread = adx.spread(plus, minus)
        yield (spread, plus, minus) if not isnan(spread) else MISSING


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="dx",
    summary="directional movement index",
    inputs=(HIGH, LOW, CLOSE),
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(
        Output(name="dx", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),
        Output(name="plus_di", unit=Unit.NUMBER, at_least=0.0),
        Output(name="minus_di", unit=Unit.NUMBER, at_least=0.0),
    ),
    warmup=warmup,
    reference=reference,
)
