"""compound(returns, length): the return of the window: its returns, one upon the other.

    value = (1 + x) * (1 + x[1]) * ... * (1 + x[length - 1]) - 1

Warm-up: `length` returns in a row. A missing one makes it unknown until it has left the window. O(`length`) a bar, each
product made anew: a return of -100% leaves nothing, and divided out of a running product nothing would come back. Of a
price itself `roc(close, length)` is the same and cheaper.
Source: this definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Param, Unit, Wants


def reference(returns: Iterator[float], length: int) -> Iterator[float]:
    ring, at, full = [0.0] * length, 0, False
    for x in returns:
        if isnan(x):
            at, full = 0, False
            yield nan
            continue
        ring[at] = x
        at += 1
        if at == length:
            at, full = 0, True
        product = 1.0
        for each in ring:
            product *= 1.0 + each
        yield product - 1.0 if full else nan


def warmup(length: int) -> int:
    return length


INDICATOR = Indicator(
    name="compound",
    summary="compounded return",
    inputs=(Input(name="returns", wants=Wants.RATIO),),
    params=(Param(name="length", at_least=1, at_most=5_000),),
    outputs=(Output(name="value", unit=Unit.RATIO),),
    warmup=warmup,
    reference=reference,
)
