"""Strategies that break a rule, each beside the same one mended: the first is refuted by a run, the second never is.

A row is a rule, the words of an account, a text and what it says instead where it is mended.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from stratc.compiler.judge import judge
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.verdict import Status, Verdict
from tests.judge.strategies import program_of
from tests.judge.test_pack_verdicts import account_from

DAY = date(2026, 7, 1)
PDT_DAY = date(2026, 6, 3)
PDT, DEPOSIT = "us.finra.pattern_day_trader", "us.nfa.security_deposit"
US, FX = "margin USD US US", "forex USD US US"
KEEP, CAP = "\nkeep at least 1 session\n", "\ncap day_trades 3 per 5 sessions\n"

DAY_TRADE = """strategy "Day trader"
trade   {symbols} on {interval}, regular session
account margin USD

rule enter
  when flat and {when}
  then {side} {size}
{bracket}
rule leave
  every session, 30 min before end
  then exit all
{more}"""
HELD = """strategy "Held"
trade   {symbols} on 1 day
account {account}

rule enter
  when flat and close > open
  then {side} {size} at next open

rule leave
  when {held} and close < open
  then exit all at next open
{more}"""
GRID = """strategy "Two at a time"
trade   {symbols} on 1 hour
account {account}

rule more
  when {when}
  then buy {size}
  at most {times} per day

rule leave
  when long and bars_held >= 6
  then exit {exit}
{more}"""


def day_trader(**more: str) -> str:
    words = {
        "symbols": "SPY", "interval": "30 min", "when": "close > open", "side": "buy", "size": "50% of equity",
        "bracket": "", "more": "",
    }  # fmt: skip
    return DAY_TRADE.format(**(words | more))


def held(size: str, *, symbols: str = "SPY", account: str = "margin USD", side: str = "buy", more: str = "") -> str:
    word = "long" if side == "buy" else "short"
    return HELD.format(symbols=symbols, account=account, side=side, size=size, held=word, more=more)


def grid(size: str, *, symbols: str = "SPY", account: str = "margin USD", times: str = "3", **more: str) -> str:
    words = {"when": "not short and close > open", "exit": "all", "more": ""}
    return GRID.format(size=size, symbols=symbols, account=account, times=times, **(words | more))


STOPPED = "       stop loss at close * 0.995\n"
SHORTED = "       stop loss at close * 1.005\n"
TARGETED = "       stop loss at close * 0.995\n       target 1R\n"
DAY_TRADERS = [
    {},
    {"interval": "5 min"},
    {"interval": "15 min"},
    {"interval": "10 min"},
    {"when": "close < open"},
    {"when": "close > close[1]"},
    {"when": "high > high[2]"},
    {"when": "time in 10:00..15:00"},
    {"symbols": "QQQ", "bracket": STOPPED},
    {"symbols": "IWM", "bracket": TARGETED},
    {"symbols": "SPY, QQQ"},
    {"symbols": "SPY, QQQ, IWM", "size": "20% of equity"},
    {"side": "short", "when": "close < open"},
    {"side": "short", "when": "close > open", "bracket": SHORTED},
    {"size": "10 shares"},
    {"size": "5_000 USD"},
]
CFD, FOREX = "cfd USD", "forex USD"
PAIRS = [
    *((PDT, US, day_trader(**more), day_trader(**more, more=KEEP if n % 2 else CAP))
      for n, more in enumerate(DAY_TRADERS)),
    # Leverage at each kind of account
    *((DEPOSIT, FX, held(over, symbols=pair, account=FOREX), held(within, symbols=pair, account=FOREX))
      for pair, over, within in (
          ("EUR/USD", "51x of equity", "49x of equity"), ("USD/CAD", "60x of equity", "40x of equity"),
          ("GBP/USD", "21x of equity", "19x of equity"), ("USD/JPY", "21x of equity", "19x of equity"),
          ("USD/SGD", "21x of equity", "19x of equity"), ("USD/TRY", "5x of equity", "3x of equity"),
          ("USD/NOK", "15x of equity", "13x of equity"), ("USD/SEK", "35x of equity", "30x of equity"))),
    *((rule, account, held(over, symbols=pair, account=kind), held(within, symbols=pair, account=kind))
      for rule, account, kind, pair, over, within in (
          ("eu.esma.initial_margin", "cfd USD CY DE", CFD, "EUR/USD", "31x of equity", "29x of equity"),
          ("eu.esma.initial_margin", "cfd USD CY FR", CFD, "EUR/GBP", "35x of equity", "25x of equity"),
          ("uk.fca.initial_margin", "cfd USD GB GB", CFD, "USD/JPY", "31x of equity", "29x of equity"),
          ("uk.fca.initial_margin", "cfd USD GB GB", CFD, "NZD/USD", "21x of equity", "19x of equity"),
          ("au.asic.initial_margin", "cfd USD AU AU", CFD, "AUD/USD", "31x of equity", "29x of equity"),
          ("jp.fsa.margin", "forex USD JP JP", FOREX, "USD/JPY", "26x of equity", "24x of equity"),
          ("sg.mas.margin", "forex USD SG SG", FOREX, "EUR/USD", "21x of equity", "19x of equity"))),
    ("us.reg_t.initial_margin", US, held("250% of equity"), held("150% of equity", more="\ncap leverage 1.8x\n")),
    ("us.reg_t.initial_margin", US, held("210% of equity", side="short"),
     held("90% of equity", side="short", more="\ncap leverage 1.4x\n")),
    ("us.reg_t.initial_margin", US, held("130% of equity", symbols="SPY, QQQ"),
     held("60% of equity", symbols="SPY, QQQ", more="\ncap leverage 1.8x\n")),
    ("us.reg_t.initial_margin", US, grid("90% of equity"), grid("30% of equity", more="\ncap leverage 1.8x\n")),
    ("us.finra.intraday_margin", US, day_trader(size="450% of equity"), day_trader(size="300% of equity")),
    ("us.reg_sho.locate", US, held("20% of equity", side="short"), held("20% of equity")),
    # A house's own
    ("house.exposure", f"{US} house_template", held("90% of equity"), held("20% of equity")),
    ("house.access.order_size", f"{US} market_access_controls", held("150% of equity"), held("5% of equity")),
    ("prop.daily_loss", f"{US} prop_firm_template", held("90% of equity", symbols="SPY"), held("0.1% of equity")),
    ("prop.positions", f"{US} prop_firm_template",
     day_trader(symbols="SPY, QQQ, IWM, DIA, XLF, XLE", size="5% of equity"), day_trader(size="5% of equity")),
    ("us.nfa.first_in_first_out", FX,
     grid("8_000 units", symbols="EUR/USD", account=FOREX, exit="half, newest first", more="\ncap units 3\n"),
     grid("8_000 units", symbols="EUR/USD", account=FOREX, when="flat and close > open")),
]  # fmt: skip


@cache
def packs_of(rule: str):
    return [pack for pack in load_packs() for each in pack.rules if each.id == rule]


def verdict(rule: str, account: str, text: str, seconds: float = 1.0) -> Verdict:
    profile = account_from(account)
    # The minimum equity of a day trader lifts that rule, and it was in force for everybody until that day.
    small, day = (replace(profile, equity=Decimal(10_000)), PDT_DAY) if rule == PDT else (profile, DAY)
    judged = judge(program_of(text), small, day, packs_of(rule), budget_seconds=seconds)
    return next(each for each in judged.verdicts if each.rule == rule)


def test_there_are_enough():
    assert len(PAIRS) >= 40


@pytest.mark.parametrize(("rule", "account", "text", "mended"), PAIRS)
def test_what_breaks_a_rule_is_refuted_by_a_run_and_what_was_mended_is_not(rule, account, text, mended):
    broken = verdict(rule, account, text)
    assert broken.status is Status.VIOLATED, broken.because
    assert broken.counterexample.events[-1].note
    kept = verdict(rule, account, mended, 0.3)
    assert kept.status in {Status.PROVED, Status.GUARDED}, kept.because
