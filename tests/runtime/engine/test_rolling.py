"""Rolls by hand: the position, its stop, its orders and the account, on both sides of a gap.

The old contract closes at 110 and the new one, at that same moment, at 150: a gap of 40.
"""

from __future__ import annotations

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.words import word_entry_price, word_open_profit
from tests.runtime.engine.scripted import START, Enter, Exit, Limited, OneOf, rows_of, run

pytestmark = pytest.mark.fast

OLD = [(100, 100, 100, 100), (102, 108, 101, 105), (105, 112, 104, 110)]
NEW = [(151, 156, 149, 155), (155, 158, 138, 141), (141, 150, 141, 150)]
ROLL = (0, 3, K.ROLL_ON, 110, 150, 40.0, 1.0)
COSTS = {K.SETTING_FEE_PER_ORDER: 3.0, K.SETTING_SLIP_TICKS: 1.0}


def rolled(script, **given):
    return run([*OLD, *NEW], script, days=[0, 1, 2, 3, 4, 5], rolls=[ROLL], **given)


def closings(done):
    return [
        (row[K.CLOSING_TICKS_IN], row[K.CLOSING_TICKS_OUT], row[K.CLOSING_ROLE_OUT], row[K.CLOSING_FEES])
        for row in rows_of(done.book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    ]


def test_a_position_is_closed_in_the_old_contract_and_opened_in_the_new_one():
    """10 bought at 102 are sold at 110 and bought at 150; at the end the mark is 150: a profit of 80, all of it before
    the roll, less what fell from the roll on: nothing."""
    done = rolled({0: [Enter()]})
    assert done.fills == [(1, "entry", 10, 102), (3, "roll", -10, 110), (3, "roll", 10, 150)]
    assert closings(done) == [(102, 110, K.ROLE_ROLL, 0)]
    assert done.columns.equity == [START, START + 30, START + 80, START + 130, START - 10, START + 80]


def test_a_roll_costs_slippage_and_commission_twice():
    """In at 102 + 1 for 3; out at 110 - 1 for 3 and in at 150 + 1 for 3: 9 of fees and 30 of slippage in all."""
    done = rolled({0: [Enter()]}, settings=COSTS)
    assert done.fills == [(1, "entry", 10, 103), (3, "roll", -10, 109), (3, "roll", 10, 151)]
    assert closings(done) == [(103, 109, K.ROLE_ROLL, 6)]
    assert done.columns.equity[3] == START + 10 * (110 - 102) + 10 * (155 - 150) - 9 - 30
    assert rows_of(done.book, K.LOG_ROLLS, K.ROLL_WIDTH)[0][K.ROLL_LOTS :] == [10, 26]


def test_stop_loss_target_and_entry_price_move_by_the_gap():
    """A stop at 99 becomes 139 and fills there in row 4."""
    done = rolled({0: [Enter(loss=99)]})
    assert done.fills[-1] == (4, "stop", -10, 139)
    assert closings(done)[-1] == (150, 139, K.ROLE_STOP_LOSS, 0)


def test_words_read_the_same_before_and_after():
    """The entry price that rules read does not move: 142 of the new contract is 102 on their scale; the open profit is
    that since the first entry."""
    told = []

    class Look:
        def do(self, book, strategy):
            told.append((word_entry_price(book, 0), word_open_profit(book, 0)))

    rolled({0: [Enter()], 2: [Look()], 3: [Look()]})
    assert told == [(102.0, 80.0), (102.0, 130.0)]


def test_resting_orders_move_by_the_gap():
    """A limit of 100 rests over the roll, at 140 then: the bar of row 4 reaches it."""
    done = rolled(
        {2: [Enter(kind=K.KIND_LIMIT, limit=100, life=(K.LIFE_BARS, 9), loss=90, target=(K.TARGET_PRICE, 108))]}
    )
    assert done.fills == [(4, "entry", 10, 140), (5, "target", -10, 148)]


@pytest.mark.parametrize(
    ("row", "fills"),
    [
        # Before the roll: a level of 112 on the rules' scale is 112 of the old contract. It is reached in row 3, by
        # then at 152 of the new one: between the open of 151 and the high of 156.
        (2, [(3, "entry", 10, 152)]),
        # After it: the rules read the close of 155 as 115; a stop at 118 is 158 of the new contract, reached in row 4.
        (3, [(4, "entry", 10, 158)]),
    ],
    ids=["before", "after"],
)
def test_a_level_that_rules_read_is_translated_to_the_contract(row, fills):
    level = 112 if row == 2 else 118
    done = rolled({row: [Enter(kind=K.KIND_STOP, stop=level, life=(K.LIFE_BARS, 1))]})
    assert done.fills == fills


def test_prices_that_are_joined_by_ratio():
    """The rules read new prices times 110 / 150: their 110 is 150 of the contract, a distance of 11 is 15."""
    scale = 110 / 150
    done = run(
        [*OLD, *NEW],
        {3: [Enter(kind=K.KIND_LIMIT, limit=110.0, life=(K.LIFE_BARS, 3), loss=88.0, target=(K.TARGET_DISTANCE, 5.5))]},
        days=[0, 1, 2, 3, 4, 5],
        rolls=[(0, 3, K.ROLL_ON, 110, 150, 0.0, scale)],
    )
    assert done.fills == [(4, "entry", 10, 150)]
    assert done.book.leg[K.LEG_STOP] == 120
    assert done.book.leg[K.LEG_TARGET] == 158


def test_a_short_position_rolls_the_other_way():
    done = rolled({0: [Enter(side=K.SELL)]}, settings={K.SETTING_SLIP_TICKS: 1.0})
    assert done.fills == [(1, "entry", -10, 101), (3, "roll", 10, 111), (3, "roll", -10, 149)]


def test_fees_are_shared_by_the_legs_and_add_up():
    """Two legs of 5 and 10: the 7 of the way out are 2 and 5, the 7 of the way in 2 and 5; at the end all are paid."""
    five, ten = Enter(size=(K.SIZE_QUANTITY, 5)), Enter(size=(K.SIZE_QUANTITY, 10))
    done = rolled({0: [five], 1: [ten], 4: [Exit()]}, settings={K.SETTING_FEE_PER_ORDER: 7.0})
    assert sum(fees for *_, fees in closings(done)) == 7 * 5 == done.book.total[K.TOTAL_FEES]
    gains = sum((out - paid) * lots for paid, out, lots in paid_and_lots(done))
    assert done.columns.equity[-1] == START + gains - 35


def paid_and_lots(done):
    for row in rows_of(done.book, K.LOG_CLOSINGS, K.CLOSING_WIDTH):
        yield row[K.CLOSING_TICKS_IN], row[K.CLOSING_TICKS_OUT], row[K.CLOSING_LOTS]


def test_without_a_position_only_prices_move():
    done = rolled({4: [Enter()]})
    assert done.fills == [(5, "entry", 10, 141)]
    assert rows_of(done.book, K.LOG_ROLLS, K.ROLL_WIDTH)[0][K.ROLL_LOTS :] == [0, 0]


def test_a_run_that_is_cut_before_the_roll_is_the_beginning_of_the_whole():
    script = {0: [Enter(loss=90)], 1: [Enter(loss=95)]}
    whole = rolled(script)
    cut = run(OLD, {0: script[0], 1: script[1]}, days=[0, 1, 2], rolls=[ROLL])
    assert cut.columns.equity == whole.columns.equity[:3]
    assert cut.fills == [fill for fill in whole.fills if fill[0] < 3]


def test_a_roll_before_the_first_row_only_sets_the_scale():
    """The rules read 60 less than the contract is at: their 42 is 102."""
    done = run(OLD, {0: [Enter(kind=K.KIND_STOP, stop=42)]}, rolls=[(0, -1, K.ROLL_ON, 0, 0, 60.0, 1.0)])
    assert done.fills == [(1, "entry", 10, 102)]


# ── out of a contract ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_contract_is_left_at_its_last_close_and_nothing_opens_after_it():
    done = run(
        OLD,
        {0: [Enter(loss=50)], 1: [Enter(kind=K.KIND_LIMIT, limit=20, life=(K.LIFE_BARS, 99))], 2: [Enter()]},
        rolls=[(0, 2, K.ROLL_OUT, 110, 110, 0.0, 1.0)],
        settings={K.SETTING_SLIP_TICKS: 1.0},
    )
    assert done.fills == [(1, "entry", 10, 103), (2, "leave", -10, 109)]
    assert done.statuses == [K.STATUS_FILLED, K.STATUS_CANCELED]
    assert done.denials == [(2, K.DENIED_CONTRACT_OVER)]
    assert ("fill", 0, False, -1, 10, 109, -1) in done.strategy.seen
    assert done.columns.equity[-1] == START + 10 * (109 - 103)


# ── shared limits ────────────────────────────────────────────────────────────────────────────────────────────────────

THREE = [(100, 100, 100, 100)] * 9
WHICH = [0, 1, 2] * 3
GROUPED = [1, 1, 0]


def three(script, settings):
    return run(THREE, script, instruments=WHICH, groups=GROUPED, settings=settings, days=[0] * 9)


def test_units_of_an_instrument_count_legs_and_working_entries():
    resting = Enter(kind=K.KIND_LIMIT, limit=50, life=(K.LIFE_BARS, 99))
    done = three({2: [Enter(), resting, Enter()]}, {K.SETTING_CAP_UNITS: 2})
    assert done.denials == [(2, K.DENIED_CAP_UNITS)]
    later = three({2: [Enter()], 5: [resting, Enter(i=1), Enter()]}, {K.SETTING_CAP_UNITS: 2})
    assert later.denials == [(5, K.DENIED_CAP_UNITS)]


def test_units_of_a_group_are_shared_and_each_side_is_counted_apart():
    done = three(
        {2: [Enter(), Enter(i=1), Enter(i=1), Enter(i=2), Enter(i=0, side=K.SELL)]}, {K.SETTING_CAP_GROUP_UNITS: 2}
    )
    assert done.denials == [(2, K.DENIED_CAP_UNITS)]
    assert len(done.statuses) == 4


def test_units_of_a_side_are_those_of_all_instruments():
    done = three({2: [Enter(), Enter(i=2), Enter(i=1), Enter(i=1, side=K.SELL)]}, {K.SETTING_CAP_SIDE_UNITS: 2})
    assert done.denials == [(2, K.DENIED_CAP_UNITS)]


@pytest.mark.parametrize(
    ("setting", "bound"),
    [
        (K.SETTING_CAP_GROUP_MONEY, 2_000),
        (K.SETTING_CAP_GROUP_RATIO, 2_000 / START),
        (K.SETTING_CAP_SIDE_MONEY, 3_000),
        (K.SETTING_CAP_SIDE_RATIO, 3_000 / START),
    ],
)
def test_money_of_a_group_and_of_a_side(setting, bound):
    """Each entry is worth 1,000: a group of two may hold 2,000, and one side 3,000."""
    of_group = setting in (K.SETTING_CAP_GROUP_MONEY, K.SETTING_CAP_GROUP_RATIO)
    first = [Enter(), Enter(i=1), Enter(i=2)]
    done = three({2: [*first, Enter(i=1 if of_group else 2)]}, {setting: bound})
    assert done.denials == [(2, K.DENIED_CAP_POSITION)]
    assert len(done.statuses) == 3


def test_the_limits_hold_for_a_limited_rule_and_a_one_of_too():
    done = three(
        {2: [Limited(Enter(), count=2), OneOf(entries=(Enter(), Enter(side=K.SELL)))]}, {K.SETTING_CAP_UNITS: 1}
    )
    assert done.denials == [(2, K.DENIED_CAP_UNITS)]
