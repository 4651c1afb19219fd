"""Help that hangs on where the problem is: what is proposed there can be written there."""

from __future__ import annotations

import re

import pytest

from stratc.dsl.diagnostic import Diagnostic
from tests.check.programs import compiled, complete

pytestmark = pytest.mark.fast

ALLOCATE = "trade SPY, TLT on 1 day\nrule switch\n  when {when}\n  then allocate {what}, at next open"
OF_ALL = "equity > 1_000 USD"
CHOICE = "95% of equity to if {condition} then SPY else TLT"
SHORT = "\nrule down\n  when close < open\n  then short 10 shares\n       stop loss at high"


def told(fragment: str, code: str) -> Diagnostic:
    return next(problem for problem in compiled(complete(fragment)).diagnostics if problem.code == code)


@pytest.mark.parametrize(
    ("when", "what", "advice"),
    [
        (OF_ALL, CHOICE.format(condition="close > open"), "say whose it is: `close of SPY`"),
        (OF_ALL, CHOICE.format(condition="rsi(close, 5) > 50"), "say whose it is: `close of SPY`"),
        (OF_ALL, CHOICE.format(condition="atr(14) > 1 USD"), "say whose it is: `atr(14) of SPY`"),
        (OF_ALL, CHOICE.format(condition="long"), "ask for what is one for all, such as `close of SPY > open of SPY`"),
        ("close > open", CHOICE.format(condition=OF_ALL), "say whose it is: `close of SPY`"),
        (
            "close > open",
            "20% of equity to each",
            "a condition of each instrument is written after `to each where` or `to top 2 by … where`",
        ),
        (
            OF_ALL,
            "open_profit equally",
            "write an amount of the account, such as `95% of equity`, or `allocate open_profit to each` where each has "
            "its own",
        ),
        (OF_ALL, "open_profit to top 1 by close / open", "write an amount of the account, such as `95% of equity`"),
    ],
)
def test_what_is_one_for_all(when, what, advice):
    assert told(ALLOCATE.format(when=when, what=what), "T361").helps == (advice,)


@pytest.mark.parametrize(
    ("entry", "reverses"),
    [
        ("buy 10 shares", True),
        ("buy 10 shares at limit low", False),
        ("buy 25 USD at each of 5 arithmetic levels from 90 USD to 100 USD", False),
    ],
)
def test_a_resting_order_is_not_told_to_reverse(entry, reverses):
    """`reverse` with one is refused, so nobody is sent there."""
    helps = told(f"rule up\n  when close > open\n  then {entry}\n{SHORT}", "T324").helps
    assert any("reverse" in line for line in helps) is reverses
    assert "flat" in helps[0]


@pytest.mark.parametrize(
    ("stop", "advice"),
    [
        ("20", "write `stop loss at close - 20 pips` or `stop loss at close - 20 * atr(14)`"),
        ("1.05", "write `stop loss at 1.05 USD` or `stop loss at close - 1.05 * atr(14)`"),
    ],
)
def test_a_bare_number_beside_a_pair(stop, advice):
    pair = "trade EUR/USD on 1 day\naccount forex USD\nrule enter\n  when flat\n  then buy 10_000 units\n"
    assert told(f"{pair}       stop loss at {stop}", "T318").helps == (advice,)


def test_a_bare_number_beside_a_level_of_a_pair():
    grid = "trade EUR/USD on 1 day\naccount forex USD\nrule grid\n  then buy 10_000 units\n"
    levels = "       at each of 5 arithmetic levels from 1.05 to 1.10 USD\n       target one level up"
    assert told(f"{grid}{levels}", "T318").helps[0].startswith("write `from 1.05 USD`")


def test_a_bare_number_beside_a_share():
    stop = "rule enter\n  when flat\n  then buy 10 shares\n       stop loss at 2"
    advice = "write `stop loss at close - 2 USD`, `stop loss at close - 2 * atr(14)` or `stop loss at 2 USD`"
    assert told(stop, "T318").helps == (advice,)


@pytest.mark.parametrize(("number", "edits"), [("2", False), ("0.02", True)])
def test_a_number_that_may_be_two_shares_is_not_edited(number, edits):
    problem = told(f"let up = roc(close, 5) > {number}\nrule a\n  when flat and up\n  then buy 10 shares", "T301")
    assert bool(problem.fix) is edits
    assert ("200%" in problem.helps[0]) is not edits


def test_the_units_of_advice_are_those_of_the_rule():
    text = "trade SPY, ESZ26 on 1 day\naccount futures USD\nrule a for ESZ26\n  when flat\n  then buy 3\n"
    assert "`3 contracts`" in told(text, "T315").helps[0]


@pytest.mark.parametrize(
    ("compared", "instead"),
    [
        ("log(close / close[1]) < -1%", "log(close / close[1]) < -0.01"),
        ("slope(log(close), 90) > 10%", "slope(log(close), 90) > 0.1"),
        ("correlation(close, volume, 20) > 50%", "correlation(close, volume, 20) > 0.5"),
        ("ols(close, volume, 20).r2 > 50%", "ols(close, volume, 20).r2 > 0.5"),
        ("moved < -1%", "moved < -0.01"),
        ("rsi(close, 14) < 30%", "rsi(close, 14) < 30"),
        ("zscore(log(close), 20) > 2%", "zscore(log(close), 20) > 2"),
    ],
)
def test_a_percentage_beside_a_number_is_written_on_the_scale_of_that_number(compared, instead):
    """A threshold that is a hundred times off never fires, or always does."""
    body = f"let moved = log(close / close[1])\nrule x\n  when flat and moved > 0 and {compared}\n  then buy 10 shares"
    assert told(body, "T301").helps[0].endswith(f"write `{instead}`")


@pytest.mark.parametrize(
    ("held", "advice"),
    [
        ("if equity > 1_000 USD then SPY else rest cash", "write `cash` alone"),
        ("rest SPY and 40% TLT", "move the part with `rest` to the end, and write a share for each of the others"),
        ("60% SPY and 50% TLT", "write smaller shares, or `rest` for the last of them"),
        ("60% SPY and 40% SPY", "put what is meant for `SPY` into one part"),
        (
            "60% SPY and TLT",
            "write a share for each part, `60% SPY and rest TLT`, or for none of them, `SPY and TLT`",
        ),
    ],
)
def test_parts_that_do_not_make_up_what_is_held(held, advice):
    assert told(ALLOCATE.format(when=OF_ALL, what=f"95% of equity to {held}"), "T392").helps == (advice,)


@pytest.mark.parametrize(
    ("traded", "ends", "advice"),
    [
        ("SPY, TLT", "top 1 and short bottom 2", "are together at most 2, `top 1 and short bottom 1`"),
        ("SPY", "top 1 and short bottom 1", "or write rules with `buy` and `short`"),
        ("SPY, TLT", "top 50% and short bottom 1", "or shares, `top 10% and short bottom 10%`"),
        ("SPY, TLT", "top 50% and short bottom 60%", "write shares that are together at most 100%"),
        ("SPY, TLT", "top 50% and short bottom 10%", "are together at most 2, `top 1 and short bottom 1`"),
        ("SPY, TLT", "top 1 and short bottom 0", "write a whole number of at least 1"),
    ],
)
def test_a_short_end_that_does_not_fit(traded, ends, advice):
    what = f"95% of equity to {ends} by close / close[20], equally, after locate"
    text = ALLOCATE.replace("SPY, TLT", traded).format(when=OF_ALL, what=what)
    assert told(text, "T382").helps[0].endswith(advice)


@pytest.mark.parametrize(
    ("traded", "value", "across"),
    [("SPY, TLT", "rank(equity)", "instruments"), ("pairs of SPY, TLT, IWM", "rank(2)", "pairs")],
)
def test_values_across_are_taken_of_what_is_traded(traded, value, across):
    """The help does not write the words that its own problem refuses."""
    found = told(f"trade {traded} on 1 day\nlet best = {value} across {across}", "T356")
    (proposal,) = re.findall(r"`([^`]*)`", found.helps[0])
    assert f" taken across {across}: " in found.message
    assert found.label == f"not across {across}"
    mended = compiled(complete(f"trade {traded} on 1 day\nlet best = {proposal}"))
    assert "T356" not in {problem.code for problem in mended.diagnostics}
    assert proposal.endswith(f"across {across}")


@pytest.mark.parametrize(
    ("traded", "length", "advice"),
    [
        ("SPY on 1 day", "2 weeks", "`10 sessions` or `10 bars`"),
        ("SPY on 1 day", "1 month", "`21 sessions` or `21 bars`"),
        ("SPY on 5 min", "1 week", "`5 sessions` or `390 bars`"),
        ("BTC/USD on 1 day", "2 weeks", "`14 sessions` or `14 bars`"),
        ("BTC/USD on 1 day", "1 month", "`30 sessions` or `30 bars`"),
        ("BTC/USD on 1 hour", "1 week", "`7 sessions` or `168 bars`"),
        ("EUR/USD on 1 hour", "1 week", "`5 sessions` or `120 bars`"),
    ],
)
def test_weeks_and_months_have_the_sessions_of_the_market(traded, length, advice):
    text = f"trade {traded}\naccount cash USD\nrule enter\n  when close[{length}] > open\n  then note"
    assert any(advice in line for line in told(text, "T326").helps)


@pytest.mark.parametrize(
    ("traded", "times"),
    [("SPY on 1 day", 16), ("SPY on 5 min", 140), ("BTC/USD on 1 day", 19), ("BTC/USD on 1 hour", 94)],
)
def test_a_year_has_the_bars_of_the_market(traded, times):
    """252 sessions or 365 days, each of 390 minutes or of 24 hours."""
    text = f"trade {traded}\nlet sigma = stdev(close / close[1] - 1, 60)\nrule enter\n  when flat\n"
    assert f" about {times} times " in told(f"{text}  then buy 40% of equity / sigma", "T398").message
