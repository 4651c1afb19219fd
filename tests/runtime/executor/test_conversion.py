"""Rates point in time: what was known, from which pair, how old it may be, and never 1."""

from __future__ import annotations

from decimal import Decimal
from math import isnan, nan

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.executor.conversion import PairPrices, conversion_of
from stratc.runtime.executor.scale import RunRefused, scale
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.instrument_file import load_instruments

pytestmark = pytest.mark.fast

EVER = 1 << 60


def pair(symbol, bars):
    """Bars `(open_ns, close_ns, open, close)`."""
    base, quote = symbol.split("/")
    columns = list(zip(*bars, strict=True)) or [(), (), (), ()]
    return PairPrices(
        symbol=symbol,
        base=base,
        quote=quote,
        opens_ns=pl.Series(list(columns[0]), dtype=pl.Int64),
        closes_ns=pl.Series(list(columns[1]), dtype=pl.Int64),
        open=pl.Series(list(columns[2]), dtype=pl.Float64),
        close=pl.Series(list(columns[3]), dtype=pl.Float64),
    )


def rates(rows, pairs, currency="EUR", account="USD", fresh=EVER):
    """The rates at rows `(open_ns, close_ns)`, as text so that NaN equals NaN."""
    opens, closes = (pl.Series([row[k] for row in rows], dtype=pl.Int64) for k in (0, 1))
    (found,) = conversion_of(opens, closes, [currency], account, pairs, fresh).rates
    return [f"{rate:.6g}" for rate in found.at_open], [f"{rate:.6g}" for rate in found.at_close]


EURUSD = pair("EUR/USD", [(0, 10, 1.1, 1.2), (10, 20, 1.25, 1.3)])


def test_a_mark_takes_the_last_close_and_a_fill_the_open_that_begins_with_it():
    assert rates([(0, 10), (10, 20), (20, 30)], [EURUSD]) == (["1.1", "1.25", "1.3"], ["1.2", "1.3", "1.3"])


def test_a_fill_inside_a_longer_bar_takes_the_last_close():
    """The pair's bar from 10 to 20 is not known to a row that closes at 15: its open came with it."""
    assert rates([(10, 15)], [EURUSD]) == (["1.2"], ["1.2"])


def test_before_the_first_price_and_after_a_stale_one_there_is_no_rate():
    assert rates([(-5, 5), (30, 40), (31, 41)], [EURUSD], fresh=20) == (["nan", "1.3", "1.3"], ["nan", "1.3", "nan"])


def test_a_price_that_is_missing_is_passed_over():
    gaps = pair("EUR/USD", [(0, 10, 1.1, 1.2), (10, 20, nan, nan)])
    assert rates([(10, 20)], [gaps]) == (["1.2"], ["1.2"])


def test_the_other_way_round_and_by_way_of_a_third():
    yen = pair("USD/JPY", [(0, 10, 100.0, 125.0)])
    assert rates([(0, 10)], [yen], "JPY")[1] == ["0.008"]
    assert rates([(0, 10)], [EURUSD, yen], "JPY", "EUR")[1] == [f"{1 / 125 / 1.2:.6g}"]


def test_no_way_no_rate():
    rows = pl.Series([0], dtype=pl.Int64)
    assert conversion_of(rows, rows, ["SEK"], "USD", [EURUSD], EVER).rates == ()


bars = st.lists(st.tuples(st.integers(1, 9), st.floats(0.5, 2), st.floats(0.5, 2)), min_size=1, max_size=20)


@given(bars, st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(0, 200))
def test_what_is_known_does_not_change_with_what_comes(steps, lengths, cut):
    """Rates of rows that close by `cut` are the same where the pair's bars that close later are not there."""
    at, made, rows, start = 0, [], [], 0
    for length, first, last in steps:
        made.append((at, at + length, first, last))
        at += length
    for length in lengths:
        rows.append((start, start + length))
        start += length
    kept = [row for row in rows if row[1] <= cut]
    if kept:
        whole, known = rates(kept, [pair("EUR/USD", made)]), [bar for bar in made if bar[1] <= cut]
        assert rates(kept, [pair("EUR/USD", known)]) == whole


def conversion(currency, rate):
    rows = pl.Series([10], dtype=pl.Int64)
    return conversion_of(rows, rows, [currency], "USD", [pair(f"{currency}/USD", [(0, 10, rate, rate)])], EVER)


def test_each_currency_has_the_digits_that_it_needs():
    """A tick of USD/JPY is 0.001 yen, a unit: a thousandth; the account keeps its cents."""
    found = scale((identify("USD/JPY"),), (150.0,), "USD", Decimal(1000), conversion("JPY", 0.01))
    assert (found.digits, found.other_digits, found.instruments[0].currency) == (2, (3,), 1)
    assert found.quanta_for_quantum(1) == 0.1
    assert found.instruments[0].tick_value == 1


def test_bounds_hold_in_the_account_s_money_too():
    """Where a unit abroad is worth many here, fewer lots are safe."""
    rich, poor = (
        scale((identify("SPY"),), (100.0,), "JPY", Decimal(1000), usd_in_yen(rate)).instruments[0].lots_max
        for rate in (10_000.0, 1.0)
    )
    assert rich * 99 < poor < rich * 101


def usd_in_yen(rate):
    rows = pl.Series([10], dtype=pl.Int64)
    return conversion_of(rows, rows, ["USD"], "JPY", [pair("USD/JPY", [(0, 10, rate, rate)])], EVER)


def test_pence_are_hundredths_of_pounds():
    share = load_instruments('["VOD"]\nkind = "equity"\ncurrency = "GBX"\ntick = "0.05"\ncalendar = "24/7"\n')["VOD"]
    found = scale((share,), (90.0,), "GBP", Decimal(1000))
    # 0.05 pence a share are 0.0005 pounds: five quanta of four digits; no rate is needed.
    assert (found.digits, found.instruments[0].tick_value, found.instruments[0].currency) == (4, 5, 0)


def test_a_currency_without_rates_is_refused_by_name():
    with pytest.raises(RunRefused, match=r"`SPY` pays in USD and the account is kept in EUR.*--data USD/EUR=FILE"):
        scale((identify("SPY"),), (1.0,), "EUR", Decimal(1))


def test_never_one():
    """A run before the first rate knows none, not 1."""
    (found,) = conversion_of(
        pl.Series([0], dtype=pl.Int64), pl.Series([5], dtype=pl.Int64), ["EUR"], "USD", [EURUSD], EVER
    ).rates
    assert isnan(found.at_open[0])
    assert isnan(found.at_close[0])
