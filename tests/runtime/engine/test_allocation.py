"""Allocations: who is chosen, what each gets, and that sales come first and pay for purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.allocation import allocate, begin_offers, offer
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.strategy import Strategy
from tests.runtime.engine.scripted import START, Enter, Exit, Run, run

pytestmark = pytest.mark.fast

BAR = (100, 110, 90, 100)
CASH = {K.SETTING_ACCOUNT: K.ACCOUNT_CASH}


@dataclass(frozen=True, kw_only=True)
class Allocate:
    """`offers`: by instrument, whether it is eligible, its score and its weight."""

    offers: Mapping[int, tuple[bool, float, float]]
    amount: float
    share: int = K.SHARE_PLACES
    places: int = 3
    shorts: int = 0
    parts: tuple[float, float] = (0.0, 0.0)
    rank: int = K.RANK_HIGHEST
    band: tuple[int, float] = (K.BAND_NONE, 0.0)
    new_cash: bool = False
    located: bool = False
    rule: int = 0

    def do(self, book: Book, strategy: Strategy) -> int:
        begin_offers(book)
        for i, (eligible, score, weight) in self.offers.items():
            offer(book, i, eligible, score, weight)
        allocate(
            book,
            strategy,
            self.rule,
            self.amount,
            self.share,
            self.places,
            self.shorts,
            *self.parts,
            self.rank,
            *self.band,
            self.new_cash,
            self.located,
            K.KIND_MARKET,
        )
        return 0


def alike(*scores: float) -> dict[int, tuple[bool, float, float]]:
    return {i: (True, score, 1.0) for i, score in enumerate(scores)}


def played(script: Mapping[int, Sequence[object]], moments: int = 3, **given: Any) -> Run:
    """`moments` of three instruments at 100, with what is done at the end of each."""
    rows = {3 * moment + 2: actions for moment, actions in script.items()}
    return run([BAR] * (3 * moments), rows, instruments=[0, 1, 2] * moments, **given)


def held(done: Run) -> list[int]:
    return [done.book.position[i] for i in range(3)]


SHARE = START // 2
LOTS = SHARE // 100


@pytest.mark.parametrize(
    ("asked", "lots"),
    [
        (Allocate(offers=alike(1, 3, 2), amount=SHARE, places=2), [0, LOTS // 2, LOTS // 2]),
        (Allocate(offers=alike(1, 3, 2), amount=SHARE, places=1, rank=K.RANK_LOWEST), [LOTS, 0, 0]),
        (Allocate(offers=alike(2, 2, 2), amount=SHARE, places=1), [LOTS, 0, 0]),
        (Allocate(offers=alike(1, nan, nan), amount=SHARE, places=2), [LOTS // 2, 0, 0]),
        (Allocate(offers={0: (True, 0, 1), 1: (False, 9, 1)}, amount=SHARE, places=2), [LOTS // 2, 0, 0]),
        (Allocate(offers=alike(0, 0, 0), amount=SHARE // 4, share=K.SHARE_EACH), [LOTS // 4] * 3),
        # Stated parts are parts of the amount: a quarter and a half of it, the rest stays in cash.
        (
            Allocate(offers={0: (True, 0, 0.25), 1: (True, 0, 0.5)}, amount=SHARE, share=K.SHARE_STATED),
            [LOTS // 4, LOTS // 2, 0],
        ),
        (Allocate(offers={0: (True, 0, 0.0), 1: (True, 0, 1.0)}, amount=SHARE, share=K.SHARE_STATED), [0, LOTS, 0]),
        # Amounts of their own: what is unknown or nought of one says nothing of the others.
        (
            Allocate(
                offers={0: (True, 0, 5_000.0), 1: (True, 0, nan), 2: (True, 0, 400.0)}, amount=nan, share=K.SHARE_OWN
            ),
            [50, 0, 4],
        ),
        (Allocate(offers={0: (False, 0, 5_000.0), 1: (True, 0, 0.0)}, amount=5_000.0, share=K.SHARE_OWN), [0, 0, 0]),
        # A part of those eligible, rounded down and one at least: of three, of two, a tenth of three.
        (Allocate(offers=alike(1, 3, 2), amount=SHARE, places=1, parts=(1 / 3, 0.0)), [0, LOTS, 0]),
        (Allocate(offers=alike(1, 3, nan), amount=SHARE, places=1, parts=(2 / 3, 0.0)), [0, LOTS, 0]),
        (Allocate(offers=alike(1, 3, 2), amount=SHARE, places=1, parts=(0.1, 0.0)), [0, LOTS, 0]),
        (Allocate(offers=alike(1, 3, 2), amount=SHARE, places=1, parts=(2 / 3, 0.0)), [0, LOTS // 2, LOTS // 2]),
        (
            Allocate(offers={0: (True, 0, 3.0), 1: (True, 0, 1.0)}, amount=SHARE, places=2),
            [LOTS * 3 // 4, LOTS // 4, 0],
        ),
        (Allocate(offers={0: (True, 0, nan), 1: (True, 0, -1.0), 2: (True, 0, 0.0)}, amount=SHARE), [0, 0, 0]),
    ],
)
def test_who_gets_what(asked: Allocate, lots: list[int]) -> None:
    assert held(played({0: [asked]})) == lots


def test_sales_pay_for_purchases_of_the_same_moment() -> None:
    first = Allocate(offers=alike(3, 0, 0), amount=START, places=1)
    then = Allocate(offers=alike(0, 3, 0), amount=START, places=1)
    done = played({0: [first], 1: [then]}, settings=CASH)
    assert held(done) == [0, START // 100, 0]
    assert done.denials == []


def test_an_ordinary_purchase_is_not_paid_by_working_sales() -> None:
    all_in = Enter(size=(K.SIZE_QUANTITY, START // 100))
    done = played({0: [all_in], 1: [Exit(), Enter(i=1, size=(K.SIZE_QUANTITY, 10))]}, settings=CASH)
    assert [reason for _, reason in done.denials] == [K.DENIED_CASH]


def test_what_may_not_be_sold_yet_pays_for_nothing() -> None:
    settings = {**CASH, K.SETTING_KEEP_SESSIONS: 5.0}
    first = Allocate(offers=alike(3, 0, 0), amount=START, places=1)
    then = Allocate(offers=alike(0, 3, 0), amount=START, places=1)
    done = played({0: [first], 1: [then]}, settings=settings)
    assert [reason for _, reason in done.denials] == [K.DENIED_CASH]


@pytest.mark.parametrize(
    ("band", "second", "lots"),
    [
        ((K.BAND_NONE, 0.0), 0.9, 0.9),
        ((K.BAND_OF_TARGET, 0.2), 0.9, 1.0),
        ((K.BAND_OF_TARGET, 0.2), 0.8, 0.8),
        ((K.BAND_MONEY, SHARE * 0.15), 0.9, 1.0),
        ((K.BAND_MONEY, SHARE * 0.05), 0.9, 0.9),
        ((K.BAND_OF_TARGET, 9.0), 0.0, 0.0),
    ],
)
def test_a_band_leaves_alone_what_is_near_and_never_keeps_what_must_go(
    band: tuple[int, float], second: float, lots: float
) -> None:
    one = {0: (True, 0.0, 1.0)}
    first = Allocate(offers=one, amount=SHARE, places=1)
    then = Allocate(offers=one, amount=SHARE * second, places=1, band=band)
    assert held(played({0: [first], 1: [then]}))[0] == round(LOTS * lots)


def test_without_a_bar_an_instrument_is_left_and_its_worth_taken_off() -> None:
    first = Allocate(offers=alike(3, 0, 0), amount=SHARE, places=1)
    then = Allocate(offers={1: (True, 0, 1.0), 2: (True, 0, 1.0)}, amount=SHARE * 1.5, places=2)
    assert held(played({0: [first], 1: [then]})) == [LOTS, LOTS // 4, LOTS // 4]


def test_what_each_gets_does_not_hang_on_who_may_join_one_day() -> None:
    """The first holds one and a half of what each gets and has no bar now, so the second gets the other half of two
    places; the third, which nobody chose and nobody holds, has no place that could make room."""
    first = Allocate(offers={0: (True, 0, 1)}, amount=3 * SHARE // 8, share=K.SHARE_EACH)
    second = Allocate(offers={1: (True, 0, 1)}, amount=SHARE // 4, share=K.SHARE_EACH)
    assert held(played({0: [first], 1: [second]}, moments=4)) == [3 * LOTS // 8, LOTS // 8, 0]


def test_an_unknown_amount_orders_nothing_and_is_told_once() -> None:
    first = Allocate(offers=alike(3, 0, 0), amount=SHARE, places=1)
    done = played({0: [first], 1: [Allocate(offers=alike(0, 3, 0), amount=nan)]})
    assert held(done) == [LOTS, 0, 0]
    assert [reason for _, reason in done.denials] == [K.DENIED_UNKNOWN_VALUE]


def test_too_little_for_a_lot_is_a_reported_no_trade() -> None:
    done = played({0: [Allocate(offers=alike(1), amount=50, places=1)]})
    assert [reason for _, reason in done.denials] == [K.DENIED_ZERO_QUANTITY]


def test_a_halt_denies_purchases_and_lets_sales_pass() -> None:
    halt = (K.BASELINE_LAST_CLOSE, -1.0, 0, K.UNTIL_RELEASED)
    first = Allocate(offers=alike(3, 0, 0), amount=SHARE, places=1)
    then = Allocate(offers=alike(0, 3, 0), amount=SHARE, places=1)
    bars = [BAR] * 3 + [(100, 100, 50, 50)] * 3 + [(50, 50, 50, 50)] * 3
    done = run(
        bars, {2: [first], 5: [then]}, instruments=[0, 1, 2] * 3, halts=[(halt[0], 0.1, 0, K.UNTIL_RELEASED)]
    )  # fmt: skip
    assert held(done) == [0, 0, 0]
    assert [reason for _, reason in done.denials] == [K.DENIED_HALTED]


offers = st.dictionaries(
    st.integers(0, 2),
    st.tuples(st.booleans(), st.sampled_from((nan, -1.0, 0.0, 2.0)), st.sampled_from((nan, 0.0, 0.5, 1.0, 7.0))),
    min_size=1,
)
amounts = st.integers(-1000, START)
bands = st.sampled_from(((K.BAND_NONE, 0.0), (K.BAND_OF_TARGET, 0.3), (K.BAND_MONEY, 5_000.0)))
asked = st.builds(Allocate, offers=offers, amount=amounts, places=st.integers(1, 3), band=bands)


@given(st.lists(asked, min_size=1, max_size=4))
def test_an_amount_is_never_exceeded_by_what_one_instrument_is_bought_to(actions: list[Allocate]) -> None:
    """At a constant price: a purchase never lifts an instrument over the amount, and no order works twice."""
    done = played({moment: [action] for moment, action in enumerate(actions)}, moments=len(actions) + 1)
    position = [0, 0, 0]
    for at, log in enumerate(range(0, len(done.book.log(K.LOG_FILLS)), K.FILL_WIDTH)):
        row = done.book.log(K.LOG_FILLS)[log : log + K.FILL_WIDTH]
        action = actions[row[K.FILL_ROW] // 3 - 1]
        i = row[K.FILL_INSTRUMENT]
        position[i] += row[K.FILL_SIDE] * row[K.FILL_LOTS]
        assert position[i] >= 0, at
        if row[K.FILL_SIDE] > 0:
            assert position[i] * 100 <= action.amount
        else:
            assert i in action.offers
