"""A share and a pair in one strategy, each with rules in its own units, against the prices of the file.

Every quantity is what the rule for its instrument says, stops lie pips below the low of a pair and ticks below that of
a share, and interpreted and compiled runs write the same round trips.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import stratc

ROOT = Path(__file__).parents[2]
PRICES = ROOT / "examples" / "prices" / "daily"
TEXT = """strategy "A share and a pair"
trade   IBM, EUR/USD on 1 day
account margin USD

input size = 2 micro lots in 1 micro lot..9 micro lots

rule shares for IBM
  when flat and close crosses above sma(close, 20) and close > 50 USD
  then buy 1 round lot at next open
       stop loss at low - 10 ticks

rule euros for EUR/USD
  when flat and close crosses above sma(close, 20)
  then buy size at next open
       stop loss at low - 40 pips

rule leave
  when long and close crosses below sma(close, 20)
  then exit all at next open
"""
# A stop of a long position is asked at the bid, and the price of a pair's bar is the middle of bid and ask.
HALF_SPREAD = 0.000_075


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The folder of the strategy, and what a run of it is given."""
    folder = tmp_path_factory.mktemp("rules_for")
    (folder / "strategy.strat").write_text(TEXT, encoding="utf-8")
    account = (ROOT / "examples" / "golden_cross" / "account.toml").read_text(encoding="utf-8")
    account = account.replace('type = "cash"', 'type = "margin"').replace('["equities"]', '["equities", "forex"]')
    (folder / "account.toml").write_text(account, encoding="utf-8")
    data = ("--data", f"IBM={PRICES / 'IBM.parquet'}", "--data", f"EUR/USD={PRICES / 'EURUSD.parquet'}")
    return folder, data


def round_trips(asked, *more):
    folder, data = asked
    file = folder / "trades.csv"
    done = stratc("run", folder / "strategy.strat", *data, "--from", "2000-01-03", *more, "--trades", file)
    assert done.code == 0, done.stderr
    return read_trips(file)


@pytest.fixture(scope="module")
def made(asked):
    return round_trips(asked, "--to", "2001-06-29", "--interpret")


@pytest.mark.compiled
@pytest.mark.slow
def test_both_ways_to_run_agree(asked):
    span = ("--to", "2001-12-31")
    assert round_trips(asked, *span) == round_trips(asked, *span, "--interpret")


def test_quantities_are_those_of_the_rule(made):
    found = {(row["instrument"], row["rule_in"], float(row["quantity"])) for row in made}
    assert found == {("IBM", "shares", 100.0), ("EUR/USD", "euros", 2_000.0)}


def test_stops_are_in_the_steps_of_the_instrument(made):
    """Every position that its stop took out was closed on the first day that touched it, and on no other."""
    for symbol, distance in (("IBM", 0.10), ("EUR/USD", 0.0040)):
        bars = pl.read_parquet(PRICES / f"{symbol.replace('/', '')}.parquet").sort("time")
        days, lows = [str(day)[:10] for day in bars.get_column("time").to_list()], bars.get_column("low").to_list()
        stopped = [row for row in made if row["instrument"] == symbol and row["rule_out"] != "leave"]
        late = [row["opened_at"][:10] for row in stopped if touched(row, days, lows, distance) != closed(row, days)]
        assert len(stopped) >= 7
        # The dividend of 2000-11-08 lowered the stop of that position by as much.
        assert late == (["2000-11-07"] if symbol == "IBM" else [])


def touched(row, days, lows, distance):
    """The first day whose low, at the bid for a pair, is at the stop: so much below the low of the day before it."""
    pair = row["instrument"] == "EUR/USD"
    # A day of a pair begins on the evening before.
    opened = row["opened_at"][:10]
    decided = max(n for n, day in enumerate(days) if day < opened or (pair and day == opened))
    bid = HALF_SPREAD if pair else 0.0
    stop = lows[decided] - distance
    return next(n for n in range(decided + 1, len(days)) if lows[n] - bid <= stop + 1e-9)


def closed(row, days):
    last = max(n for n, day in enumerate(days) if day <= row["closed_at"][:10])
    return last + 1 if row["instrument"] == "EUR/USD" else last
