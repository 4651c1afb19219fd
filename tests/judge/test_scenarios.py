"""Scenarios say what happens: every statement of theirs, told by a rule that hangs on it."""

from __future__ import annotations

import pytest

from stratc.compiler.judge.pack import run_scenario
from stratc.compiler.judge.rulefile import read_rule_file
from tests.judge.test_diagnostics import completed

pytestmark = pytest.mark.fast

LOCATED = """at short order require located
  define located per instrument: locate happened today
  guard at short order: deny when not located"""
FELL = """param fall = 90% from 2020-01-01 cite "x" confidence D
  define fell per instrument: event mark where price <= fall * price at last close
  define restricted per instrument: fell happened today or business days since fell <= 1
  at short order require not restricted or (order.price > price and not order.at_market)"""
COLLAR = "at order require order.price <= 105% * price\n  guard at opening order: deny when order.price > 105% * price"
PER_SECOND = """param ops = 2 from 2020-01-01 cite "x" confidence D
  define sent: count of order in last 1 seconds
  at order require sent <= ops
  guard at opening order: deny when sent + 1 > ops"""
OWN = "at order require not order.meets_own_order\n  guard at opening order: deny when order.meets_own_order"
FROZEN = "at opening order require calendar days since withdrawal >= 90 or order.value <= equity"
LIMIT = """table most
    ZC = 3 from 2020-01-01 cite "x" confidence D
    OTHER = 2 from 2020-01-01 cite "x" confidence D
  never long_quantity_after > most[instrument.root]"""
THROTTLE = "at fill require count of fill since reset <= 2\n  on breach halt"
SETTLED = """param days = 2 from 2020-01-01 cite "x" confidence D
  at opening order require count of closing fill in last days business days <= 0"""
PAID = "at withdrawal require sum of withdrawal.amount over withdrawal in last 29 calendar days <= 900 USD"
DROP = "at mark require equity >= 90% * highest equity since reset"
WORTH = "at order require order.value <= 250_000 USD"
CASES = (
    # short sales
    (LOCATED, "day 1: locate 100 ABC; short 100 ABC @ 10", "ok"),
    (LOCATED, "day 1: locate 100 XYZ; short 100 ABC @ 10", "violated on day 1"),
    (LOCATED, "day 1: locate 100 ABC\n  day 2: short 100 ABC @ 10", "denied on day 2"),
    (LOCATED, "day 1: buy 100 ABC @ 10", "ok"),
    (FELL, "day 1: mark ABC @ 50\n  day 2: mark ABC @ 45; order short 10 ABC @ 45", "violated on day 2"),
    (FELL, "day 1: mark ABC @ 50\n  day 2: mark ABC @ 45; order short 10 ABC @ 45.01", "ok"),
    (FELL, "day 1: mark ABC @ 50\n  day 2: mark ABC @ 45\n  day 3: order short 10 ABC at market", "violated on day 3"),
    (FELL, "day 1: mark ABC @ 50\n  day 2: mark ABC @ 45\n  day 4: order short 10 ABC at market", "ok"),
    (FELL, "day 1: mark ABC @ 50\n  day 2: mark ABC @ 45.01; order short 10 ABC at market", "ok"),
    (FELL, "day 1: mark ABC @ 50; mark XYZ @ 50\n  day 2: mark ABC @ 45; short 10 XYZ @ 50", "ok"),
    # an order is judged at the price before it
    (COLLAR, "day 1: mark ABC @ 100; order buy 1 ABC @ 105.01", "violated on day 1"),
    (COLLAR, "day 1: mark ABC @ 100; buy 1 ABC @ 105.01", "denied on day 1"),
    (COLLAR, "day 1: mark ABC @ 100; buy 1 ABC @ 105; buy 1 ABC @ 110.25", "ok"),
    # the clock
    (PER_SECOND, "day 1: at 10:00:00; order buy 1 ABC @ 10 3 times", "violated on day 1"),
    (PER_SECOND, "day 1: at 10:00:00; order buy 1 ABC @ 10 3 times", "denied on day 1"),
    (PER_SECOND, "day 1: order buy 1 ABC @ 10 2 times; 1 second later; order buy 1 ABC @ 10 2 times", "ok"),
    (PER_SECOND, "day 1: at 09:59:59; buy 1 ABC @ 9 2 times; at 10:00:00; buy 1 ABC @ 9 2 times", "ok"),
    # orders against each other
    (OWN, "day 1: order buy 1 ABC @ 10; order short 1 ABC @ 10", "violated on day 1"),
    (OWN, "day 1: order buy 1 ABC @ 10; order short 1 ABC @ 10.01", "ok"),
    (OWN, "day 1: order buy 1 ABC @ 10; order short 1 XYZ @ 10", "ok"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC @ 11; order buy 1 ABC at market", "ok"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC @ 11; mark ABC @ 10.99; order buy 1 ABC at market", "ok"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC @ 11; mark ABC @ 11; order buy 1 ABC at market", "denied on day 1"),
    (OWN, "day 1: mark ABC @ 10; order buy 1 ABC @ 9; order short 1 ABC at market", "ok"),
    (OWN, "day 1: mark ABC @ 10; order buy 1 ABC @ 9; mark ABC @ 9; order short 1 ABC at market", "denied on day 1"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC at market; order buy 1 ABC @ 9.99", "ok"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC at market; order buy 1 ABC @ 10", "denied on day 1"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC at market; mark ABC @ 9; order buy 1 ABC @ 9.5", "denied on day 1"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC at market; order buy 1 ABC at market", "ok"),
    (OWN, "day 1: buy 1 ABC @ 10; order exit 1 ABC @ 11; cancel ABC; order buy 1 ABC @ 11", "ok"),
    # days of the calendar: 2020-01-03 is a Friday
    (FROZEN, "day 1: buy 1 ABC @ 10; withdraw 10 USD; buy 11 ABC @ 10_000", "violated on day 1"),
    (FROZEN, "day 1: withdraw 10 USD\n  day 63: buy 11 ABC @ 10_000", "violated on day 63"),
    (FROZEN, "day 1: withdraw 10 USD\n  day 65: buy 11 ABC @ 10_000", "ok"),
    (PAID, "day 1: mark ABC @ 1; withdraw 500 USD\n  day 21: withdraw 500 USD", "violated on day 21"),
    (PAID, "day 1: mark ABC @ 1; withdraw 500 USD\n  day 22: withdraw 500 USD", "ok"),
    (PAID, "day 1: mark ABC @ 1; withdraw 500 USD; deposit 500 USD; withdraw 400 USD", "ok"),
    # windows that a parameter says, tables by the root, what is highest, and what a person releases
    (SETTLED, "day 1: buy 1 ABC @ 10; exit 1 ABC @ 10\n  day 2: buy 1 ABC @ 10", "violated on day 2"),
    (SETTLED, "day 1: buy 1 ABC @ 10; exit 1 ABC @ 10\n  day 3: buy 1 ABC @ 10", "ok"),
    (LIMIT, "day 1: buy 2 ZCZ26 @ 400; order buy 1 ZCZ26 @ 400", "ok"),
    (LIMIT, "day 1: buy 2 ZCZ26 @ 400; order buy 2 ZCZ26 @ 400", "violated on day 1"),
    (LIMIT, "day 1: buy 3 ES @ 4_000", "violated on day 1"),
    (DROP, "day 1: buy 1_000 ABC @ 100; mark ABC @ 120; mark ABC @ 108", "ok"),
    (DROP, "day 1: buy 1_000 ABC @ 100; mark ABC @ 120; mark ABC @ 107", "violated on day 1"),
    (DROP, "day 1: buy 1_000 ABC @ 100; mark ABC @ 120; mark ABC @ 109; reset; mark ABC @ 100", "ok"),
    (THROTTLE, "day 1: buy 1 ABC @ 10 3 times; buy 1 ABC @ 10", "denied on day 1"),
    (THROTTLE, "day 1: buy 1 ABC @ 10 2 times; reset; buy 1 ABC @ 10 2 times", "ok"),
    # money counts the multiplier: a point of ES is 50 dollars
    (WORTH, "day 1: order buy 1 ES @ 5_000", "ok"),
    (WORTH, "day 1: order buy 1 ES @ 5_000.25", "violated on day 1"),
)


def outcome(rule: str, days: str, expected: str) -> str:
    """What differs from what is expected of a story on Friday, 2020-01-03."""
    title = 'rule made_up "made up"\n  in force from 2020-01-01\n  '
    scenario = f'scenario "it" given as_of = 2020-01-03, equity = 100_000 USD\n  {days}\n  expect {expected}'
    read = read_rule_file("made_up.md", completed(f"{title}{rule}\n{scenario}"))
    assert not read.problems, [problem.diagnostic().message for problem in read.problems]
    return run_scenario(read, read.scenarios[0]).problem


@pytest.mark.parametrize(("rule", "days", "expected"), CASES)
def test_a_scenario_comes_out(rule, days, expected):
    assert outcome(rule, days, expected) == ""


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ("day 1: order buy 1 ABC at market", "`ABC` has no price yet; write `mark ABC @ …` before"),
        ("day 1: mark ABC @ 1; at 10:00:00; at 09:00:00", "the clock of a day does not go back"),
        ("day 1: exit 1 ABC @ 10", "there is no position `ABC` to exit"),
        ("day 1: exit ticket L1 @ 10; mark ABC @ 1", "there is no position `L1` to exit"),
        ("day 1: withdraw 1 USD", "it names no instrument; write one, as in `mark ABC @ 10`"),
    ],
)
def test_what_cannot_happen_is_told(days, problem):
    assert outcome("never equity < 0 USD", days, "ok") == problem
