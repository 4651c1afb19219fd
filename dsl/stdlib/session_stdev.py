"""session_stdev(series): standard deviation of a series since the session began.

    mean     += (x - mean) / n
    squares  += (x - mean before) * (x - mean after)          both since the session's first bar
    value    = sqrt(squares / n)

Two values are needed before anything deviates: on a session's first bar it is 0. Warm-up: 1 known bar, the first of a
session: before the first session start of the data it is unknown. A bar with a missing value is passed over and is
unknown, but the session begins with it if it is the first.
Source: Welford, B. P. (1962), Note on a method for calculating corrected sums of squares and products. Technometrics 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan, sqrt

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit, Wants


def reference(series: Iterator[float], session_start: Iterator[float]) -> Iterator[float]:
    count, mean, squares = nan, 0.0, 0.0
    for x, start in zip(series, session_start, strict=True):
        if start > 0.0:
            count, mean, squares = 0.0, 0.0, 0.0
        if isnan(x) or isnan(start) or isnan(count):
            yield nan
            continue
        count += 1.0
        before = x - mean
        mean += before / count
        squares += before * (x - mean)
        yield sqrt(squares / count)


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="session_stdev",
    summary="standard deviation since the session began",
    inputs=(
        Input(name="series"),
        Input(name="session_start", wants=Wants.SESSION, column="session_start"),
    ),
    params=(),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
