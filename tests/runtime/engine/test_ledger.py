"""Money, legs and counters after fills, worked out by hand; what the words say of them."""

from __future__ import annotations

from math import isnan

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.engine import words
from tests.runtime.engine.scripted import START, Enter, Exit, rows_of, run

pytestmark = pytest.mark.fast


def bar(price):
    return (price, price, price, price)


FEES = {
    "by order": ({K.SETTING_FEE_PER_ORDER: 3}, 3),
    "by value": ({K.SETTING_FEE_RATE: 0.001}, 1),
    "half to even": ({K.SETTING_FEE_RATE: 0.0025}, 2),
    "half to even, up": ({K.SETTING_FEE_RATE: 0.0035}, 4),
    "at least": ({K.SETTING_FEE_RATE: 0.001, K.SETTING_FEE_MINIMUM: 5}, 5),
    "at most": ({K.SETTING_FEE_PER_ORDER: 50, K.SETTING_FEE_RATE_MAX: 0.01}, 10),
}


@pytest.mark.parametrize(("settings", "fee"), FEES.values(), ids=FEES)
def test_fees(settings, fee):
    """Ten lots at 100 are worth 1000."""
    done = run([bar(100)] * 3, {0: [Enter()], 1: [Exit()]}, settings=settings)
    assert done.book.total[K.TOTAL_FEES] == 2 * fee
    assert done.book.equity == START - 2 * fee


def test_a_round_trip():
    done = run([bar(100), bar(101), bar(104), bar(107)], {0: [Enter(rule=3)], 2: [Exit(rule=4)]})
    (closing,) = rows_of(done.book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    assert closing == [0, K.BUY, 10, 1, 101, 3, 3, 107, 4, K.ROLE_EXIT, 0, 2, 60, 1010, 1070, 0, 0]
    assert (done.book.equity, done.book.money, done.book.total[K.TOTAL_REALIZED]) == (START + 60, START + 60, 60)
    assert list(done.columns.equity) == [START, START, START + 30, START + 60]


def test_a_short_round_trip():
    done = run([bar(100), bar(101), bar(104), bar(95)], {0: [Enter(side=K.SELL)], 2: [Exit()]})
    assert done.book.equity == START + 60
    assert done.columns.equity[2] == START - 30


TWO_LEGS = {0: [Enter(rule=0, loss=80)], 1: [Enter(rule=1, loss=95)]}


def legs_of(book):
    return [
        tuple(book.leg[k * K.LEG_WIDTH + name] for name in (K.LEG_LOTS, K.LEG_ENTRY, K.LEG_STOP))
        for k in range(book.legs[0])
    ]


def test_exits_close_the_oldest_leg_first():
    script = {**TWO_LEGS, 2: [Exit(portion=(K.PORTION_QUANTITY, 13))]}
    done = run([bar(100), bar(101), bar(102), bar(103)], script)
    assert legs_of(done.book) == [(7, 102, 95)]
    closed = [
        (row[K.CLOSING_LOTS], row[K.CLOSING_TICKS_IN]) for row in rows_of(done.book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    ]
    assert closed == [(10, 101), (3, 102)]


def test_a_stop_loss_closes_its_own_leg():
    done = run([bar(100), bar(101), bar(102), bar(94)], TWO_LEGS)
    assert legs_of(done.book) == [(10, 101, 80)]


def test_first_in_first_out_closes_the_oldest_leg_and_passes_its_protection_on():
    done = run([bar(100), bar(101), bar(102), bar(94), bar(79)], TWO_LEGS, settings={K.SETTING_FIFO: 1})
    assert done.fills[2:] == [(3, "stop", -10, 94), (4, "stop", -10, 79)]
    first, second = rows_of(done.book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    assert (first[K.CLOSING_TICKS_IN], second[K.CLOSING_TICKS_IN]) == (101, 102)
    assert done.book.equity == START + 10 * (94 - 101 + 79 - 102)


def test_the_parts_of_a_fee_add_up():
    settings = {K.SETTING_FEE_PER_ORDER: 7}
    script = {0: [Enter()], 1: [Exit(portion=(K.PORTION_QUANTITY, 3))], 2: [Exit()]}
    done = run([bar(100)] * 4, script, settings=settings)
    closings = rows_of(done.book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    assert [row[K.CLOSING_FEES] for row in closings] == [7 + 2, 7 + 5]
    assert sum(row[K.CLOSING_FEES] for row in closings) == done.book.total[K.TOTAL_FEES]


def test_a_fee_is_one_order_s_where_it_crosses_zero():
    settings = {K.SETTING_FEE_MINIMUM: 9}
    script = {0: [Enter()], 1: [Enter(side=K.SELL, size=(K.SIZE_QUANTITY, 15))]}
    done = run([bar(100)] * 3, script, settings=settings)
    assert [row[K.FILL_FEE] for row in rows_of(done.book, K.LOG_FILLS, K.FILL_WIDTH)] == [9, 6, 3]


def test_words_when_flat():
    book = run([bar(100)] * 2, {}).book
    assert words.word_flat(book, 0)
    assert not words.word_long(book, 0)
    assert not words.word_short(book, 0)
    assert (words.word_position(book, 0), words.word_open_profit(book, 0), words.word_bar(book, 0)) == (0.0, 0.0, 2.0)
    assert isnan(words.word_entry_price(book, 0))
    assert isnan(words.word_bars_held(book, 0))
    assert isnan(words.word_sessions_held(book, 0))


def test_words_in_a_position():
    script = {0: [Enter()], 1: [Enter(size=(K.SIZE_QUANTITY, 30))]}
    book = run([bar(100), bar(101), bar(105), bar(90), bar(110)], script, days=[0, 0, 0, 1, 2]).book
    assert words.word_long(book, 0)
    assert (words.word_position(book, 0), words.word_entry_price(book, 0)) == (40.0, 104.0)
    assert (words.word_bars_held(book, 0), words.word_sessions_held(book, 0)) == (3.0, 2.0)
    assert words.word_open_profit(book, 0) == 40 * 6
    assert (words.word_equity(book, 0), words.word_cash(book, 0)) == (START + 240, START - 4160)
    assert (words.word_equity_at_last_close(book, 0), words.word_peak_equity(book, 0)) == (START - 560, START + 240)
    assert words.word_start_equity(book, 0) == START


def test_a_working_opening_is_not_flat():
    book = run([bar(100)], {0: [Enter(kind=K.KIND_LIMIT, limit=50)]}).book
    assert not words.word_flat(book, 0)


def test_cash_of_an_account_that_pays_nothing_but_profit():
    script = {0: [Enter()], 1: [Exit(portion=(K.PORTION_FRACTION, 0.5))]}
    settings = {K.SETTING_ACCOUNT: K.ACCOUNT_BALANCE, K.SETTING_FEE_PER_ORDER: 1}
    book = run([bar(100), bar(100), bar(110)], script, settings=settings).book
    assert (words.word_cash(book, 0), words.word_equity(book, 0)) == (START + 50 - 2, START + 100 - 2)


def test_observers_hear_in_order():
    done = run([bar(100), bar(95), bar(95)], {0: [Enter(loss=96, rule=3)]}, days=[0, 0, 1])
    assert done.strategy.seen == [
        ("day", 0, START),
        ("order", 0, True, 1, 10, 100),
        ("fill", 0, True, 1, 10, 95, 3),
        ("done", 0, True),
        ("fill", 0, False, -1, 10, 95, 3),
        ("day", 1, START),
    ]


def test_unknown_closes_leave_the_mark():
    done = run([bar(100), bar(100), (float("nan"),) * 4], {0: [Enter()]})
    assert (done.book.mark[0], done.book.equity) == (100, START)


def test_logs_grow():
    script = {r: [Enter()] if r % 2 == 0 else [Exit()] for r in range(3000)}
    done = run([bar(100)] * 3001, script)
    assert done.book.total[K.TOTAL_FILLS] == done.book.total[K.TOTAL_ORDERS] == len(done.fills) == 3000
    assert set(done.statuses) == {K.STATUS_FILLED}
