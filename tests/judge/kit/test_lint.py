"""Slips of a rule are found where they are planted, and nowhere in the packs that ship."""

from __future__ import annotations

import pytest

from stratc.compiler.judge.kit.conflicts import conflicts
from stratc.compiler.judge.kit.lint import lint
from stratc.compiler.judge.load import load_packs
from tests.judge.kit.rules import FEW_TRIPS, RICH_ENOUGH, WELL_TESTED, rule_of

pytestmark = pytest.mark.fast
BOTH = """
scenario "kept"
  day 1: buy 1 ABC @ 1
  expect ok

scenario "broken" given equity = 1 USD
  day 1: buy 1 ABC @ 1
  expect violated
"""
ONLY_SHORTS = """
rule only_shorts "No buying"
  in force from 2020-01-01
  at opening order require not order.buys
  guard at opening order: deny when order.buys
"""
ONLY_LONGS = """
rule only_longs "No selling short"
  in force from 2020-01-01
  at opening order require order.buys
  guard at opening order: deny when not order.buys
"""


def codes(block):
    rule = rule_of(block)
    assert rule.problems == ()
    return [problem.code for problem in lint(rule)]


def test_a_sound_rule_has_no_findings():
    assert codes(FEW_TRIPS + WELL_TESTED) == []
    assert codes(RICH_ENOUGH + BOTH) == []


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (RICH_ENOUGH, ["R040", "R040"]),
        (RICH_ENOUGH + BOTH[: BOTH.index('scenario "broken"')], ["R040"]),
        (RICH_ENOUGH.replace(" retrieved 2020-01-01", "") + BOTH, ["R042"]),
        (RICH_ENOUGH.replace('cite "desk"', 'cite " "') + BOTH, ["R042"]),
        (RICH_ENOUGH.replace("confidence V", "confidence X") + BOTH, ["R042"]),
        (RICH_ENOUGH.replace("confidence V", "confidence M") + BOTH, ["R045"]),
        (RICH_ENOUGH.replace("confidence V", "confidence M") + 'confirmed by "me" on 2020-01-02\n' + BOTH, []),
        (RICH_ENOUGH.replace("confidence V", "confidence M") + 'confirmed by "me" on 2019-12-31\n' + BOTH, ["R045"]),
        (RICH_ENOUGH.replace("is a_bank", "is a_bank and broker.name is b_bank") + BOTH, ["R041"]),
        (RICH_ENOUGH.replace("cash >= 500 USD", "false") + BOTH, ["R041"]),
        (RICH_ENOUGH + "define unused: equity > 1 USD\n" + BOTH, ["R043"]),
        (RICH_ENOUGH + "define a: false\ndefine a: true\nnever not a\n" + BOTH, ["R043"]),
    ],
)
def test_a_slip_is_found(block, found):
    assert codes(block) == found


def test_two_guards_that_refuse_everything_together():
    one, two = rule_of(ONLY_SHORTS, "one"), rule_of(ONLY_LONGS, "two")
    ((rule, problem),) = conflicts((one, two))
    assert rule is one
    assert (problem.code, problem.other) == ("R044", "house.two")


def test_guards_that_leave_something_are_no_conflict():
    assert list(conflicts((rule_of(ONLY_SHORTS, "one"), rule_of(RICH_ENOUGH, "two")))) == []


@pytest.mark.parametrize("pack", load_packs(), ids=lambda pack: pack.name)
def test_shipped_packs_have_no_slips(pack):
    """What rests on memory may: it is said in every verdict."""
    found = [(rule.id, problem.code) for rule in pack.rules for problem in lint(rule) if problem.code != "R045"]
    assert found == []
    assert list(conflicts(pack.rules)) == []
