"""vwap(): volume-weighted average price since the session began.

    typical = (high + low + close) / 3
    value   = sum(typical * volume) / sum(volume)        over the bars from the session's first to this one

Warm-up: 1 known bar, the first of a session: before the first session start of the data it is unknown, for an average
of half a session is another number. A bar with a missing price or volume is passed over and its average is unknown, but
the session begins with it if it is the first; without any volume yet the average is unknown.
Source: Berkowitz, S., Logue, D. and Noser, E. (1988), The total cost of transactions on the NYSE. The Journal of
Finance 43(1).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import true_range
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit, Wants


def reference(
    high: Iterator[float],
    low: Iterator[float],
    close: Iterator[float],
    volume: Iterator[float],
    session_start: Iterator[float],
) -> Iterator[float]:
    third = 1.0 / 3.0
    paid, total = nan, nan
    for top, bottom, x, size, start in zip(high, low, close, volume, session_start, strict=True):
        if start > 0.0:
            paid, total = 0.0, 0.0
        typical = (top + bottom + x) * third
        if isnan(typical) or isnan(size) or isnan(start):
            yield nan
            continue
        paid += typical * size
        total += size
        yield paid / total if total > 0.0 else nan


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="vwap",
    summary="volume-weighted average price of the session",
    inputs=(
        *true_range.INDICATOR.inputs,
        Input(name="volume", wants=Wants.QUANTITY, column="volume"),
        Input(name="session_start", wants=Wants.SESSION, column="session_start"),
    ),
    params=(),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
