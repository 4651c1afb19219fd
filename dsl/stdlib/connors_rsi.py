"""connors_rsi(series, length = 3, streak_length = 2, rank_length = 100): strength, streak and rank in one, 0 to 100.

    streak = bars in a row that the series has risen (above 0) or fallen (below 0); 0 where it did not move
    value  = (rsi(series, length) + rsi(streak, streak_length) + 100 * percent_rank(roc(series, 1), rank_length)) / 3

Warm-up: `length` + 1, `streak_length` + 1 or `rank_length` + 2 known values, whichever is most. A missing value is
passed over and its bar's value is unknown; while neither series nor streak has moved it is unknown. O(`rank_length`) a
bar.
Source: Connors, L. (2012), An Introduction to ConnorsRSI.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import percent_rank, roc, rsi
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int, streak_length: int, rank_length: int) -> Iterator[float]:
    strength, lasting = drive(rsi.reference, 1, length), drive(rsi.reference, 1, streak_length)
    rank, change = drive(percent_rank.reference, 1, rank_length), drive(roc.reference, 1, 1)
    streak, last, third = 0.0, nan, 1.0 / 3.0
    for x in series:
        if isnan(x):
            yield nan
            continue
        if x > last:
            streak = streak + 1.0 if streak > 0.0 else 1.0
        elif x < last:
            streak = streak - 1.0 if streak < 0.0 else -1.0
        else:
            streak = 0.0
        last = x
        a, b, c = strength(x), lasting(streak), rank(change(x))
        yield (a + b + 100.0 * c) * third


def warmup(length: int, streak_length: int, rank_length: int) -> int:
    return max(length + 1, streak_length + 1, rank_length + 2)


INDICATOR = Indicator(
    name="connors_rsi",
    summary="Connors composite strength index",
    inputs=(Input(name="series"),),
    params=(
        Param(name="length", at_least=2, at_most=5_000, default=3),
        Param(name="streak_length", at_least=2, at_most=5_000, default=2),
        Param(name="rank_length", at_least=1, at_most=5_000, default=100),
    ),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0, at_most=100.0),),
    warmup=warmup,
    reference=reference,
)
