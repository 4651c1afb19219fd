"""What a book is: its sleeves under one header, each with its own account, netted where they share an instrument."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge import judge
from stratc.compiler.judge.amounts import multiple_of_equity
from stratc.compiler.judge.bounds import sheet_of
from stratc.compiler.judge.sizes import read_shape
from stratc.compiler.judge.verdict import Status
from stratc.compiler.resolve.books.read import SLEEVES_MAX
from stratc.compiler.shell.backtesting import Outcome, Request, backtest
from stratc.compiler.shell.market_data import DataOptions, Stamp
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.workbench import compile_source, with_blocks
from stratc.compiler.workbench.running import Feed, plain_machine, run_program
from stratc.dsl.printer import format_source
from stratc.dsl.source import Source
from stratc.runtime.engine import codes
from stratc.runtime.executor.results import Backtest
from stratc.runtime.executor.scale import RunRefused
from stratc.runtime.executor.sleeves import meetings, reserve_of, sleeve_results
from stratc.runtime.executor.terms import AccountKind
from tests.books.making import (
    DAY_NS,
    FIRST_DAY,
    TERMS,
    bars_of,
    book_of,
    machine_for,
    program_of,
    run,
    sleeve,
    split_of,
    walk,
)
from tests.books.reading import LOGS, account_alone, logged
from tests.differential.compiled import compile_programs
from tests.judge.strategies import account_of

ROOT = Path(__file__).parents[2]
BUY = "when flat and close {} open\n  then buy {} of equity at next open"
LEAVE = "when long and close {} open\n  then exit all at next open"
UP = (BUY.format(">", "90%"), LEAVE.format("<"))
DOWN = (BUY.format("<", "50%"), LEAVE.format(">"))
SHARED = ((sleeve(*UP), 40), (sleeve(*DOWN), 50))
APART = ((sleeve(*UP), 40), (sleeve(*DOWN, symbols="QQQ"), 50))
FIVE = [(100.0, 101.0), (101.0, 100.0), (100.0, 102.0), (102.0, 101.0), (101.0, 101.0)]


@pytest.mark.fast
def test_sleeves_have_places_of_their_own():
    program = program_of(book_of(*SHARED))
    assert program.instruments == ("SPY", "SPY")
    assert [(each.name, each.percent, each.places) for each in program.sleeves] == [
        ("s0", Decimal(40), (0,)),
        ("s1", Decimal(50), (1,)),
    ]
    assert [rule.name for rule in program.rules] == ["s0.enter", "s0.leave", "s1.enter", "s1.leave"]


@pytest.mark.fast
@pytest.mark.parametrize("text", ['book "A"\naccount cash USD\n\nsleeve "a.strat" with 40% of equity as one\n'])
def test_a_book_is_formatted(text):
    assert format_source(Source("book.strat", text)) == text


@pytest.mark.fast
def test_two_sleeves_by_hand():
    """Bar 0 closes up: `s0` buys 90% of 40,000 over 101: 356, at bar 1's open of 101 + 0.01 + 0.02, rounded up 101.04.
    Bar 1 closes down: `s0` sells 356, `s1` buys 50% of 50,000 over 100: 250. The account sells 106 at 100 - 0.03: both
    fill at 99.97, and `s0` pays the dollar. Bar 2 closes up: `s1` sells 250, `s0` buys 90% of what it has.
    """
    done = run(program_of(book_of(*SHARED)), bars_of({"SPY": FIVE}, program_of(book_of(*SHARED))))
    told = [(each.rule, int(each.quantity), str(each.price), str(each.fee)) for each in done.fills()][:3]
    assert told == [
        ("s0.enter", 356, "101.04", "1.78"),
        ("s0.leave", 356, "99.97", "1.00"),
        ("s1.enter", 250, "99.97", "0.00"),
    ]
    # 40,000 - 356 x (101.04 - 99.97) - 1.78 - 1 = 39,616.30; 90% of it over 102 are 349. `s1` sells 250: 99 are bought.
    met = list(meetings(done))
    assert [(int(each.bought), int(each.sold), str(each.price)) for each in met][:2] == [
        (250, 356, "99.97"),
        (349, 250, "102.04"),
    ]


def check_sums(done: Backtest) -> None:
    """The sleeves and the reserve are the account, to the quantum; so is what its net orders alone come to."""
    results = sleeve_results(done)
    assert reserve_of(done) + sum(each.equity for each in results) == done.final_equity
    assert reserve_of(done) + sum(each.start for each in results) == done.start_equity
    assert sum(each.fees for each in results) == done.fees
    assert sum(each.slippage for each in results) == done.slippage
    money = done.scale.money(done.totals[codes.TOTALS + 1])
    assert account_alone(done) == money


TIMES = ("at next open", "at market")
WHEN = ("close > open", "close < open", "close > sma(close, 3)", "close < sma(close, 4)", "bars_since_exit > 2 bars")
AMOUNTS = ("90% of equity", "35% of equity", "20 shares", "1_000 USD", "50% of cash")
LEAVES = ("bars_held >= 2 bars", "close < open", "close > sma(close, 3)", "equity < peak equity")
HALT = "halt at drawdown 3% of peak equity, flatten, until next session\n"
EXITS = ("all", "half", "10 shares")


def made_up(random: Random, symbols: str) -> str:
    when, amount = random.choice(("flat and ", "")) + random.choice(WHEN), random.choice(AMOUNTS)
    enter = f"when {when}\n  then buy {amount} {random.choice(TIMES)}"
    leave = f"when long and {random.choice(LEAVES)}\n  then exit {random.choice(EXITS)} {random.choice(TIMES)}"
    return sleeve(enter, leave, symbols=symbols)


def random_book(seed: int) -> tuple[Program, dict[str, list[tuple[float, float]]]]:
    random = Random(seed)
    choices = ("SPY", "SPY", "QQQ", "SPY, QQQ", "QQQ, SPY")
    count = random.choice((1, 2, 2, 3))
    texts = [(made_up(random, random.choice(choices)), random.choice((20, 25, 33))) for _ in range(count)]
    limits = random.choice(("", "cap position 40% of equity\n", HALT))
    return program_of(book_of(*texts, limits=limits)), {name: walk(random, 80) for name in ("SPY", "QQQ")}


@pytest.mark.parametrize("seed", range(40))
def test_sleeves_come_to_the_account(seed):
    program, prices = random_book(seed)
    events = split_of(program, "SPY", 40) if seed % 3 == 0 and "SPY" in program.instruments else ()
    check_sums(run(program, bars_of(prices, program, events)))


def test_the_random_books_meet_inside():
    """The generator reaches what it is for: orders that meet, that add up, and that meet in full."""
    met = [meeting for seed in range(40) for meeting in meetings(run(*_placed(seed)))]
    assert len(met) > 100
    assert any(each.bought == each.sold for each in met)


def _placed(seed: int):
    program, prices = random_book(seed)
    return program, bars_of(prices, program)


@pytest.mark.parametrize("seed", range(12))
def test_a_cut_leaves_everything_before_as_it_was(seed):
    """Both ways: neither more nor less is said of the days before, of splits and dividends on them too."""
    program, prices = random_book(seed)
    at = Random(seed).randrange(30, 75)
    events = split_of(program, "SPY", 40) if seed % 2 and "SPY" in program.instruments else ()
    before = tuple(each for each in events if each.day < FIRST_DAY + at)
    whole = run(program, bars_of(prices, program, events))
    cut = run(program, bars_of({name: each[:at] for name, each in prices.items()}, program, before))
    rows = len(cut.equity)
    assert {log: logged(whole, log, rows) for log in LOGS} == {log: logged(cut, log, rows) for log in LOGS}
    assert list(whole.equity[:rows]) == list(cut.equity)


@pytest.mark.compiled
def test_compiled_books_are_the_same(tmp_path):
    made = [random_book(seed) for seed in range(12)]
    module = compile_programs([program for program, _ in made], tmp_path)
    for number, (program, prices) in enumerate(made):
        events = split_of(program, "SPY", 40) if number % 2 and "SPY" in program.instruments else ()
        market = bars_of(prices, program, events)
        one, other = (
            run(program, market),
            run(program, market, machine=machine_for(module, number, program, len(market.rows))),
        )
        for log in ("fill_log", "closing_log", "order_log", "denial_log", "carry_log", "totals", "brought"):
            assert list(getattr(one, log)) == list(getattr(other, log)), (number, log)
        assert list(one.equity) == list(other.equity)


# ── what is proved ───────────────────────────────────────────────────────────────────────────────────────────────────

DAY_TRADER = "us.finra.pattern_day_trader"


def status_of(program: Program, **options) -> tuple[Status, object]:
    judged = judge(program, account_of(equity="8_000"), date(2026, 6, 1), load_all_packs(()), **options)
    return next(each.status for each in judged.verdicts if each.rule == DAY_TRADER), judged


@pytest.mark.fast
def test_what_each_sleeve_keeps_is_not_proved_of_a_share_that_both_trade():
    """On daily bars a position is never closed on the day of its entry, so there is no day trade. Of a share that two
    sleeves trade one may sell on the day on which the other bought: that is one to the broker."""
    margin = {"account": "margin"}
    alone = program_of(book_of((sleeve(*UP, **margin), 40), **margin))
    apart = program_of(book_of((sleeve(*UP, **margin), 40), (sleeve(*DOWN, symbols="QQQ", **margin), 50), **margin))
    both = program_of(book_of((sleeve(*UP, **margin), 40), (sleeve(*DOWN, **margin), 50), **margin))
    assert status_of(alone, fast=True)[0] is Status.PROVED
    assert status_of(apart, fast=True)[0] is Status.PROVED
    assert status_of(both)[0] is Status.GUARDED


def most_in_five_days(done: Backtest) -> int:
    """Shares that were bought and after that sold on one day, by any sleeve, within five days in a row."""
    bought, traded = set(), set()
    for fill in done.fills():
        key = int(done.closes_ns[fill.row]) // DAY_NS, fill.instrument
        if fill.side > 0:
            bought.add(key)
        elif key in bought:
            traded.add(key)
    days = [day for day, _ in traded]
    return max((sum(first <= day < first + 5 for day in days) for first in days), default=0)


def test_the_guard_counts_day_trades_of_the_account():
    """Every other day one sleeve buys both shares and the other sells them, neither on the day on which it bought: two
    day trades. With 8,000 of equity the fourth within five days is denied."""
    margin = {"account": "margin", "symbols": "SPY, QQQ"}
    leave = "when long\n  then exit all at next open"
    one = sleeve("when flat\n  then buy 5 shares at next open", leave, **margin)
    later = sleeve("when flat and close > 99 USD\n  then buy 5 shares at next open", leave, **margin)
    program = program_of(book_of((one, 40), (later, 40), account="margin"))
    _, judged = status_of(program)
    terms = replace(TERMS, kind=AccountKind.MARGINED, equity=Decimal(8_000))
    prices = [(100.0, 99.0), *[(100.0, 100.0)] * 40]
    market = bars_of({"SPY": prices, "QQQ": prices}, program)
    free = run_program(program, plain_machine(program, ""), Feed(market=market, columns={}), terms, None).backtest
    guarded = run_program(program, plain_machine(program, ""), Feed(market=market, columns={}), terms, judged)
    assert free.totals[codes.TOTAL_DAY_TRADES] > 4
    assert sum(each.denied for each in guarded.guards) > 0
    assert most_in_five_days(free) > 3
    assert most_in_five_days(guarded.backtest) <= 3


@pytest.mark.fast
def test_equity_of_a_sleeve_bounds_nothing_of_the_account():
    for texts in (SHARED, APART):
        program = program_of(book_of(*texts, account="cash"))
        amounts = [intent.amount.node for rule in program.rules for intent in rule.intents if hasattr(intent, "amount")]
        assert [multiple_of_equity(program, node) for node in amounts] == [None, None]
        assert sheet_of(program, AccountKind.MARGINED, None).position.multiple is None
        assert read_shape(program).position is None
    assert not read_shape(program_of(book_of(*SHARED))).needs_flat


@pytest.mark.fast
def test_what_cannot_be_shared_out_is_refused():
    program = program_of(book_of(*SHARED))
    market = bars_of({"SPY": FIVE}, program)
    with pytest.raises(RunRefused, match="margin interest"):
        run(program, market, replace(TERMS, kind=AccountKind.MARGINED, margin_rate=Decimal(5)))
    events = tuple(replace(each, new=3, old=2) for each in split_of(program, "SPY", 3)[2:])
    with pytest.raises(RunRefused, match="3 for 2"):
        run(program, bars_of({"SPY": FIVE}, program, events))


REDUCE = "cap gross 50% of equity, then reduce\n"


@pytest.mark.fast
@pytest.mark.parametrize(("sleeves", "told"), [(SHARED, ["N246"]), (APART, [])], ids=["shared", "apart"])
def test_a_cap_that_reduces_knows_no_part_of_what_is_shared(sleeves, told):
    errors = [problem.code for problem in book_of(*sleeves, limits=REDUCE).diagnostics if problem.severity == "error"]
    assert errors == told


WHOLE = sleeve(*UP)
BARE = 'strategy "Sleeve"\naccount cash USD\n\nrule enter\n  when flat\n  then buy 1 shares at next open\n'
IDLE = 'strategy "Idle"\ntrade   QQQ on 1 day\naccount cash USD\n'
TWICE = WHOLE.replace("account cash", "trade   QQQ on 1 day\naccount cash")
DOUBLED = WHOLE.replace("trade   SPY on", "trade   SPY, SPY on")
WRONG = {
    "a sleeve without a trade line": (((BARE, 40), (WHOLE, 40)), ["N244"]),
    "none of them trades": (((BARE, 40),), ["N244"]),
    "a sleeve without a rule": (((IDLE, 40), (WHOLE, 40)), ["N244"]),
    "two trade lines": (((TWICE, 40), (WHOLE, 40)), ["N207"]),
    "an instrument twice": (((DOUBLED, 40), (sleeve(*DOWN, symbols="QQQ"), 40)), ["N214"]),
}


@pytest.mark.fast
@pytest.mark.parametrize(("sleeves", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_sleeve_is_told_of_it(sleeves, told):
    """And nothing is told of the book, which lacks nothing itself."""
    found = book_of(*sleeves)
    assert found.program is None
    assert [problem.code for problem in found.diagnostics if problem.severity == "error"] == told


@pytest.mark.fast
def test_a_sleeve_that_is_not_there_is_all_that_is_told():
    text = 'book "Book"\naccount cash USD\n\nsleeve "nowhere.strat" with 40% of equity\n'
    found = compile_source(with_blocks(Source("book.strat", text), {}.get))
    assert [problem.code for problem in found.diagnostics if problem.severity == "error"] == ["N292"]


@pytest.mark.fast
def test_lines_are_those_of_the_sleeve_s_own_file():
    program = program_of(book_of(*APART))
    assert [program.line(rule.span).text for rule in program.rules] == [
        "line 5 of s0.strat",
        "line 9 of s0.strat",
        "line 5 of text1.strat",
        "line 9 of text1.strat",
    ]


@pytest.mark.fast
def test_as_many_sleeves_as_the_engine_has_room_for():
    assert SLEEVES_MAX == codes.SLEEVES


WASH = (
    "when flat and close > open and not (days_since_loss <= 30)\n  then buy 5 shares at next open",
    "when long and close < open\n  then exit all at next open",
)


@pytest.mark.fast
def test_a_loss_of_one_sleeve_is_the_account_s():
    """`s0` closes at a loss, after which `s1` may not buy the same share for thirty days, nor may `s0`."""
    prices = [(100.0, 101.0), (101.0, 90.0), *[(90.0, 91.0)] * 20]
    always = ("when flat and close > 100 USD\n  then buy 5 shares at next open", WASH[1])
    program = program_of(book_of((sleeve(*always), 40), (sleeve(*WASH), 50)))
    done = run(program, bars_of({"SPY": prices}, program))
    assert [fill.rule for fill in done.fills()][:2] == ["s0.enter", "s0.leave"]
    assert "s1.enter" not in {fill.rule for fill in done.fills()}


CORE = ROOT / "examples" / "core_book"


def test_the_example_s_account_alone_comes_to_the_same_cent():
    options = DataOptions(data=(), columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
    asked = Request(
        file=CORE / "strategy.strat",
        account=None,
        as_of=date(2026, 7, 1),
        packs=(),
        values={},
        data=options,
        optimize=False,
        interpret=True,
    )
    done = backtest(asked, lambda _: None, lambda _, __: None)
    assert isinstance(done, Outcome)
    assert len(list(meetings(done.ran.backtest))) >= 5
    check_sums(done.ran.backtest)


@pytest.mark.fast
@pytest.mark.parametrize("name", ["golden_cross", "heikin_ashi", "rsi2"])
def test_the_example_s_sleeves_are_the_other_examples_unchanged(name):
    assert (CORE / f"{name}.strat").read_text("utf-8") == (CORE.parent / name / "strategy.strat").read_text("utf-8")
