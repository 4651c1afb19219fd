"""atr(length): average true range.

    value = rma(true_range(), length)

Seeded as `rma` is, with the first `length` true ranges, as in TA-Lib. Warm-up: `length` + 1 known bars. A bar with a
missing price is passed over and its average is unknown.
Source: Wilder, J. W. (1978), New Concepts in Technical Trading Systems, section III.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import rma, true_range
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit


def reference(high: Iterator[float], low: Iterator[float], close: Iterator[float], length: int) -> Iterator[float]:
    return rma.reference(true_range.reference(high, low, close), length)


def warmup(length: int) -> int:
    return length + 1


INDICATOR = Indicator(
    name="atr",
    summary="average true range",
    inputs=true_range.INDICATOR.inputs,
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.DIFFERENCE, at_least=0.0),),
    warmup=warmup,
    reference=reference,
)
