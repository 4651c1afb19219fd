"""Mutants are made, noticed by scenarios that look there, and asked about where none does."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stratc.compiler.judge.kit.apart import Likeness
from stratc.compiler.judge.kit.mutants import Change, mutants
from stratc.compiler.judge.kit.mutation import Fate, try_mutant
from stratc.compiler.judge.kit.testing import question, report_on
from stratc.compiler.judge.kit.trying import tell
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.scenario_ending import ending_of
from stratc.compiler.judge.scenario_text import parse_scenarios
from tests.judge.kit.rules import FEW_TRIPS, RICH_ENOUGH, WELL_TESTED, pack_of, rule_of

PACKS = load_packs()


def tried(block):
    rule = rule_of(block)
    assert rule.problems == ()
    told = tell(rule)
    return rule, [try_mutant(rule, mutant, told) for mutant in mutants(rule)]


def test_every_sort_of_change_is_made():
    block = FEW_TRIPS + RICH_ENOUGH.replace("rule rich_enough", "rule other").replace(
        "guard", "define a: equity > 1 USD and not (cash > 2 USD)\n define a where broker.netting is yes: true\n guard"
    )
    assert {mutant.change for mutant in mutants(rule_of(block))} == set(Change)


def test_no_mutant_is_the_rule_and_no_two_are_alike():
    rule = rule_of(RICH_ENOUGH)
    found = [mutant.rule.statements for mutant in mutants(rule)]
    assert rule.statements not in found
    assert len(set(map(repr, found))) == len(found)


def test_scenarios_that_look_notice_everything():
    _, found = tried(FEW_TRIPS + WELL_TESTED)
    assert [each.mutant.new for each in found if each.fate is Fate.SURVIVED] == []
    assert sum(each.fate is Fate.KILLED for each in found) >= 10


@pytest.mark.parametrize(
    ("dropped", "old", "new"),
    [
        ("and is on the sixth", "a window of 5 business days", "6 business days"),
        ("the third within five days is not", "`2`", "`3`"),
    ],
)
def test_a_scenario_that_is_taken_away_leaves_a_question(dropped, old, new):
    """And the trace of the question is a scenario that settles it."""
    stories = [f'scenario "{story}' for story in WELL_TESTED.split('scenario "')[1:] if dropped not in story]
    left = "\n".join(stories)
    rule, found = tried(FEW_TRIPS + left)
    alive = {(each.mutant.old, each.mutant.new): each for each in found if each.fate is Fate.SURVIVED}
    each = alive[old, new]
    asked = question(rule, each)
    assert f"do not distinguish {old} from {new}" in asked
    assert each.apart.story is not None
    assert ending_of(rule, each.apart.story) == each.apart.one
    assert ending_of(each.mutant.rule, each.apart.story) == each.apart.two
    (scenario,), problems = parse_scenarios(asked[asked.index('scenario "') :], 0)
    assert problems == []
    settled = rule_of(FEW_TRIPS + left + "\n" + asked[asked.index('scenario "') :])
    (again,) = [m for m in mutants(settled) if (m.old, m.new) == (old, new)]
    assert scenario.days
    assert try_mutant(settled, again, tell(settled)).fate is Fate.KILLED


def test_what_cannot_be_told_apart_is_not_counted():
    """The first row of a number may begin earlier than the rule: nobody can see it."""
    _, found = tried(FEW_TRIPS + WELL_TESTED)
    (earlier,) = [
        each for each in found if (each.mutant.old, each.mutant.new) == ("trips from 2020-01-01", "2019-12-31")
    ]
    assert earlier.fate is Fate.EQUIVALENT
    assert earlier.apart.likeness is Likeness.SAME


def test_a_mutant_that_is_no_rule_is_void():
    rule = rule_of(FEW_TRIPS.replace("trips = 2", "trips = 2") + WELL_TESTED)
    later = [m for m in mutants(rule) if (m.old, m.new) == ("trips from 2020-01-01", "2020-01-02")]
    assert try_mutant(rule, later[0], tell(rule)).fate is Fate.VOID


def test_clauses_that_no_scenario_needs_are_listed():
    report = report_on(pack_of(rich=RICH_ENOUGH + LOOKS_AWAY), lambda done, total: None, mutating=False)
    (rule,) = report.rules
    assert {each.clause.kind for each in rule.uncovered} == {"except", "applies"}
    assert {each.clause.kind for each in rule.covered if each.scenario} == {"row", "in force", "require", "guard"}


LOOKS_AWAY = """
scenario "rich" given equity = 1_000 USD
  day 1: buy 1 ABC @ 10
  expect ok

scenario "poor" given equity = 999 USD
  day 1: buy 1 ABC @ 10
  expect violated on day 1
"""


def test_a_pack_whose_scenarios_look_away_does_not_pass():
    report = report_on(pack_of(rich=RICH_ENOUGH + LOOKS_AWAY), lambda done, total: None, mutating=True)
    assert report.score < Fraction(95, 100)
    assert not report.passes(Fraction(95, 100))
    assert report.passes(Fraction(0))


def test_progress_is_told():
    steps = []
    report_on(pack_of(trips=FEW_TRIPS + WELL_TESTED), lambda done, total: steps.append((done, total)), mutating=True)
    assert steps == [(number, len(steps)) for number in range(len(steps))]


# Without them a rule cannot be read: a table says what holds for all others, a window how long it is on each day.
SAID_ANYHOW = {
    *("listed[OTHER] from 2026-01-01", "cleared[OTHER] from 2026-01-01"),
    *("settlement_days from 2017-09-05", "settlement_days from 2024-05-28"),
}


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS, ids=[pack.name for pack in PACKS])
def test_shipped_packs_notice_their_mutants(pack):
    """At least 95 of 100, every clause is needed, and what is not counted is the same machine everywhere."""
    report = report_on(pack, lambda done, total: None, mutating=True)
    assert report.passes(Fraction(95, 100))
    for rule in report.rules:
        assert {each.clause.name for each in rule.uncovered} <= SAID_ANYHOW
        assert {each.apart.likeness for each in rule.of(Fate.EQUIVALENT)} <= {Likeness.SAME, Likeness.EXHAUSTED}
