"""half_life(series, length): bars in which half of the way back to the mean is made.

    pull  = slope of the least-squares line of x - x[1] over x[1], over `length` changes
    value = -ln(2) / pull    where pull < 0

The series is read as an Ornstein-Uhlenbeck process. Warm-up: `length` + 1 values in a row. A missing value makes it
unknown until it has left the window. Where `pull` is not negative the series does not return, and the half-life is
unknown: a rule that reads it does not fire. O(`length`) a bar, in the passes of `ols`.
Source: Chan, E. (2013), Algorithmic Trading, chapter 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Final

from stratc.dsl.stdlib import ols
from stratc.dsl.stdlib.series import drive
from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit

LN2: Final = 0.6931471805599453


def reference(series: Iterator[float], length: int) -> Iterator[float]:
    line, last = drive(ols.reference, 2, length), nan
    for x in series:
        pull = line(x - last, last)[0]
        last = x
        yield -LN2 / pull if pull < 0.0 else nan


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="half_life",
    summary="half-life of a return to the mean, in bars",
    inputs=(Input(name="series"),),
    params=(Param(name="length", at_least=10, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.NUMBER, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
