"""Waivers: for house rules and advice, one text, a time and another person's name; everything else changes nothing."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest

from stratc.compiler.judge import judge
from stratc.compiler.judge.pack import Pack, PackRefused, read_pack
from stratc.compiler.judge.verdict import Status, Verdict
from tests.judge.strategies import SWING, account_of, program_of

PACK = """id = "house"
title = "House"
jurisdiction = "US"
authority = "house"
owner = "the desk"
version = "1"
"""
RULE = """---
id: house.small
severity: {severity}
authority: house
kind: limit
binds: this desk
citation: Desk manual 4.3
---
# Small
## Requirement
## In plain words
## Rule
```rule
param most = 1_000 USD from 2020-01-01 cite "Desk manual 4.3" confidence V retrieved 2026-11-20

rule small "At most a thousand dollars"
  in force from 2020-01-01
  applies where account.type is margin

  at opening order require total of exposure_after <= {bound}
  guard at opening order: deny when total of exposure_after > {bound}
  on breach deny
```
## Scenarios
## At run time
## Remedy
## Interpretation
## History
"""
WAIVER = """rule = "house.small"
strategy = "Swing"
digest = "{digest}"
reason = "a pilot with the desk's own money"
author = "A. Trader"
approver = "C. Officer"
granted = 2026-11-01
expires = 2026-12-31
"""
OF_SWING = sha256(SWING.encode()).hexdigest()
DAY = date(2026, 11, 28)


def pack(*, severity: str = "house", bound: str = "most", digest: str = OF_SWING, waiver: str = WAIVER) -> Pack:
    texts = {"pack.toml": PACK, "small.md": RULE.format(severity=severity, bound=bound)}
    text = waiver.replace("{digest}", digest)
    return read_pack("house", texts | ({"waivers/2026-11-01_swing.toml": text} if waiver else {}))


def verdict(used: Pack, day: date = DAY) -> tuple[Verdict, list[str], int]:
    judged = judge(program_of(SWING), account_of("margin"), day, [used], budget_seconds=0.5)
    (found,) = judged.verdicts
    return found, list(judged.assumptions), len(judged.guards)


def test_a_waiver_lifts_the_rule_and_says_so_everywhere():
    found, assumptions, guards = verdict(pack())
    assert found.status is Status.WAIVED
    assert "waived until 2026-12-31 by C. Officer" in found.because
    assert "without it violated" in found.because
    assert found.counterexample is not None
    assert found.changes_on == date(2027, 1, 1)
    assert any(each.startswith("house.small: waived until 2026-12-31") for each in assumptions)
    assert guards == 0


@pytest.mark.parametrize(
    ("used", "day", "why"),
    [
        (pack(severity="law"), DAY, "the rule is law"),
        (pack(digest="0" * 64), DAY, f"this one's digest is {OF_SWING}"),
        (pack(), date(2027, 1, 1), "it expired on 2026-12-31"),
        (pack(), date(2026, 10, 31), "it begins on 2026-11-01"),
    ],
)
def test_what_does_not_count_changes_nothing_and_is_told(used, day, why):
    found, _, guards = verdict(used, day)
    assert found.status is Status.VIOLATED
    assert "the waiver in house/waivers/2026-11-01_swing.toml does not count: " in found.because
    assert why in found.because
    assert guards == 1


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 12, 31)])
def test_both_ends_are_included(day):
    assert verdict(pack(), day)[0].status is Status.WAIVED


def test_advice_may_be_waived():
    assert verdict(pack(severity="advice"))[0].status is Status.WAIVED


def test_what_is_proved_needs_no_waiver():
    found, assumptions, guards = verdict(pack(bound="2 * equity"))
    assert found.status is Status.PROVED
    assert guards == 0
    assert not any("waived" in each for each in assumptions)


@pytest.mark.parametrize(
    ("waiver", "told"),
    [
        ("rule = ", "no TOML"),
        (WAIVER.replace("reason", "because"), "lacks `reason`"),
        (WAIVER.replace('"a pilot with the desk\'s own money"', '" "'), "lacks `reason`"),
        (WAIVER.replace("expires = 2026-12-31", 'expires = "soon"'), "lacks `expires`, a day"),
        (WAIVER.replace("2026-12-31", "2026-12-31T00:00:00"), "lacks `expires`, a day"),
        (WAIVER + "until = 2027-01-01\n", "has `until`, which no waiver has"),
        (WAIVER.replace("{digest}", "abc"), "`digest` is no SHA-256"),
        (WAIVER.replace("C. Officer", " a.  TRADER"), "approves an own request"),
        (WAIVER.replace("2026-12-31", "2026-10-31"), "before it is granted"),
    ],
)
def test_what_is_no_waiver_refuses_the_pack(waiver, told):
    with pytest.raises(PackRefused, match=r"waivers/2026-11-01_swing\.toml") as refused:
        pack(waiver=waiver)
    assert told in str(refused.value)


def test_a_waiver_is_no_part_of_the_rules():
    """Giving one does not change the pack's digest: signatures and locks are about what is demanded."""
    assert pack().digest == pack(waiver="").digest


def test_a_waiver_of_no_rule_of_the_pack_is_refused():
    with pytest.raises(PackRefused, match=r"waives `house\.big`, which is no rule of the pack"):
        pack(waiver=WAIVER.replace("house.small", "house.big"))
