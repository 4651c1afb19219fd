"""Two versions are compared in meaning: planted differences are found with a trace that replays, and no others."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.compiler.judge.kit.apart import Likeness, refuses
from stratc.compiler.judge.kit.compare import compare, compare_rule
from stratc.compiler.judge.kit.mutants import mutants
from stratc.compiler.judge.kit.stories import expected_of, makes_sense, size_of, story_text
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.rulefile import read_rule_file
from stratc.compiler.judge.scenario_ending import ending_of
from stratc.compiler.judge.scenario_text import parse_scenarios
from tests.judge.kit.rules import FEW_TRIPS, RICH_ENOUGH, WELL_TESTED, rule_of

SHIPPED = {rule.id: rule for pack in load_packs() for rule in pack.rules}
SMALL = (rule_of(FEW_TRIPS + WELL_TESTED), rule_of(RICH_ENOUGH))
MUTANTS = [(rule, mutant.rule) for rule in SMALL for mutant in mutants(rule)]


def changed(old, new, block=RICH_ENOUGH):
    assert old in block
    return compare_rule("house.small", rule_of(block), rule_of(block.replace(old, new)))


@pytest.mark.parametrize("rule", SHIPPED.values(), ids=SHIPPED)
def test_a_rule_differs_from_itself_in_nothing(rule):
    found = compare_rule(rule.id, rule, rule)
    assert (found.likeness, found.differences, found.differs) == (Likeness.SAME, (), False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("equity >= floor", "not equity < floor"),
        ("deny when equity < floor", "deny when not (equity >= floor)"),
        ('"No opening below a thousand"', '"Something else"'),
    ],
)
def test_what_is_only_said_otherwise_is_no_difference(old, new):
    block = RICH_ENOUGH.replace("guard", "define poor: equity < 1 USD\n  guard")
    found = compare_rule("house.small", rule_of(block), rule_of(block.replace(old, new)))
    assert not found.differs


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("in force from 2020-01-01", "in force from 2020-01-01 announced 2019-11-03", "in force from 2020-01-01"),
        ("until 2030-01-01", "until 2030-01-01 announced 2019-11-03", "in force until 2030-01-01"),
        ("= 1_000 USD from 2020-01-01", "= 1_000 USD from 2020-01-01 announced 2019-11-03", "floor from 2020-01-01"),
    ],
)
def test_what_became_known_on_another_day_is_a_difference_of_its_own(old, new, what):
    one, two = rule_of(RICH_ENOUGH), rule_of(RICH_ENOUGH.replace(old, new))
    assert two.in_force != one.in_force or two.statements != one.statements
    (found,) = compare([one], [two])
    assert found.differs
    assert not found.differences
    assert [(each.what, each.old, each.new) for each in found.announced] == [(what, None, date(2019, 11, 3))]


@pytest.mark.parametrize(
    ("old", "new", "actions"),
    [
        ("= 1_000 USD", "= 1_001 USD", 1),
        ("equity >= floor", "equity > floor", 1),
        ("cash >= 500", "cash >= 501", 1),
        ("deny when equity < floor", "deny when equity <= floor", 1),
        ("until 2030-01-01", "until 2029-12-31", 1),
        ("where broker.name is a_bank", "where broker.name is b_bank", 1),
    ],
)
def test_a_planted_difference_is_found_by_the_shortest_trace(old, new, actions):
    found = changed(old, new)
    assert found.differs
    assert min(size_of(each.apart.story) for each in found.differences) == actions


def test_longer_windows_need_longer_traces():
    found = changed("last 5", "last 6", FEW_TRIPS)
    (difference,) = found.differences
    assert difference.apart.story.days[-1].number == 6
    assert difference.apart.one.violated_on is None
    assert difference.apart.two.violated_on == 6


def test_from_when_on_and_for_whom_is_told():
    found = changed("until 2030-01-01", "until 2031-01-01")
    wheres = [place for each in found.differences for place in each.where]
    assert {place.days for place in wheres} == {((date(2030, 1, 1), date(2031, 1, 1)),)}
    banks = [p for each in changed("cash >= 500", "cash >= 501").differences for p in each.where]
    assert all("broker.name is a_bank" in place.accounts[0] for place in banks)


def test_a_row_of_a_table_is_told_by_its_instruments():
    rule = SHIPPED["us.nfa.security_deposit"]
    text = rule.text.replace("TRY   = 25%", "TRY   = 26%")
    assert text != rule.text
    found = compare_rule(rule.id, rule, read_rule_file(rule.name, text))
    (difference,) = found.differences
    assert all("TRY" in place.instruments for place in difference.where)
    assert {place.days for place in difference.where} == {((date(2023, 3, 13), None),)}


def test_added_and_removed_rules_are_told_with_what_they_refuse():
    one, two = rule_of(FEW_TRIPS, "one"), rule_of(RICH_ENOUGH, "two")
    removed, added = compare([one], [two])
    assert (removed.rule, removed.new, removed.differs) == ("house.one", None, True)
    assert (added.rule, added.old, added.differs) == ("house.two", None, True)
    assert added.differences[0].apart.two.violated_on == 1


@settings(max_examples=25)
@given(st.sampled_from(MUTANTS))
def test_a_trace_replays(pair):
    """One version allows what the other refuses, and the text of the trace is the trace."""
    one, two = pair
    for difference in compare_rule("house.small", one, two).differences:
        story = difference.apart.story
        if story is None:
            continue
        assert makes_sense(story)
        assert refuses(ending_of(one, story)) != refuses(ending_of(two, story))
        text = story_text(story, "again", expected_of(difference.apart.two))
        (read,), problems = parse_scenarios(text, 0)
        assert problems == []
        assert ending_of(two, read) == difference.apart.two
        assert ending_of(one, read) == difference.apart.one


@settings(max_examples=25)
@given(st.sampled_from(MUTANTS))
def test_the_other_way_round_is_the_same_difference(pair):
    one, two = pair
    assert compare_rule("x", one, two).differs == compare_rule("x", two, one).differs


AT_MARKET = """
param most = 3 from 2020-01-01 cite "desk" confidence V retrieved 2020-01-01

rule small "No large order at the market"
  in force from 2020-01-01

  at opening order require not order.at_market or order.quantity <= most

scenario "three are allowed"
  day 1: mark ABC @ 100; order buy 3 ABC at market
  expect ok
"""


def test_what_cannot_happen_tells_nothing_apart():
    """Of the neighbours of this scenario some have no price before an order at the market."""
    found = changed("= 3 from", "= 4 from", AT_MARKET)
    assert [size_of(each.apart.story) for each in found.differences] == [2]
