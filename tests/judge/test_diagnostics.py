"""Every problem of a rule is found where its page shows it, and is gone where its page says how."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge import diagnostics
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.rulefile import SECTIONS, read_rule_file
from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.instrument import identify

pytestmark = pytest.mark.fast

KINDS = [
    kind
    for kind in vars(diagnostics).values()
    if isinstance(kind, type) and issubclass(kind, Problem) and hasattr(kind, "code")
]
FRONT = "---\nid: test.made_up\nseverity: house\nauthority: house\nkind: limit\nbinds: me\ncitation: none\n---\n"


def completed(fragment: str) -> str:
    """A whole rule file around a fragment of a page."""
    head = "" if fragment.startswith("rule ") else 'rule made_up "made up"\n  in force from 2020-01-01\n'
    whole = head + fragment
    if fragment.startswith("param"):
        whole = f"{whole}\nnever equity < floor"
    elif fragment.startswith("define"):
        whole = f"{whole}\nnever low"
    elif fragment.startswith(("guard", "scenario")):
        whole = f"{head}never equity < 0 USD\n{fragment}"
    headings = "\n".join(f"## {heading}\n" for heading in SECTIONS)
    return f"{FRONT}# Made up\n{headings}\n```rule\n{whole}\n```\n"


def codes(fragment: str) -> set[str]:
    rule = read_rule_file("made_up.md", completed(fragment))
    share = identify("ABC")
    setting = Setting(facts={}, day=date(2026, 7, 1), instruments=(share,), applies=(0,))
    _, problems = compile_rule("made_up", rule.statements, setting)
    return {problem.code for problem in (*rule.problems, *problems)}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.code for kind in KINDS])
def test_a_page_shows_its_problem_and_its_way_out(kind):
    assert kind.code in codes(kind.example)
    assert codes(kind.instead) == set()


def test_a_problem_points_at_its_place():
    text = completed("never equity < flor")
    rule = read_rule_file("made_up.md", text)
    setting = Setting(facts={}, day=date(2026, 7, 1), instruments=(identify("ABC"),), applies=(0,))
    _, (problem,) = compile_rule("made_up", rule.statements, setting)
    assert rule.source.slice(problem.span) == "flor"


@pytest.mark.parametrize(
    "missing", ["id: test.made_up\n", "citation: none\n", "## History\n", "in force from 2020-01-01"]
)
def test_what_a_rule_lacks_is_named(missing):
    rule = read_rule_file("made_up.md", completed("never equity < 0 USD").replace(missing, ""))
    assert {problem.code for problem in rule.problems} == {"R009"}
