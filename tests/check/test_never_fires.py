"""Rules that can never fire are found, by states, ranges and hours; those that can are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.compiler.check.earlier import earlier
from stratc.compiler.check.ranges import Range
from stratc.dsl.printing.expressions import print_expression
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import Within, walk
from tests.check.programs import codes, compiled

pytestmark = pytest.mark.fast

PROGRAM = """strategy "Never"
trade   SPY on 5 min, regular session
account cash USD

input level = 30 in 10..90

let strength = rsi(close, 14)
let hot = strength > 120

rule leave
  when long and strength < level and not hot
  then exit all

rule enter
  when flat and ({condition})
  then buy 10 shares at next bar
"""

NEVER = [
    "rsi(close, 14) > 120",
    "strength[3] > 101",
    "100 < strength",
    "strength is 101",
    "hot",
    "not (strength <= 100)",
    "strength - 50 > 50",
    "strength < 10 and strength > 20",
    "strength in 20..30 and strength in 40..50",
    "strength in 40..50 and (strength < 30 or strength > 60)",
    "percent_rank(close, 20) > 150%",
    "stochastic(14, 3, 3).d > 100",
    "volume < 0 shares",
    "bars_held < 0",
    "abs(close - open) < 0 USD",
    "close > 10 USD and close < 5 USD",
    "close > open and close < open",
    "close > open and open > close",
    "close crosses above open and close < open",
    "close crosses above open and close crosses below open",
    "close crosses above open and close[1] > open[1]",
    "close > open and (close > open)[1] and close[1] < open[1]",
    "units_held < 0",
    "strength > 120 for at least 3 bars",
    "close < open for at least 3 bars and close > open",
    "time in 03:00..04:00",
    "time in 20:00..03:00",
    "(time in 03:00..04:00)[1]",
    "(time in 20:00..03:00)[1]",
    "(time in 10:00..11:00)[1] and (time in 12:00..13:00)[1]",
    "(time in 10:00..11:00 Tokyo)[1] and (time in 12:00..13:00 Tokyo)[1]",
    "time > 17:00",
    "time in 10:00..11:00 and time in 12:00..13:00",
    "flat and long",
]
MAY = [
    "strength > 99",
    "strength < level and strength > 60",
    "strength < 10 or strength > 90",
    "(strength < 10 or strength > 90) and strength in 85..95",
    "close >= open and close <= open",
    "strength > 50 and strength[1] < 40",
    "strength is not 50",
    "not hot",
    "time in 16:00..17:00",
    "time in 15:55..09:00",
    "time in 03:00..04:00 Tokyo",
    "(time in 03:00..04:00 Tokyo)[1]",
    "(time in 15:55..09:00)[1]",
    "(time in 18:00..20:00 London)[2]",
    "time in 18:00..20:00 London for at least 3 bars",
    "(time in 18:00..20:00 London and close > open) for at least 3 bars",
    "close[1] in low[2]..high[2] and close in low[1]..high[1]",
    "close crosses above open and close[1] < open[1]",
    "close - open > -5 USD",
    "not (strength <= 100 for at least 3 bars)",
    "(close - open changes sign) and close > open",
]


@pytest.mark.parametrize("condition", NEVER)
def test_never(condition):
    assert "T331" in codes(PROGRAM.replace("{condition}", condition))


@pytest.mark.parametrize("condition", MAY)
def test_maybe(condition):
    assert codes(PROGRAM.replace("{condition}", condition)) == []


@pytest.mark.parametrize(
    "condition",
    [
        "(time in 22:00..06:00 UTC)[1]",
        "(time in 22:00..06:00)[1]",
        "(time in 22:00..06:00 UTC and close > open) for at least 3 bars",
        "time in 22:00..06:00 for at least 3 bars",
    ],
)
def test_what_is_open_around_the_clock_passes_midnight(condition):
    text = PROGRAM.replace("SPY on 5 min, regular session", "BTC/USD on 15 min").replace("10 shares", "1% of equity")
    assert codes(text.replace("{condition}", condition)) == []


def test_a_range_is_taken_back_with_its_ends():
    """What lay between its ends on the bar before lay between the ends of that bar."""
    typing = compiled(PROGRAM.replace("{condition}", "close in low[1]..high[1]")).checked
    within = next(node for node in walk(typing.resolved.tree) if isinstance(node, Within))
    before = earlier(within, typing.resolved)
    assert print_expression(before) == "close[1] in low[2]..high[2]"


NUMBERS = st.integers(-3, 3)


@given(
    st.tuples(NUMBERS, NUMBERS, st.booleans(), st.booleans()), st.tuples(NUMBERS, NUMBERS, st.booleans(), st.booleans())
)
def test_what_lies_in_both_ranges_lies_in_their_overlap(one, other):
    first, second = Range(*one), Range(*other)
    both = first.within(second)
    for tenth in range(-40, 41):
        value = tenth / 10
        assert holds(both, value) == (holds(first, value) and holds(second, value))
    assert both.empty or any(holds(both, tenth / 10) for tenth in range(-40, 41))


def holds(found, value):
    above = value > found.low if found.low_open else value >= found.low
    return above and (value < found.high if found.high_open else value <= found.high)


def test_bounds_of_outputs_are_named():
    """What the reasoning rests on; the laws of the standard library hold the indicators to it."""
    bounded = {name for name in catalogue.names() for out in catalogue.lookup(name).outputs if out.at_least is not None}
    assert {"rsi", "stochastic", "percent_rank", "adx", "atr", "stdev", "true_range"} <= bounded
