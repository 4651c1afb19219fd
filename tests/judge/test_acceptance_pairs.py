"""Pairs of a published strategy and an account for which the law has one answer: by the day, the broker and the size.

The opening range of a small margin account is in `tests/acceptance/test_day_trading.py`; a short sale without a locate
and a strategy without a stop loss are refused by `compile`, see `tests/acceptance/test_risks.py`.
"""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge import judge
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.verdict import GuardClass, Status, Verdict
from stratc.dsl.source import Source
from stratc.runtime.model.account import read_account
from tests.judge.strategies import EXAMPLES, program_of

PACKS = load_packs()
PROVED, GUARDED, VIOLATED, NONE = Status.PROVED, Status.GUARDED, Status.VIOLATED, Status.NOT_APPLICABLE
TODAY = "2026-07-01"
DEPOSIT, FIFO, NO_OFFSET = "us.nfa.security_deposit", "us.nfa.first_in_first_out", "us.nfa.no_offset"

LONDON = """strategy "London breakout"
trade   {pair} on 5 min
account forex USD

let box_high = highest(high) over 00:00..07:00 London
let box_low  = lowest(low) over 00:00..07:00 London

rule up
  every day, at 07:00 London
  when {when} and box_high - box_low <= 60 pips
  then buy {size} at stop box_high + 3 pips, good until 10:00 London
{more}
rule end_of_day
  every day, at 17:00 London
  then exit all
"""
LADDER = """
rule more
  when long and close > entry_price
  then buy 8_000 units
  at most 1 per day

rule half
  when long and close > entry_price + 20 pips
  then exit half, {order} first

cap units 2
"""
CARRY = (EXAMPLES / "g10_carry" / "strategy.strat").read_text("utf-8")
OVERNIGHT = (EXAMPLES / "overnight_hold" / "strategy.strat").read_text("utf-8").replace("margin USD", "cash USD")


def at(size: str, pair: str = "EUR/USD") -> str:
    return LONDON.format(pair=pair, size=f"{size} of equity", when="flat", more="")


def tickets(order: str) -> str:
    return LONDON.format(pair="EUR/USD", size="8_000 units", when="not short", more=LADDER.format(order=order))


def account(kind: str = "forex", entity: str = "US", residence: str = "US", netting: str = "netting") -> str:
    return f"""[account]
type = "{kind}"
currency = "USD"
equity = 10_000
residence = "{residence}"
[broker]
legal_entity = "{entity}"
netting = "{netting}"
slippage = {{ ticks = 5 }}
"""


def verdict(text: str, profile: str, rule: str, day: str) -> Verdict:
    only = [pack for pack in PACKS if any(each.id == rule for each in pack.rules)]
    judged = judge(program_of(text), read_account(profile), date.fromisoformat(day), only)
    return next(each for each in judged.verdicts if each.rule == rule)


@pytest.mark.parametrize(
    ("text", "profile", "rule", "day", "status"),
    [
        # London breakout, lots closed newest first, and for an account outside the United States
        (tickets("newest"), account(), FIFO, TODAY, VIOLATED),
        (tickets("newest"), account(netting="hedging"), FIFO, TODAY, VIOLATED),
        (tickets("newest"), account(entity="CH", residence="CH", netting="hedging"), FIFO, TODAY, NONE),
        (tickets("oldest"), account(), NO_OFFSET, TODAY, PROVED),
        (at("100%"), account(), FIFO, TODAY, PROVED),
        # The deposit: 2% of the first pairs, 5% of others, each at its edge
        (at("60x"), account(), DEPOSIT, TODAY, VIOLATED),
        (at("50x"), account(), DEPOSIT, TODAY, GUARDED),
        (at("49x"), account(), DEPOSIT, TODAY, PROVED),
        (at("25x", "USD/SGD"), account(), DEPOSIT, TODAY, VIOLATED),
        (at("19x", "USD/SGD"), account(), DEPOSIT, TODAY, PROVED),
        # Pairs whose levels have dates
        (at("49x", "GBP/USD"), account(), DEPOSIT, "2016-11-06", PROVED),
        (at("49x", "GBP/USD"), account(), DEPOSIT, "2016-11-07", VIOLATED),
        (at("19x", "GBP/USD"), account(), DEPOSIT, TODAY, PROVED),
        (at("49x", "NZD/USD"), account(), DEPOSIT, "2016-12-02", PROVED),
        (at("49x", "NZD/USD"), account(), DEPOSIT, "2016-12-05", VIOLATED),
        (at("49x", "AUD/USD"), account(), DEPOSIT, TODAY, VIOLATED),
        (at("19x", "MXN/USD"), account(), DEPOSIT, TODAY, VIOLATED),
        (at("9x", "MXN/USD"), account(), DEPOSIT, TODAY, PROVED),
        # Carry at three times its equity, capped at ten
        (CARRY, account(), NO_OFFSET, TODAY, PROVED),
        (CARRY, account(), DEPOSIT, TODAY, PROVED),
        # Held overnight in a cash account: what was sold on Monday settles on Tuesday since 2024-05-28
        (OVERNIGHT, account("cash"), "us.broker.settled_funds", "2024-05-24", VIOLATED),
        (OVERNIGHT, account("cash"), "us.broker.settled_funds", "2024-05-28", GUARDED),
    ],
)
def test_the_law_has_one_answer(text, profile, rule, day, status):
    found = verdict(text, profile, rule, day)
    assert found.status is status, found.because
    assert (found.counterexample is not None) == (status is VIOLATED)


def test_two_orders_tell_what_first_in_first_out_forbids():
    found = verdict(tickets("newest"), account(), FIFO, TODAY)
    assert [each.kind for each in found.counterexample.events] == ["order", "fill", "order", "fill", "exit"]
    assert found.guard.guard_class is GuardClass.TRANSFORMING


def test_funds_that_have_not_settled_are_a_warning():
    found = verdict(OVERNIGHT, account("cash"), "us.broker.settled_funds", "2024-05-24")
    assert not found.hard_block
    assert found.because.endswith("no hard block: the rule is advice")


def test_both_sides_of_a_pair_cannot_be_written():
    """Accounts are netted: whoever holds both sides has to say which of the two a `short` is."""
    text = LONDON.format(pair="EUR/USD", size="8_000 units", when="2 > 1", more="""
rule down
  every day, at 07:00 London
  then short 8_000 units at stop box_low - 3 pips, good until 10:00 London
""")  # fmt: skip
    assert "T324" in [each.code for each in compile_source(Source("both.strat", text)).diagnostics]
