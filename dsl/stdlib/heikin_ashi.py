"""heikin_ashi(): averaged bars that show a trend more calmly; close, open, high and low.

    close = (open + high + low + close) / 4
    open  = (last heikin-ashi open + last heikin-ashi close) / 2
    high  = the highest of high, heikin-ashi open and heikin-ashi close
    low   = the lowest of low, heikin-ashi open and heikin-ashi close

The first open is the middle of the bar's own open and close. Warm-up: 1 known bar. A bar with a missing price is passed
over and its values are unknown. These prices are synthetic: nobody ever traded at them, so they may signal, and orders
fill at the prices of the real bars whatever is drawn.
Source: Valcu, D. (2004), Using the Heikin-Ashi technique, Technical Analysis of Stocks and Commodities 22(2).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit, Wants


def reference(
    opens: Iterator[float], high: Iterator[float], low: Iterator[float], close: Iterator[float]
) -> Iterator[tuple[float, float, float, float]]:
    first, last = nan, nan
    for begin, top, bottom, end in zip(opens, high, low, close, strict=True):
        if isnan(begin) or isnan(top) or isnan(bottom) or isnan(end):
            yield nan, nan, nan, nan
            continue
        first = (begin + end) / 2.0 if isnan(last) else (first + last) / 2.0
        last = (begin + top + bottom + end) / 4.0
        upper, lower = (first, last) if first > last else (last, first)
        yield last, first, (top if top > upper else upper), (bottom if bottom < lower else lower)


def warmup() -> int:
    return 1


INDICATOR = Indicator(
    name="heikin_ashi",
    summary="heikin-ashi close",
    inputs=(
        Input(name="bar_open", wants=Wants.PRICE, column="open"),
        Input(name="bar_high", wants=Wants.PRICE, column="high"),
        Input(name="bar_low", wants=Wants.PRICE, column="low"),
        Input(name="bar_close", wants=Wants.PRICE, column="close"),
    ),
    params=(),
    outputs=(
        Output(name="close", unit=Unit.SAME),
        Output(name="open", unit=Unit.SAME),
        Output(name="high", unit=Unit.SAME),
        Output(name="low", unit=Unit.SAME),
    ),
    warmup=warmup,
    reference=reference,
)
