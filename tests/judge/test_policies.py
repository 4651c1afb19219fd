"""Brokers' published policies: taken where a profile names the broker and is silent, told as an assumption."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.pack import PackRefused, read_pack
from stratc.runtime.model.account import read_account
from tests.judge.strategies import SWING, program_of

pytestmark = pytest.mark.fast

PACKS = load_packs()
POLICIES = [policy for pack in PACKS for policy in pack.policies]
PDT, IMD = "us.finra.pattern_day_trader", "us.finra.intraday_margin"
STATED = 'day_trading_regime = "pattern_day_trader"'


def judged(broker: str, day: str):
    account = '[account]\ntype = "margin"\ncurrency = "USD"\nequity = 8_000\n[broker]\nlegal_entity = "US"\n'
    return judge(program_of(SWING), read_account(account + broker), date.fromisoformat(day), PACKS, fast=True)


def binding(broker: str, day: str) -> set[str]:
    found = {each.rule for each in judged(broker, day).verdicts if each.status is not Status.NOT_APPLICABLE}
    return found & {PDT, IMD}


@pytest.mark.parametrize(
    ("broker", "day", "rules"),
    [
        ('name = "Alpaca"', "2026-06-03", {PDT}),
        ('name = "Alpaca"', "2026-06-04", {IMD}),
        ('name = "Charles Schwab"', "2026-06-07", {PDT}),
        ('name = "Charles Schwab"', "2026-06-08", {IMD}),
        ('name = "E*TRADE"', "2026-06-08", {PDT}),
        ('name = "E*TRADE"', "2026-06-09", {IMD}),
        ('name = "Firstrade"', "2026-06-04", {IMD}),
        ('name = "IBKR"', "2026-11-20", {PDT, IMD}),  # in transition: both, as of a broker that nobody knows
        ('name = "another broker"', "2026-11-20", {PDT, IMD}),
        ("", "2026-11-20", {PDT, IMD}),
        (f'name = "Alpaca"\n{STATED}', "2026-11-20", {PDT}),  # what the profile says goes before what is published
        ('name = "Alpaca"', "2027-10-21", {IMD}),
    ],
)
def test_a_named_broker_is_known_by_what_it_published(broker, day, rules):
    assert binding(broker, day) == rules


def test_what_is_taken_is_told():
    told = judged('name = "Schwab"', "2026-11-20").assumptions
    taken = [each for each in told if "as published" in each]
    assert len(taken) == 1
    assert "Charles Schwab is taken to have moved to intraday margin on 2026-06-08" in taken[0]
    assert "confidence S, retrieved 2026-11-20" in taken[0]
    assert not any("no day-trading regime is stated" in each for each in told)
    assert not any("as published" in each for each in judged(STATED, "2026-11-20").assumptions)


def test_policies_are_dated_and_sourced_and_names_are_one_broker_s():
    assert len(POLICIES) >= 12
    assert all(each.source and each.says and each.confidence in {"V", "V2", "S"} for each in POLICIES)
    names = [name for each in POLICIES for name in each.names]
    assert len(names) == len(set(names))
    assert names == [name.lower() for name in names]


def test_a_policy_that_is_misspelt_refuses_the_pack():
    head = 'id="p"\ntitle="t"\njurisdiction="US"\nauthority="a"\nowner="o"\nversion="1"\n'
    with pytest.raises(PackRefused, match=r"p/brokers\.toml: the policy of X has or lacks moved"):
        read_pack("p", {"pack.toml": head, "brokers.toml": '[[policies]]\nbroker = "X"\nmoved = 2026-06-04\n'})
