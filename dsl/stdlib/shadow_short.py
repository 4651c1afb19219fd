"""shadow_short(entry, stop, leave): what a short sale that is not made would have brought; the profit of the last one.

    profit   of the last one that is over: a fall of the price, 0 before there is one
    trades   that are over
    holding  1 while one is open, else 0
    age      bars since the last one was over, or since the beginning

`shadow_long` upside down: a sell stop rests at `entry`, a stop loss above it at `stop`, a buy stop at `leave`; the
values are those of the bar before. Warm-up: 1 known bar. A bar with a missing value is passed over and its outputs are
unknown.
Source: as `shadow_long`.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import shadow_long
from stratc.dsl.stdlib.signature import Indicator


def reference(
    entry: Iterator[float],
    stop: Iterator[float],
    leave: Iterator[float],
    opens: Iterator[float],
    high: Iterator[float],
    low: Iterator[float],
) -> Iterator[tuple[float, float, float, float]]:
    turned = ((-x for x in series) for series in (entry, stop, leave, opens, low, high))
    return shadow_long.reference(*turned)


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="shadow_short",
    summary="profit of the last breakout downwards that would have been traded",
    inputs=shadow_long.INPUTS,
    params=(),
    outputs=shadow_long.OUTPUTS,
    warmup=warmup,
    reference=reference,
)
