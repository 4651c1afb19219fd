"""Hazards are found where they are, are quiet where something bounds them, and what they warn of really happens."""

from __future__ import annotations

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge.bounds import kind_of
from stratc.compiler.judge.hazards import diagnostics, hazards_of
from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.reading import read_instruments, read_profile
from stratc.dsl.source import Source
from tests.check.programs import complete
from tests.judge.strategies import CHURN, EXAMPLES, FOREX, PYRAMID, SWING, SWING_STOP

pytestmark = pytest.mark.fast

HEAD = 'strategy "H"\ntrade   SPY on {bars}\naccount {account} USD\n\n'
MINUTES, DAYS = "5 min, regular session", "1 day"
LEAVE = "\nrule leave\n  when not flat and close < sma(close, 50)\n  then exit all\n"
OF_HAZARDS = (kind for kind in vars(diagnostics).values() if getattr(kind, "__module__", "") == diagnostics.__name__)
KINDS = {kind.code: kind for kind in OF_HAZARDS}


def codes(text: str) -> list[str]:
    compiled = compile_source(Source("hazard.strat", text))
    assert compiled.program is not None, [problem.message for problem in compiled.diagnostics]
    return [hazard.code for hazard in hazards_of(compiled.program, kind_of(compiled.program, None))]


def rule(condition: str, entry: str, more: str = "", bars: str = MINUTES, account: str = "margin") -> str:
    head = HEAD.format(bars=bars, account=account)
    return f"{head}rule enter\n  when {condition}\n  then {entry}\n{LEAVE}{more}\n"


@pytest.mark.parametrize("code", KINDS)
def test_the_page_s_example_shows_it_and_what_to_write_instead_does_not(code):
    kind = KINDS[code]
    assert code in codes(complete(kind.example))
    assert code not in codes(complete(kind.instead))


MISSING = "1_000 shares - position"
BELOW = "position < 1_000 shares and close < open"
SLICED = {
    "an order that waits beside it": (rule(BELOW, f"buy min(100 shares, {MISSING}) at limit low"), True),
    "the most that may be": (rule(BELOW, f"buy 100 shares, at most {MISSING} at limit low"), True),
    "what waits is counted": (rule(BELOW, f"buy min(100 shares, {MISSING} - on_order) at limit low"), False),
    "gone by the next decision": (
        rule(BELOW, f"buy min(100 shares, {MISSING}) at limit low\n       good for 1 bar"),
        False,
    ),
    "at market": (rule(BELOW, f"buy min(100 shares, {MISSING})"), False),
    "only when flat": (rule(f"flat and {BELOW}", f"buy {MISSING} at limit low"), False),
    "an auction beside it": (
        rule(
            BELOW,
            f"buy {MISSING}",
            "\nrule end\n  every session, 20 min before end\n  then buy 10 shares at closing auction\n",
        ),
        True,
    ),
}


@pytest.mark.parametrize("name", SLICED)
def test_a_size_that_forgets_what_works(name):
    text, told = SLICED[name]
    assert ("R025" in codes(text)) is told


def test_a_size_forgets_only_what_works_in_the_same_instrument():
    head = HEAD.format(bars=MINUTES, account="margin").replace("SPY", "SPY, QQQ")
    ours = f"rule a for SPY\n  when {BELOW}\n  then buy min(100 shares, {MISSING})\n"
    for whom, told in ((" for QQQ", False), (" for QQQ, SPY", True), ("", True)):
        waits = f"rule b{whom}\n  when flat and close > open\n  then buy 10 shares at limit low\n"
        assert ("R025" in codes(f"{head}{ours}{waits}{LEAVE}")) is told


def test_what_the_page_advises_is_no_other_hazard():
    for kind in KINDS.values():
        assert codes(complete(kind.instead)) == []


AVERAGING = {
    "nothing bounds it": (rule("not short and close < open", "buy 5% of equity"), True),
    "below the last entry": (rule("long and close < last_entry_price * 0.97", "buy 100 shares"), True),
    "a short that rises": (rule("short and close > last_entry_price", "short 10 shares"), True),
    "a cap on units": (rule("not short and close < open", "buy 5% of equity", "cap units 4 per instrument"), False),
    "a cap on leverage": (rule("not short and close < open", "buy 5% of equity", "cap leverage 2x"), False),
    "a count of units": (rule("not short and close < open and units_held < 4", "buy 5% of equity"), False),
    "what is invested": (rule("not short and close < open and invested < 20_000 USD", "buy 5% of equity"), False),
    "a part of equity": (rule("not short and close < open and invested < 30% of equity", "buy 5% of equity"), False),
    "only when flat": (rule("flat and close < open", "buy 5% of equity", bars=DAYS), False),
    "only in profit": (rule("long and open_profit > 0 USD and close > open", "buy 5% of equity"), False),
    "only above what was paid": (rule("long and close > last_entry_price", "buy 5% of equity"), False),
    "only at a stop above": (
        rule("long and close > open", "buy 5% of equity at stop last_entry_price + 0.5 * atr(14)"),
        False,
    ),
    "cash is a cap": (rule("close < open", "buy 5% of equity", account="cash"), False),
    "below a price": (rule("not short and close < open and close < 50 USD", "buy 5% of equity"), True),
    "between prices": (rule("close < open and close in 5 USD..50 USD", "buy 5% of equity"), True),
}


@pytest.mark.parametrize("case", AVERAGING)
def test_averaging_down(case):
    text, found = AVERAGING[case]
    assert ("R016" in codes(text)) == found


RISKS = {
    "a low": ("buy risking 1% of equity\n       stop loss at low", "", True),
    "a range": ("buy risking 1% of equity\n       stop loss at close - 2 * atr(14)", "", True),
    "at a stop of its own": (
        "buy risking 1% of equity\n       at stop highest(high, 5)\n       stop loss at highest(high, 5) - 2 * atr(9)",
        "",
        True,
    ),
    "a short": ("short risking 1% of equity\n       stop loss at high", "", True),
    "a share of the price": ("buy risking 1% of equity\n       stop loss at close * 0.98", "", False),
    "ticks below the low": ("buy risking 1% of equity\n       stop loss at low - 10 ticks", "", False),
    "the larger of two": ("buy risking 1% of equity\n       stop loss at close - max(atr(14), 5 ticks)", "", False),
    "a share, above": ("short risking 1% of equity\n       stop loss at close * 1.02", "", False),
    "at its own limit": (
        "buy risking 1% of equity\n       at limit low\n       stop loss at low * 0.99\n       good for 1 bar",
        "",
        False,
    ),
    "clipped": ("buy risking 1% of equity, at most 90% of equity\n       stop loss at low", "", False),
    "clipped in shares": ("buy risking 1% of equity, at most 100 shares\n       stop loss at low", "", False),
    "a floor": ("buy risking 1% of equity\n       stop loss at low", "stop distance at least 0.5%", False),
    "a cap": ("buy risking 1% of equity\n       stop loss at low", "cap position 100% of equity", False),
}


LEVELS = ("close < 50 USD", "close in 5 USD..50 USD", "low < 20 USD", "close > 5 USD")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", RISKS)
def test_a_level_of_prices_changes_nothing_of_it(case, level):
    """Cheap shares are where it matters most; what is known of the price says nothing of a range."""
    entry, limits, found = RISKS[case]
    assert ("R017" in codes(rule(f"flat and close > open and {level}", entry, limits))) == found


@pytest.mark.parametrize("case", RISKS)
def test_a_stop_loss_that_vanishes(case):
    entry, limits, found = RISKS[case]
    assert ("R017" in codes(rule("flat and close > open", entry, limits))) == found


BOUND = {
    "a distance": ("close - low > 0.5% of close", "low", False),
    "a share": ("(close - low) / close > 0.5%", "low", False),
    "a multiple": ("close > low * 1.01", "low", False),
    "written the other way": ("low < close * 0.99", "low", False),
    "a range that is not small": ("atr(14) >= 10 ticks", "close - 2 * atr(14)", False),
    "a range beside the price": ("atr(14) / close > 1%", "close - 2 * atr(14)", False),
    "only that it is below": ("close > low", "low", True),
    "another distance": ("close - open > 0.5% of close", "low", True),
    "an upper bound": ("atr(14) < 1 USD", "close - 2 * atr(14)", True),
    "one of two": ("(close - low > 1 USD or close > open)", "low", True),
}


@pytest.mark.parametrize("case", BOUND)
def test_a_condition_keeps_the_stop_loss_away(case):
    condition, stop, found = BOUND[case]
    text = rule(f"flat and {condition}", f"buy risking 1% of equity\n       stop loss at {stop}", bars=DAYS)
    assert ("R017" in codes(text)) is found


LOOPS = {
    "a crossing by hand": (
        "flat and close > sma(close, 9) and close[1] <= sma(close, 9)[1]",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        False,
    ),
    "a crossing of a level by hand": (
        "flat and 100 USD < close and 100 USD >= close[1]",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        False,
    ),
    "above now and before": (
        "flat and close > sma(close, 9) and close[1] > sma(close, 9)[1]",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        True,
    ),
    "below another line before": (
        "flat and close > sma(close, 9) and close[1] <= sma(close, 8)[1]",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        True,
    ),
    "on one bar of the day": (
        "flat and close > open and time in 10:00..10:05",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        False,
    ),
    "on two bars of the day": (
        "flat and close > open and time in 10:00..10:10",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        True,
    ),
    "its own stop": ("flat and close > open", "buy 9% of equity\n       stop loss at close * 0.99", "", MINUTES, True),
    "on daily bars": ("flat and close > open", "buy 9% of equity\n       stop loss at close * 0.99", "", DAYS, False),
    "a crossing": (
        "flat and close crosses above sma(close, 9)",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        False,
    ),
    "a pause": (
        "flat and close > open and bars_since_exit >= 5 bars",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "",
        MINUTES,
        False,
    ),
    "a limit of the rule": (
        "flat and close > open",
        "buy 9% of equity\n       stop loss at close * 0.99\n  at most 2 per session",
        "",
        MINUTES,
        False,
    ),
    "a cap on entries": (
        "flat and close > open",
        "buy 9% of equity\n       stop loss at close * 0.99",
        "cap entries 3 per session",
        MINUTES,
        False,
    ),
    "no exit of its own": ("flat and close > open", "buy 9% of equity", "", MINUTES, False),
}


@pytest.mark.parametrize("case", LOOPS)
def test_an_entry_that_comes_back_on_every_bar(case):
    condition, entry, limits, bars, found = LOOPS[case]
    assert ("R018" in codes(rule(condition, entry, limits, bars))) == found


def test_a_rule_that_exits_what_another_enters():
    same = "rule out\n  when long and close > open\n  then exit all\n"
    at_once = "rule out\n  when long\n  then exit all\n"
    entry = rule("flat and close > open", "buy 9% of equity")
    assert "R019" in codes(entry + same)
    assert "R019" in codes(entry + at_once)
    assert "R019" not in codes(entry + same.replace(">", "<"))
    assert "R019" not in codes(entry + same.replace("exit all", "exit half"))
    assert "R019" not in codes(entry + at_once.replace("long", "bars_held >= 3 bars"))
    assert "R019" not in codes(rule("flat and close > open", "buy 9% of equity\n  at most 1 per session") + same)


def test_a_rule_exits_what_it_is_for():
    head = HEAD.format(bars=MINUTES, account="margin").replace("SPY", "SPY, QQQ, IWM")
    entry = "rule enter for SPY, QQQ\n  when flat and close > open\n  then buy 9% of equity\n"
    for whom, told in ((" for QQQ, SPY", True), ("", True), (" for SPY", False), (" for IWM", False)):
        leave = f"rule out{whom}\n  when long and close > open\n  then exit all\n"
        assert ("R019" in codes(f"{head}{entry}{leave}{LEAVE}")) is told


def test_a_pair_that_is_closed_whenever_it_is_opened():
    head = HEAD.format(bars=DAYS, account="margin").replace("SPY", "KO, PEP")
    legs = "  then both of\n         buy   1_000 USD of KO\n         short 1_000 USD of PEP after locate\n"
    pair = f"{head}rule apart\n  when flat and close of KO / close of PEP < 1\n{legs}"
    assert codes(f"{pair}rule out\n  when not flat and close of KO / close of PEP < 1\n  then exit all\n") == ["R019"]
    assert codes(f"{pair}rule out\n  when not flat and close of KO / close of PEP > 1\n  then exit all\n") == []


SIZES = {
    "double": ("(1 + losses_in_a_row) * 5% of equity", True),
    "chosen": ("max(5% of equity, losses_in_a_row * 5% of equity)", True),
    "smaller": ("5% of equity / (1 + losses_in_a_row)", False),
    "clipped": ("(1 + losses_in_a_row) * 5% of equity, at most 20% of equity", False),
    "the same": ("5% of equity", False),
    "a count divides": ("equity / (2 + losses_in_a_row)", False),
}


@pytest.mark.parametrize("case", SIZES)
def test_a_size_that_grows_after_losses(case):
    size, found = SIZES[case]
    assert ("R021" in codes(rule("flat and close > open", f"buy {size}"))) == found


def test_losses_that_end_a_rule_bound_its_size():
    text = rule("flat and close > open and losses_in_a_row < 3", "buy (1 + losses_in_a_row) * 5% of equity")
    assert "R021" not in codes(text)


PENDING = "buy 10 shares at limit close * 0.98\n       good for 10 bars"


def test_orders_that_pile_up():
    assert "R022" in codes(rule("not long and not short and close > open", PENDING))
    assert "R022" in codes(rule("position is 0 shares and close > open", PENDING))
    assert "R022" not in codes(rule("flat and close > open", PENDING))
    assert "R022" not in codes(rule("position + on_order < 100 shares and close > open", PENDING))
    assert "R022" not in codes(
        rule("close > open", PENDING.replace("10 shares", "min(9 shares, 99 shares - position - on_order)"))
    )
    assert "R022" in codes(rule("position + on_order > -100 shares and close > open", PENDING))
    assert "R022" not in codes(rule("not long and not short and close > open", PENDING.partition("\n")[0], bars=DAYS))
    assert "R022" not in codes(rule("not long and not short and close > open", PENDING, "cap units 2 per instrument"))


def test_a_divisor_that_vanishes():
    assert "R023" in codes(rule("flat and close > open", "buy 1% of equity / atr(20)", bars=DAYS))
    assert "R023" not in codes(rule("flat and close > open", "buy 1% of equity / max(atr(20), 5 ticks)", bars=DAYS))
    assert "R023" not in codes(rule("flat and close > open", "buy equity / 4", bars=DAYS))
    for size, told in (
        ("equity / (1 + losses_in_a_row)", False),
        ("equity / entries_today", False),
        ("equity / (losses_in_a_row - 1)", True),
        ("equity * min(1, 10% / volatility(20))", False),
        ("equity * max(1, 10% / volatility(20))", True),
        ("min(50% of equity, equity * 10% / volatility(20))", False),
        ("equity * 10% / volatility(20)", True),
    ):
        assert ("R023" in codes(rule("flat and close > open", f"buy {size}", bars=DAYS))) is told, size
    for guard, told in (("> 5%", False), (">= 1%", False), ("< 5%", True), ("> 0", True)):
        text = rule(f"flat and volatility(20) {guard}", "buy equity * 10% / volatility(20)", bars=DAYS)
        assert ("R023" in codes(text)) is told, guard
    assert "R023" not in codes(rule("flat and close > open", "buy 1% of equity / atr(20)", "cap leverage 2x", DAYS))


@pytest.mark.parametrize("name", [path.parent.name for path in sorted(EXAMPLES.glob("*/strategy.strat"))])
def test_no_example_has_one(name):
    strategy = EXAMPLES / name / "strategy.strat"
    account = read_profile(None, strategy)
    compiled = compile_source(read_strategy(strategy), read_instruments(account, None, strategy))
    assert compiled.program is not None
    assert hazards_of(compiled.program, kind_of(compiled.program, account)) == ()


def test_the_strategies_of_the_judge_s_tests():
    """What they are made to show is also what is warned of."""
    found = {name: set(codes(text)) for name, text in (("churn", CHURN), ("pyramid", PYRAMID), ("swing", SWING))}
    assert found == {"churn": {"R018"}, "pyramid": {"R016"}, "swing": set()}
    assert codes(SWING_STOP) == []
    assert codes(FOREX.format(pair="EUR/USD", size="50%")) == []
