"""donchian(length): Donchian's channel: the extremes of the window.

    middle = midpoint(upper, lower)
    upper  = highest(high, length)
    lower  = lowest(low, length)

Warm-up: `length` bars in a row. A bar with a missing price makes all unknown until it has left the window. Amortised
O(1) a bar. The window holds the bar itself, which therefore never closes above `upper`: a break-out is `close >
donchian(20).upper[1]`.
Source: Donchian, R. (1960), in Commodity Year Book: the four-week rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import highest, lowest
from stratc.dsl.stdlib.series import HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], length: int) -> Iterator[tuple[float, float, float]]:
    tops, bottoms = drive(highest.reference, 1, length), drive(lowest.reference, 1, length)
    for top, bottom in zip(high, low, strict=True):
        whole = not (isnan(top) or isnan(bottom))
        upper, lower = tops(top if whole else nan), bottoms(bottom if whole else nan)
        yield (upper + lower) * 0.5, upper, lower


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="donchian",
    summary="Donchian channel",
    inputs=(HIGH, LOW),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(
        Output(name="middle", unit=Unit.SAME),
        Output(name="upper", unit=Unit.SAME),
        Output(name="lower", unit=Unit.SAME),
    ),
    warmup=warmup,
    reference=reference,
)
