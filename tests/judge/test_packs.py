"""Every shipped rule can be read, every scenario in it comes out as it says, and every norm is dated and cited."""

from __future__ import annotations

import re
from datetime import date

import pytest

from stratc.compiler.judge import pack as packs
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.load import load_packs
from stratc.rules import packs_root

PACKS = load_packs()
RULES = [(pack, rule) for pack in PACKS for rule in pack.rules]
SCENARIOS = [(rule, scenario) for _, rule in RULES for scenario in rule.scenarios]
CONFIDENCES = {"V", "V2", "S", "M", "D"}
RETRIEVED = {date(2026, 11, 20), date(2026, 11, 28)}
# Worked examples of the reference that these rules cover; each is the beginning of a scenario's title.
WORKED = (
    "P1", "P2", "P4", "P6", "P7", "P8", "P11", "P12", "P13", "P14", "P15", "P15b", "P20",
    "I1", "I2", "I5", "I9", "I11", "I12", "I18", "I20", "I21",
    "F1", "F2", "F3", "F5", "F6", "F8", "F9", "F13", "F14", "F17", "F18", "F20",
    "C1", "C3", "C5", "M1", "M2", "M4", "M6", "S1", "S3", "S4", "S6", "L1", "L2", "L3", "L6", "R2", "R3",
    "J1", "J3", "J4", "J5", "J7", "J9", "J10", "J11", "X1",
)  # fmt: skip

# How a Requirement says that what it states was written from memory.
FROM_MEMORY = re.compile(r"\bconfidence M\b|\bfrom memory\b|\s\(M\)|[,;]\sM\)")
# Rules with a guard of which something in the Requirement is from memory, and why that is no hard block from memory.
GUARDED_ANYWAY = {
    "house.restricted": "the list is the desk's own; the law is named only as the reason why desks keep one",
}

pytestmark = pytest.mark.fast


def test_the_packs_are_found():
    assert {pack.name for pack in PACKS} == {path.parent.name for path in packs_root().glob("*/pack.toml")}
    assert {"us.finra.day_trading", "us.nfa.forex"} <= {pack.id for pack in PACKS}


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_has_no_problem(pack, rule):
    assert [(problem.code, problem.diagnostic().message) for problem in rule.problems] == []


@pytest.mark.parametrize(("rule", "scenario"), SCENARIOS, ids=[f"{r.id}: {s.title}" for r, s in SCENARIOS])
def test_a_scenario_comes_out_as_it_says(rule, scenario):
    assert packs.run_scenario(rule, scenario).problem == ""


def test_worked_examples_of_the_reference_are_scenarios():
    titles = {scenario.title.split()[0] for _, scenario in SCENARIOS}
    assert set(WORKED) <= titles


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_legal_numbers_are_dated_and_cited(pack, rule):
    dated = [each.dated for each in rule.statements if isinstance(each, tree.Parameter)]
    dated += [row for each in rule.statements if isinstance(each, tree.Table) for row in each.rows]
    for number in dated:
        assert number.citation
        assert number.confidence in CONFIDENCES
        assert number.retrieved in RETRIEVED


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_can_go_both_ways(pack, rule):
    wanted = {expectation.what for scenario in rule.scenarios for expectation in scenario.expects}
    assert {packs.Expected.OK, packs.Expected.VIOLATED} <= wanted


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_what_rests_on_memory_refuses_nothing(pack, rule):
    dated = [each.dated for each in rule.statements if isinstance(each, tree.Parameter)]
    dated += [row for each in rule.statements if isinstance(each, tree.Table) for row in each.rows]
    told = FROM_MEMORY.search(dict(rule.sections)["Requirement"]) is not None
    assert told or rule.id not in GUARDED_ANYWAY
    if any(number.confidence == "M" for number in dated) or (told and rule.id not in GUARDED_ANYWAY):
        assert rule.front["severity"] == "advice"
        assert not any(isinstance(each, tree.Guard) for each in rule.statements)
        assert [each.action for each in rule.statements if isinstance(each, tree.OnBreach)] == ["warn"]


@pytest.mark.parametrize(
    ("requirement", "from_memory"),
    [
        ("a wash sale (7 USC 6c(a), confidence M), and", True),
        ("(4210(c)(2), **confidence M**: to be confirmed)", True),
        ("the levels are **from memory\n(M)**", True),
        ("by the exchange (Rule 534, M)", True),
        ("on an exchange (15 USC 78f(l), confidence V2)", False),
        ("the definition (17 CFR 1.1(M))", False),
        ("the notice MSN04-09-20 (V)", False),
    ],
)
def test_what_a_requirement_says_of_memory_is_read(requirement, from_memory):
    assert bool(FROM_MEMORY.search(requirement)) == from_memory


def test_a_changed_number_is_noticed():
    """The scenarios tell a rule from the same rule with one number changed."""
    texts = {path.name: path.read_text("utf-8") for path in (packs_root() / "us_finra_day_trading").iterdir()}
    changes = (
        ("pattern_day_trader.md", "pdt_trades     = 4", "pdt_trades     = 5"),
        ("pattern_day_trader.md", "pdt_trades     = 4", "pdt_trades     = 3"),
        ("pattern_day_trader.md", "= 25_000 USD from", "= 25_001 USD from"),
        ("pattern_day_trader.md", "= 6%", "= 7%"),
        ("pattern_day_trader.md", "in last 5 business days", "in last 6 business days"),
        ("pattern_day_trader.md", "in last 5 business days", "in last 4 business days"),
        ("pattern_day_trader.md", "until 2027-10-21", "until 2027-10-22"),
        ("pattern_day_trader.md", "event closing fill where armed", "event closing fill"),
        ("intraday_margin.md", "= 25%", "= 26%"),
        ("intraday_margin.md", "= 30%", "= 31%"),
        ("intraday_margin.md", "require maintenance <= equity", "require maintenance < equity"),
        ("minimum_equity.md", "= 2_000 USD from", "= 2_001 USD from"),
    )
    alive = []
    for file, old, new in changes:
        assert old in texts[file]
        mutant = packs.read_pack("mutant", {**texts, file: texts[file].replace(old, new)})
        if all(result.passed for result in packs.test_pack(mutant)):
            alive.append((file, old, new))
    assert alive == []


def test_a_folder_without_metadata_is_refused():
    with pytest.raises(packs.PackRefused, match=r"has no pack\.toml"):
        packs.read_pack("empty", {})
    with pytest.raises(packs.PackRefused, match="lacks `id`"):
        packs.read_pack("bare", {"pack.toml": 'title = "x"'})
