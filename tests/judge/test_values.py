"""Proofs in values: the model allows all that the engine does, and what it proves no run within the gap breaks.

A model with something forgotten is caught by the same two questions: else they would say nothing.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from stratc.compiler.judge.values.model import NotModelled
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine.loop import run_rows
from tests.judge.strategies import SWING_STOP, program_of
from tests.judge.values_runs import driven, model_for, observer_for, run_within, worth

z3 = pytest.importorskip("z3", reason="z3 is the optional extra `prove`")

from stratc.compiler.judge.values.critical import critical_gap  # noqa: E402
from stratc.compiler.judge.values.proof import Question  # noqa: E402
from stratc.compiler.judge.values.step import Moment, Place, Side, State, number, sane, state  # noqa: E402

HALF = """strategy "Half"
trade   SPY on 30 min, regular session
account margin USD

rule enter
  when flat and close > open
  then buy 50% of equity

rule leave
  when long and close < open
  then exit all

halt at daily loss 3% of equity at last close, flatten, until next session
"""
EAGER = HALF.replace("flat and close > open", "flat").replace('"Half"', '"Eager"')
BOTH_WAYS = EAGER.replace(
    "rule leave",
    "rule turn\n  when flat and close < open\n  then short 40% of equity\n       stop loss at close * 1.004\n\n"
    "rule leave",
)
ASKED = EAGER[: EAGER.index("halt")] + "halt when equity < equity at last close * 0.97, flatten, until next session\n"
PEAK = EAGER[: EAGER.index("halt")] + "halt at drawdown 7% of peak equity, flatten, until released\n"
PAIR = HALF.replace("SPY on", "SPY, QQQ on").replace("50%", "30%") + "\ncap leverage 0.6x\n"
LOOSE = EAGER[: EAGER.index("halt")]
CAPPED = """strategy "Two80"
trade   SPY, QQQ on 1 day
account margin USD

rule enter
  when flat and close > open
  then buy 80% of equity

cap leverage 1.5x
"""
DAILY = "never equity < 95% * equity at last close"
DRAWDOWN = "define best: highest (equity at last close) since reset\n  never equity < 90% * best"
LEVERED = "never total of long_value > 1.2 * equity"
ORDERED = "at opening order require total of long_value_after <= 2 * equity"
COSTS = "commissions = { per_order = 0, percent_of_value = 0.05 }\nslippage = { bps = 3 }"


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def proved(text: str, rule: str, gap: str) -> bool:
    program = program_of(text)
    return Question(model_for(program), observer_for(rule, program)).kept_within(Fraction(gap)) is not None


@pytest.mark.parametrize(
    ("text", "rule", "gap", "expected"),
    [
        (HALF, DAILY, "0.6%", True),
        (HALF, DAILY, "1%", True),
        (HALF, DAILY, "1.1%", False),
        (HALF, DAILY, "5%", False),
        (ASKED, DAILY, "1%", True),
        (ASKED, DAILY, "1.1%", False),
        (PEAK, DRAWDOWN, "1.2%", True),
        (PEAK, DRAWDOWN, "2%", False),
        (PEAK, DAILY, "0.1%", False),
        (LOOSE, DAILY, "0.1%", False),
        (PAIR, DAILY, "0.1%", True),
        (CAPPED, ORDERED, "50%", True),
        (CAPPED, ORDERED.replace("2 *", "1.4 *"), "0.1%", False),
        (HALF, LEVERED, "10%", True),
        (HALF, LEVERED.replace("1.2", "0.4"), "0.1%", False),
        (HALF.replace("flatten, ", ""), DAILY, "0.1%", False),
        (HALF + "\nkeep at least 1 session\n", DAILY, "0.1%", False),
    ],
)
def test_what_is_proved_of_a_gap(text, rule, gap, expected):
    assert proved(text, rule, str(Fraction(gap.rstrip("%")) / 100)) is expected


def test_the_critical_gap_is_found_and_told():
    program = program_of(HALF)
    found = critical_gap(model_for(program), observer_for(DAILY, program))
    # Of 97% a whole position falls twice by the gap: (1 - gap)^2 = 95 / 97.
    assert Fraction("0.0101") <= found.gap <= Fraction("0.0103")
    assert found.proof.gap == found.gap
    assert "A-gap" in found.proof.assumptions
    assert "line 13" in found.proof.because


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SWING_STOP.replace("at next open\n       stop", "at limit close\n       stop"), "limit"),
        (HALF.replace("50% of equity", "10 shares"), "size"),
    ],
)
def test_what_is_not_modelled_is_said(text, reason):
    with pytest.raises(NotModelled, match=reason):
        model_for(program_of(text))


# ── conformance ──────────────────────────────────────────────────────────────────────────────────────────────────────


def states(text: str, gap: Fraction, seed: int, broker: str = "") -> list[tuple]:
    """What the account is worth after each bar of a run."""
    program = program_of(text)
    made = run_within(program, Watch((), armed=0), gap, Random(seed), broker=broker)
    money, found = int(made.book.quanta_per_money), []
    for row in range(made.ends[-1]):
        run_rows(made.book, made.strategy, made.columns, row, row + 1)
        book = made.book
        equities = (book.equity, book.equity_at_last_close, book.peak)
        found.append((*(Fraction(int(each), money) for each in equities), *worth(made, 0)))
    return found


def fixed(values: tuple, leaving) -> State:
    equity, close, peak, *sides = (number(each) for each in values)
    place = Place(long=Side(*sides[:2]), short=Side(*sides[2:]), leaving=leaving)
    return State(equity=equity, close=close, peak=peak, places=(place,), registers=())


def impossible(text: str, gap: Fraction, seed: int, broker: str = "", change=lambda model: model) -> int:
    """How many bars of a run are no moment of the model."""
    model = change(model_for(program_of(text), broker))
    wrong, leaving = 0, z3.BoolVal(False)
    told = states(text, gap, seed, broker)
    for number_, (one, two) in enumerate(pairwise(told)):
        after = state(model, f"after {number_}", ())
        moment = Moment(model=model, gap=gap, before=fixed(one, leaving), after=after, name="m")
        target = fixed(two, after.places[0].leaving)
        same = [after.equity == target.equity, after.close == target.close, after.peak == target.peak]
        same += [
            each == other
            for mine, its in zip(after.places[0].sides, target.places[0].sides, strict=True)
            for each, other in ((mine.held, its.held), (mine.working, its.working))
        ]
        solver = z3.Solver()
        solver.add(*moment.constraints, *sane(after), *same)
        possible = solver.check() == z3.sat
        wrong += not possible
        leaving = solver.model().eval(after.places[0].leaving, model_completion=True) if possible else z3.BoolVal(False)
    return wrong


def with_ticks(model):
    """Slippage is rounded to a tick, against the order: less than a hundredth of a percent of these prices."""
    return replace(model, cost=model.cost + Fraction(1, 10_000) if model.cost else model.cost)


@pytest.mark.parametrize("text", [HALF, EAGER, BOTH_WAYS, ASKED, PEAK])
@pytest.mark.parametrize("broker", ["", COSTS])
def test_every_bar_of_the_engine_is_a_moment_of_the_model(text, broker):
    assert (
        sum(impossible(text, Fraction(gap), seed, broker, with_ticks) for seed, gap in enumerate(("0.012", "0.03")))
        == 0
    )


def test_a_cost_that_is_forgotten_is_found_out():
    assert impossible(EAGER, Fraction("0.012"), 1, COSTS, lambda model: replace(model, cost=Fraction(0))) > 0


def test_a_size_that_is_too_small_is_found_out():
    assert impossible(EAGER, Fraction("0.012"), 1, change=lambda model: replace(model, position=Fraction(2, 5))) > 0


# ── attack ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ATTACKED = [
    (EAGER, DAILY, "0.0103"),
    (ASKED, DAILY, "0.01"),
    (PEAK, DRAWDOWN, "0.015"),
    (EAGER, LEVERED, "0.1"),
]


def breaches(text: str, rule: str, gap: Fraction, runs: int) -> tuple[int, int]:
    """How often runs within the gap break a rule, and the bars that they had."""
    program = program_of(text)
    observer, found, bars = observer_for(rule, program), 0, 0
    for seed in range(runs):
        watch = Watch((observer,), armed=0)
        made = driven(run_within(program, watch, gap, Random(f"{seed} {rule}")))
        found, bars = found + bool(watch.breaches), bars + len(made.columns.close)
    return found, bars


def attack(cases, runs: int, question=Question) -> tuple[list[str], int]:
    """Proofs that a run within their gap breaks, and the bars of all runs; each case is one that is proved."""
    wrong, bars = [], 0
    for text, rule, gap in cases:
        program = program_of(text)
        asked = question(model_for(program), observer_for(rule, program))
        assert asked.kept_within(Fraction(gap)) is not None, (text, rule, gap)
        found, seen = breaches(text, rule, Fraction(gap), runs)
        bars += seen
        wrong += [f"{rule} within {gap}: {text}"] if found else []
    return wrong, bars


def test_what_is_proved_no_run_within_the_gap_breaks():
    wrong, bars = attack(ATTACKED, 12)
    assert wrong == [], wrong[0]
    assert bars > 3_000


@pytest.mark.slow
def test_what_is_proved_no_run_within_the_gap_breaks_at_length():
    wrong, bars = attack(ATTACKED, 400)
    assert wrong == [], wrong[0]
    assert bars > 100_000


def test_runs_beyond_the_gap_break_it():
    """Else the attack would say nothing: the same runs with larger moves break what smaller ones do not."""
    assert breaches(EAGER, DAILY, Fraction("0.04"), 6)[0] > 0


class Calmer(Question):
    """A model in which prices move by an eighth of what they do."""

    def kept_within(self, gap: Fraction):
        return super().kept_within(gap / 8)


def test_a_model_that_moves_too_little_is_found_out():
    wrong, _ = attack([(EAGER, DAILY, "0.04")], 12, question=Calmer)
    assert wrong
