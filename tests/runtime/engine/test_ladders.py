"""Ladders: levels rest, are held and rest again, worked out by hand; ticks, lots and money are 1."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.ladders import lay_levels, level_price
from stratc.runtime.model.denial import DenialReason
from tests.runtime.engine.scripted import Enter, Exit, Halt, Levels, rows_of, run

pytestmark = pytest.mark.fast

# Three levels, 80, 90 and 100, of which 100 is only a target. The market begins at 95.
BARS = [(95, 95, 95, 95), (95, 95, 88, 89), (89, 92, 89, 91), (91, 101, 91, 100), (99, 99, 78, 79), (80, 96, 80, 96)]
ALWAYS = {row: [Levels()] for row in range(len(BARS))}


def placed(done):
    """Row, side and limit of every order, and how it ended."""
    rows = rows_of(done.book, K.LOG_ORDERS, K.PLACED_WIDTH)
    return [(row[K.PLACED_ROW], row[K.PLACED_SIDE], row[K.PLACED_LIMIT], row[K.PLACED_STATUS]) for row in rows]


def test_a_level_is_bought_sold_one_level_up_and_bought_again():
    done = run(BARS, ALWAYS, days=[0] * 6)
    assert done.fills == [
        (1, "entry", 10, 90),  # the low of 88 reaches the level at 90
        (3, "target", -10, 100),  # the high of 101 reaches the next level up
        (4, "entry", 10, 90),  # armed again at 100; the nearer level first
        (4, "entry", 10, 80),
        (5, "target", -10, 90),  # bought at 80; the low of the bar was in it
    ]
    assert placed(done) == [
        (0, K.BUY, 90, K.STATUS_FILLED),  # nearest first
        (0, K.BUY, 80, K.STATUS_FILLED),  # rests from the first bar on, never twice
        (3, K.BUY, 90, K.STATUS_FILLED),
        (5, K.BUY, 80, K.STATUS_WORKING),
    ]
    # 10 x (100 - 90) + 10 x (90 - 80), and the leg bought at 90 is marked at 96
    assert done.book.equity - done.book.start_equity == 100 + 100 + 60


def test_the_orders_of_a_session_are_placed_anew_in_the_next():
    done = run([(95, 95, 95, 95)] * 3, {row: [Levels()] for row in range(3)}, days=[0, 1, 2])
    assert placed(done) == [
        (0, K.BUY, 90, K.STATUS_EXPIRED),
        (0, K.BUY, 80, K.STATUS_EXPIRED),
        (1, K.BUY, 90, K.STATUS_WORKING),
        (1, K.BUY, 80, K.STATUS_WORKING),
    ]


def test_a_level_that_the_market_is_not_beyond_waits():
    done = run([(90, 90, 90, 90), (90, 90, 90, 91)], {0: [Levels()], 1: [Levels()]})
    assert placed(done) == [(0, K.BUY, 80, K.STATUS_WORKING), (1, K.BUY, 90, K.STATUS_WORKING)]
    assert done.strategy.answers == [1, 1]


def test_short_levels_are_bought_back_one_level_down():
    ladder = Levels(side=K.SELL, first=100.0, last=120.0)
    bars = [(105, 105, 105, 105), (105, 112, 105, 111), (111, 111, 99, 100), (100, 125, 100, 121)]
    done = run(bars, {row: [ladder] for row in range(4)})
    # 100 is only a target; 110 is nearer than 120 and comes first
    assert placed(done)[:2] == [(0, K.SELL, 110, K.STATUS_FILLED), (0, K.SELL, 120, K.STATUS_FILLED)]
    assert done.fills == [
        (1, "entry", -10, 110),
        (2, "target", 10, 100),
        (3, "entry", -10, 110),
        (3, "entry", -10, 120),
    ]


def test_a_gap_fills_every_level_at_the_open_and_each_keeps_its_target():
    done = run([(95, 95, 95, 95), (70, 70, 70, 70), (70, 91, 70, 91)], {0: [Levels()]})
    assert done.fills == [
        (1, "entry", 10, 70),
        (1, "entry", 10, 70),
        (2, "target", -10, 90),  # the level at 80, whose target is 90; the level at 90 waits for 100
    ]


def test_what_is_said_of_the_entry_holds_for_every_level():
    """Each level trails its own stop, and the shares of each are located; nothing of it is left for the next entry."""
    said = Levels(trail=(K.TRAIL_DISTANCE, 5.0), locate=True)
    done = run(BARS[:1], {0: [said, Enter()]})
    book = done.book
    slots = [book.order[slot * K.ORDER_WIDTH + K.ORDER_TRAIL_KIND] for slot in range(book.order_end[0])]
    assert slots == [K.TRAIL_DISTANCE, K.TRAIL_DISTANCE, K.TRAIL_NONE]
    assert not book.next_located
    assert book.next_trail_kind == K.TRAIL_NONE


def test_what_is_sold_is_what_was_bought():
    """Each level buys what 900 pays for, rounded down: 10 at 90, 11 at 80."""
    ladder = Levels(size=(K.SIZE_NOTIONAL, 900))
    done = run([(95, 95, 95, 95), (95, 95, 75, 76), (76, 101, 76, 101)], {0: [ladder]})
    assert done.fills == [
        (1, "entry", 10, 90),
        (1, "entry", 11, 80),
        (2, "target", -10, 100),
        (2, "target", -11, 90),
    ]


def test_no_entry_meets_a_target_of_ours():
    """The bar that buys at 80 closes above 90, where that purchase is now to be sold: 90 is not bought."""
    ladder = Levels(count=4, last=110.0)
    bars = [(85, 85, 85, 85), (85, 99, 79, 95)]
    done = run(bars, {0: [ladder], 1: [ladder]})
    assert done.fills == [(1, "entry", 10, 80)]
    assert [limit for _, _, limit, _ in placed(done)] == [80]


def test_a_resting_exit_at_a_limit_is_in_the_way_too():
    leave = Exit(kind=K.KIND_LIMIT, limit=90.0)
    done = run([(95, 95, 95, 95), (95, 95, 95, 95)], {0: [Enter(size=(K.SIZE_QUANTITY, 1))], 1: [leave, Levels()]})
    # the exit at 90 is below the market and will trade at the next open: 80 rests, 90 does not
    assert [limit for _, side, limit, _ in placed(done) if side == K.BUY and limit] == [80]


def test_levels_on_one_tick_are_one_order():
    done = run([(95, 95, 95, 95)], {0: [Levels(count=5, first=80.0, last=82.0, target=(K.TARGET_NONE, 0))]})
    # 80, 80.5, 81, 81.5 and 82, rounded down: of two on one tick the higher has the order
    assert [limit for _, _, limit, _ in placed(done)] == [82, 81, 80]
    assert done.denials == [(0, DenialReason.SAME_TICK)] * 2


@pytest.mark.parametrize(
    "ladder",
    [
        Levels(first=nan),
        Levels(last=nan),
        Levels(last=float("inf")),
        Levels(first=0.0, spacing=K.SPACING_GEOMETRIC),
        Levels(first=-5.0, spacing=K.SPACING_GEOMETRIC),
        Levels(size=(K.SIZE_NOTIONAL, nan)),
    ],
)
def test_what_is_unknown_makes_no_order_and_is_denied_once(ladder):
    done = run([(95, 95, 95, 95)], {0: [ladder]})
    assert placed(done) == []
    assert done.denials == [(0, DenialReason.UNKNOWN_VALUE)]


def test_what_denies_the_moment_denies_once():
    halts = [(K.BASELINE_NONE, 0.0, 0, K.UNTIL_RELEASED)]
    done = run([(95, 95, 95, 95)], {0: [Halt(), Levels(count=40)]}, halts=halts, slots=64)
    assert done.denials == [(0, DenialReason.HALTED)]


def test_every_level_counts_for_cash():
    """Of 1,000,000 two levels at 5,000 lots of 90 and 80 take 850,000; the third, at 70, would take 350,000."""
    cash = {K.SETTING_ACCOUNT: K.ACCOUNT_CASH}
    ladder = Levels(count=4, first=70.0, last=100.0, size=(K.SIZE_QUANTITY, 5000))
    done = run([(95, 95, 95, 95)], {0: [ladder]}, settings=cash)
    assert [limit for _, _, limit, _ in placed(done)] == [90, 80]
    assert done.denials == [(0, DenialReason.CASH)]


def test_every_level_counts_for_caps():
    done = run([(95, 95, 95, 95)], {0: [Levels(count=5, first=60.0)]}, settings={K.SETTING_CAP_UNITS: 3})
    assert [limit for _, _, limit, _ in placed(done)] == [90, 80, 70]
    assert done.denials == [(0, DenialReason.CAP_UNITS)]


def test_first_in_first_out_passes_the_level_on():
    """The target of 80 closes the lot bought at 90, the older: the level at 80 is idle, that at 90 still held."""
    bars = [(95, 95, 95, 95), (95, 95, 78, 79), (79, 91, 79, 91), (91, 91, 91, 91)]
    done = run(bars, {row: [Levels()] for row in range(4)}, settings={K.SETTING_FIFO: 1})
    assert done.fills == [(1, "entry", 10, 90), (1, "entry", 10, 80), (2, "target", -10, 90)]
    assert [(row, limit) for row, _, limit, _ in placed(done)] == [(0, 90), (0, 80), (2, 80)]


# ── halts with a condition ───────────────────────────────────────────────────────────────────────────────────────────

WHEN = (K.BASELINE_NONE, 0.0, 0, K.UNTIL_RELEASED)


def test_a_condition_halts_cancels_and_keeps_targets():
    bars = [(95, 95, 95, 95), (95, 95, 88, 89), (89, 101, 89, 100), (100, 100, 70, 70)]
    done = run(bars, {0: [Levels()], 1: [Halt(), Levels()], 2: [Levels()]}, halts=[WHEN])
    assert done.fills == [(1, "entry", 10, 90), (2, "target", -10, 100)]
    assert [status for _, _, _, status in placed(done)] == [K.STATUS_FILLED, K.STATUS_CANCELED]
    assert done.book.halt[K.HALT_TIMES] == 1


def test_a_condition_halts_and_flattens():
    halts = [(K.BASELINE_NONE, 0.0, 1, K.UNTIL_NEXT_SESSION)]
    bars = [(95, 95, 95, 95), (95, 95, 88, 89), (87, 87, 87, 87), (95, 95, 95, 95)]
    done = run(bars, {0: [Levels()], 1: [Halt()], 3: [Levels()]}, halts=halts, days=[0, 0, 1, 1])
    assert done.fills == [(1, "entry", 10, 90), (2, "flatten", -10, 87)]
    # the halt ended with the new session
    assert [row for row, *_ in placed(done)] == [0, 0, 1, 3, 3]


def test_a_halt_without_a_baseline_is_tripped_by_no_loss():
    done = run([(95, 95, 95, 95), (1, 1, 1, 1)], {0: [Enter(size=(K.SIZE_QUANTITY, 10_000))]}, halts=[WHEN])
    assert done.book.halted == 0


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def prices_of(count, spacing):
    book = run(BARS[:1], {}).book
    lay_levels(book, 1, count, spacing, 4000.0, 2000.0)
    return [level_price(book, k) for k in range(count)]


def test_levels_are_even_or_in_proportion():
    assert prices_of(5, K.SPACING_ARITHMETIC) == [2000, 2500, 3000, 3500, 4000]
    prices = prices_of(40, K.SPACING_GEOMETRIC)
    assert (prices[0], prices[-1]) == (2000.0, 4000.0)
    # 2 to the power of 1/39 is 1.017932: each level is 1.7932% above the one below
    assert all(above / below == pytest.approx(2 ** (1 / 39), rel=1e-12) for below, above in pairwise(prices))
    assert prices[1] == pytest.approx(2035.86, abs=0.01)


walks = st.lists(st.integers(min_value=60, max_value=130), min_size=4, max_size=30)


@settings(max_examples=150, deadline=None)
@given(walks, st.booleans(), st.sampled_from([K.SIZE_QUANTITY, K.SIZE_NOTIONAL]))
def test_no_level_ever_has_two_orders_and_no_more_is_committed_than_was_said(closes, fifo, kind):
    """On any walk: an order and a leg never share a level, and what legs and orders cost stays within 5 x 900."""
    ladder = Levels(count=6, first=70.0, last=120.0, size=(kind, 10 if kind == K.SIZE_QUANTITY else 900))

    def guard(book, i, side, lots, price, outlives):
        levels = [
            book.order[s * K.ORDER_WIDTH + K.ORDER_LEVEL] for s in range(book.slots) if book.order[s * K.ORDER_WIDTH]
        ]
        held = [book.leg[k * K.LEG_WIDTH + K.LEG_LEVEL] for k in range(book.legs[0])]
        assert book.draft_level not in levels + held
        assert len(levels) == len(set(levels))
        assert not set(levels) & set(held)
        assert fifo or len(held) == len(set(held))
        if not fifo and kind == K.SIZE_NOTIONAL:
            cost = sum(book.leg[k * K.LEG_WIDTH + K.LEG_COST] for k in range(book.legs[0]))
            working = [s * K.ORDER_WIDTH for s in range(book.slots) if book.order[s * K.ORDER_WIDTH]]
            cost += sum(book.order[at + K.ORDER_LOTS] * book.order[at + K.ORDER_LIMIT] for at in working)
            assert cost + lots * price <= 5 * 900
        return 0

    bars = [(before, max(before, after), min(before, after), after) for before, after in pairwise(closes)]
    done = run(
        bars, {row: [ladder] for row in range(len(bars))}, slots=32, settings={K.SETTING_FIFO: int(fifo)}, guard=guard
    )
    bought = sum(lots for _, role, lots, _ in done.fills if role == "entry")
    sold = -sum(lots for _, role, lots, _ in done.fills if role == "target")
    assert bought - sold == done.book.position[0]
