"""Corporate actions, costs of holding, chosen lots and short sales, worked by hand: a tick, a lot, a quantum is 1."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.columns import Columns, pack_row
from stratc.runtime.engine.facts import set_events, set_holding
from stratc.runtime.engine.holding import interest
from stratc.runtime.engine.loop import run_rows
from tests.runtime.engine.scripted import START, Enter, Exit, Scripted, new_book, rows_of

pytestmark = pytest.mark.fast

UNTIL_CANCELED = {"life": (K.LIFE_BARS, 99)}


def split(day, new, old):
    return (0, day, K.EVENT_SPLIT, new, old, 0, 0)


def dividend(day, quanta):
    return (0, day, K.EVENT_DIVIDEND, 0, 0, quanta, 0)


def end(day, ticks):
    return (0, day, K.EVENT_END, 0, 0, ticks, 0)


def borrow(day, lots, millionths, fee=0):
    return (0, day, K.EVENT_BORROW, millionths, fee, lots, 0)


class Seeing(Scripted):
    """Remembers what it has seen: the close of every bar that it was told, as it was told last."""

    def __init__(self, script, columns):
        super().__init__(script)
        self.columns, self.told, self.after = columns, [], []

    def begin_again(self, book, i):
        self.told = []

    def signals(self, book, r, i):
        super().signals(book, r, i)
        self.told.append(self.columns.signal_close[r])

    def decide(self, book, r):
        self.after.append(list(self.told))
        super().decide(book, r)


def run(closes, script, events, *, settings=None, days=None, prices=K.PRICES_SPLIT_ADJUSTED, restrict=0, rate=0):
    """One bar a day, all of its prices its close unless a bar is given whole."""
    bars = [bar if isinstance(bar, tuple) else (bar,) * 4 for bar in closes]
    days = days or list(range(len(bars)))
    book = new_book(settings or {}, (), 1, 8)
    set_holding(book, 0, prices, restrict, rate)
    set_events(book, [number for event in events for number in event])
    columns = [[float(bar[k]) for bar in bars] for k in range(4)]
    volume = [100.0] * len(bars)
    flags = K.ROW_MOMENT_END | K.ROW_SESSION_START | K.ROW_SESSION_END
    rows = [pack_row(day, 0, flags) for day in days]
    seen = [list(column) for column in (*columns, volume)]
    table = Columns(*columns, volume, rows, [0] * len(bars), seen)
    strategy = Seeing(script, table)
    run_rows(book, strategy, table, 0, len(bars))
    return book, strategy, table


def fills(book):
    log = rows_of(book, K.LOG_FILLS, K.FILL_WIDTH)
    return [(row[K.FILL_ROW], row[K.FILL_SIDE] * row[K.FILL_LOTS], row[K.FILL_TICKS]) for row in log]


def closings(book):
    return rows_of(book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)


# ── splits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_split_that_would_sell_the_bracket_sells_nothing():
    """Ten for one: the price falls from 1000 to 100, far through the stop at 900, which is 90 by then."""
    script = {0: [Enter(loss=900.0, target=(K.TARGET_PRICE, 1200.0))]}
    book, _, table = run([1000, 1000, 100, (100, 119, 91, 100), (100, 100, 89, 95)], script, [split(2, 10, 1)])
    assert book.position[0] == 0
    assert fills(book) == [(1, 10, 1000), (4, -100, 90)]
    assert list(table.equity)[:4] == [START] * 4
    # 100 shares bought for 10 x 1000 = 10000 are sold for 100 x 90 = 9000.
    assert (closings(book)[0][K.CLOSING_COST], closings(book)[0][K.CLOSING_VALUE]) == (10_000, 9_000)
    assert book.equity == START - 1_000


def test_a_target_follows_a_split_too():
    script = {0: [Enter(loss=900.0, target=(K.TARGET_PRICE, 1200.0))]}
    book, _, _ = run([1000, 1000, (100, 120, 99, 118)], script, [split(2, 10, 1)])
    assert fills(book) == [(1, 10, 1000), (2, -100, 120)]


def test_a_fraction_is_paid_in_cash_and_taken_off_its_lot():
    """15 shares and a reverse split of one for ten make one share and half of one, at 100 x 10 = 1000 the share."""
    script = {0: [Enter(size=(K.SIZE_QUANTITY, 15))], 2: [Exit()]}
    book, _, table = run([100, 100, 1000, 1000], script, [split(2, 1, 10)])
    carries = rows_of(book, K.LOG_CARRIES, K.CARRY_WIDTH)
    assert carries == [[2, 0, K.CARRY_IN_LIEU, 1, 500]]
    assert list(table.equity) == [START] * 4
    assert (closings(book)[0][K.CLOSING_COST], closings(book)[0][K.CLOSING_VALUE]) == (1_000, 1_000)


def test_legs_are_split_together():
    """7 and 8 shares, three for two: 22 whole ones (10 and 12) and half a share for cash, not two halves lost."""
    seven, eight = (Enter(size=(K.SIZE_QUANTITY, n)) for n in (7, 8))
    book, _, _ = run([90, 90, 60], {0: [seven, eight]}, [split(2, 3, 2)])
    lots = [book.leg[k * K.LEG_WIDTH + K.LEG_LOTS] for k in range(book.legs[0])]
    assert (lots, book.position[0]) == ([10, 12], 22)
    assert book.total[K.TOTAL_IN_LIEU] == 30
    assert book.equity == START


def test_a_position_below_one_share_is_closed():
    script = {0: [Enter(size=(K.SIZE_QUANTITY, 5))]}
    book, _, _ = run([100, 100, 1000], script, [split(2, 1, 10)])
    assert (book.position[0], book.legs[0], book.equity) == (0, 0, START)
    assert closings(book)[0][K.CLOSING_ROLE_OUT] == K.ROLE_CORPORATE_ACTION


def test_a_split_restates_resting_orders_and_a_reverse_split_cancels_them():
    buys = Enter(kind=K.KIND_LIMIT, limit=951.0, loss=900.0, **UNTIL_CANCELED)
    book, _, _ = run([1000, 1000, 100, (100, 100, 94, 97)], {0: [buys]}, [split(2, 10, 1)])
    assert fills(book) == [(3, 100, 95)]
    book, strategy, _ = run(
        [100, 100, 1000, 900], {0: [Enter(kind=K.KIND_LIMIT, limit=95.0, **UNTIL_CANCELED)]}, [split(2, 1, 10)]
    )
    assert (fills(book), ("done", 0, True) in strategy.seen) == ([], True)


def test_a_split_is_seen_only_from_its_day_on():
    """Signals read today's shares: after the split the bars before it restated; the last one is always raw."""
    closes, events = [1000, 1010, 102, 103], [split(2, 10, 1)]
    _, strategy, _ = run(closes, {}, events)
    assert strategy.after == [[1000], [1000, 1010], [100, 101, 102], [100, 101, 102, 103]]
    for length in range(1, 5):
        _, cut, _ = run(closes[:length], {}, events)
        assert cut.after == strategy.after[:length]


def test_raw_prices_are_left_as_they_were():
    _, strategy, _ = run([1000, 102], {}, [split(1, 10, 1)], prices=K.PRICES_RAW)
    assert strategy.after[-1] == [1000, 102]


def test_total_return_takes_dividends_out_of_history():
    """A dividend of 10 on a last close of 100: what was 100 counts as 90."""
    _, strategy, _ = run([100, 90], {}, [dividend(1, 10)], prices=K.PRICES_TOTAL_RETURN)
    assert strategy.after[-1] == [90, 90]


# ── dividends and ends ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("side", "paid"), [(K.BUY, 30), (K.SELL, -30)])
def test_longs_are_paid_and_shorts_pay(side, paid):
    """Ten shares at 3 each; the price falls by as much, so equity stays."""
    book, _, table = run([100, 100, 97], {0: [Enter(side=side)]}, [dividend(2, 3)])
    assert (book.total[K.TOTAL_DIVIDENDS], list(table.equity)) == (paid, [START] * 3)


def test_who_buys_on_the_ex_date_is_not_paid():
    book, _, _ = run([100, 100, 97], {1: [Enter()]}, [dividend(2, 3)])
    assert (book.position[0], book.total[K.TOTAL_DIVIDENDS]) == (10, 0)


@pytest.mark.parametrize(("reduces", "sold"), [(0, []), (1, [(2, -10, 96)])])
def test_a_dividend_lowers_sell_stops_unless_the_account_says_not(reduces, sold):
    """A stop at 96 and a dividend of 5: at 91 it is not reached by a low of 95; `do not reduce` leaves it at 96."""
    bars = [100, 100, (97, 97, 95, 96)]
    book, _, _ = run(bars, {0: [Enter(loss=96.0)]}, [dividend(2, 5)], settings={K.SETTING_DO_NOT_REDUCE: reduces})
    assert fills(book)[1:] == sold


def test_a_dividend_lowers_buy_limits_and_leaves_sell_limits():
    buys = Enter(kind=K.KIND_LIMIT, limit=96.0, **UNTIL_CANCELED)
    sells = Enter(side=K.SELL, kind=K.KIND_LIMIT, limit=104.0, **UNTIL_CANCELED)
    book, _, _ = run([100, 100, (97, 97, 95, 96), (100, 104, 100, 100)], {0: [buys, sells]}, [dividend(2, 5)])
    assert fills(book) == [(3, -10, 104)]


def test_a_merger_for_cash_closes_everything():
    book, _, _ = run([100, 100, 100], {0: [Enter(loss=50.0)], 1: [Enter(kind=K.KIND_LIMIT, limit=9.0)]}, [end(2, 120)])
    assert (book.position[0], book.working[0], book.equity) == (0, 0, START + 200)
    assert closings(book)[0][K.CLOSING_ROLE_OUT] == K.ROLE_CORPORATE_ACTION


# ── costs of holding ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_interest_is_exact_and_rounded_once():
    """36 % a year is 0.1 % a day: of 1 000 for three days 3; half a quantum goes to the even one."""
    assert interest(1_000, 360_000, 3) == 3
    assert [interest(n * 500, 360_000, 1) for n in (1, 3, 5)] == [0, 2, 2]
    assert interest(1 << 56, 10_000_000, 10) == round(Fraction((1 << 56) * 10_000_000 * 10, 360_000_000))


def test_borrowed_shares_cost_by_the_calendar_day():
    """Short 10 at 1000 on Friday (day 1), at 36 % a year: Monday owes three days of 10 a day, Tuesday one."""
    script = {0: [Enter(side=K.SELL)], 3: [Exit()]}
    book, _, table = run([1000] * 5, script, [borrow(0, 10, 360_000)], days=[0, 1, 4, 5, 6])
    assert book.total[K.TOTAL_BORROW] == -(30 + 10 + 10)
    assert list(table.equity) == [START, START, START - 30, START - 40, START - 50]


def test_margin_interest_is_on_what_purchases_owe_and_not_on_short_proceeds():
    """2000 at 1000 are 2 000 000, of which 1 000 000 are borrowed: 36 % a year, one day, 1000."""
    settings = {K.SETTING_MARGIN_RATE: 360_000}
    book, _, _ = run([1000] * 3, {0: [Enter(size=(K.SIZE_QUANTITY, 2000))]}, [], settings=settings)
    assert book.total[K.TOTAL_MARGIN_INTEREST] == -1_000
    book, _, _ = run([1000] * 3, {0: [Enter(side=K.SELL, size=(K.SIZE_QUANTITY, 900))]}, [], settings=settings)
    assert book.total[K.TOTAL_MARGIN_INTEREST] == 0


# ── short sales ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_more_is_sold_short_than_can_be_borrowed():
    script = {0: [Enter(side=K.SELL), Enter(side=K.SELL)]}
    book, strategy, _ = run([100] * 3, script, [borrow(0, 15, 0)])
    assert strategy.answers == [0, -K.DENIED_NO_BORROW]
    assert book.position[0] == -10


def test_a_locate_costs_its_fee_whether_the_order_fills_or_not():
    """Ten lots at 3 each, for a limit that is never reached; without a locate nothing is paid."""
    limit = Enter(side=K.SELL, kind=K.KIND_LIMIT, limit=500.0)
    book, _, _ = run([100] * 3, {0: [replace(limit, locate=True)], 1: [limit]}, [borrow(0, 50, 0, fee=3)])
    assert (book.total[K.TOTAL_LOCATE], book.equity, book.position[0]) == (-30, START - 30, 0)


def test_no_shares_are_located_for_what_may_not_be_sold_short():
    """Ten of fifteen are borrowed; the second ten are refused before anything is told of them."""
    script = {0: [Enter(side=K.SELL, locate=True)] * 2}
    book, strategy, _ = run([100] * 3, script, [borrow(0, 15, 0, fee=3)])
    assert strategy.answers == [0, -K.DENIED_NO_BORROW]
    assert [each for each in strategy.seen if each[0] == "locate"] == [("locate", 0, 10)]
    assert book.total[K.TOTAL_LOCATE] == -30


def test_after_a_fall_of_a_tenth_short_sales_are_limits_and_wait_for_the_price_to_come_up():
    """A low of 90 after a close of 100, for this day and the next; the third day anything goes again."""
    market, limit = Enter(side=K.SELL), Enter(side=K.SELL, kind=K.KIND_LIMIT, limit=92.0)
    bars = [100, (100, 100, 90, 91), (93, 95, 91, 91), (91, 93, 90, 92), 92, 92]
    script = {1: [market, limit], 2: [market, limit], 3: [market]}
    book, strategy, _ = run(bars, script, [], restrict=1)
    assert strategy.answers[0] == -K.DENIED_SHORT_RESTRICTED
    assert strategy.answers[2] == -K.DENIED_SHORT_RESTRICTED
    # Bar 2 opens above the limit: a sale there would hit the bid. In bar 3 the price comes up through it.
    assert fills(book) == [(3, -10, 92), (4, -10, 92)]


def test_without_the_fall_nothing_is_restricted():
    book, strategy, _ = run([100, (100, 100, 91, 95), 95], {1: [Enter(side=K.SELL)]}, [], restrict=1)
    assert (strategy.answers, book.position[0]) == ([0], -10)


# ── tax lots ─────────────────────────────────────────────────────────────────────────────────────────────────────────

LOTS = [100, 100, 120, 110, 130, 130]


@pytest.mark.parametrize(
    ("choice", "cost"),
    [(K.LOTS_OLDEST, 100), (K.LOTS_NEWEST, 110), (K.LOTS_HIGHEST_COST, 120), (K.LOTS_LOWEST_COST, 100)],
)
def test_an_exit_closes_the_lots_that_it_names(choice, cost):
    """Bought at 100, 120 and 110; ten are sold at 130."""
    script = {0: [Enter()], 1: [Enter()], 2: [Enter()], 3: [Exit(portion=(K.PORTION_QUANTITY, 10), lots=choice)]}
    book, _, _ = run(LOTS, script, [])
    assert [row[K.CLOSING_TICKS_IN] for row in closings(book)] == [cost]
    assert book.total[K.TOTAL_REALIZED] == 10 * (130 - cost)


def test_first_in_first_out_overrides_the_choice():
    script = {0: [Enter()], 1: [Enter()], 3: [Exit(portion=(K.PORTION_QUANTITY, 10), lots=K.LOTS_NEWEST)]}
    book, _, _ = run(LOTS, script, [], settings={K.SETTING_FIFO: 1})
    assert [row[K.CLOSING_TICKS_IN] for row in closings(book)] == [100]


def test_a_choice_is_for_one_exit_and_spans_lots():
    """15 of the highest cost: ten at 120, five at 110; the next exit takes the oldest again."""
    fifteen = Exit(portion=(K.PORTION_QUANTITY, 15), lots=K.LOTS_HIGHEST_COST)
    script = {0: [Enter()], 1: [Enter()], 2: [Enter()], 3: [fifteen], 4: [Exit(portion=(K.PORTION_QUANTITY, 1))]}
    book, _, _ = run(LOTS, script, [])
    assert [(row[K.CLOSING_LOTS], row[K.CLOSING_TICKS_IN]) for row in closings(book)] == [(10, 120), (5, 110), (1, 100)]
    assert [(row[K.CLOSING_DAY_IN], row[K.CLOSING_DAY_OUT]) for row in closings(book)] == [(2, 4), (3, 4), (1, 5)]
