"""Returns where money came and went: computed by hand, and equal to the plain ones where none did."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.reports.chart import account_rows
from stratc.runtime.reports.performance import measure
from stratc.runtime.reports.summary import EquityCurve, MoneyFlow
from stratc.runtime.reports.weighted import money_weighted, rate_of, time_weighted
from stratc.runtime.reports.wording import figures

pytestmark = pytest.mark.fast

YEAR_NS = int(365.25 * 86_400 * 10**9)


def run_of(make, closes, equity, flows=()):
    make_prices, make_run = make
    run = make_run(make_prices("IBM", len(closes)), 0)
    curve = EquityCurve(closes_utc_ns=closes, equity=equity, gross_exposure=[0.0] * len(closes))
    fields = {name: getattr(run, name) for name in type(run).__slots__}
    fields |= {"curve": curve, "start_equity": Decimal(1_000), "final_equity": Decimal(str(equity[-1]))}
    fields["flows"] = tuple(MoneyFlow(at_utc_ns=at, amount=Decimal(str(amount))) for at, amount in flows)
    return type(run)(**fields)


def test_a_deposit_is_no_profit(make):
    """1,000 grows by 10 % to 1,100; 1,000 more come; 2,100 fall by 10 % to 1,890: 1.1 x 0.9 = 0.99."""
    run = run_of(make, [0, YEAR_NS, 2 * YEAR_NS], [1_000.0, 2_100.0, 1_890.0], [(YEAR_NS, 1_000)])
    found = measure(run)
    assert time_weighted(run).equity == pytest.approx([1_000.0, 1_100.0, 990.0])
    assert found.total_return == pytest.approx(-0.01)
    assert found.cagr == pytest.approx(0.99**0.5 - 1)
    assert found.drawdown.depth == pytest.approx(0.1)
    assert (found.paid_in, found.taken_out, found.profit) == (1_000, 0, -110)
    # 1,000 (1 + r)^2 + 1,000 (1 + r) = 1,890: r = (sqrt(8.56) - 3) / 2
    assert found.money_weighted == pytest.approx((8.56**0.5 - 3) / 2)


def test_a_withdrawal_is_no_loss(make):
    """1,000 grows by 20 %, 600 are taken out, 600 grow by 10 % to 660."""
    run = run_of(make, [0, YEAR_NS, 2 * YEAR_NS], [1_000.0, 600.0, 660.0], [(YEAR_NS, -600)])
    found = measure(run)
    assert found.total_return == pytest.approx(0.32)
    assert found.drawdown.depth == 0.0
    assert (found.paid_in, found.taken_out, found.profit) == (0, 600, 260)
    # 1,000 (1 + r)^2 - 600 (1 + r) = 660: (1 + r) = 0.3 + sqrt(0.09 + 0.66)
    assert found.money_weighted == pytest.approx(0.3 + 0.75**0.5 - 1)


def test_the_first_moment_counts_too(make):
    run = run_of(make, [0, YEAR_NS], [1_500.0, 1_500.0], [(0, 500)])
    assert measure(run).total_return == 0.0


def test_nothing_becomes_of_no_money(make):
    """1,000 grows by 10 % and is taken out; later 500 come and grow by a fifth: 1.1 x 1.2 = 1.32."""
    flows = [(YEAR_NS, -1_100), (3 * YEAR_NS, 500)]
    run = run_of(make, [k * YEAR_NS for k in range(5)], [1_000.0, 0.0, 0.0, 500.0, 600.0], flows)
    assert time_weighted(run).equity == pytest.approx([1_000.0, 1_100.0, 1_100.0, 1_100.0, 1_320.0])
    assert measure(run).drawdown.depth == 0.0


def test_of_more_lost_than_was_there_nothing_is_known(make):
    run = run_of(make, [0, YEAR_NS, 2 * YEAR_NS], [1_000.0, -50.0, 1_950.0], [(2 * YEAR_NS, 2_000)])
    found = measure(run)
    assert time_weighted(run) is None
    assert (found.total_return, found.drawdown, found.cagr, found.sharpe) == (None, None, None, None)
    assert [row[3] for row in account_rows(run, 1)] == [None, None, None]
    said = {name: (figure, words) for name, figure, words in figures(run, found)}
    assert said["Return"][0] == "n/a"
    assert said["Largest drawdown"] == ("n/a", "more was lost than was there")


@given(st.floats(-0.9, 5.0), st.floats(0.1, 30.0))
def test_the_rate_of_one_payment_is_its_growth(rate, years):
    assert rate_of([(0.0, 1_000.0)], years, 1_000.0 * (1 + rate) ** years) == pytest.approx(rate, abs=1e-6)


def test_no_rate_where_everything_is_lost(make):
    assert rate_of([(0.0, 1_000.0)], 1.0, -5.0) is None


def test_too_short_to_say(make):
    assert money_weighted(run_of(make, [0, 86_400 * 10**9], [1_000.0, 1_100.0], [(0, 1)])) is None


def test_without_flows_nothing_changes(make):
    run = run_of(make, [0, YEAR_NS], [1_000.0, 1_500.0])
    assert time_weighted(run) is run.curve
    assert measure(run).money_weighted is None
