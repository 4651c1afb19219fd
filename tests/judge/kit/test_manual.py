"""What the author's manual shows is right: its rule passes its own test, and is written in under thirty lines."""

from __future__ import annotations

import re
from fractions import Fraction

from stratc.compiler.judge.kit.testing import report_on
from stratc.rules import packs_root
from tests.judge.kit.rules import pack_of

LINES_MAX = 30


def shown() -> str:
    manual = (packs_root() / "README.md").read_text(encoding="utf-8")
    (block,) = (each for each in re.findall(r"```\n(.*?)```", manual, re.DOTALL) if "rule two_positions" in each)
    return block


def test_the_rule_of_the_manual_passes():
    report = report_on(pack_of(two_positions=shown()), lambda done, total: None, mutating=True)
    assert report.score == 1
    assert report.passes(Fraction(95, 100))
    assert [each.clause.name for rule in report.rules for each in rule.uncovered] == []


def test_it_is_short():
    assert len([line for line in shown().splitlines() if line.strip()]) < LINES_MAX
