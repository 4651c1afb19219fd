"""Judging in depth: the largest move under which a rule is proved is told, decides where a bound is stated, and is
proved again before it is believed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from fractions import Fraction

import pytest

from stratc.compiler.judge import judge
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.search import largest_move
from stratc.compiler.judge.values import critical
from stratc.compiler.judge.values.asking import Deep
from stratc.compiler.judge.verdict import Status
from stratc.compiler.workbench import Law, check
from stratc.dsl.source import Source
from stratc.runtime.model.account import read_account
from tests.judge.strategies import program_of

HALF = """strategy "Half"
trade   SPY on 1 day
account margin USD

rule enter
  when flat and close > open
  then buy 95% of equity

rule leave
  when long and close < open * 0.8
  then exit all

halt at daily loss 3% of equity at last close, flatten, until next session
"""
ADOPTED = 'house_packs = ["prop_firm_template"]'
DAY = date(2026, 11, 20)
PACKS = [pack for pack in load_packs() if pack.name == "prop_firm_template"]
needs_z3 = pytest.mark.skipif(not critical.is_installed(), reason="z3 is the optional extra `prove`")


class Remembering:
    """A cache of proofs that says what it is told to, and of searches nothing."""

    def __init__(self, steps: int | None) -> None:
        self.steps = steps
        self.kept: list[int] = []

    def find(self, asked):
        return None

    def keep(self, asked, outcome):
        pass

    def find_steps(self, asked):
        return None if self.steps is None else critical.Steps(proved=self.steps)

    def keep_steps(self, asked, steps):
        self.kept.append(steps.proved)


def account_with_packs():
    head = '[account]\ntype = "margin"\ncurrency = "USD"\nequity = 30_000\n'
    return read_account(f'{head}{ADOPTED}\n[broker]\nlegal_entity = "US"\n')


def judged(within: str | None, kept: Remembering, **options):
    deep = Deep(moves_within=None if within is None else Fraction(within))
    return judge(
        program_of(HALF), account_with_packs(), DAY, PACKS, budget_seconds=1.0, kept=kept, deep=deep, **options
    )


def daily(judgement):
    return next(each for each in judgement.verdicts if each.rule == "prop.daily_loss")


@needs_z3
def test_a_break_is_told_with_the_moves_under_which_it_is_none():
    told = judged(None, Remembering(50))
    verdict = daily(told)
    assert verdict.status is Status.VIOLATED
    assert (
        "proved while every price of a bar is within 0.5% of the close before, broken by a move of" in verdict.because
    )
    assert told.bounds.critical_gap == pytest.approx(0.005)


@needs_z3
def test_within_a_stated_bound_it_is_proved_and_says_so():
    verdict = daily(judged("0.005", Remembering(50)))
    assert verdict.status is Status.PROVED
    assert "A-gap" in verdict.assumptions
    assert verdict.counterexample is None


@needs_z3
def test_a_stated_bound_beyond_the_proof_proves_nothing():
    assert daily(judged("0.02", Remembering(50))).status is Status.VIOLATED


@needs_z3
def test_what_is_kept_is_proved_again(monkeypatch):
    kept = Remembering(400)
    monkeypatch.setattr(critical, "LAST", 400)
    monkeypatch.setattr(critical, "_largest", lambda holds: 7)
    assert "within 0.07%" in daily(judged(None, kept)).because
    assert set(kept.kept) == {7}


def test_without_z3_verdicts_stand_and_say_what_is_missing(monkeypatch):
    monkeypatch.setattr("stratc.compiler.judge.values.critical.is_installed", lambda: False)
    monkeypatch.setattr("stratc.compiler.judge.values.deep.is_installed", lambda: False)
    report = check(
        Source("half.strat", HALF),
        Law(packs=PACKS, as_of=DAY),
        account_with_packs(),
        budget_seconds=1.0,
        deep=Deep(moves_within=None),
    )
    assert "R070" in [each.code for each in report.diagnostics]
    verdict = daily(report.judgement)
    assert verdict.status is Status.VIOLATED
    assert "z3" in verdict.because


def test_nothing_but_deep_imports_z3():
    code = (
        "import sys, tests.judge.test_deep as deep\n"
        "from stratc.compiler.judge import judge\n"
        "judge(deep.program_of(deep.HALF), deep.account_with_packs(), deep.DAY, deep.PACKS, budget_seconds=0.2)\n"
        "assert 'z3' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_longer_horizon_looks_further():
    """A fall that comes after the session on which the search gives up by itself."""
    from stratc.compiler.judge.market import set_stage
    from stratc.compiler.judge.search import horizon_of
    from stratc.runtime.model.instrument import identify

    program = program_of(HALF)
    assert horizon_of(program) == 20
    stage = set_stage(program, (identify("SPY"),), DAY, 60)
    assert len(stage.sessions) - stage.quiet == 60
    short = judge(program, account_with_packs(), DAY, PACKS, budget_seconds=0.5, horizon=1)
    assert daily(short).status is Status.GUARDED
    assert daily(judge(program, account_with_packs(), DAY, PACKS, budget_seconds=0.5)).status is Status.VIOLATED


def test_the_largest_move_of_a_run_is_measured():
    from random import Random

    from stratc.compiler.judge.watch import Watch
    from tests.judge.values_runs import driven, run_within

    for gap in (Fraction(1, 100), Fraction(3, 100)):
        made = driven(run_within(program_of(HALF), Watch((), armed=0), gap, Random(3)))
        assert gap * Fraction(9, 10) < largest_move(made) <= gap * Fraction(1001, 1000)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"moves_within": 1.0}, "--moves-within"),
        ({"fast": True, "deep": True}, "--fast"),
        ({"fast": True, "horizon": 5}, "--fast"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(options, named):
    from stratc.compiler.shell.cli.commands.check import refuse_apart
    from stratc.compiler.shell.exits import Refused

    plain = {"fast": False, "deep": False, "moves_within": None, "horizon": None}
    refuse_apart(**plain)
    with pytest.raises(Refused, match=named):
        refuse_apart(**(plain | options))


def test_deep_searches_ten_times_as_long_unless_told():
    from stratc.compiler.shell.cli.commands.check import effort_of

    plain = {"fast": False, "budget": None, "deep": False, "moves_within": None, "horizon": None}
    assert effort_of(**plain).budget_seconds == 2
    assert effort_of(**(plain | {"deep": True})).budget_seconds == 20
    assert effort_of(**(plain | {"deep": True, "budget": 3.0})).budget_seconds == 3
