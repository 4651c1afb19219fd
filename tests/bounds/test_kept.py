"""Observed never exceeds bound: random strategies in random markets, and the check itself, which can fail."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.compiler.judge.bounds import BoundSheet, Stated, kind_of
from stratc.compiler.judge.bounds.sheet import Quantity
from stratc.compiler.judge.hazards import hazards_of
from stratc.compiler.shell import backtesting
from stratc.runtime.engine import codes
from stratc.runtime.executor.openings import openings
from tests.bounds import keeping, watched_cli
from tests.bounds.keeping import BoundExceeded, Seen, excesses, keep
from tests.bounds.running import Ran, make_market, make_text, run, sheet_for
from tests.judge.strategies import program_of

SEEDS = range(40)
CHECKED = set(Quantity)


@cache
def made(seed: int) -> tuple[str, BoundSheet, Ran]:
    random = Random(seed)
    text, program = make_text(random)
    return text, sheet_for(program), run(program, make_market(random, program, 120))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_run_exceeds_its_bounds(seed):
    text, sheet, ran = made(seed)
    assert not excesses(sheet, ran.seen), text


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000_000), st.integers(0, 10_000_000))
def test_no_run_of_any_program_in_any_market_does(seed, market):
    text, program = make_text(Random(seed))
    ran = run(program, make_market(Random(market), program, 80))
    assert not excesses(sheet_for(program), ran.seen), text


def smaller(stated: Stated, part: Fraction) -> Stated:
    """A wrong bound: only a part of the right one."""
    extents = tuple(extent.times(part) for extent in stated.extents)
    return replace(stated, extents=extents, number=None if stated.number is None else stated.number * part)


def planted(sheet: BoundSheet, quantity: Quantity, part: Fraction) -> BoundSheet:
    name = next(each.name for each in fields(sheet) if getattr(getattr(sheet, each.name), "quantity", None) is quantity)
    return replace(sheet, **{name: smaller(getattr(sheet, name), part)})


def test_a_planted_wrong_bound_is_caught_whatever_it_bounds():
    """Half of a right bound is exceeded by many runs: the check can fail, and the bounds are no wild guesses."""
    caught: Counter[Quantity] = Counter()
    for seed in SEEDS:
        _, sheet, ran = made(seed)
        for quantity in CHECKED:
            found = excesses(planted(sheet, quantity, Fraction(1, 2)), ran.seen)
            caught[quantity] += bool(found)
    assert set(+caught) == CHECKED, caught


def test_a_bound_that_is_just_too_small_is_caught():
    """An order of 90% of equity against a bound of 89%."""
    text = 'strategy "A"\ntrade SPY on 1 day\naccount margin USD\n\nrule enter\n  when flat\n  then buy 90% of equity\n'
    text += "rule leave\n  when long\n  then exit all\n"
    program = program_of(text)
    sheet, ran = sheet_for(program), run(program, make_market(Random(1), program, 60))
    assert sheet.leverage.number == Fraction(9, 10)
    assert not excesses(sheet, ran.seen)
    wrong = planted(sheet, Quantity.LEVERAGE, Fraction(89, 90))
    with pytest.raises(BoundExceeded, match=r"leverage of 0\.89"):
        keep(program, wrong, ran.seen)


def test_the_check_sees_every_kind_of_order():
    """Entries on both sides, of several instruments, filled and not: what is compared is what happened."""
    opened = [opening for seed in SEEDS for opening in openings(made(seed)[2].seen.order_log)]
    assert {opening.side for opening in opened} == {1, -1}
    assert {opening.instrument for opening in opened} >= {0, 1}
    assert {opening.filled is None for opening in opened} == {True, False}
    assert len(opened) > 500


def test_what_is_bounded_is_bounded_often():
    """Each quantity has a bound in some programs and none in others, so both ways of stating are compared."""
    bounded = Counter(stated.quantity for seed in SEEDS for stated in made(seed)[1] if stated.is_bound)
    assert all(bounded[quantity] > 0 for quantity in CHECKED)
    assert all(bounded[quantity] < len(SEEDS) for quantity in CHECKED - {Quantity.ORDERS})


UNBOUNDED = """strategy "Down"
trade   SPY on 1 day
account margin USD

rule more
  when not short and close < close[1]
  then buy {size}

rule leave
  when long and close > 2 * entry_price
  then exit all
{limits}
"""


def falling(seen: Seen) -> Fraction:
    """The largest leverage at an order."""
    return max(Fraction(each.gross, each.equity) for each in openings(seen.order_log) if each.equity > 0)


def test_where_no_bound_is_stated_a_run_goes_beyond_any():
    """Averaging down without a cap: told at compile time, no bound is stated, and a falling market shows why."""
    program = program_of(UNBOUNDED.format(size="60% of equity", limits=""))
    sheet, hazards = sheet_for(program), hazards_of(program, kind_of(program, None))
    assert [hazard.code for hazard in hazards] == ["R016"]
    assert sheet.leverage.obstacle is not None
    market = fall(make_market(Random(3), program, 60))
    assert falling(run(program, market).seen) > 5
    capped = program_of(UNBOUNDED.format(size="60% of equity", limits=sheet.leverage.obstacle.remedy))
    assert hazards_of(capped, kind_of(capped, None)) == ()
    assert falling(run(capped, market).seen) <= sheet_for(capped).leverage.number == 2


def test_drift_is_measured_apart_and_is_no_excess():
    """Twice equity in a market that falls by a percent a bar: over three times at the marks, and no order since."""
    text = (
        'strategy "A"\ntrade SPY on 1 day\naccount margin USD\n\nrule enter\n  when flat\n  then buy 200% of equity\n'
    )
    text += "rule leave\n  when long and bars_held >= 50 bars\n  then exit all\n"
    program = program_of(text)
    ran = run(program, fall(make_market(Random(3), program, 40)))
    sheet = sheet_for(program)
    assert sheet.leverage.number == 2
    assert not excesses(sheet, ran.seen)
    assert falling(ran.seen) <= 2 < 3 < ran.drift


def fall(market):
    """The same market, but each bar a percent lower than the one before."""
    rows = range(len(market))
    columns = {name: tuple(round(100 * 0.99**row, 2) for row in rows) for name in ("open", "high", "low", "close")}
    return replace(market, columns={**market.columns, **columns})


VANISHING = """strategy "Near"
trade   SPY on 5 min, regular session
account margin USD

rule enter
  when flat and close > open
  then buy risking 1% of equity{clip}
       stop loss at low
  at most 1 per session

rule leave
  when long and bars_held >= 1 bars
  then exit all
"""


def test_a_stop_loss_that_may_vanish_makes_a_size_that_no_run_of_a_bounded_text_has():
    program = program_of(VANISHING.format(clip=""))
    assert [hazard.code for hazard in hazards_of(program, kind_of(program, None))] == ["R017"]
    assert not sheet_for(program).position.is_bound
    clipped = program_of(VANISHING.format(clip=", at most 90% of equity"))
    assert hazards_of(clipped, kind_of(clipped, None)) == ()
    market = near_stops(make_market(Random(5), program, 60))
    assert falling(run(program, market).seen) > 2
    assert falling(run(clipped, market).seen) <= sheet_for(clipped).leverage.number == Fraction(9, 10)


def near_stops(market):
    """Bars that close at a tick above their low and open."""
    rows = range(len(market))
    return replace(
        market,
        columns={
            **market.columns,
            "open": tuple(100.0 for _ in rows),
            "low": tuple(100.0 for _ in rows),
            "high": tuple(100.3 for _ in rows),
            "close": tuple(100.01 if row % 3 else 100.3 for row in rows),
        },
    )


def with_cap(text: str, cap: str) -> str:
    """The text with this cap in the place of its own of that kind."""
    kept = [line for line in text.splitlines() if line.split()[:2] != cap.split()[:2]]
    return "\n".join([*kept, cap, ""])


def test_a_remedy_that_is_a_cap_gives_the_bound_and_every_run_keeps_it():
    """Where no bound is stated and a cap is advised, the text with that cap has a bound of the very quantity."""
    tried: Counter[Quantity] = Counter()
    for seed in SEEDS:
        text, sheet, _ = made(seed)
        for stated in sheet:
            if stated.obstacle is None or not stated.obstacle.remedy.startswith("cap "):
                continue
            program = program_of(with_cap(text, stated.obstacle.remedy))
            helped = sheet_for(program)
            assert next(each for each in helped if each.quantity is stated.quantity).is_bound, (text, stated)
            if not tried[stated.quantity]:
                assert not excesses(helped, run(program, make_market(Random(seed), program, 60)).seen), text
            tried[stated.quantity] += 1
    assert set(+tried) >= {Quantity.POSITION, Quantity.GROSS, Quantity.LEVERAGE, Quantity.WORST}, tried


def test_a_text_without_a_warning_of_sizes_bounds_its_positions_or_says_what_would():
    """Without such a warning nothing is missing but a cap."""
    silent = 0
    for seed in SEEDS:
        _, program = make_text(Random(seed))
        found = {hazard.code for hazard in hazards_of(program, kind_of(program, None))}
        sheet = sheet_for(program)
        if found & {"R016", "R017", "R021", "R022", "R023"}:
            continue
        silent += 1
        assert sheet.position.is_bound or sheet.units.is_bound or sheet.position.obstacle.remedy.startswith("cap ")
    assert silent > len(SEEDS) / 2


def test_the_runner_that_the_suite_uses_stops_at_a_false_bound(monkeypatch):
    """`checked`, around a run of the command line: what it lets through is compared, what exceeds raises."""
    every = (made(seed) for seed in SEEDS)
    text, sheet, ran = next(each for each in every if each[1].leverage.is_bound and each[2].seen.order_log)
    backtest = SimpleNamespace(
        order_log=ran.seen.order_log,
        scale=SimpleNamespace(digits=2, instruments=[SimpleNamespace(step=1)] * 3),
    )
    market = SimpleNamespace(
        instruments=(),
        rows=[day << codes.ROW_DAY_SHIFT for day in ran.seen.days],
        closes_ns=[second * 10**9 for second in ran.seen.seconds],
    )
    program, feed, terms = program_of(text), SimpleNamespace(market=market), SimpleNamespace(kind=None)
    running = keeping.checked(lambda *_: SimpleNamespace(backtest=backtest))
    monkeypatch.setattr(keeping, "sheet_of", lambda *_: sheet)
    assert running(program, None, feed, terms).backtest is backtest
    monkeypatch.setattr(keeping, "sheet_of", lambda *_: planted(sheet, Quantity.GROSS, Fraction(1, 1_000)))
    with pytest.raises(BoundExceeded, match="gross_exposure"):
        running(program, None, feed, terms)


def test_the_command_line_that_the_suite_runs_fails_at_a_false_bound(monkeypatch, capsys):
    """`watched_cli` as the suite runs it: a run that keeps its bounds passes, one beyond them is a bug, exit code 3."""
    example = Path(__file__).parents[2] / "examples" / "golden_cross" / "strategy.strat"
    monkeypatch.setattr(sys, "argv", ["stratc", "run", str(example), "--interpret", "--to", "2001-12-31"])

    def exit_code():
        with monkeypatch.context() as patch:
            patch.setattr(backtesting, "run_program", backtesting.run_program)  # as it was, when this is over
            with pytest.raises(SystemExit) as ended:
                watched_cli.main()
        return ended.value.code

    assert exit_code() in (None, 0)
    right = keeping.sheet_of
    monkeypatch.setattr(
        keeping, "sheet_of", lambda *given: planted(right(*given), Quantity.POSITION, Fraction(1, 1_000))
    )
    capsys.readouterr()
    assert exit_code() == 3
    assert "excesses of the static bounds of `Golden cross`" in capsys.readouterr().err
