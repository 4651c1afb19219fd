"""Ladders make no false proof: several of their orders fill, and their cost is bounded only where that is certain."""

from __future__ import annotations

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge.bounds.counts import openings_in_a_moment
from stratc.compiler.judge.bounds.ladders import levels_cost
from stratc.compiler.judge.sizes import read_shape
from stratc.dsl.source import Source

pytestmark = pytest.mark.fast

HEADER = """strategy "Grid"
trade {symbol} on {bars}
account {account}
input stake = 25 {money} in 10 {money}..40 {money}
"""
GRID = """rule grid
  when flat
  then buy 25 USDT
       at each of 40 geometric levels from 2000 USDT to 4000 USDT
       target one level up
rule leave
  when long and close > 4200 USDT
  then exit all
"""


def program_of(text, *, symbol="ETH/USDT", bars="1 hour", account="crypto USDT", money="USDT"):
    header = HEADER.format(symbol=symbol, bars=bars, account=account, money=money)
    compilation = compile_source(Source("grid.strat", header + text))
    assert compilation.program is not None, compilation.diagnostics
    return compilation.program


def committed(text, **header):
    return levels_cost(program_of(text, **header))


def test_a_grid_that_begins_flat_has_many_legs():
    """`flat` is asked of the first order only: 39 tax lots may be open, and one bought today may be sold today."""
    program = program_of(GRID)
    shape = read_shape(program)
    assert not shape.needs_flat
    assert not shape.one_leg
    assert shape.gross is None
    assert not shape.no_same_day_close
    assert openings_in_a_moment(program) == 39


def test_on_daily_bars_a_level_may_close_on_the_day_it_opened():
    assert not read_shape(program_of(GRID, bars="1 day")).no_same_day_close


COSTS = {
    "39 levels of 25": (GRID, 975.0),
    "without the target all 40 are bought": (GRID.replace("       target one level up\n", ""), 1_000.0),
    "an input counts at its most": (GRID.replace("buy 25 USDT", "buy stake"), 39 * 40.0),
    "the smaller of the two": (GRID.replace("buy 25 USDT", "buy 2 coins, at most 30 USDT"), 39 * 30.0),
    "coins are no money": (GRID.replace("buy 25 USDT", "buy 0.01 coins"), None),
    "a share of equity is no fixed amount": (GRID.replace("buy 25 USDT", "buy 1% of equity"), None),
    "a short sale may fill at a better price": (
        GRID.replace("buy", "short").replace("level up", "level down").replace("long", "short"),
        None,
    ),
    "another entry beside it": (GRID + "rule more\n  when flat\n  then buy 25 USDT\n", None),
    "two ladders": (GRID + GRID.replace("rule grid", "rule second").replace("rule leave", "rule leave_too"), 1_950.0),
}


@pytest.mark.parametrize(("text", "cost"), COSTS.values(), ids=COSTS)
def test_what_the_levels_cost_at_most(text, cost):
    assert committed(text) == cost


def test_no_cost_is_stated_where_lots_are_closed_in_order_or_money_is_exchanged():
    in_euro = GRID.replace("2000 USDT", "1.0 USD").replace("4000 USDT", "1.2 USD").replace("4200 USDT", "1.3 USD")
    pair = in_euro.replace("25 USDT", "25 USD")
    assert committed(pair, symbol="EUR/USD", account="forex USD", money="USD") is None
    shares = GRID.replace("25 USDT", "25 EUR").replace("2000 USDT", "200 USD").replace("4000 USDT", "400 USD")
    shares = shares.replace("4200 USDT", "420 USD")
    assert committed(shares, symbol="SPY", bars="1 day", account="cash EUR", money="EUR") is None
