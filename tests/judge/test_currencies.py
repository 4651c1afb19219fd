"""Verdicts and guards where money is in two currencies: a bound in the wrong one would be a false proof."""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.load import load_packs
from stratc.runtime.model.account import read_account
from tests.judge.strategies import CHURN, FOREX, account_of, program_of

PACKS = load_packs()
DEPOSIT = "us.nfa.security_deposit"
DAY = date(2026, 11, 20)


def statuses(program, account):
    return {verdict.rule: verdict for verdict in judge(program, account, DAY, PACKS).verdicts}


@pytest.mark.parametrize(
    ("pair", "size", "status"),
    [
        ("USD/JPY", "1900%", Status.PROVED),  # 5% of 19 times equity
        ("USD/JPY", "2100%", Status.VIOLATED),
        ("EUR/GBP", "1900%", Status.PROVED),
        ("EUR/GBP", "2100%", Status.VIOLATED),
        ("GBP/JPY", "2100%", Status.VIOLATED),
    ],
)
def test_deposits_of_pairs_in_other_currencies(pair, size, status):
    """Sizes are shares of equity in the account's money, whatever the pair is quoted in."""
    found = statuses(program_of(FOREX.format(pair=pair, size=size)), account_of("forex"))
    assert found[DEPOSIT].status is status


def test_units_of_a_pair_in_yen_are_not_taken_for_dollars():
    """A million yen's worth of units is no million dollars: sized in units nothing is proved; the search finds it."""
    text = FOREX.format(pair="USD/JPY", size="200_000 units").replace("units of equity", "units")
    found = statuses(program_of(text), account_of("forex"))
    assert found[DEPOSIT].status is Status.VIOLATED


def test_an_amount_of_a_rule_is_not_taken_for_the_account_s_currency():
    """25,000 USD are not reached with 30,000 JPY: such a rule is not judged, and counts as violated."""
    account = read_account(
        '[account]\ntype = "margin"\ncurrency = "JPY"\nequity = 30_000\n[broker]\nlegal_entity = "US"'
    )
    found = statuses(program_of(CHURN.replace("margin USD", "margin JPY")), account)
    told = found["us.finra.minimum_equity"]
    assert (told.status, told.because) == (
        Status.VIOLATED,
        "the rule counts in USD, the account in another currency",
    )
