"""Money in another currency, by hand and by decimal arithmetic: what fills bring, what is held, what is earned."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from math import nan

import pytest
from hypothesis import given, settings

from stratc.runtime.engine import codes as K
from stratc.runtime.engine import words
from tests.runtime.engine.random_runs import mixed_worlds
from tests.runtime.engine.scripted import START, Abroad, Enter, Exit, rows_of, run
from tests.runtime.engine.test_allocation import Allocate, alike, held, played
from tests.runtime.engine.test_laws import ran

pytestmark = pytest.mark.fast

BALANCE = {K.SETTING_ACCOUNT: K.ACCOUNT_BALANCE}


def bar(price):
    return (price, price, price, price)


def profits(book):
    return [row[K.CLOSING_PROFIT] for row in rows_of(book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)]


def test_a_balance_account_exchanges_profit_and_nothing_else():
    """Ten lots from 100 to 130: 300 abroad. At 0.5 when closed: 150; what 1000 abroad were worth before is nothing."""
    rates = [(2.0, 2.0), (2.0, 3.0), (3.0, 3.0), (0.5, 0.25)]
    script = {0: [Enter()], 2: [Exit()]}
    done = run([bar(100), bar(100), bar(120), bar(130)], script, settings=BALANCE, abroad=Abroad(rates=rates))
    # Held: 10 x (120 - 100) = 200 abroad at 3.0.
    assert list(done.columns.equity) == [START, START, START + 600, START + 150]
    assert profits(done.book) == [150]
    assert done.book.foreign[1] == 0


def test_a_paid_account_exchanges_every_fill():
    """Ten lots: 1000 abroad cost 2000 at 2.0; sold for 1300 at 0.5 they bring 650."""
    rates = [(2.0, 2.0), (2.0, 3.0), (3.0, 3.0), (0.5, 0.25)]
    script = {0: [Enter()], 2: [Exit()]}
    done = run([bar(100), bar(100), bar(120), bar(130)], script, abroad=Abroad(rates=rates))
    # Held: 10 x 120 abroad at 3.0 = 3600, paid 2000.
    assert list(done.columns.equity) == [START, START - 2000 + 3000, START - 2000 + 3600, START - 2000 + 650]
    assert profits(done.book) == [-1350]


def test_balances_stay_where_the_broker_does_not_exchange():
    """The profit of 300 stays abroad and moves with the rate."""
    rates = [(2.0, 2.0), (2.0, 3.0), (3.0, 3.0), (0.5, 0.25), (0.25, 4.0)]
    script = {0: [Enter()], 2: [Exit()]}
    abroad = Abroad(rates=rates, converts=False)
    done = run([bar(100), bar(100), bar(120), bar(130), bar(99)], script, abroad=abroad)
    assert done.book.foreign[1] == 300
    assert list(done.columns.equity)[3:] == [START + 75, START + 1200]
    assert profits(done.book) == [150]


def test_an_exchange_costs_on_both_ways_and_equity_counts_it():
    """At 1%: 1000 abroad cost 2020, what is held is worth 2 x 1200 less 24; 1300 bring 2574. Lost: 20 and 26."""
    rates = [(2.0, 2.0)] * 4
    done = run(
        [bar(100), bar(100), bar(120), bar(130)], {0: [Enter()], 2: [Exit()]}, abroad=Abroad(rates=rates, cost=0.01)
    )
    assert list(done.columns.equity)[2:] == [START - 2020 + 2376, START - 2020 + 2574]
    assert done.book.total[K.TOTAL_CONVERSION] == 46
    assert profits(done.book) == [554]


def test_what_is_owed_is_counted_at_the_ask():
    """Short ten lots at 100 that are at 120: 200 owed abroad, at 2.0 and 1% more."""
    done = run(
        [bar(100), bar(100), bar(120)],
        {0: [Enter(side=K.SELL)]},
        settings=BALANCE,
        abroad=Abroad(rates=[(2.0, 2.0)] * 3, cost=0.01),
    )
    assert done.book.equity == START - 404
    assert words.word_open_profit(done.book, 0) == -404


def test_a_pair_that_is_the_rate_is_exchanged_at_its_own_fill():
    """The price in ticks times the rate is 1000: 10 x (125 - 100) = 250 abroad, at 125, are 250 x 8 = 2000."""
    abroad = Abroad(rates=[(10.0, 10.0)] * 3 + [(10.0, 8.0)], by_price={0: 1000.0})
    done = run([bar(100), bar(100), bar(100), bar(125)], {0: [Enter()], 2: [Exit()]}, settings=BALANCE, abroad=abroad)
    assert profits(done.book) == [2000]


def test_sizes_are_in_the_account_s_money():
    """At 0.5 a lot of 100 abroad is worth 50: 1000 buy 20; a risk of 10 abroad a lot is 5: 1000 risk 200."""
    rates = [(0.5, 0.5)] * 2
    notional = run([bar(100)] * 2, {0: [Enter(size=(K.SIZE_NOTIONAL, 1000))]}, abroad=Abroad(rates=rates))
    risk = run([bar(100)] * 2, {0: [Enter(size=(K.SIZE_RISK, 1000), loss=90.0)]}, abroad=Abroad(rates=rates))
    assert (notional.fills[0][2], risk.fills[0][2]) == (20, 200)


def test_a_risk_is_counted_at_the_rate_of_its_stop_where_the_price_is_the_rate():
    """1000 / 90 a unit abroad at the stop: 10 abroad a lot are 111.11; 1000 risk 9 lots."""
    abroad = Abroad(rates=[(10.0, 10.0)] * 2, by_price={0: 1000.0})
    done = run([bar(100)] * 2, {0: [Enter(size=(K.SIZE_RISK, 1000), loss=90.0)]}, settings=BALANCE, abroad=abroad)
    assert done.fills[0][2] == 9


@pytest.mark.parametrize(("lots", "placed"), [(20, True), (21, False)])
def test_caps_count_exposure_in_the_account_s_money(lots, placed):
    """2.0 x 100 x 20 = 4000."""
    for cap in (K.SETTING_CAP_POSITION_MONEY, K.SETTING_CAP_GROSS_MONEY):
        done = run(
            [bar(100)] * 2,
            {0: [Enter(size=(K.SIZE_QUANTITY, lots))]},
            settings={cap: 4000},
            abroad=Abroad(rates=[(2.0, 2.0)] * 2),
        )
        assert bool(done.fills) is placed


@pytest.mark.parametrize(("lots", "placed"), [(4950, True), (4951, False)])
def test_cash_is_what_the_purchase_costs_here(lots, placed):
    """A million buys 2.02 a tick and lot."""
    settings = {K.SETTING_ACCOUNT: K.ACCOUNT_CASH}
    abroad = Abroad(rates=[(2.0, 2.0)] * 2, cost=0.01)
    done = run([bar(100)] * 2, {0: [Enter(size=(K.SIZE_QUANTITY, lots))]}, settings=settings, abroad=abroad)
    assert bool(done.fills) is placed


def test_a_cash_account_that_does_not_exchange_has_nothing_to_pay_with():
    settings = {K.SETTING_ACCOUNT: K.ACCOUNT_CASH}
    abroad = Abroad(rates=[(2.0, 2.0)] * 2, converts=False)
    assert run([bar(100)] * 2, {0: [Enter()]}, settings=settings, abroad=abroad).denials == [(0, K.DENIED_CASH)]


def test_without_a_rate_nothing_opens_and_everything_closes():
    rates = [(nan, nan), (nan, 2.0), (2.0, 2.0), (2.0, nan), (nan, nan)]
    script = {0: [Enter()], 1: [Enter()], 3: [Enter(), Exit()]}
    done = run([bar(100), bar(100), bar(110), bar(120), bar(130)], script, settings=BALANCE, abroad=Abroad(rates=rates))
    assert done.denials == [(0, K.DENIED_NO_CONVERSION_RATE), (3, K.DENIED_NO_CONVERSION_RATE)]
    # Bought at 110, sold at 130 at the last known rate.
    assert done.book.equity == START + 10 * 20 * 2


def test_interest_is_booked_with_a_new_session_at_the_last_rate():
    """Held into the second day: 10 lots at -1.5 abroad and 2.0; the third night is not known."""
    interest = [(9.0, 9.0), (9.0, 9.0), (-1.5, 9.0), (nan, 9.0)]
    abroad = Abroad(rates=[(2.0, 2.0)] * 2 + [(3.0, 3.0)] * 2, interest=interest)
    done = run([bar(100)] * 4, {0: [Enter()]}, days=[0, 0, 1, 2], settings=BALANCE, abroad=abroad)
    assert list(done.columns.equity) == [START, START, START - 30, START - 30]
    assert (done.book.total[K.TOTAL_INTEREST], done.book.total[K.TOTAL_INTEREST_UNKNOWN]) == (-30, 1)
    assert words.word_cash(done.book, 0) == START - 30


def test_an_allocation_shares_out_the_account_s_money():
    """300,000 in three equal parts: 1000 lots at 100; at 2.0 the last instrument's lot is worth 200: 500 lots."""
    abroad = Abroad(rates=[(2.0, 2.0)] * 9, instruments=(2,))
    done = played({0: [Allocate(offers=alike(0, 0, 0), amount=300_000)]}, abroad=abroad)
    assert held(done) == [1000, 1000, 500]


@pytest.mark.parametrize(("bound", "lots"), [(400_000, [1000, 1000, 1000]), (399_999, [1000, 1000, 0])])
def test_the_cap_on_all_counts_them_in_one_money(bound, lots):
    """1000 lots each: 100,000, 100,000 and, at 2.0, 200,000."""
    abroad = Abroad(rates=[(2.0, 2.0)] * 9, instruments=(2,))
    script = {0: [Enter(i=i, size=(K.SIZE_QUANTITY, 1000)) for i in range(3)]}
    assert held(played(script, settings={K.SETTING_CAP_GROSS_MONEY: bound}, abroad=abroad)) == lots


def test_an_allocation_keeps_what_it_cannot_count_and_says_so():
    """At the second allocation nothing is known of the last instrument's money: it is neither sold nor bought."""
    rates = [(2.0, 2.0)] * 5 + [(2.0, nan)] * 4
    script = {
        0: [Allocate(offers=alike(0, 0, 0), amount=300_000)],
        1: [Allocate(offers=alike(0, 0, 0), amount=150_000)],
    }
    done = played(script, abroad=Abroad(rates=rates, instruments=(2,)))
    assert done.denials == [(5, K.DENIED_NO_CONVERSION_RATE)]
    # 100,000 are held there at the last known rate, 50,000 are left for the two others.
    assert held(done) == [250, 250, 500]


def rounded(amount):
    return amount.to_integral_value(ROUND_HALF_EVEN)


@given(mixed_worlds())
@settings(max_examples=150)
def test_money_adds_up_in_decimals(world):
    """Equity is start, profits closed, interest less fees, and what is open; every exchange within half a quantum."""
    book, _ = ran(world)
    profit = sum(profits(book))
    assert profit == book.total[K.TOTAL_REALIZED]
    booked = START + profit + book.total[K.TOTAL_INTEREST] - book.total[K.TOTAL_FEES]
    legs = [(i, (i * 8 + k) * K.LEG_WIDTH) for i in range(2) for k in range(book.legs[i])]
    paid = world.settings[K.SETTING_ACCOUNT] != K.ACCOUNT_BALANCE
    cost = Decimal(world.abroad.cost)
    opened = Decimal(0)
    for i, at in legs:
        side, lots, entry = book.leg[at + K.LEG_SIDE], book.leg[at + K.LEG_LOTS], book.leg[at + K.LEG_ENTRY]
        if book.currency[i] == 0:
            opened += side * lots * (book.mark[i] - entry)
        elif world.abroad.converts and paid:
            opened += book.leg[at + K.LEG_FLOW]
    there = Decimal(book.foreign[1]) * Decimal(book.rate[1])
    there *= 1 - cost if there > 0 else 1 + cost
    if world.abroad.converts:
        assert abs(booked + opened + there - book.equity) <= Decimal("0.5") + Decimal("1e-6")
        held = sum(
            book.leg[at + K.LEG_SIDE]
            * book.leg[at + K.LEG_LOTS]
            * (book.mark[i] - (0 if paid else book.leg[at + K.LEG_ENTRY]))
            for i, at in legs
            if book.currency[i] == 1
        )
        assert book.foreign[1] == held
    # To the nearest quantum; where it lies between two, either may be the nearest of what numbers hold.
    assert abs(book.equity - book.money - book.holdings - there) <= Decimal("0.5") + Decimal("1e-6")


@given(mixed_worlds())
@settings(max_examples=100)
def test_every_closing_is_its_fills_exchanged(world):
    """Of a balance account: the profit abroad of a part, times the rate, rounded once, half to even."""
    if world.settings[K.SETTING_ACCOUNT] != K.ACCOUNT_BALANCE or world.abroad.by_price or world.abroad.cost:
        return
    book, _ = ran(world)
    known = [None]
    for row in range(len(world.bars)):
        opened, closed = world.abroad.rates[row]
        at_fill = opened if opened == opened else known[-1]
        known.append(closed if closed == closed else at_fill)
        for closing in rows_of(book, K.LOG_CLOSINGS, K.CLOSING_WIDTH):
            if closing[K.CLOSING_ROW_OUT] == row and book.currency[closing[K.CLOSING_INSTRUMENT]] == 1:
                gain = closing[K.CLOSING_SIDE] * closing[K.CLOSING_LOTS]
                gain *= closing[K.CLOSING_TICKS_OUT] - closing[K.CLOSING_TICKS_IN]
                assert closing[K.CLOSING_PROFIT] == rounded(Decimal(gain) * Decimal(str(at_fill)))
