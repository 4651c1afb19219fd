"""What a venue takes of an instrument: bands of ticks, and where a price goes that lies between."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.model.order import OrderKind, TimeInForce
from stratc.runtime.model.venue import Rounding, TickBand, off_tick, to_tick, unsupported
from tests.gate.questions import listing, order

pytestmark = pytest.mark.fast

# A share of the US in hundredths of a cent: below a dollar every one of them, from there on whole cents.
US_SHARE = replace(listing(), bands=(TickBand(from_ticks=0, step_ticks=1), TickBand(from_ticks=10_000, step_ticks=100)))


@pytest.mark.parametrize(
    ("ticks", "down", "up"),
    [(9_999, 9_999, 9_999), (10_000, 10_000, 10_000), (10_001, 10_000, 10_100), (10_199, 10_100, 10_200), (0, 0, 0)],
)
def test_a_price_between_ticks_goes_where_it_is_told_to(ticks, down, up):
    assert to_tick(US_SHARE, ticks, Rounding.DOWN) == down
    assert to_tick(US_SHARE, ticks, Rounding.UP) == up


@given(st.integers(-50_000, 50_000), st.sampled_from(Rounding))
def test_what_was_rounded_is_taken_and_on_the_side_that_was_named(ticks, rounding):
    price = to_tick(US_SHARE, ticks, rounding)
    assert off_tick(US_SHARE, order(kind=OrderKind.LIMIT, limit_ticks=price)) is None
    assert price <= ticks if rounding is Rounding.DOWN else price >= ticks
    assert abs(price - ticks) < 100


def test_which_price_is_off_its_tick_is_told():
    assert "limit price of 10001 ticks" in (off_tick(US_SHARE, order(kind=OrderKind.LIMIT, limit_ticks=10_001)) or "")
    stop_limit = order(kind=OrderKind.STOP_LIMIT, limit_ticks=10_000, stop_ticks=10_050)
    assert "stop price of 10050 ticks" in (off_tick(US_SHARE, stop_limit) or "")


def test_what_the_venue_does_not_take_is_told():
    bare = replace(US_SHARE, kinds=frozenset({OrderKind.MARKET}), times_in_force=frozenset({TimeInForce.DAY}))
    assert unsupported(bare, order()) is None
    assert "no stop limit orders in SPY" in (unsupported(bare, order(kind=OrderKind.STOP_LIMIT)) or "")
    assert "good till cancel" in (unsupported(bare, order(time_in_force=TimeInForce.GOOD_TILL_CANCEL)) or "")
