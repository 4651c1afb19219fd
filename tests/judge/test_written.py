"""Whatever days, numbers and parentheses a rule holds, reading it ends soon, in a problem at its place."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge.pack import run_scenario
from stratc.compiler.judge.rulefile import read_rule_file
from stratc.compiler.judge.ruleparse import NESTING_MAX
from stratc.compiler.judge.written import DAYS_MAX, DIGITS_MAX, FIRST_DAY, LAST_DAY, SECONDS_MAX, TIMES_MAX
from tests.judge.test_diagnostics import completed

pytestmark = pytest.mark.fast

SOURCE = 'cite "x" confidence V retrieved'
NEVER = "never equity < 0 USD\n"
NAMED = 'rule made_up "made up"\n'


def story(line: str, given: str = "") -> str:
    return f'{NAMED}  in force from 2020-01-01\n{NEVER}scenario "s"{given}\n  {line}\n  expect ok'


@pytest.mark.parametrize(
    ("block", "code", "place"),
    [
        (f"{NAMED}  in force from 2026-02-30\n{NEVER}", "R050", "2026-02-30"),
        (f"{NAMED}  in force from 2026-01-01 until 2026-13-01\n{NEVER}", "R050", "2026-13-01"),
        (f"{NAMED}  in force from 0000-01-01\n{NEVER}", "R050", "0000-01-01"),
        (f"{NAMED}  in force from 1899-12-31\n{NEVER}", "R050", "1899-12-31"),
        (f"{NAMED}  in force from 2200-01-01\n{NEVER}", "R050", "2200-01-01"),
        (f"param floor = 1 USD from 2026-02-29 {SOURCE} 2026-01-01\n", "R050", "2026-02-29"),
        (f"param floor = 1 USD from 2026-01-01 until 2026-00-01 {SOURCE} 2026-01-01\n", "R050", "2026-00-01"),
        (f"param floor = 1 USD from 2026-01-01 {SOURCE} 2026-06-31\n", "R050", "2026-06-31"),
        (f"table t\n  A = 1 from 2026-09-31 {SOURCE} 2026-01-01\n", "R050", "2026-09-31"),
        ('confirmed by "me" on 2026-04-31\n', "R050", "2026-04-31"),
        (story("day 1: mark ABC @ 1", " given as_of = 2025-02-30"), "R050", "2025-02-30"),
        (story("day 1: mark ABC @ 1", " given as_of = 0000-01-01"), "R050", "0000-01-01"),
        (story("day 1: mark ABC @ 1", " given as_of = 9999-12-31"), "R050", "9999-12-31"),
        (story(f"day {DAYS_MAX + 1}: mark ABC @ 1"), "R051", str(DAYS_MAX + 1)),
        (story(f"day {'9' * 5_000}: mark ABC @ 1"), "R051", "9" * 5_000),
        (story(f"expect violated on day {DAYS_MAX + 1}"), "R051", str(DAYS_MAX + 1)),
        (story(f"day 1: buy 1 ABC @ 1 {TIMES_MAX + 1} times"), "R051", str(TIMES_MAX + 1)),
        (story(f"day 1: {SECONDS_MAX + 1} seconds later"), "R051", str(SECONDS_MAX + 1)),
        (story(f"day 1: buy 1 ABC @ {'9' * (DIGITS_MAX + 1)}"), "R051", "9" * (DIGITS_MAX + 1)),
        (story("day 1: mark ABC @ 1", f" given equity = {'9' * (DIGITS_MAX + 1)} USD"), "R051", "9" * (DIGITS_MAX + 1)),
        (f"never equity < {'9' * (DIGITS_MAX + 1)} USD\n", "R051", f"{'9' * (DIGITS_MAX + 1)} USD"),
        (f"never equity < 0.{'9' * 5_000} USD\n", "R051", f"0.{'9' * 5_000} USD"),
        (f"never {'(' * 5_000}equity{')' * 5_000} < 0 USD\n", "R052", "("),
        (f"never {'not ' * 5_000}equity < 0 USD\n", "R052", "not"),
        (f"never {'-' * 5_000}equity < 0 USD\n", "R052", "-"),
        (f"never {' or '.join(['equity < 0 USD'] * 5_000)}\n", "R052", "equity"),
    ],
)
def test_what_cannot_be_reckoned_with_is_a_problem(block: str, code: str, place: str) -> None:
    rule = read_rule_file("made_up.md", completed(block))
    assert [problem.code for problem in rule.problems if problem.code != "R009"] == [code]
    (problem,) = (problem for problem in rule.problems if problem.code == code)
    assert rule.source.slice(problem.span) == place


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_outermost_days_can_be_played(day: date) -> None:
    block = (
        f"{NAMED}  in force from {day}\n{NEVER}"
        f'scenario "s"\n  day 1: buy 1 ABC @ 1; {SECONDS_MAX} seconds later\n'
        f"  day {DAYS_MAX}: buy 1 ABC @ {'9' * DIGITS_MAX} {TIMES_MAX} times\n  expect ok"
    )
    rule = read_rule_file("made_up.md", completed(block))
    assert rule.problems == ()
    assert run_scenario(rule, rule.scenarios[0]).problem == ""


def test_the_deepest_condition_can_be_read_and_played() -> None:
    deep = "not " * (NESTING_MAX - 20)
    rule = read_rule_file("made_up.md", completed(story("day 1: buy 1 ABC @ 1").replace("never ", f"never {deep}")))
    assert rule.problems == ()
    assert run_scenario(rule, rule.scenarios[0]).problem == ""


def test_nothing_is_divided_by_nought() -> None:
    rule = read_rule_file("made_up.md", completed(story("day 1: buy 1 ABC @ 1").replace("equity <", "equity / 0 <")))
    assert "divided by nought" in run_scenario(rule, rule.scenarios[0]).problem
