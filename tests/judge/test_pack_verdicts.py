"""What strategies are told by rules of the packs: one that keeps a rule, and one that breaks it where that is found.

`us.reg_t.freeriding` and `us.reg_sho.price_test` have no breaker here: the engine lets a cash account buy no more than
it has, and the runs of the search rarely fall by a tenth. Their scenarios break them.
"""

from __future__ import annotations

from datetime import date

import pytest

from stratc.compiler.judge import Status, judge
from stratc.compiler.judge.load import load_packs
from stratc.runtime.model.account import read_account
from tests.judge.strategies import FOREX, SWING, program_of

PACKS = load_packs()
NONE, PROVED, VIOLATED, GUARDED = Status.NOT_APPLICABLE, Status.PROVED, Status.VIOLATED, Status.GUARDED
TODAY = "2026-11-20"
ACCESS = "margin USD US US market_access_controls"

OVERNIGHT = """strategy "Overnight"
trade   SPY on 30 min, regular session
account cash USD

rule enter
  every session, 30 min before end
  when flat
  then buy 95% of equity at closing auction

rule leave
  when long
  then exit all at opening auction
"""
SHORT = """strategy "Short"
trade   SPY on 1 day
account margin USD

rule enter
  when flat and close < open
  then short 50% of equity at next open{locate}

rule leave
  when short and close > open
  then exit all at next open
"""
LIMIT = """strategy "Limit"
trade   SPY on 1 day
account margin USD

rule enter
  when flat
  then buy 20% of equity at limit close * {times}

rule leave
  when long and close > open
  then exit all at next open
"""
FUTURE = """strategy "Future"
trade   {root} on 1 day
account futures USD

rule enter
  when flat and close > open
  then buy {size} at next open

rule leave
  when long and close < open
  then exit all at next open
"""
OIL = FUTURE.replace("on 1 day", "on 1 day\nroll    5 sessions before expiry").replace("{root}", "CL")
CORN = FUTURE.replace("{root}", "ZC")
GRID = """strategy "Grid"
trade   ES on 1 day
roll    5 sessions before expiry
account futures USD

rule enter
  when not short
  then buy 1 contract at limit close * {buy}

rule leave
  when long
  then exit all at limit close * {sell}
"""
TARGET = """strategy "Target"
trade   ES on 1 day
roll    5 sessions before expiry
account futures USD

rule enter
  when not short and close > open
  then buy 1 contract at next open
       target close + 10 USD

rule leave
  when long and close < open
  then exit all at next open
"""
MUCH = SWING.replace("90% of equity", "2_000_000 shares")
INDIAN = SWING.replace("trade   SPY", "trade   INFY.NS").replace("account margin USD", "account margin INR")

ELEVEN = (
    "INFY.NS, TCS.NS, RELIANCE.NS, HDFCBANK.NS, ICICIBANK.NS, SBIN.NS, ITC.NS, LT.NS, AXISBANK.NS, WIPRO.NS, TITAN.NS"
)
AT_ONCE = INDIAN.replace("INFY.NS", ELEVEN).replace("90%", "5%")


def pairs(size: str, account: str = "account cfd USD", pair: str = "EUR/USD") -> str:
    return FOREX.format(pair=pair, size=size).replace("account forex USD", account)


CASES = [
    # European Union
    ("eu.esma.initial_margin", pairs("29x"), "cfd USD CY DE", TODAY, PROVED),
    ("eu.esma.initial_margin", pairs("31x"), "cfd USD CY DE", TODAY, VIOLATED),
    ("eu.esma.initial_margin", pairs("31x"), "cfd USD CY DE", "2018-07-31", NONE),
    ("eu.esma.initial_margin", pairs("19x", pair="AUD/USD"), "cfd USD CY DE", TODAY, PROVED),
    ("eu.esma.initial_margin", pairs("21x", pair="AUD/USD"), "cfd USD CY DE", TODAY, VIOLATED),
    ("eu.esma.initial_margin", pairs("1.9x", pair="BTC/USD"), "cfd USD CY DE", TODAY, PROVED),
    ("eu.esma.initial_margin", pairs("2.1x", pair="BTC/USD"), "cfd USD CY DE", TODAY, VIOLATED),
    # United Kingdom
    ("uk.fca.initial_margin", pairs("29x"), "cfd USD GB GB", TODAY, PROVED),
    ("uk.fca.initial_margin", pairs("31x"), "cfd USD GB GB", TODAY, VIOLATED),
    ("uk.fca.initial_margin", pairs("19x", pair="XAU/USD"), "cfd USD GB GB", TODAY, PROVED),
    ("uk.fca.initial_margin", pairs("21x", pair="XAU/USD"), "cfd USD GB GB", TODAY, VIOLATED),
    ("uk.fca.no_crypto_derivatives", pairs("1x", pair="XAU/USD"), "cfd USD GB GB", TODAY, NONE),
    ("uk.fca.no_crypto_derivatives", pairs("1x", pair="BTC/USD"), "cfd USD GB GB", TODAY, VIOLATED),
    ("uk.fca.no_crypto_derivatives", pairs("1x", pair="BTC/USD"), "cfd USD GB GB", "2021-01-05", NONE),
    # Australia
    ("au.asic.initial_margin", pairs("29x", pair="AUD/USD"), "cfd USD AU AU", TODAY, PROVED),
    ("au.asic.initial_margin", pairs("31x", pair="AUD/USD"), "cfd USD AU AU", "2027-05-21", VIOLATED),
    ("au.asic.initial_margin", pairs("31x", pair="AUD/USD"), "cfd USD AU AU", "2027-05-24", NONE),
    # Japan and Singapore
    ("jp.fsa.margin", pairs("24x", "account forex USD"), "forex USD JP JP", TODAY, PROVED),
    ("jp.fsa.margin", pairs("26x", "account forex USD"), "forex USD JP JP", TODAY, VIOLATED),
    ("sg.mas.margin", pairs("19x", "account forex USD"), "forex USD SG SG", TODAY, PROVED),
    ("sg.mas.margin", pairs("21x", "account forex USD"), "forex USD SG SG", TODAY, VIOLATED),
    # Residents of the United States
    ("us.no_contracts_for_difference", pairs("1x"), "cfd USD CY US", TODAY, VIOLATED),
    ("us.no_contracts_for_difference", pairs("1x"), "cfd USD CY DE", TODAY, NONE),
    # Margin of securities
    ("us.finra.maintenance_margin", SWING.replace("90%", "370%"), "margin USD US US", "2010-12-06", PROVED),
    ("us.finra.maintenance_margin", SWING.replace("90%", "410%"), "margin USD US US", "2010-12-06", VIOLATED),
    ("us.finra.maintenance_margin", SWING.replace("90%", "410%"), "margin USD US US", "2010-12-01", NONE),
    ("us.finra.low_priced_shorts", SWING, "margin USD US US", TODAY, PROVED),
    ("us.reg_t.initial_margin", SWING.replace("90%", "250%"), "margin USD US US", TODAY, VIOLATED),
    ("us.reg_t.initial_margin", SWING, "margin USD US US", TODAY, GUARDED),
    # Cash accounts: Monday's proceeds settle on Tuesday since 2024-05-28
    ("us.broker.settled_funds", OVERNIGHT, "cash USD US US", "2024-05-24", VIOLATED),
    ("us.broker.settled_funds", OVERNIGHT, "cash USD US US", "2024-05-28", GUARDED),
    ("us.reg_t.freeriding", OVERNIGHT, "cash USD US US", TODAY, GUARDED),
    ("us.reg_t.freeriding", SWING, "margin USD US US", TODAY, NONE),
    ("us.reg_t.pay_in_full", OVERNIGHT, "cash USD US US", TODAY, GUARDED),
    # Short sales
    ("us.reg_sho.locate", SHORT.format(locate=""), "margin USD US US", TODAY, VIOLATED),
    ("us.reg_sho.locate", SHORT.format(locate=", after locate"), "margin USD US US", TODAY, GUARDED),
    ("us.reg_sho.locate", SHORT.format(locate=""), "margin USD US US locates", TODAY, NONE),
    ("us.reg_sho.locate", SWING, "margin USD US US", TODAY, PROVED),
    ("us.reg_sho.price_test", SWING, "margin USD US US", TODAY, PROVED),
    ("us.reg_sho.price_test", SHORT.format(locate=", after locate"), "margin USD US US", TODAY, GUARDED),
    # Listed shares
    ("us.luld.price_bands", LIMIT.format(times="0.98"), "margin USD US US", TODAY, GUARDED),
    ("us.luld.price_bands", LIMIT.format(times="1.2"), "margin USD US US", TODAY, VIOLATED),
    ("us.large_trader.activity", SWING.replace("90% of equity", "10 shares"), "margin USD US US", TODAY, GUARDED),
    ("us.large_trader.activity", MUCH, "margin USD US US", TODAY, VIOLATED),
    ("us.large_trader.activity", MUCH, "margin USD US US", "2011-10-02", NONE),
    # Futures
    ("us.cme.wash_trades", GRID.format(buy="0.99", sell="1.01"), "futures USD US US", TODAY, GUARDED),
    ("us.cme.wash_trades", GRID.format(buy="1.01", sell="0.99"), "futures USD US US", TODAY, VIOLATED),
    ("us.cme.wash_trades", TARGET, "futures USD US US", TODAY, GUARDED),
    ("us.cme.accountability", OIL.format(size="1 contract"), "futures USD US US", TODAY, GUARDED),
    ("us.cme.accountability", OIL.format(size="20_001 contracts"), "futures USD US US", TODAY, VIOLATED),
    ("us.cftc.all_months_limit", CORN.format(size="1 contract"), "futures USD US US", TODAY, GUARDED),
    ("us.cftc.all_months_limit", CORN.format(size="60_000 contracts"), "futures USD US US", TODAY, VIOLATED),
    # India
    ("in.nse.no_market_orders", INDIAN, "margin INR IN IN", TODAY, VIOLATED),
    ("in.nse.no_market_orders", INDIAN, "margin INR IN IN", "2025-07-04", NONE),
    ("in.nse.orders_a_second", INDIAN, "margin INR IN IN", TODAY, GUARDED),
    ("in.nse.orders_a_second", AT_ONCE, "margin INR IN IN", TODAY, VIOLATED),
    # A house's own, where it is adopted
    ("house.access.price_collar", LIMIT.format(times="0.9"), ACCESS, TODAY, VIOLATED),
    ("house.access.price_collar", LIMIT.format(times="0.98"), ACCESS, TODAY, GUARDED),
    ("house.access.price_collar", LIMIT.format(times="0.9"), "margin USD US US", TODAY, NONE),
    ("house.exposure", SWING.replace("90%", "24%"), "margin USD US US house_template", TODAY, PROVED),
    ("house.exposure", SWING, "margin USD US US house_template", TODAY, VIOLATED),
    # The money of others
    ("us.registration", SWING, "margin USD US US client", TODAY, VIOLATED),
    ("us.registration", SWING, "margin USD US US client exempt", TODAY, NONE),
]  # fmt: skip


def account_from(words: str):
    kind, currency, firm, residence, *more = words.split()
    lines = [f'type = "{kind}"', f'currency = "{currency}"', "equity = 50_000", f'residence = "{residence}"']
    lines += ['owner = "client"'] * ("client" in more) + ['registration = "exempt"'] * ("exempt" in more)
    lines += [f'house_packs = ["{name}"]' for name in more if "_" in name]
    broker = [f'legal_entity = "{firm}"', 'day_trading_regime = "intraday_margin"']
    broker += ["locates = true"] * ("locates" in more)
    return read_account("\n".join(["[account]", *lines, "[broker]", *broker]))


@pytest.mark.parametrize(("rule", "text", "account", "day", "status"), CASES)
def test_a_strategy_is_told(rule, text, account, day, status):
    only = [pack for pack in PACKS if any(each.id == rule for each in pack.rules)]
    judged = judge(program_of(text), account_from(account), date.fromisoformat(day), only, budget_seconds=1.0)
    verdict = next(each for each in judged.verdicts if each.rule == rule)
    assert verdict.status is status, verdict.because
    assert (verdict.counterexample is not None) == (status is VIOLATED)


def test_a_pack_that_is_adopted_and_not_there_counts_as_broken():
    judged = judge(
        program_of(SWING), account_from("margin USD US US market_acess"), date(2026, 11, 20), PACKS, fast=True
    )
    verdict = judged.verdicts[-1]
    assert (verdict.rule, verdict.status) == ("house_packs.market_acess", VIOLATED)
    assert "there are house_template, market_access_controls, prop_firm_template, restricted_list" in verdict.because
