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
    "plain.rest",
    "named.rest",
    "given.rest",
    "first_of.rest",
    "second_of.rest",
    "third_of.rest",
    "inner.rest",
    "inner_named.rest",
    "inner_given.rest",
    "inner_two.rest",
    "close * base",
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
    "month is July",
    "month is not August",
    "month in December..July",
    "day of month <= 15",
    "weekday in Tuesday..Thursday",
    "session of month <= 12",
    "not (close > open or open > close[1])",
    "dip or rise",
    "dip or close > back.low",
    "rise",
    "dip.high > high[1]",
    "trial.low < low[1]",
    "close * 100% > open",
    "100 bps + 1% > close / open - 1",
    "march or close > up.low",
    "retreat or close > turn.high",
    "close > open for at least {n} bars",
    "not (close is open) for at least 2 bars",
    "close - sma(close, {n}) changes sign",
    "halting",
)

STATES = (
    "bars_held >= 2",
    "sessions_held >= 1",
    "position > 2 {unit}",
    "position + on_order < 9 {unit}",
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

ENTRIES = (
    "when flat and {c}\n  then buy 10% of equity at market\n       stop loss at low[1] - 1 tick",
    "when flat and {c}\n  then buy risking 0.5% of equity, at most 40% of equity\n       stop loss at 0.98 * close\n"
    "       target 2R",
    "when flat and {c}\n  then buy 5% of equity at limit 0.998 * close, stop loss at 0.97 * close,"
    " target 1.03 * close,\n       good for 4 bars",
    "when not short and {c}\n  then buy 4% of equity at stop high + 1 tick\n       trailing stop 1.5 * atr(3)\n"
    "  at most 2 per session",
    "when flat and {c}\n  then buy 6% of equity at stop high limit 1.004 * high\n       stop loss at low\n"
    "       target 1.5 * (high - low), only if target >= 0.5R\n  at most 3 per week across instruments",
    "when long and units_held < 4 and {c}\n  then buy 2% of equity at market\n       trailing stop 2%\n"
    "  at most 1 per day",
    "when long and {c}\n  then exit half at limit 1.002 * close\n  then move stop loss to break even",
    "when long and {c}\n  then move stop loss to 0.99 * close, even if looser",
    "when long and {c}\n  then move stop loss to lowest(low, 3) - 1 tick",
    "when not flat and {c}\n  then exit all",
    "when long and {c}\n  then exit 25% of position at stop 0.99 * close",
    "when long and bars_held > 6 and {c}\n  then exit at market, newest first",
    "when flat and {c}\n  then buy 3% of equity at market, immediate or cancel\n  at most 9 per month",
    "when flat and {c}\n  then buy 3% of equity at limit close, fill or kill, stop loss at 0.98 * close",
    "on turning.back\n  when flat and {c}\n  then buy 5% of equity, stop loss at 0.98 * close",
    "when flat and {c}\n  then buy\n       risking 0.4% of equity\n       stop loss at 0.97 * close",
    "when long and {c}\n  then exit",
    "when long and {c}\n  then exit half at market newest first",
    "when long and {c}\n  then move stop loss to 0.985 * close even if looser",
    "when {c}\n  then note",
    "when long and {c}\n  then exit half\n  then note",
    "when long and {c}\n  then buy 90% of equity at market",
    "when not short and {c}\n  then buy 1% of equity at market\n  then buy 1% of equity at limit 0.999 * close",
    "on dip\n  when flat and {c}\n  then buy risking 0.2% of equity at limit midpoint(dip.low, dip.high)\n"
    "       stop loss at 0.99 * dip.low",
)
SHORTS = (
    "when not long and {c}\n  then short 8% of equity at market\n       stop loss at 1.005 * high[1]",
    "when long and {c}\n  then reverse and short 5% of equity at market\n       stop loss at 1.02 * close",
    "when short and {c}\n  then reverse and buy 5% of equity at market\n       stop loss at 0.98 * close",
    "when flat and {c}\n  then one of\n         buy   at stop high + 1 tick, stop loss at low,  target 1.5 * (high"
    " - low)\n"
    "         short at stop low  - 1 tick, stop loss at high, target 2R\n       risking 0.3% of equity, at most 20% of"
    " equity\n       good for 5 bars",
    "when short and {c}\n  then exit half",
    "when short and {c}\n  then buy 4% of equity, reverse\n       stop loss at 0.97 * close",
    "when flat and {c}\n  then short 3% of equity at limit 1.001 * close\n       stop loss at 1.03 * close\n"
    "       trailing stop 1R",
)
LIMITS = (
    "cap  position 4% of equity",
    "cap  leverage 0.12x",
    "cap  gross 12% of equity",
    "cap  position 5.02% of equity, then reduce",
    "cap  leverage 0.5015x then reduce",
    "cap  entries 1 per session",
    "# a remark",
    "cap  slippage 20 bps",
    "cap  orders 1 per second",
    "keep at least 1 session",
    "stop distance at least 1.9%",
    "halt at daily loss 0.5% of equity at last close, flatten, until next session",
    "halt at daily loss 1% of equity at last close, until next session",
    "halt at drawdown 4% of peak equity, flatten, until released",
    "halt at loss 6% of start equity, until released",
    "halt when close < 0.9 * close[4], flatten, until next session",
    "halt when close > 1.15 * close[9], until next session",
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
    "march": "sequence march\n  first close > open for 2 bars\n  then  close > close[1] within 4 bars as up",
    "retreat": (
        "sequence retreat\n  first close < open as turn\n  then  low < low[1] for 1 bar within 5 bars\n"
        "  then  close > open within 9 bars"
    ),
    "halting": "sequence halting\n  first high > high[1]\n  then  low > low[1] for 2 bars within 8 bars as pause",
    "base": "input base = 2",
    "plain": 'use "blocks/plain.strat"',
    "named": 'use "blocks/plain.strat" as named',
    "given": 'use "blocks/given.strat" with days = 4',
    "first_of": 'use first_of from "blocks/many.strat"',
    "second_of": 'use second_of from "blocks/many.strat" with days = 4',
    "third_of": 'use second_of from "blocks/many.strat" with days = 5 as third_of',
    "turning": 'use turning from "blocks/many.strat"',
    "inner": "use inner",
    "inner_named": "use inner as inner_named",
    "inner_given": "use inner with days = 2 as inner_given",
    "inner_two": "use inner_two with days = 3",
    "trial": "sequence trial\n  first close < open\n  then  close > open within 3 bars same bar",
}
# Blocks of a text itself stand at its end.
INNER = "block inner\n\ninput days = 3 in 1..9\n\nlet rest = sma(close, days)\n\n"
INNER_TWO = "block inner_two\n\ninput days = 3 in 1..9\n\nlet rest = wma(close, days)\n"
BLOCKS = {
    "blocks/plain.strat": "let rest = high - low\n",
    "blocks/given.strat": "input days = 3 in 1..9\nlet rest = sma(close, days)\n",
    "blocks/many.strat": (
        "block first_of\n\nlet rest = close - low\n\nblock second_of\n\ninput days = 3 in 1..9\n"
        "let rest = ema(close, days)\n\nblock turning\n\nsequence back\n  first close < open\n"
        "  then  close > open within 5 bars\n"
    ),
    "blocks/cool.strat": (
        "input days = 3 in 1..9\ninput share = 10% in 1%..100%\nlet rest = sma(close, days)\n"
        "let near(a, b) = sma(a, b)\nrule cooling\n  when long and sessions_held >= 9\n  then exit share of position\n"
    ),
    "blocks/pair.strat": "block wide\n\nlet span = high - low\n\nblock narrow\n\nlet span = close - open\n",
}

# How often each phrase of a pool comes in a round, and the phrases.
POOLS: dict[str, tuple[int, tuple[str, ...]]] = {
    "indicators": (1, tuple(indicators())),
    "values": (2, VALUES),
    "conditions": (2, CONDITIONS),
    "states": (2, STATES),
    "entries": (3, ENTRIES),
    "shorts": (3, SHORTS),
    "limits": (3, LIMITS),
}
