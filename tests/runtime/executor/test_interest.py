"""Overnight interest of rows, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import isnan

import pytest

from stratc.runtime.engine.codes import ROW_SESSION_START
from stratc.runtime.engine.columns import pack_row
from stratc.runtime.executor.interest import InterestRates, RateHistory, interest_of
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.instrument_file import load_instruments

pytestmark = pytest.mark.fast


def rows(*days, bars=1):
    """So many bars of each day."""
    since = [(date.fromisoformat(day) - date(1970, 1, 1)).days for day in days]
    return [pack_row(day, 0, ROW_SESSION_START if k == 0 else 0) for day in since for k in range(bars)]


def rates(markup="0", fresh=400, **percents):
    histories = {
        currency: RateHistory(dates=tuple(date.fromisoformat(day) for day in told), percent=tuple(told.values()))
        for currency, told in percents.items()
    }
    return InterestRates(histories=histories, markup_percent=Decimal(markup), fresh_days=fresh)


def test_a_night_pays_the_difference_of_the_rates():
    """USD 5% of 360, JPY 0.36% of 360, at 150: a night is 150 x 0.0464 / 360; from Wednesday three."""
    known = rates(USD={"2025-01-01": 5.0}, JPY={"2025-01-01": 0.36})
    days = rows("2025-03-11", "2025-03-12", "2025-03-13", bars=2)
    found = interest_of((identify("USD/JPY"),), days, [150.0] * 6, known)
    night = 150 * 0.0464 / 360
    assert list(found.long) == pytest.approx([0, 0, night, 0, 3 * night, 0])
    assert list(found.short) == pytest.approx([0, 0, -night, 0, -3 * night, 0])


def test_the_price_is_the_last_before_the_night_and_the_rate_that_of_the_day_that_ends():
    known = rates(USD={"2025-01-01": 3.6, "2025-03-11": 7.2}, EUR={"2025-01-01": 0.0})
    found = interest_of((identify("EUR/USD"),), rows("2025-03-10", "2025-03-11", "2025-03-12"), [1.0, 2.0, 9.0], known)
    assert list(found.short) == pytest.approx([0, 0.036 / 360, 2 * 0.072 / 360])


def test_the_broker_s_markup_is_taken_on_both_sides_and_pounds_count_365_days():
    known = rates("1", GBP={"2025-01-01": 3.65}, USD={"2025-01-01": 3.6})
    found = interest_of((identify("GBP/USD"),), rows("2025-03-10", "2025-03-11"), [1.25, 1.25], known)
    markup = 0.01 / 360
    assert (found.long[1], found.short[1]) == pytest.approx((-1.25 * markup, -1.25 * markup))


def test_swap_points_are_pips_a_night():
    own = load_instruments('["USD/JPY"]\nswap_long = "1.5"\nswap_short = "-2.5"\n')
    found = interest_of((own["USD/JPY"],), rows("2025-03-12", "2025-03-13"), [150.0, 150.0], None)
    assert (found.long[1], found.short[1]) == pytest.approx((3 * 0.015, 3 * -0.025))


def test_a_rate_that_is_missing_or_too_old_is_unknown():
    known = rates(fresh=31, USD={"2025-03-11": 5.0}, JPY={"2025-01-01": 0.5})
    found = interest_of((identify("USD/JPY"),), rows("2025-03-10", "2025-03-11", "2025-03-12"), [150.0] * 3, known)
    assert isnan(found.long[1])
    assert isnan(found.long[2])


def test_nothing_known_is_no_interest():
    assert interest_of((identify("USD/JPY"),), rows("2025-03-10"), [150.0], None) is None
    assert interest_of((identify("SPY"),), rows("2025-03-10"), [150.0], rates(USD={"2025-01-01": 5.0})) is None


def test_one_swap_point_alone_is_refused():
    with pytest.raises(ValueError, match="stated together"):
        load_instruments('["USD/JPY"]\nswap_long = "1.5"\n')
