"""Tables of bars and single bars make the same market, and compiled code runs on either."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from stratc.runtime.executor.backtest import run_backtest
from stratc.runtime.executor.market import PlacedBar, market
from stratc.runtime.executor.terms import Caps
from stratc.runtime.executor.timeline import market_of, spread
from stratc.runtime.feeds.bars import BarTable
from stratc.runtime.feeds.clock_row import ends_session, place_bar
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.session import calendar, days_since_epoch
from tests.runtime.engine.test_compiled import compile_by_hand
from tests.runtime.executor.test_backtest import TERMS

MINUTE = 60_000_000_000
START_NS = int(datetime(2025, 3, 3, tzinfo=UTC).timestamp()) * 1_000_000_000
SYMBOLS = ("BTC/USD", "ETH/USD")
FIELDS = ("open", "high", "low", "close", "volume")


def walk(seed, count):
    """Bars an hour each, with a gap here and there."""
    source = random.Random(seed)
    price, moment, bars = 1000.0, START_NS, []
    for _ in range(count):
        moment += 60 * MINUTE * source.choice([1, 1, 1, 2])
        first, last = price + source.randint(-2, 2), price + source.randint(-9, 9)
        high, low = max(first, last) + source.randint(0, 5), min(first, last) - source.randint(0, 5)
        bars.append(
            Bar(open_ns=moment, close_ns=moment + 60 * MINUTE, open=first, high=high, low=low, close=last, volume=1.0)
        )
        price = last
    return bars


def table(symbol, bars):
    prices = {name: pl.Series(name, [getattr(bar, name) for bar in bars], dtype=pl.Float64) for name in FIELDS}
    return BarTable(
        symbol=symbol,
        interval_ns=60 * MINUTE,
        opens_ns=pl.Series("opens_ns", [bar.open_ns for bar in bars], dtype=pl.Int64),
        closes_ns=pl.Series("closes_ns", [bar.close_ns for bar in bars], dtype=pl.Int64),
        **prices,
        digest="",
        source="made up",
        licence="none",
        synthetic=True,
        outside_session=0,
        unknown_values=0,
        notes=(),
    )


def placed_one_by_one(i, bars, kept):
    """Each bar as a live run would place it, from the bar before and the calendar."""
    before = None
    for bar in bars:
        here = place_bar(bar.open_ns, bar.close_ns, kept, previous=before)
        day = days_since_epoch(here.session.date)
        yield PlacedBar(instrument=i, day=day, bar=bar, ends_session=ends_session(here, previous=before))
        before = here


def both_markets(counts):
    instruments = tuple(identify(symbol) for symbol in SYMBOLS[: len(counts)])
    series = [walk(seed, count) for seed, count in enumerate(counts)]
    crypto = calendar("CRYPTO")
    placed = [each for i, bars in enumerate(series) for each in placed_one_by_one(i, bars, crypto)]
    tables = [table(symbol, bars) for symbol, bars in zip(SYMBOLS, series, strict=False)]
    return market(instruments, placed), *market_of(instruments, tables, [crypto] * len(tables))


@pytest.mark.fast
@pytest.mark.parametrize("counts", [[100], [100, 70], [1, 1]])
def test_tables_and_bars_make_the_same_market(counts):
    one, other, timeline = both_markets(counts)
    for name in ("opens_ns", "closes_ns", "rows", *FIELDS):
        assert list(getattr(other, name)) == list(getattr(one, name)), name
    assert (other.price_max, other.instruments) == (one.price_max, one.instruments)
    rows = spread([pl.Series(range(count)) for count in counts], timeline)
    assert list(rows) == list(timeline.bar)


@pytest.mark.compiled
def test_compiled_code_runs_on_either(tmp_path):
    module = compile_by_hand("workload_a", tmp_path / "by_hand")
    one, other, _ = both_markets([3000])
    terms = replace(TERMS, equity=Decimal(1_000_000))
    runs = [
        run_backtest(
            found,
            terms,
            Caps(),
            (),
            rules=("in", "out"),
            planned_flows=0,
            make_strategy=lambda columns, found=found: module.Strategy(address(found.close)),
            module=module,
        )
        for found in (one, other)
    ]
    assert list(runs[0].round_trips()) == list(runs[1].round_trips())
    assert runs[0].equity == runs[1].equity
    assert runs[0].round_trip_count > 20


def address(column):
    from stratc.runtime.feeds.buffers import buffer

    return buffer(column).address if isinstance(column, pl.Series) else column.buffer_info()[0]


@pytest.mark.fast
def test_where_a_session_ends_does_not_depend_on_later_bars():
    """Data that stop in the middle of a session, or lack its last bar, have no end of it."""
    rows = both_markets([100])[1].rows
    for count in range(1, 100, 7):
        assert list(both_markets([count])[1].rows) == list(rows)[:count]
