"""What was known on a day: of rules, of their numbers, of brokers' policies and of waivers."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge import judge
from stratc.compiler.judge.dated import value_on
from stratc.compiler.judge.known import as_known
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.pack import read_pack
from tests.judge.strategies import SWING, account_of, program_of

pytestmark = pytest.mark.fast
PACKS = load_packs()
PACK = """id = "made"
title = "Made up"
jurisdiction = "US"
authority = "house"
owner = "the desk"
version = "1"
requires = "stratc >= 0.1"
"""
SOURCES = '[[sources]]\ntitle = "Manual"\nurl = "none"\nretrieved = 2022-03-01\n'
RULE = """---
id: made.rule
severity: house
authority: house
kind: limit
binds: this desk
citation: none
---
# Made up
## Requirement
## In plain words
## Rule
```rule
{params}
rule made_up "Made up"
  in force {spans}
  never equity < floor
```
## Scenarios
## At run time
## Remedy
## Interpretation
## History
"""
FLOOR = 'param floor = 1 USD from 2020-01-01 cite "none" confidence D'


def known(day, params=FLOOR, spans="from 2020-01-01", sources=""):
    rule = RULE.format(params=params, spans=spans)
    pack = read_pack("made", {"pack.toml": PACK + sources, "rule.md": rule})
    assert not pack.rules[0].problems, [each.diagnostic().message for each in pack.rules[0].problems]
    (found,) = as_known([pack], date.fromisoformat(day))
    return found


@pytest.mark.parametrize(
    ("spans", "sources", "day", "found"),
    [
        ("from 2020-01-01", "", "2019-12-31", []),
        ("from 2020-01-01", "", "2020-01-01", [("2020-01-01", None)]),
        ("from 2020-01-01 announced 2019-06-01", "", "2019-05-31", []),
        ("from 2020-01-01 announced 2019-06-01", "", "2019-06-01", [("2020-01-01", None)]),
        # It was made known after it had begun.
        ("from 2020-01-01 announced 2020-02-01", "", "2020-01-31", []),
        ("from 2020-01-01 until 2022-01-01", "", "2021-12-31", [("2020-01-01", None)]),
        ("from 2020-01-01 until 2022-01-01", "", "2022-01-01", [("2020-01-01", "2022-01-01")]),
        ("from 2020-01-01 until 2022-01-01 announced 2021-06-01", "", "2021-05-31", [("2020-01-01", None)]),
        ("from 2020-01-01 until 2022-01-01 announced 2021-06-01", "", "2021-06-01", [("2020-01-01", "2022-01-01")]),
        # What was read before it came was known when it was read.
        ("from 2023-01-01 until 2024-01-01", SOURCES, "2022-02-28", []),
        ("from 2023-01-01 until 2024-01-01", SOURCES, "2022-03-01", [("2023-01-01", "2024-01-01")]),
        ("from 2023-01-01 announced 2022-05-01", SOURCES, "2022-04-01", []),
    ],
)
def test_a_span_is_known_from_its_announcement(spans, sources, day, found):
    in_force = known(day, spans=spans, sources=sources).rules[0].in_force
    assert [(str(each.since), each.until and str(each.until)) for each in in_force] == found


def test_a_number_is_known_from_its_announcement():
    later = 'param floor = 2 USD from 2021-01-01 announced 2020-06-01 cite "none" confidence D'
    value = {}
    for day in ("2020-05-31", "2020-06-01"):
        rows = [each.dated for each in known(day, f"{FLOOR}\n{later}").rules[0].statements if hasattr(each, "dated")]
        value[day] = str(value_on(rows, date(2021, 6, 1)).value.value)
    assert value == {"2020-05-31": "1", "2020-06-01": "2"}


def test_rows_of_a_table_are_known_one_by_one():
    rows = (
        'table rates\n  ABC = 1 from 2020-01-01 cite "none" confidence D\n'
        '  ABC = 2 from 2021-01-01 cite "none" confidence D retrieved 2020-03-01\n'
    )
    for day, count in (("2020-02-28", 1), ("2020-03-01", 2)):
        tables = [each for each in known(day, rows + FLOOR).rules[0].statements if hasattr(each, "rows")]
        assert [len(each.rows) for each in tables] == [count]


def test_a_policy_is_known_when_the_broker_has_moved():
    pack = next(each for each in PACKS if each.policies)
    moved = {}
    for day in ("2026-06-07", "2026-06-08"):
        (found,) = as_known([pack], date.fromisoformat(day))
        moved[day] = {each.broker: each.moved_on for each in found.policies}["Charles Schwab"]
    assert moved == {"2026-06-07": None, "2026-06-08": date(2026, 6, 8)}


def test_what_is_known_at_the_end_is_all_of_it():
    assert as_known(PACKS, date(2100, 1, 1)) == PACKS


def test_what_the_packs_say_was_known_when_they_were_read():
    """Judged on any later day, the packs are what they are."""
    read = max(source.retrieved for pack in PACKS for source in pack.sources)
    for pack, found in zip(PACKS, as_known(PACKS, read), strict=True):
        assert pack.rules == found.rules, pack.name


def test_in_january_the_old_rule_was_to_go_on():
    def verdicts(known_at, as_of=date(2026, 7, 1)):
        found = judge(program_of(SWING), account_of("margin"), as_of, as_known(PACKS, known_at), fast=True).verdicts
        return {each.rule: each for each in found}

    before, after = verdicts(date(2026, 1, 1)), verdicts(date(2026, 4, 17))
    assert before["us.finra.pattern_day_trader"].status != "not_applicable"
    assert before["us.finra.pattern_day_trader"].changes_on is None
    assert before["us.finra.intraday_margin"].status == "not_applicable"
    assert "announced" in before["us.finra.intraday_margin"].because
    assert after["us.finra.intraday_margin"].status != "not_applicable"
    assert after["us.finra.intraday_margin"].changes_on == date(2027, 10, 21)
