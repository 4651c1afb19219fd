"""Trailing stops, stop losses that rules move, and the words of a position's life."""

from __future__ import annotations

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.engine import codes as K
from stratc.runtime.engine import words
from tests.runtime.engine.scripted import START, Ask, Enter, Exit, Move, run

pytestmark = pytest.mark.fast

STILL = (100, 100, 100, 100)
BY_5 = (K.TRAIL_DISTANCE, 5.0)

# entry, bars after the decision at 100, fills: row, role, lots, ticks
TRAILED = {
    "the stop stands where the bar before left it": (
        Enter(trail=BY_5),
        [(100, 110, 99, 108), (108, 109, 104, 106)],
        [(1, "entry", 10, 100), (2, "stop", -10, 105)],
    ),
    "it never loosens": (
        Enter(trail=BY_5),
        [(100, 110, 99, 108), (108, 108, 106, 107), (107, 107, 105, 105)],
        [(1, "entry", 10, 100), (3, "stop", -10, 105)],
    ),
    "a close beyond the new stop fills at the close": (
        Enter(trail=BY_5),
        [(100, 110, 99, 103)],
        [(1, "entry", 10, 100), (1, "stop", -10, 103)],
    ),
    "a gap fills at the open": (
        Enter(trail=BY_5),
        [(100, 110, 99, 108), (90, 95, 89, 94)],
        [(1, "entry", 10, 100), (2, "stop", -10, 90)],
    ),
    "a share of the best price": (
        Enter(trail=(K.TRAIL_RATE, 0.1)),
        [(100, 110, 99, 108), (108, 108, 99, 100)],
        [(1, "entry", 10, 100), (2, "stop", -10, 99)],
    ),
    "a multiple of the initial risk": (
        Enter(loss=98, trail=(K.TRAIL_R_MULTIPLE, 2.0)),
        [(100, 110, 99, 108), (108, 108, 106, 107)],
        [(1, "entry", 10, 100), (2, "stop", -10, 106)],
    ),
    "the stop loss, where it is tighter": (
        Enter(loss=98, trail=BY_5),
        [(100, 102, 98, 100)],
        [(1, "entry", 10, 100), (1, "stop", -10, 98)],
    ),
    "of the bar of an entry after the open only the close counts": (
        Enter(kind=K.KIND_STOP, stop=105, trail=BY_5),
        [(102, 112, 101, 108), (108, 108, 104, 105), (105, 105, 103, 104)],
        [(1, "entry", 10, 105), (3, "stop", -10, 103)],
    ),
    "a short": (
        Enter(side=K.SELL, trail=BY_5),
        [(100, 101, 90, 92), (92, 95, 91, 94)],
        [(1, "entry", -10, 100), (2, "stop", 10, 95)],
    ),
}


@pytest.mark.parametrize("name", TRAILED)
def test_trailing(name):
    entry, bars, fills = TRAILED[name]
    assert run([STILL, *bars], {0: [entry]}).fills == fills


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Enter(trail=(K.TRAIL_DISTANCE, nan)), K.DENIED_UNKNOWN_VALUE),
        (Enter(trail=(K.TRAIL_R_MULTIPLE, 2.0)), K.DENIED_UNKNOWN_VALUE),
        (Enter(trail=(K.TRAIL_DISTANCE, 0.0)), K.DENIED_WRONG_SIDE_OF_PRICE),
        (Enter(trail=(K.TRAIL_RATE, 1.0)), K.DENIED_WRONG_SIDE_OF_PRICE),
        (Enter(trail=(K.TRAIL_DISTANCE, 1e12)), K.DENIED_WRONG_SIDE_OF_PRICE),
    ],
)
def test_a_distance_that_is_none_denies_its_entry_and_no_other(entry, reason):
    found = run([STILL, STILL, STILL], {0: [entry, Enter()]})
    assert found.denials == [(0, reason)]
    assert found.fills == [(1, "entry", 10, 100)]
    assert found.book.trails[0] == 0


def test_a_trailing_stop_nearer_than_allowed():
    found = run([STILL, STILL], {0: [Enter(trail=(K.TRAIL_DISTANCE, 1.0))]}, settings={K.SETTING_STOP_DISTANCE: 0.02})
    assert found.denials == [(0, K.DENIED_STOP_DISTANCE)]


# moves after the entry at 100 with a stop loss at 90, answer, where the stop loss fills when the market falls
MOVES = [
    ((Move(price=95),), [1], 95),
    ((Move(price=85),), [0], 90),
    ((Move(price=85, looser=True),), [1], 85),
    ((Move(price=nan),), [-K.DENIED_UNKNOWN_VALUE], 90),
    ((Move(),), [1], 100),
    ((Move(price=97), Move()), [1, 1], 100),
]


@pytest.mark.parametrize(("moves", "answers", "ticks"), MOVES)
def test_moving_the_stop_loss(moves, answers, ticks):
    bars = [STILL, (100, 120, 99, 119), (119, 119, 80, 80)]
    found = run(bars, {0: [Enter(loss=90)], 1: moves})
    assert found.strategy.answers[1:] == answers
    assert found.fills[1:] == [(2, "stop", -10, ticks)]


def test_a_move_without_a_position_does_nothing_and_one_on_several_entries_moves_all():
    bars = [STILL, (100, 120, 99, 119), (119, 121, 118, 120), (120, 120, 80, 80)]
    found = run(bars, {0: [Move(price=95), Enter(loss=90)], 1: [Enter(loss=100)], 2: [Move(price=110)]})
    assert found.strategy.answers == [K.NO_ORDER, 0, 0, 2]
    assert found.fills[2:] == [(3, "stop", -10, 110), (3, "stop", -10, 110)]


def test_a_position_without_a_stop_loss_gets_one():
    assert run([STILL, STILL, (100, 100, 90, 90)], {0: [Enter()], 1: [Move(price=95)]}).fills[1:] == [
        (2, "stop", -10, 95)
    ]


@given(
    st.sampled_from([K.BUY, K.SELL]),
    st.integers(1, 500),
    st.integers(0, 2_000),
    st.floats(0, 0.01),
    st.integers(0, 5),
    st.floats(0, 0.005),
)
def test_break_even_loses_nothing_and_gives_away_no_more_than_two_ticks(side, lots, fee, rate, ticks, slip):
    costs = {
        K.SETTING_FEE_PER_ORDER: fee,
        K.SETTING_FEE_RATE: rate,
        K.SETTING_SLIP_TICKS: ticks,
        K.SETTING_SLIP_RATE: slip,
    }
    entry = Enter(side=side, size=(K.SIZE_QUANTITY, lots))
    far = 10_000 + side * 5_000
    flat, back = (10_000,) * 4, (far, max(far, 10_000), min(far, 10_000), 10_000)
    found = run(
        [flat, (10_000, max(far, 10_000), min(far, 10_000), far), back], {0: [entry], 1: [Move()]}, settings=costs
    )
    assert [fill[1] for fill in found.fills] == ["entry", "stop"]
    assert 0 <= found.book.equity - START <= 2 * lots + 2


def test_words_of_a_position_and_of_its_past():
    asked = [
        words.word_units_held,
        words.word_last_entry_price,
        words.word_exits_of_position,
        words.word_initial_risk,
        words.word_open_profit_r,
        words.word_bars_since_exit,
        words.word_sessions_since_exit,
        words.word_losses_in_a_row,
        words.word_last_profit,
        words.word_entries_today,
    ]
    read = [Ask(word) for word in asked]
    bars = [STILL, (100, 112, 100, 110), (110, 121, 110, 120), (120, 120, 115, 115), (105, 106, 104, 105), STILL]
    script = {
        0: [*read, Enter(loss=90)],
        1: [*read, Enter(loss=90)],
        2: [*read, Exit(portion=(K.PORTION_QUANTITY, 5))],
        3: [*read, Exit()],
        4: read,
        5: read,
    }
    found = run(bars, script, days=[0, 0, 0, 1, 1, 2])
    answers = list(found.strategy.answers)
    rows = []
    for row in range(6):
        rows.append(answers[: len(asked)])
        del answers[: len(asked) + (len(script[row]) > len(asked))]
    shown = [["-" if isnan(value) else value for value in row] for row in rows]
    assert shown == [
        [0, "-", "-", "-", "-", 1, 1, 0, "-", 0],
        [1, 100, 0, 10, 1, 2, 1, 0, "-", 1],
        [2, 110, 0, 15, 1, 3, 1, 0, "-", 2],
        [2, 110, 1, 250 / 15, 125 / 250, 4, 2, 0, "-", 0],
        [0, "-", "-", "-", "-", 0, 0, 0, 5 * 20 + 5 * 5 - 10 * 5, 0],
        [0, "-", "-", "-", "-", 1, 1, 0, 75, 0],
    ]


def test_on_order_is_the_signed_sum_of_entries_that_wait():
    """Ten to buy at 90 and ten at 95, the second filled in the fourth bar; what leaves a position is not counted."""
    bars = [STILL, STILL, STILL, (100, 100, 94, 100), STILL, STILL]
    read = [Ask(words.word_position), Ask(words.word_on_order)]
    resting = {"kind": K.KIND_LIMIT, "life": (K.LIFE_BARS, 4)}
    script = {
        0: [*read, Enter(limit=90, **resting)],
        1: [*read, Enter(limit=95, **resting)],
        2: read,
        3: [*read, Exit(kind=K.KIND_LIMIT, limit=200)],
        4: read,
        5: read,
    }
    found = run(bars, script)
    answers = iter(found.strategy.answers)
    seen = []
    for row in range(6):
        seen.append((next(answers), next(answers)))
        if len(script[row]) > 2:
            next(answers)
    assert seen == [(0, 0), (0, 10), (0, 20), (10, 10), (10, 0), (10, 0)]


def test_on_order_of_a_short_is_below_nought():
    read = [Ask(words.word_on_order)]
    found = run([STILL] * 2, {0: [Enter(side=-1, kind=K.KIND_LIMIT, limit=120)], 1: read})
    assert found.strategy.answers[-1] == -10


def test_losses_in_a_row_are_counted_after_fees_from_flat_to_flat():
    script = {row: [Enter() if row % 2 == 0 else Exit(), Ask(words.word_losses_in_a_row)] for row in range(6)}
    found = run([STILL] * 8, script, settings={K.SETTING_FEE_PER_ORDER: 1})
    assert found.strategy.answers[1::2] == [0, 0, 1, 1, 2, 2]


def test_the_bar_of_an_entry_counts_since_entry_only_where_it_filled_at_the_open():
    phase = Ask(words.phase_since_entry)
    bars = [STILL, (100, 106, 99, 105), (105, 106, 104, 105), STILL]
    script = {row: [phase] for row in range(4)}
    script[0] = [phase, Enter()]
    assert run(bars, script).strategy.answers == [1, 0, 7, 6, 6]
    script[0] = [phase, Enter(kind=K.KIND_STOP, stop=104)]
    assert run(bars, script).strategy.answers == [1, 0, 5, 6, 6]
