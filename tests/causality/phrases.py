"""Phrases that every made-up strategy may hold, whatever it trades: what is computed, what is asked, who declares it.

`{n}` is a small whole number, `{m}` a larger one, `{p}` a price of the bar, `{q}` another one. An indicator of the
standard library is a phrase by being there.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Indicator, Input, Wants

SERIES = {
    Wants.ANY: ("{p}", "{q}"),
    Wants.PRICE: ("{p}", "{q}"),
    Wants.QUANTITY: ("volume", "volume[1]"),
    Wants.RATIO: ("(close / close[1] - 1)", "(high / low - 1)"),
}
# Without a column they are written, and take what they are made for.
BY_NAME = {"shadow_long": ("high[1]", "low[1]", "low[2]"), "shadow_short": ("low[1]", "high[1]", "high[2]")}


def indicators() -> Iterator[str]:
    """Every output of every indicator of the standard library, as a call."""
    for name in catalogue.names():
        found = catalogue.lookup(name)
        assert found is not None
        for output in found.outputs:
            yield f"{name}({', '.join(arguments(found))}){'' if len(found.outputs) == 1 else '.' + output.name}"


def arguments(found: Indicator) -> Iterator[str]:
    written = [given for given in found.inputs if not given.column]
    yield from BY_NAME.get(found.name, ()) or (argument(given, place) for place, given in enumerate(written))
    for place, param in enumerate(found.params):
        low = max(param.at_least, 2.0 if param.whole else param.at_least)
        high = min(param.at_most, low + (4 if param.whole else 1))
        yield str(int(low) + place) if param.whole else f"{(low + high) / 2:g}"


def argument(given: Input, place: int) -> str:
    return SERIES[given.wants][place % 2]


VALUES = (
    "max(close[1], min(open, midpoint(high, low)))",
    "abs(close - open)",
    "close + (high - low) / 2",
    "-(close - open) * 2 + (high - low) / 3",
    "sma(close, length: {n})",
    "sma(close, window)",
    "if close > open then high else low",
    "(if volume > volume[1] then close - low else high - close)",
    "{p}[{n} bars]",
    "sum(abs(close - close[1]), 4)",
    "close when (close > high[1])",
    "(close - open) when (volume > volume[1])",
    "bars since (close > open)",
    "pivot_high(high, 2, {n})",
    "pivot_low(low, {n}, 1)",
    "ema(sma(close, 3), {n})",
    "ema(close, 3) - 1 tick",
    "close on 1 week",
    "sma(close, 2) on 1 week[1]",
    "gap_of(close, close[1])",
    "quick",
    "cool.rest",
    "cool.near(close, 2)",
    "wide.span",
    "session of week",
    "session of month",
    "session of quarter",
    "session of half year",
    "session of year",
    "sessions left in week",
    "sessions left in month",
    "sessions left in quarter",
    "sessions left in half year",
    "sessions left in year",
    "days to next session",
    "bar",
)

CONDITIONS = (
    "close > open",
    "close >= high[1]",
    "low < low[1]",
    "close <= open",
    "close is close[1]",
    "close is not open",
    "close crosses above sma(close, {n})",
    "close crosses below sma(close, {n})",
    "rsi(close, {n}) in 20..60",
    "close in low[1]..high[1]",
    "weekday is Monday",
    "weekday is not Friday",
    "weekday in Tuesday..Thursday",
    "session of month <= 12",
    "not (close > open or open > close[1])",
    "dip or rise",
    "dip or close > back.low",
    "rise",
    "dip.high > high[1]",
    "trial.low < low[1]",
    "close * 100% > open",
    "100 bps + 1% > 1%",
)

STATES = (
    "bars_held >= 2",
    "sessions_held >= 1",
    "position > 2 {unit}",
    "entry_price > close",
    "open_profit > 0 {money}",
    "invested > 1_000 {money}",
    "units_held >= 1",
    "last_entry_price > close",
    "exits_of_position >= 1",
    "initial_risk > 0.1 * (high - low)",
    "open_profit_r > 0.5R",
    "bars_since_exit > 3",
    "sessions_since_exit >= 1",
    "losses_in_a_row < 3",
    "last_profit < 0 {money}",
    "entries_today < 4",
    "days_since_purchase > 1",
    "days_since_loss > 1",
    "equity > 90% of equity at last close",
    "equity < peak equity",
    "equity > start equity",
    "cash > 100 {money}",
    "close > close at entry",
    "atr(3) at entry < high - low",
    "highest(close) since entry > close",
    "lowest(low) since entry < close",
    "first(open) since entry < close",
    "last(close) since entry is close",
    "sum(volume) since entry > volume",
    "count(close > open) since entry >= 1",
)

# What a text needs for a name that it reads.
DECLARED = {
    "window": "input window = 4 in 2..9",
    "quick": "let quick = ema(close, window)",
    "gap_of": "let gap_of(a, b) = (a - b) / b",
    "cool": 'use "blocks/cool.strat" with days = 2, share = 50% as cool',
    "wide": 'use wide from "blocks/pair.strat" as wide',
    "dip": (
        "sequence dip\n  first close < low[1]\n  then  close > open for 2 bars within 9 bars as back\n"
        "  unless close > 1.2 * open"
    ),
    "rise": (
        "sequence rise\n  first close > open for 1 bar as start\n  then  high > high[1] within 6 bars, same bar\n"
        "  then  close > close[1] same bar"
    ),
    "trial": "sequence trial\n  first close < open\n  then  close > open within 3 bars same bar",
}
BLOCKS = {
    "blocks/cool.strat": (
        "input days = 3 in 1..9\ninput share = 10% in 1%..100%\nlet rest = sma(close, days)\n"
        "let near(a, b) = sma(a, b)\nrule cooling\n  when long and sessions_held >= 9\n  then exit share of position\n"
    ),
    "blocks/pair.strat": "block wide\n\nlet span = high - low\n\nblock narrow\n\nlet span = close - open\n",
}
