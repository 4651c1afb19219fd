"""adx(length): average directional index, with the two directional indicators; all from 0 to 100.

    plus_di  = 100 * smooth(rise) / smooth(true_range())
    minus_di = 100 * smooth(fall) / smooth(true_range())
    adx      = rma(100 * |plus_di - minus_di| / (plus_di + minus_di), length)

rise is high - last high where that is positive and greater than last low - low, fall is the mirror image.
smooth(y) = smooth - smooth / length + y, begun as the sum of the first `length` - 1 values, as Wilder and TA-Lib do.
Warm-up: 2 * `length` known bars, for all three. A bar with a missing price is passed over and its values are unknown;
so are those of a bar while there was no range, or no movement in any direction (TA-Lib repeats the value before).
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section IV.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from math import isnan, nan

from stratc.dsl.stdlib import rma, true_range
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int
) -> Iterator[tuple[float, float, float]]:
    pairs, copy = tee(indicators(high, low, close, length))
    spreads = (spread(plus, minus) for plus, minus in copy)
    for (plus, minus), value in zip(pairs, rma.reference(spreads, length), strict=True):
        yield (nan, nan, nan) if isnan(value) else (value, plus, minus)


def _moves(high: Iterator[float], low: Iterator[float], close: Iterator[float]) -> Iterator[tuple[float, float, float]]:
    """Rise, fall and true range of each bar; all nan where the bar or the one before it is not known."""
    last_top, last_bottom, last = nan, nan, nan
    for top, bottom, x in zip(high, low, close, strict=True):
        if isnan(top) or isnan(bottom) or isnan(x):
            yield nan, nan, nan
            continue
        up, down, span = top - last_top, last_bottom - bottom, true_range.distance(top, bottom, last)
        rise, fall = up * (up > 0.0 and up > down), down * (down > 0.0 and down > up)
        yield (rise, fall, span) if not isnan(span) else (nan, nan, nan)
        last_top, last_bottom, last = top, bottom, x


def indicators(
    high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int
) -> Iterator[tuple[float, float]]:
    """The two directional indicators, a bar; both nan while they are not known."""
    inverse = 1.0 / length
    count, rises, falls, spans = 0, 0.0, 0.0, 0.0
    for rise, fall, span in _moves(high, low, close):
        if isnan(span):
            yield nan, nan
        elif count < length - 1:
            count, rises, falls, spans = count + 1, rises + rise, falls + fall, spans + span
            yield nan, nan
        else:
            rises += rise - rises * inverse
            falls += fall - falls * inverse
            spans += span - spans * inverse
            yield (100.0 * (rises / spans), 100.0 * (falls / spans)) if spans > 0.0 else (nan, nan)


def spread(plus: float, minus: float) -> float:
    """The directional movement index of the two indicators."""
    both = plus + minus
    return 100.0 * (abs(plus - minus) / both) if both > 0.0 else nan


def warmup(length: int) -> int:
    return 2 * length


INDICATOR = Indicator(
    name="adx",
    summary="average directional index",
    inputs=true_range.INDICATOR.inputs,
    params=(Param(name="length", at_least=2, at_most=5_000),),
    outputs=(
        Output(name="adx", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),
        Output(name="plus_di", unit=Unit.NUMBER, at_least=0.0),
        Output(name="minus_di", unit=Unit.NUMBER, at_least=0.0),
    ),
    warmup=warmup,
    reference=reference,
)
