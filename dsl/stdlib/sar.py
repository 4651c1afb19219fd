"""sar(step = 0.02, most = 0.2): Wilder's parabolic stop and reverse.

    value    = last value + pace * (extreme - last value), kept outside the last two bars
    pace     = step at first, + step with every new extreme of the move, at most `most`, `step` itself included
    extreme  = the highest high of a rise, the lowest low of a fall

When a bar touches the value the move is over: the value becomes the extreme, and the other direction begins. The first
move is a fall where the second low lay further below the first than the high above it, else a rise, as in TA-Lib; its
first extreme is that of the second bar. Warm-up: 2 known bars. A bar with a missing price is passed over and its values
are unknown. O(1) a bar. What it is on a bar is where the stop of that bar lay: it was known before the bar began.
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section II.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.series import HIGH, LOW
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def _outside(value: float, rising: bool, last_top: float, last_bottom: float, top: float, bottom: float) -> float:  # noqa: FBT001
    """The value, moved out of the last two bars."""
    if rising:
        value = last_bottom if last_bottom < value else value
        return bottom if bottom < value else value
    value = last_top if last_top > value else value
    return top if top > value else value


def reference(high: Iterator[float], low: Iterator[float], step: float, most: float) -> Iterator[float]:
    step = step if step < most else most
    pace, value, extreme, rising, last_top, last_bottom, count = step, 0.0, 0.0, True, 0.0, 0.0, 0
    for top, bottom in zip(high, low, strict=True):
        if isnan(top) or isnan(bottom):
            yield nan
            continue
        count += count < 3
        if count == 2:
            down = last_bottom - bottom
            rising = not (down > 0.0 and down > top - last_top)
            extreme, value = (top, last_bottom) if rising else (bottom, last_top)
            last_top, last_bottom = top, bottom
        if count == 1:
            last_top, last_bottom = top, bottom
            yield nan
            continue
        if (bottom <= value) if rising else (top >= value):
            # The move is over; the other begins where it had come to.
            rising = not rising
            value = _outside(extreme, rising, last_top, last_bottom, top, bottom)
            yield value
            pace, extreme = step, (top if rising else bottom)
        else:
            yield value
            if (top > extreme) if rising else (bottom < extreme):
                extreme, pace = (top if rising else bottom), (pace + step if pace + step < most else most)
        value = _outside(value + pace * (extreme - value), rising, last_top, last_bottom, top, bottom)
        last_top, last_bottom = top, bottom


def warmup(step: float, most: float) -> int:
    return 2


INDICATOR = Indicator(
    name="sar",
    summary="parabolic stop and reverse",
    inputs=(HIGH, LOW),
    params=(
        Param(name="step", at_least=0.001, at_most=1.0, whole=False, default=0.02),
        Param(name="most", at_least=0.001, at_most=1.0, whole=False, default=0.2),
    ),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
