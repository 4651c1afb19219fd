"""Laws of the engine on random bars and orders, each checked from the logs by independent arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings

from stratc.runtime.engine import codes as K
from stratc.runtime.engine import facts
from stratc.runtime.engine.columns import Columns, pack_row
from stratc.runtime.engine.loop import run_rows
from stratc.runtime.model.denial import DenialReason
from tests.runtime.engine.random_runs import (
    RandomStrategy,
    book_of,
    eventful,
    eventful_mixed_worlds,
    eventful_worlds,
    mixed_world_of,
    mixed_worlds,
    world_of,
    worlds,
)
from tests.runtime.engine.scripted import START, moment_bit, rows_of, session_bit

pytestmark = pytest.mark.fast


def columns_of(world):
    which = [r % 2 for r in range(len(world.bars))]
    rows = [
        pack_row(world.days[r], which[r], moment_bit(which, r) | session_bit(world.days, which, r))
        for r in range(len(which))
    ]
    prices = [[bar[k] for bar in world.bars] for k in range(4)]
    seen = [list(column) for column in (*prices, [0.0] * len(which))]
    return Columns(*prices, [0.0] * len(which), rows, [0] * len(which), seen)


def rolls_of(world):
    """A roll of each instrument and a way out of the first, at prices and gaps of the world's seed."""
    rows = len(world.bars)
    if rows < 8:
        return ()
    gap = world.seed % 41 - 20
    first, second, last = rows // 4 // 2 * 2, rows // 2 // 2 * 2 + 1, rows // 2 * 2 - 2
    old = [round(world.bars[max(row - 2, row % 2)][3]) for row in (first, second)]
    return (
        (0, first, K.ROLL_ON, old[0], old[0] + gap, 0.0, 1.0),
        (1, second, K.ROLL_ON, old[1], old[1] - gap, float(-gap), 1.0),
        (0, last, K.ROLL_OUT, 0, 0, 0.0, 1.0),
    )


def announce(book, rolls, engine=facts):
    engine.begin_rolls(book, len(rolls))
    for roll in rolls:
        engine.announce_roll(book, *roll)


def ran(world, watch=lambda book, i: None, rolls=()):
    columns, book = columns_of(world), book_of(world)
    announce(book, rolls)
    run_rows(book, RandomStrategy(columns, world.seed, watch), columns, 0, len(world.bars))
    return book, columns


def fills_of(book):
    return rows_of(book, K.LOG_FILLS, K.FILL_WIDTH)


def fee(world, fill_value):
    """The commission of one order, again, in decimals."""
    rate = Decimal(repr(world.settings[K.SETTING_FEE_RATE]))
    return max(rate * fill_value, Decimal(world.settings[K.SETTING_FEE_MINIMUM])).to_integral_value()


@given(worlds())
@settings(max_examples=150)
def test_money_is_conserved(world):
    """Equity is the start plus the value of every fill at the last mark, less fees; to the quantum, at every row."""
    book, columns = ran(world)
    fills = fills_of(book)
    for r in range(len(world.bars)):
        marks = [world.bars[k][3] for k in range(r + 1) if k % 2 == 0][-1:] + [
            world.bars[k][3] for k in range(r + 1) if k % 2 == 1
        ][-1:]
        done = [fill for fill in fills if fill[K.FILL_ROW] <= r]
        profit = sum(
            fill[K.FILL_SIDE] * fill[K.FILL_LOTS] * (Decimal(marks[fill[K.FILL_INSTRUMENT]]) - fill[K.FILL_TICKS])
            for fill in done
        )
        if r % 2 == 1:
            assert columns.equity[r] == START + profit - sum(fill[K.FILL_FEE] for fill in done)


@given(worlds())
@settings(max_examples=150)
def test_money_is_conserved_over_rolls(world):
    """The same with positions that go from contract to contract: every way out and every way in is a fill."""
    book, columns = ran(world, rolls=rolls_of(world))
    done = fills_of(book)
    profit = sum(
        fill[K.FILL_SIDE] * fill[K.FILL_LOTS] * (book.mark[fill[K.FILL_INSTRUMENT]] - fill[K.FILL_TICKS])
        for fill in done
    )
    assert book.equity == columns.equity[-1] == START + profit - sum(fill[K.FILL_FEE] for fill in done)
    closings = rows_of(book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    open_fees = sum(book.leg[(i * 8 + k) * K.LEG_WIDTH + K.LEG_FEE] for i in range(2) for k in range(book.legs[i]))
    assert sum(row[K.CLOSING_FEES] for row in closings) + open_fees == book.total[K.TOTAL_FEES]
    if rolls_of(world):
        assert book.position[0] == 0
        assert book.rolls_done == 3


@given(worlds() | eventful_worlds())
@settings(max_examples=200)
def test_realized_and_unrealized_make_the_equity(world):
    book, _ = ran(world)
    unrealized = sum(
        book.leg[at + K.LEG_SIDE] * (book.leg[at + K.LEG_LOTS] * book.mark[i] - book.leg[at + K.LEG_COST])
        for i in range(2)
        for at in range(i * 8 * K.LEG_WIDTH, (i * 8 + book.legs[i]) * K.LEG_WIDTH, K.LEG_WIDTH)
    )
    closings = rows_of(book, K.LOG_CLOSINGS, K.CLOSING_WIDTH)
    realized = sum(row[K.CLOSING_SIDE] * (row[K.CLOSING_VALUE] - row[K.CLOSING_COST]) for row in closings)
    kinds = (K.TOTAL_DIVIDENDS, K.TOTAL_BORROW, K.TOTAL_MARGIN_INTEREST, K.TOTAL_LOCATE)
    held = sum(book.total[kind] for kind in kinds)
    carries = rows_of(book, K.LOG_CARRIES, K.CARRY_WIDTH)
    in_lieu = book.total[K.TOTAL_IN_LIEU]
    assert sum(row[K.CARRY_QUANTA] for row in carries) == held + in_lieu
    if not world.events:
        assert (held, in_lieu) == (0, 0)
        assert all(row[K.CLOSING_COST] == row[K.CLOSING_LOTS] * row[K.CLOSING_TICKS_IN] for row in closings)
        assert all(row[K.CLOSING_VALUE] == row[K.CLOSING_LOTS] * row[K.CLOSING_TICKS_OUT] for row in closings)
    assert realized == book.total[K.TOTAL_REALIZED]
    assert book.equity == START + realized + unrealized + held - book.total[K.TOTAL_FEES]
    open_fees = sum(book.leg[(i * 8 + k) * K.LEG_WIDTH + K.LEG_FEE] for i in range(2) for k in range(book.legs[i]))
    assert sum(row[K.CLOSING_FEES] for row in closings) + open_fees == book.total[K.TOTAL_FEES]


@given(worlds())
@settings(max_examples=100)
def test_fees_are_the_schedule_s(world):
    book, _ = ran(world)
    paid: dict = {}
    for row in fills_of(book):
        # A protective fill carries its entry's order id; the roles keep them apart, and legs of one entry close apart.
        key = (row[K.FILL_ORDER], row[K.FILL_ROLE], row[K.FILL_ROW])
        value, so_far = paid.get(key, (0, 0))
        paid[key] = (value + row[K.FILL_LOTS] * row[K.FILL_TICKS], so_far + row[K.FILL_FEE])
    assert all(fee(world, value) == so_far for value, so_far in paid.values())


@given(worlds())
@settings(max_examples=150)
def test_fills_are_possible_and_never_better_than_the_market(world):
    """Inside the bar but for slippage, and a limit never worse than its price."""
    book, _ = ran(world)
    orders = rows_of(book, K.LOG_ORDERS, K.PLACED_WIDTH)
    slips = world.settings[K.SETTING_SLIP_TICKS] > 0 or world.settings[K.SETTING_SLIP_RATE] > 0
    for row in fills_of(book):
        first, high, low, _ = world.bars[row[K.FILL_ROW]]
        side, ticks = row[K.FILL_SIDE], row[K.FILL_TICKS]
        assert ticks >= low if side > 0 else ticks <= high
        assert slips or low <= ticks <= high
        assert row[K.FILL_SLIPPAGE] >= 0
        if row[K.FILL_ROLE] in (K.ROLE_STOP_LOSS, K.ROLE_TARGET):
            continue
        order = orders[row[K.FILL_ORDER]]
        assert row[K.FILL_ROW] > order[K.PLACED_ROW]
        if order[K.PLACED_KIND] in (K.KIND_LIMIT, K.KIND_STOP_LIMIT):
            assert side * (ticks - order[K.PLACED_LIMIT]) <= 0
        if order[K.PLACED_KIND] == K.KIND_STOP:
            assert side * (ticks - order[K.PLACED_STOP]) >= 0
        if order[K.PLACED_KIND] == K.KIND_MARKET:
            assert side * (ticks - first) >= 0


def check_book(book, i):
    """What holds between any two events."""
    legs = [book.leg[(i * 8 + k) * K.LEG_WIDTH :][: K.LEG_WIDTH] for k in range(book.legs[i])]
    working = [book.order[(i * 8 + k) * K.ORDER_WIDTH :][: K.ORDER_WIDTH] for k in range(8)]
    working = [order for order in working if order[K.ORDER_STATUS] == K.STATUS_WORKING]
    entries = [order for order in working if order[K.ORDER_ROLE] == K.ROLE_ENTRY]
    guarded = [leg for leg in legs if leg[K.LEG_HAS_STOP] or leg[K.LEG_HAS_TARGET]]
    # The protective quantity is the position: every leg carries its own.
    assert sum(leg[K.LEG_SIDE] * leg[K.LEG_LOTS] for leg in legs) == book.position[i]
    assert all(leg[K.LEG_LOTS] > 0 for leg in legs)
    assert book.working[i] == len(working)
    assert book.working_entries[i] == len(entries)
    assert book.active[i] == len(working) + len(guarded)
    assert sum(order[K.ORDER_COUNTS] for order in entries) <= book.working_counted


@given(worlds() | mixed_worlds() | eventful_worlds() | eventful_mixed_worlds())
@settings(max_examples=300)
def test_the_book_is_consistent_at_every_event(world):
    book, _ = ran(world, check_book)
    for i in range(2):
        check_book(book, i)


@given(worlds() | mixed_worlds())
@settings(max_examples=100)
def test_exits_are_never_denied_and_never_exceed_the_position(world):
    book, _ = ran(world)
    assert all(row[K.DENIAL_RULE] == 0 for row in rows_of(book, K.LOG_DENIALS, K.DENIAL_WIDTH))
    position = [0, 0]
    for row in fills_of(book):
        i, signed = row[K.FILL_INSTRUMENT], row[K.FILL_SIDE] * row[K.FILL_LOTS]
        if row[K.FILL_ROLE] != K.ROLE_ENTRY:
            assert position[i] * signed < 0
            assert abs(signed) <= abs(position[i])
        position[i] += signed
    assert position == book.position


@given(worlds() | mixed_worlds() | eventful_worlds() | eventful_mixed_worlds())
@settings(max_examples=120)
def test_a_run_in_pieces_is_the_same_run(world):
    whole, columns = ran(world)
    pieces, again = book_of(world), columns_of(world)
    strategy = RandomStrategy(again, world.seed)
    for r in range(len(world.bars)):
        run_rows(pieces, strategy, again, r, r + 1)
    assert [pieces.log(k) for k in range(K.LOGS)] == [whole.log(k) for k in range(K.LOGS)]
    assert (pieces.totals(), again.equity) == (whole.totals(), columns.equity)


def test_the_random_worlds_reach_everything():
    """Every role, order kind, ending and (but for those that the worlds exclude) reason comes up."""
    roles, kinds, statuses, reasons = set(), set(), set(), set()

    for seed in range(1, 200):
        world = (mixed_world_of if seed % 3 == 0 else world_of)(seed, 60)
        book, _ = ran(eventful(world) if seed % 2 else world)
        filled = {row[K.FILL_ORDER] for row in fills_of(book)}
        roles.update(row[K.FILL_ROLE] for row in fills_of(book))
        orders = rows_of(book, K.LOG_ORDERS, K.PLACED_WIDTH)
        kinds.update(row[K.PLACED_KIND] for row in orders if row[K.PLACED_ID] in filled)
        statuses.update(row[K.PLACED_STATUS] for row in orders)
        reasons.update(row[K.DENIAL_REASON] for row in rows_of(book, K.LOG_DENIALS, K.DENIAL_WIDTH))
    assert roles == {1, 2, 3, 4, 5, K.ROLE_REDUCE}
    assert kinds == {1, 2, 3, 4, 5, 6}
    assert statuses == {1, 2, 3, 4}
    never = {"OUTSIDE_HOURS", "STOP_DISTANCE", "CAP_POSITION", "CAP_GROSS", "CAP_ORDERS_PER_SECOND"}
    never |= {"ORDER_SLOTS", "ARITHMETIC_LIMIT", "CONTRACT_OVER", "CAP_UNITS", "NO_ENTRIES", "BELOW_MINIMUM"}
    assert {DenialReason(reason).name for reason in reasons} >= set(DenialReason.__members__) - never
