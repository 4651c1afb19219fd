"""A rule that rests on a number from memory denies nothing and stops nothing until somebody has confirmed it."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.kit.saying import explain_rule
from tests.judge.kit.rules import pack_of
from tests.judge.strategies import SWING, account_of, program_of

BLOCK = """
param trips = 0 from 2020-01-01 cite "desk" confidence M retrieved 2020-01-01

rule no_trips "No openings at all"
  in force from 2020-01-01
  at opening order require count of opening order today <= trips
  guard at opening order: deny when count of opening order today >= trips
  on breach deny
"""
CONFIRMED = BLOCK + 'confirmed by "A. Officer" on 2026-01-02\n'


def judged(block):
    found = judge(program_of(SWING), account_of(), date(2026, 7, 1), (pack_of(small=block),))
    (verdict,) = found.verdicts
    return found, verdict


def test_from_memory_it_only_watches():
    found, verdict = judged(BLOCK)
    assert verdict.status is Status.VIOLATED
    assert not verdict.hard_block
    assert "no hard block: `trips` from 2020-01-01 rests on memory and nobody has confirmed it" in verdict.because
    assert verdict.guard.action == "warn"
    assert found.violated == ()
    assert found.guards == ()
    assert len(found.tripwires) == 1
    assert verdict.as_json()["hard_block"] is False


def test_confirmed_it_blocks():
    found, verdict = judged(CONFIRMED)
    assert verdict.hard_block
    assert "memory" not in verdict.because
    assert found.violated == (verdict,)
    assert len(found.guards) == 1


@pytest.mark.parametrize(("block", "marked"), [(BLOCK, True), (CONFIRMED, False)])
def test_the_page_says_so(block, marked):
    pack = pack_of(small=block)
    page = explain_rule(pack, pack.rules[0])
    assert "FROM MEMORY" in page
    assert ("NOT CONFIRMED" in page) is marked
    assert ("no hard block" in page) is marked
    assert ("confirmed by A. Officer on 2026-01-02" in page) is not marked
