"""trima(series, length): triangular moving average: the middle of the window weighs most.

    value = sma(sma(series, length - length / 2), length / 2 + 1)    halves rounded down

As in TA-Lib. Warm-up: `length` values in a row. A missing value makes it unknown until it has left the window. O(1) a
bar; a window of equal values gives exactly that value.
Source: Achelis, S. (2000), Technical Analysis from A to Z.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import sma
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    inner, outer = (
        drive(sma.reference, 1, length - length // 2),
        drive(sma.reference, 1, length // 2 + 1 if length > 1 else 1),
    )
    for x in series:
        yield outer(inner(x))


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="trima",
    summary="triangular moving average",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.SAME),),
    warmup=warmup,
    reference=reference,
)
