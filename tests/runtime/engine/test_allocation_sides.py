"""Allocations with short places: who is bought and sold short, what each gets, and how a position turns round.

Prices are 100, so that a lot is 100 of money; half of the amount is each side's.
"""

from __future__ import annotations

from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.engine import codes as K
from tests.runtime.engine.scripted import START, Enter, Exit, Run, run
from tests.runtime.engine.test_allocation import BAR, Allocate, alike

pytestmark = pytest.mark.fast

COUNT = 5
AMOUNT = START // 2
HALF = AMOUNT // 2 // 100


def played(script: dict[int, list[object]], moments: int = 3, **given: Any) -> Run:
    rows = {COUNT * moment + COUNT - 1: actions for moment, actions in script.items()}
    instruments = list(range(COUNT)) * moments
    return run([BAR] * (COUNT * moments), rows, instruments=instruments, **given)


def held(done: Run) -> list[int]:
    return [done.book.position[i] for i in range(COUNT)]


def sides(*scores: float, **more: Any) -> Allocate:
    given: dict[str, Any] = {"offers": alike(*scores), "amount": AMOUNT, "places": 2, "shorts": 2, **more}
    return Allocate(**given)


@pytest.mark.parametrize(
    ("asked", "lots"),
    [
        # 5 and 4 are first, 1 and 2 last; 3 is between.
        (sides(3, 5, 1, 4, 2), [0, HALF // 2, -HALF // 2, HALF // 2, -HALF // 2]),
        (sides(3, 5, 1, 4, 2, rank=K.RANK_LOWEST), [0, -HALF // 2, HALF // 2, -HALF // 2, HALF // 2]),
        # One place has all of its side's half.
        (sides(3, 5, 1, 4, 2, places=1, shorts=1), [0, HALF, -HALF, 0, 0]),
        # Two longs, one short: still half a side.
        (sides(3, 5, 1, 4, 2, shorts=1), [0, HALF // 2, -HALF, HALF // 2, 0]),
        # Three eligible for two places each: the one in the middle stands at both ends and is neither.
        (sides(nan, 5, 1, nan, 2), [0, HALF // 2, -HALF // 2, 0, 0]),
        # Two eligible stand at both ends, both of them.
        (sides(nan, 5, nan, nan, 2), [0, 0, 0, 0, 0]),
        # Ties: the first is bought, and of what is left the first is sold short.
        (sides(7, 7, 7, 7, 7, places=1, shorts=1), [HALF, -HALF, 0, 0, 0]),
        # Within a side by weight: 3 to 1 of the long half, 1 to 4 of the short one.
        (
            sides(offers={0: (True, 9, 3.0), 1: (True, 8, 1.0), 2: (True, 1, 1.0), 3: (True, 2, 4.0)}),
            [HALF * 3 // 4, HALF // 4, -HALF // 5, -HALF * 4 // 5, 0],
        ),
        # Two fifths at each end.
        (sides(3, 5, 1, 4, 2, places=1, shorts=1, parts=(0.4, 0.4)), [0, HALF // 2, -HALF // 2, HALF // 2, -HALF // 2]),
        # No shorts asked for: all of the amount is bought, as ever.
        (sides(3, 5, 1, 4, 2, shorts=0), [0, HALF, 0, HALF, 0]),
    ],
)
def test_who_gets_what(asked: Allocate, lots: list[int]) -> None:
    assert HALF % 20 == 0
    assert held(played({0: [asked]})) == lots


def fills(done: Run) -> list[tuple[int, int, int]]:
    """Instrument, moment, signed lots."""
    log = done.book.log(K.LOG_FILLS)
    rows = [log[at : at + K.FILL_WIDTH] for at in range(0, len(log), K.FILL_WIDTH)]
    return [(row[K.FILL_INSTRUMENT], row[K.FILL_ROW] // COUNT, row[K.FILL_SIDE] * row[K.FILL_LOTS]) for row in rows]


def test_a_position_that_turns_round_is_closed_by_one_order_and_opened_by_another() -> None:
    first = sides(9, 1, 5, 5, 5, places=1, shorts=1)
    then = sides(1, 9, 5, 5, 5, places=1, shorts=1, amount=AMOUNT // 2)
    done = played({0: [first], 1: [then]})
    assert fills(done) == [
        (0, 1, HALF),
        (1, 1, -HALF),
        (0, 2, -HALF),
        (0, 2, -HALF // 2),
        (1, 2, HALF),
        (1, 2, HALF // 2),
    ]
    assert held(done) == [-HALF // 2, HALF // 2, 0, 0, 0]
    assert done.denials == []


def test_a_short_position_is_bought_back_where_it_is_too_large_or_not_chosen() -> None:
    first = sides(9, 1, 5, 5, 5, places=1, shorts=1)
    smaller = sides(9, 1, 5, 5, 5, places=1, shorts=1, amount=AMOUNT // 2)
    none = sides(9, nan, 1, 5, 5, places=1, shorts=1)
    done = played({0: [first], 1: [smaller], 2: [none]}, moments=4)
    assert [lots for i, _, lots in fills(done) if i == 1] == [-HALF, HALF // 2, HALF // 2]
    assert held(done) == [HALF, 0, -HALF, 0, 0]


@pytest.mark.parametrize(
    ("band", "second", "lots"),
    [
        ((K.BAND_OF_TARGET, 0.2), 0.9, 1.0),
        ((K.BAND_OF_TARGET, 0.2), 0.8, 0.8),
        ((K.BAND_MONEY, AMOUNT * 0.06), 0.9, 1.0),
        ((K.BAND_MONEY, AMOUNT * 0.04), 0.9, 0.9),
    ],
)
def test_a_band_leaves_both_sides_alone(band: tuple[int, float], second: float, lots: float) -> None:
    """At nine tenths the half of a side is off by a twentieth of the amount, and by a ninth of its target."""
    first = sides(9, 1, 5, 5, 5, places=1, shorts=1)
    then = sides(9, 1, 5, 5, 5, places=1, shorts=1, amount=AMOUNT * second, band=band)
    assert held(played({0: [first], 1: [then]})) == [round(HALF * lots), -round(HALF * lots), 0, 0, 0]


def test_a_band_never_keeps_a_position_on_the_other_side() -> None:
    first = sides(9, 1, 5, 5, 5, places=1, shorts=1)
    then = sides(1, 9, 5, 5, 5, places=1, shorts=1, band=(K.BAND_OF_TARGET, 9.0))
    assert held(played({0: [first], 1: [then]})) == [-HALF, HALF, 0, 0, 0]


def test_what_an_instrument_without_a_bar_is_short_is_taken_off_the_short_half_only() -> None:
    first = sides(9, 1, 5, 5, 5, places=1, shorts=1)
    then = sides(offers={2: (True, 9, 1.0), 3: (True, 1, 1.0)}, amount=AMOUNT * 3, places=1, shorts=1)
    # Instruments 0 and 1 are not offered: they keep HALF and -HALF, which leaves 2 x HALF of each side's 3 x HALF.
    assert held(played({0: [first], 1: [then]})) == [HALF, -HALF, 2 * HALF, -2 * HALF, 0]


def test_an_exit_that_rests_does_not_meet_what_is_opened_on_the_other_side() -> None:
    first = sides(9, 1, 5, 5, 5, places=1, shorts=1)
    rests = Exit(portion=(K.PORTION_ALL, 1.0), kind=K.KIND_LIMIT, limit=200.0)
    then = sides(1, 9, 5, 5, 5, places=1, shorts=1)
    assert held(played({0: [first], 1: [rests], 2: [then]}, moments=5)) == [-HALF, HALF, 0, 0, 0]


def test_a_cash_account_does_not_sell_short() -> None:
    done = played({0: [sides(9, 1, 5, 5, 5)]}, settings={K.SETTING_ACCOUNT: K.ACCOUNT_CASH})
    assert {reason for _, reason in done.denials} == {K.DENIED_CASH}
    assert min(held(done)) == 0


def test_a_position_that_an_entry_sold_short_is_brought_to_an_allocation_that_buys() -> None:
    done = played({0: [Enter(side=K.SELL, size=(K.SIZE_QUANTITY, 10))], 1: [sides(9, 1, 2, 3, 4, places=1, shorts=0)]})
    assert held(done) == [2 * HALF, 0, 0, 0, 0]


offers = st.dictionaries(
    st.integers(0, COUNT - 1),
    st.tuples(st.booleans(), st.sampled_from((nan, -1.0, 0.0, 2.0, 3.0)), st.sampled_from((nan, 0.0, 0.5, 1.0, 7.0))),
    min_size=1,
)
bands = st.sampled_from(((K.BAND_NONE, 0.0), (K.BAND_OF_TARGET, 0.3), (K.BAND_MONEY, 5_000.0)))
asked = st.builds(
    Allocate,
    offers=offers,
    amount=st.integers(-1000, START),
    places=st.integers(1, 3),
    shorts=st.integers(0, 3),
    rank=st.sampled_from((K.RANK_HIGHEST, K.RANK_LOWEST)),
    band=bands,
)


@given(st.lists(asked, min_size=1, max_size=4))
def test_an_order_reduces_or_opens_and_no_target_is_more_than_its_side_has(actions: list[Allocate]) -> None:
    """At a constant price: what opens never lifts an instrument over its side's part, and nothing that was not offered
    is traded."""
    done = played({moment: [action] for moment, action in enumerate(actions)}, moments=len(actions) + 1)
    position = [0] * COUNT
    for i, moment, lots in fills(done):
        action, before = actions[moment - 1], position[i]
        position[i] += lots
        assert i in action.offers
        assert before * position[i] >= 0
        if abs(position[i]) > abs(before):
            assert abs(position[i]) * 100 <= (action.amount / 2 if action.shorts else action.amount)
            assert position[i] > 0 or action.shorts
