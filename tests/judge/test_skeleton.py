"""Strategies of `skeletons/` and what is to be said of them under the rule that counts day trades, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.load import load_packs
from stratc.dsl.source import Source
from stratc.runtime.model.account import read_account
from tests.judge.strategies import SWING_STOP, account_of, program_of

FOLDER = Path(__file__).parent / "skeletons"
ACCOUNT = read_account((FOLDER / "account.toml").read_text("utf-8"))
PACKS = load_packs()
PDT = "us.finra.pattern_day_trader"
AS_OF = date(2026, 5, 6)
PROVED, VIOLATED, GUARDED = Status.PROVED, Status.VIOLATED, Status.GUARDED

# Each with words that its reason has.
EXPECTED = {
    "orb_eod": (VIOLATED, ()),
    "swing": (PROVED, ("bars are whole days",)),
    "swing_stop": (VIOLATED, ()),
    "swing_flatten": (VIOLATED, ()),
    "swing_halt": (PROVED, ("`sessions_held` (line", "entries ask for `flat`")),
    "scalp_lim": (PROVED, ("`cap day_trades 3 per 5 sessions` (line",)),
    "scalp_week": (VIOLATED, ()),
    "scalp_entries": (PROVED, ("`cap entries 3 per 5 sessions` (line",)),
    "pair_lim": (VIOLATED, ()),
    "pair_cap": (PROVED, ("`cap day_trades 3 per 5 sessions` (line",)),
    "two80": (PROVED, ("`sessions_held` (line",)),
    "pyramid_keep": (PROVED, ("`keep at least 1 session` holds every exit back",)),
}


def program(name: str):
    compiled = compile_source(Source(f"{name}.strat", (FOLDER / f"{name}.strat").read_text("utf-8")))
    assert compiled.program is not None, [problem.message for problem in compiled.diagnostics]
    return compiled.program


def verdict_of(made, account=ACCOUNT, *, day=AS_OF, fast=False):
    return next(each for each in judge(made, account, day, PACKS, fast=fast).verdicts if each.rule == PDT)


def test_every_strategy_of_the_folder_is_judged():
    assert {path.stem for path in FOLDER.glob("*.strat")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict(name):
    status, told = EXPECTED[name]
    verdict = verdict_of(program(name), fast=status is PROVED)
    assert verdict.status is status, verdict.because
    if status is PROVED:
        assert all(words in verdict.because for words in told), verdict.because
    else:
        last = verdict.counterexample.events[-1]
        assert last.kind == "exit"
        assert "breaks" in last.note


# ── what a proof says ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_proof_names_what_it_needs_and_what_it_bears():
    verdict = verdict_of(program("swing_halt"), fast=True)
    assert verdict.because.startswith("no run breaks it: all 70 states of the control skeleton were seen; because of ")
    assert verdict.because.endswith("what it tests never happens in this program; it bears late fills")
    assert {each for each in verdict.assumptions if each.startswith("A-")} == {
        *("A-cal", "A-excl", "A-flat", "A-oms", "A-whole")
    }


@pytest.mark.parametrize("clause", ["sessions_held >= 1 and ", "flat and "])
def test_without_what_it_needs_nothing_is_proved(clause):
    text = (FOLDER / "swing_halt.strat").read_text("utf-8")
    assert clause in text
    assert verdict_of(
        program_of(text.replace(clause, "not short and " if "flat" in clause else "")), fast=True
    ).status is (GUARDED)


def test_a_proof_with_a_count_assumes_that_nothing_else_was_counted_before_and_a_history_says_what_was():
    """A history of day trades says nothing of what else the rule counts, so that the assumption stays."""
    assert "A-start" in verdict_of(program("scalp_entries"), fast=True).assumptions
    for days, status in (("2026-04-20", PROVED), ("2026-05-05", GUARDED)):
        history = f'[history]\nsource = "broker"\nas_of = 2026-05-06\nday_trades = [{days}]'
        account = account_of(equity="10_000", broker='day_trading_regime = "pattern_day_trader"', rest=history)
        verdict = verdict_of(program("scalp_entries"), account, fast=True)
        assert (verdict.status, "A-start" in verdict.assumptions) == (status, status is PROVED)


def test_fills_in_one_piece_are_needed_where_each_opening_counts():
    """Three entries may be three times as many opening fills, each of which the strict way of counting counts."""
    verdict = verdict_of(program("scalp_entries"), fast=True)
    assert "partial fills" not in verdict.because
    counted = account_of(broker='day_trading_regime = "pattern_day_trader"\nday_trade_counting = "direction_changes"')
    assert verdict_of(program("swing_halt"), counted, fast=True).status is PROVED


def test_what_is_not_proved_tells_the_way_that_orders_and_fills_allow():
    verdict = verdict_of(program("swing_stop"), fast=True)
    assert verdict.status is GUARDED
    days = verdict.because.partition("alone allow: ")[2].split("; ")
    assert len(days) == 4
    assert all(day.endswith(": opening fill, closing fill") for day in days)


def test_the_same_question_has_the_same_answer():
    assert verdict_of(program("two80"), fast=True) == verdict_of(program("two80"), fast=True)


@pytest.mark.parametrize(
    "text",
    [
        (FOLDER / "two80.strat").read_text("utf-8").replace("SPY, QQQ", "SPY, QQQ, IWM, DIA"),
        (FOLDER / "two80.strat")
        .read_text("utf-8")
        .replace("SPY, QQQ", "SPY, BTC/USD")
        .replace(", regular session", ""),
    ],
)
def test_what_the_skeleton_cannot_say_is_not_proved_by_it(text):
    verdict = verdict_of(program_of(text), fast=True)
    assert "control skeleton" not in verdict.because


def test_a_cap_proves_nothing_where_what_is_read_has_other_days():
    """An account counts a session on every day on which anything that it reads has a bar, a weekend of a coin too."""
    text = SWING_STOP + "\ncap day_trades 3 per 5 sessions\n"
    beside = text.replace("account margin", "read    BTC/USD\naccount margin")
    assert verdict_of(program_of(text), fast=True).status is PROVED
    assert verdict_of(program_of(beside), fast=True).status is GUARDED
