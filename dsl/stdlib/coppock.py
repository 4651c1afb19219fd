"""coppock(series, long_length = 14, short_length = 11, length = 10): Coppock's curve.

    value = wma(roc(series, long_length) + roc(series, short_length), length)

Of monthly closes, as he meant it, with 14, 11 and 10. Warm-up: max(`long_length`, `short_length`) + `length` known
values. A missing value is passed over and its bar's value is unknown. O(1) a bar.
Source: Coppock, E. (1962), in Barron's, 15 October.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import roc, wma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], long_length: int, short_length: int, length: int) -> Iterator[float]:
    far, near = drive(roc.reference, 1, long_length), drive(roc.reference, 1, short_length)
    average = drive(wma.reference, 1, length)
    for x in series:
        yield nan if isnan(x) else average(far(x) + near(x))


def warmup(long_length: int, short_length: int, length: int) -> int:
    return max(long_length, short_length) + length


INDICATOR = Indicator(
    name="coppock",
    summary="Coppock curve",
    inputs=(Input(name="series"),),
    params=(
        Param(name="long_length", at_least=1, at_most=5_000, default=14),
        Param(name="short_length", at_least=1, at_most=5_000, default=11),
        Param(name="length", at_least=1, at_most=5_000, default=10),
    ),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
)
