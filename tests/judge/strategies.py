"""Strategies and accounts for tests of judging, by name, as a trader would write them."""

from __future__ import annotations

from pathlib import Path

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.nodes import Program
from stratc.dsl.source import Source
from stratc.runtime.model.account import AccountProfile, read_account

EXAMPLES = Path(__file__).parents[2] / "examples"

CHURN = """strategy "Churn"
trade   SPY, QQQ on 30 min, regular session
account margin USD

rule go_long
  when flat and close > open
  then buy 150% of equity
       stop loss at close * 0.995
       target 1R

rule go_short
  when flat and close < open
  then short 150% of equity
       stop loss at close * 1.005
       target 1R

rule tired
  when bars_held >= 3
  then exit all
"""
PYRAMID = """strategy "Pyramid"
trade   SPY, QQQ on 30 min, regular session
account margin USD

rule more
  when not short and close > open
  then buy 60% of equity

rule leave
  when long and close < open
  then exit half
"""
SWING = """strategy "Swing"
trade   SPY on 1 day
account margin USD

rule enter
  when flat and close > open
  then buy 90% of equity at next open

rule leave
  when long and close < open
  then exit all at next open
"""
SWING_STOP = SWING.replace("at next open\n\nrule leave", "at next open\n       stop loss at close * 0.97\n\nrule leave")
FOREX = """strategy "Pairs"
trade   {pair} on 1 hour
account forex USD

rule enter
  when flat and close > open
  then buy {size} of equity

rule leave
  when long and close < open
  then exit all
"""


def program_of(text: str) -> Program:
    """The program of a text that has no error."""
    compiled = compile_source(Source("test.strat", text))
    assert compiled.program is not None, [problem.message for problem in compiled.diagnostics]
    return compiled.program


def example(name: str) -> Program:
    return program_of((EXAMPLES / name / "strategy.strat").read_text(encoding="utf-8"))


def account_of(kind: str = "margin", equity: str = "8_000", broker: str = "", rest: str = "") -> AccountProfile:
    """A US account; `broker` and `rest` are further lines of the profile."""
    account = f'[account]\ntype = "{kind}"\ncurrency = "USD"\nequity = {equity}'
    return read_account(f'{account}\n[broker]\nlegal_entity = "US"\n{broker}\n{rest}')
