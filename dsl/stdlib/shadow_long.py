"""shadow_long(entry, stop, leave): what a purchase that is not made would have brought; the profit of the last one.

    profit   of the last one that is over: a price difference, 0 before there is one
    trades   that are over
    holding  1 while one is open, else 0
    age      bars since the last one was over, or since the beginning

A buy stop rests at `entry`, with a stop loss at `stop` that stays where it was then, and a sell stop at `leave`; all
three are the values of the bar before, as the orders of a rule would be.

It enters where a bar's high reaches `entry`, at the open where that lies above; out at the higher of its stop loss and
`leave` where the low reaches that, at the open where that lies below. Entered inside a bar whose low reaches the stop
loss, it is out at the stop loss in the same bar: the worse order of events. It enters again no earlier than in the bar
after. One unit, no costs, whatever the account holds: so a rule can ask whether the last breakout would have won.

Warm-up: 1 known bar. A bar with a missing value is passed over and its outputs are unknown.
Source: Faith, C. (2003), The Original Turtle Trading Rules: the entries of system 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib.signature import Indicator, Input, Output, Unit, Wants


def reference(
    entry: Iterator[float],
    stop: Iterator[float],
    leave: Iterator[float],
    opens: Iterator[float],
    high: Iterator[float],
    low: Iterator[float],
) -> Iterator[tuple[float, float, float, float]]:
    buy_at, stop_at, sell_at = nan, nan, nan
    paid, loss, holding = 0.0, 0.0, False
    profit, over, age = 0.0, 0.0, 0.0
    for now in zip(entry, stop, leave, opens, high, low, strict=True):
        if any(isnan(x) for x in now):
            yield nan, nan, nan, nan
            continue
        next_buy, next_stop, next_sell, begin, top, bottom = now
        out = nan
        if holding:
            level = loss if loss > sell_at else sell_at
            if bottom <= level:
                out = begin if begin < level else level
        elif top >= buy_at:
            paid, loss, holding = (begin if begin > buy_at else buy_at), stop_at, True
            if bottom <= loss:
                out = loss if loss < paid else paid
        age += 1.0
        if not isnan(out):
            profit, over, age, holding = out - paid, over + 1.0, 0.0, False
        buy_at, stop_at, sell_at = next_buy, next_stop, next_sell
        yield profit, over, 1.0 if holding else 0.0, age


def warmup() -> int:
    return 1


INPUTS = (
    Input(name="entry", wants=Wants.PRICE),
    Input(name="stop", wants=Wants.PRICE),
    Input(name="leave", wants=Wants.PRICE),
    Input(name="opens", wants=Wants.PRICE, column="open"),
    Input(name="high", wants=Wants.PRICE, column="high"),
    Input(name="low", wants=Wants.PRICE, column="low"),
)
OUTPUTS = (
    Output(name="profit", unit=Unit.DIFFERENCE),
    Output(name="trades", unit=Unit.COUNT, at_least=0.0),
    Output(name="holding", unit=Unit.COUNT, at_least=0.0, at_most=1.0),
    Output(name="age", unit=Unit.COUNT, at_least=0.0),
)
INDICATOR = Indicator(
    name="shadow_long",
    summary="profit of the last breakout upwards that would have been traded",
    inputs=INPUTS,
    params=(),
    outputs=OUTPUTS,
    warmup=warmup,
    reference=reference,
)
