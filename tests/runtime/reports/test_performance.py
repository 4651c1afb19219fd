"""Figures of runs whose answers are known by hand, and what must hold of any run."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from stratc.runtime.reports.performance import buy_and_hold, deepest, drawdowns, growth, measure, sharpe
from stratc.runtime.reports.summary import EquityCurve

DAY = 86_400 * 10**9

pytestmark = pytest.mark.fast


def curve(*equity: float) -> EquityCurve:
    times = [day * DAY for day in range(len(equity))]
    return EquityCurve(closes_utc_ns=times, equity=list(equity), gross_exposure=[1.0] * len(equity))


@pytest.mark.parametrize(
    ("equity", "depth", "high_day", "trough_day"),
    [
        ((100, 110, 99, 120, 90, 130), 0.25, 3, 4),
        ((110, 110, 55), 0.5, 1, 2),
        ((80, 90), 0.2, 0, 0),
        ((90, 80, 99), 0.2, 0, 1),
        ((100, 101, 102), 0.0, None, None),
        ((), 0.0, None, None),
        ((100, -50), 1.5, 0, 1),
    ],
)
def test_the_deepest_drawdown(equity, depth, high_day, trough_day):
    found = deepest(curve(*equity), 100.0)
    assert found.depth == pytest.approx(depth)
    days = [None if moment is None else moment // DAY for moment in (found.high_utc_ns, found.trough_utc_ns)]
    assert days == [high_day, trough_day]


@given(some.lists(some.floats(1.0, 1e9), max_size=50), some.floats(1.0, 1e9))
def test_drawdown_is_never_above_zero_and_zero_at_every_new_high(equity, start):
    below = drawdowns(equity, start)
    highest = start
    for value, fall in zip(equity, below, strict=True):
        assert fall <= 0.0
        assert (fall == 0.0) == (value >= highest)
        highest = max(highest, value)


def test_buy_and_hold_keeps_the_last_known_close(make):
    make_prices, _ = make
    prices = make_prices("A", 4, open=[math.nan, 10.0, 11.0, 12.0], close=[math.nan, 12.0, math.nan, 15.0])
    assert growth(prices, prices.closes_utc_ns) == [1.0, 1.2, 1.2, 1.5]
    other = make_prices("B", 4, open=[1.0] * 4, close=[1.0, 1.0, 1.0, 2.0])
    assert buy_and_hold((prices, other), prices.closes_utc_ns, 100.0) == [100.0, 110.0, 110.0, 175.0]


def test_without_a_price_there_is_no_buy_and_hold(make):
    prices = make[0]("A", 3, open=[math.nan] * 3)
    assert buy_and_hold((prices,), prices.closes_utc_ns, 100.0) == []
    assert buy_and_hold((), (), 100.0) == []


def test_sharpe_by_its_definition():
    values = [100.0]
    for day in range(40):
        values.append(values[-1] * (1.01 if day % 2 else 0.995))
    returns = [0.01 if day % 2 else -0.005 for day in range(40)]
    mean = sum(returns) / 40
    deviation = math.sqrt(sum((value - mean) ** 2 for value in returns) / 39)
    assert sharpe(curve(*values)) == pytest.approx(mean / deviation * math.sqrt(365.25), rel=1e-9)
    assert sharpe(curve(*values[:20])) is None
    assert sharpe(curve(*[100.0] * 50)) is None


def test_the_figures_of_a_run_agree_with_its_parts(daily):
    found = measure(daily)
    profits = [trip.pnl for trip in daily.round_trips]
    assert found.round_trips == 10
    assert found.commissions == Decimal(20)
    assert found.costs == Decimal(30)
    assert found.win_rate == sum(profit > 0 for profit in profits) / 10
    assert (found.best, found.worst) == (max(profits), min(profits))
    assert found.total_return == pytest.approx(daily.curve.equity[-1] / 10_000 - 1, abs=1e-6)
    years = (daily.curve.closes_utc_ns[-1] - daily.curve.closes_utc_ns[0]) / DAY / 365.25
    assert (1 + found.cagr) ** years == pytest.approx(1 + found.total_return)


def test_a_run_without_fills_has_unknown_figures_not_zeros(daily):
    empty = EquityCurve(closes_utc_ns=(), equity=(), gross_exposure=())
    quiet = replace(daily, fills=(), round_trips=(), curve=empty, final_equity=daily.start_equity)
    found = measure(quiet)
    assert found.total_return == 0.0
    unknown = (found.win_rate, found.profit_factor, found.best, found.worst, found.cagr, found.sharpe, found.exposure)
    assert unknown == (None,) * 7


def test_profit_factor_is_unknown_without_a_loss(daily):
    winners = tuple(replace(trip, pnl=Decimal(5)) for trip in daily.round_trips)
    assert measure(replace(daily, round_trips=winners)).profit_factor is None
    mixed = (replace(winners[0], pnl=Decimal(-2)), *winners[1:])
    assert measure(replace(daily, round_trips=mixed)).profit_factor == 22.5
