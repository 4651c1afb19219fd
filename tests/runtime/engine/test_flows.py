"""Money in and out: when it is there, how much may go, that it is no profit, and what new cash buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.engine import codes as K
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.facts import set_flows
from stratc.runtime.engine.flows import plan_flow
from stratc.runtime.engine.strategy import Strategy
from stratc.runtime.engine.words import word_cash, word_equity_at_last_close, word_peak_equity, word_start_equity
from tests.runtime.engine.scripted import START, Enter, Exit, Run, run
from tests.runtime.engine.test_allocation import Allocate

pytestmark = pytest.mark.fast

BAR = (100, 110, 90, 100)
CASH = {K.SETTING_ACCOUNT: K.ACCOUNT_CASH}
SHARES = {**CASH, K.SETTING_SETTLES: 1.0}
BALANCE = {K.SETTING_ACCOUNT: K.ACCOUNT_BALANCE}
RULE = 7  # a number behind those of the rules
SINCE_2017 = 17_500  # a day on which shares settle on the second session
SINCE_2024 = 19_900


@dataclass(frozen=True)
class Pay:
    """A flow of the text, below nought where it is taken out."""

    amount: float
    period: int = K.PERIOD_DAY
    number: int = RULE

    def do(self, book: Book, strategy: Strategy) -> int:
        plan_flow(book, strategy, self.number, self.period, abs(self.amount), self.amount < 0)
        return 0


@dataclass(frozen=True)
class Table:
    """What happened, told at the first moment."""

    flows: tuple[int, ...]

    def do(self, book: Book, strategy: Strategy) -> int:
        set_flows(book, list(self.flows))
        return 0


def flows(done: Run) -> list[tuple[int, int, int]]:
    """The row, what was asked for and what was moved."""
    log = done.book.log(K.LOG_CARRIES)
    rows = [log[at : at + K.CARRY_WIDTH] for at in range(0, len(log), K.CARRY_WIDTH)]
    return [(row[K.CARRY_ROW], row[K.CARRY_LOTS], row[K.CARRY_QUANTA]) for row in rows]


def test_money_is_there_at_the_moment_it_comes() -> None:
    done = run([BAR] * 2, {0: [Pay(500)]})
    assert flows(done) == [(0, 500, 500)]
    assert (done.book.money, done.book.equity) == (START + 500, START + 500)
    assert done.columns.equity == [START + 500] * 2
    assert word_cash(done.book, 0) == START + 500


def test_a_balance_account_counts_it_too() -> None:
    done = run([BAR] * 2, {0: [Pay(500)]}, settings=BALANCE)
    assert word_cash(done.book, 0) == START + 500


def test_once_a_period_and_again_in_the_next() -> None:
    done = run([BAR] * 4, {0: [Pay(5), Pay(5)], 1: [Pay(5)], 2: [Pay(5)]}, days=[10, 10, 11, 11])
    assert [row for row, *_ in flows(done)] == [0, 2]
    months = run([BAR] * 3, {k: [Pay(5, K.PERIOD_MONTH)] for k in range(3)}, days=[10, 20, 40])
    assert [row for row, *_ in flows(months)] == [0, 2]


def test_a_table_is_what_happened_and_the_plan_is_not_booked_beside_it() -> None:
    done = run([BAR] * 3, {0: [Table((1, 30, 1, -10)), Pay(500)], 1: [Pay(500)]}, days=[1, 2, 3])
    assert flows(done) == [(1, 30, 30), (1, -10, -10)]
    assert done.book.equity == START + 20


@pytest.mark.parametrize("amount", [0.0, float("nan")])
def test_no_amount_moves_nothing(amount: float) -> None:
    done = run([BAR], {0: [Pay(amount)]})
    assert flows(done) == []


def test_what_the_arithmetic_cannot_hold_is_not_paid_in() -> None:
    done = run([BAR], {0: [Pay(1e30)]})
    assert flows(done) == [(0, K.FUNDED_MAX, 0)]
    assert done.book.total[K.TOTAL_NOT_MOVED] == 1


# ── how much may go ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_more_goes_than_is_there_and_the_rest_is_not_taken_later() -> None:
    done = run([BAR] * 3, {0: [Enter(size=(K.SIZE_QUANTITY, 9_900))], 1: [Pay(-50_000)]}, settings=CASH, days=[1, 2, 3])
    assert flows(done) == [(1, -50_000, -10_000)]
    assert done.book.money == 0
    assert done.book.total[K.TOTAL_NOT_MOVED] == 1


def test_a_working_purchase_keeps_its_money() -> None:
    resting = Enter(size=(K.SIZE_QUANTITY, 900), kind=K.KIND_LIMIT, limit=50.0)
    done = run([BAR] * 2, {0: [resting, Pay(-START)]}, settings=CASH)
    (_, _, moved) = flows(done)[0]
    assert moved == -(START - 900 * 100)  # a resting purchase counts at the mark, its worst case


@pytest.mark.parametrize(
    ("first", "free_after"),
    [(SINCE_2024, 1), (SINCE_2017, 2), (10_000, 3)],
)
def test_a_sale_settles_before_it_can_be_taken_out(first: int, free_after: int) -> None:
    """All cash is in shares, and all are sold on the third day: its proceeds come one, two or three sessions later."""
    days = [first + k for k in range(8)]
    script: dict[int, Sequence[object]] = {0: [Enter(size=(K.SIZE_QUANTITY, START // 100))], 1: [Exit()]}
    script |= {row: [Pay(-1)] for row in range(2, 8)}
    done = run([BAR] * 8, script, settings=SHARES, days=days)
    paid = [row for row, _, moved in flows(done) if moved]
    assert paid == list(range(2 + free_after, 8))


@pytest.mark.parametrize(("moved", "free"), [(0, [3, 4, 5]), (-1, [4, 5])])
def test_a_sale_settles_as_it_was_agreed(moved: int, free: list[int]) -> None:
    """Sold on the first day on which shares settle on the next session, or on the last of the two sessions before."""
    days = [K.SETTLES_IN_ONE + moved - 2 + k for k in range(6)]
    script: dict[int, Sequence[object]] = {0: [Enter(size=(K.SIZE_QUANTITY, START // 100))], 1: [Exit()]}
    script |= {row: [Pay(-1)] for row in range(2, 6)}
    done = run([BAR] * 6, script, settings=SHARES, days=days)
    assert [row for row, _, taken in flows(done) if taken] == free


def test_proceeds_of_a_short_sale_cannot_be_taken_out() -> None:
    short = Enter(side=K.SELL, size=(K.SIZE_QUANTITY, 100))
    done = run([BAR] * 2, {0: [short], 1: [Pay(-10 * START)]}, settings={K.SETTING_ACCOUNT: K.ACCOUNT_MARGINED})
    assert flows(done)[0][2] == -START


def test_open_losses_of_a_balance_account_cannot_be_taken_out() -> None:
    bars = [BAR, (100, 100, 100, 100), (100, 100, 60, 60)]
    done = run(bars, {0: [Enter(size=(K.SIZE_QUANTITY, 10))], 2: [Pay(-10 * START)]}, settings=BALANCE)
    assert flows(done)[0][2] == -(START - 10 * 40)


# ── baselines ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(-START // 2, 3 * START).filter(bool), st.integers(50, 150))
def test_a_flow_changes_no_drawdown(amount: int, last: int) -> None:
    """Every baseline keeps its ratio to equity, to the rounding of a quantum."""
    bars = [BAR, BAR, (100, 150, 50, last)]
    done = run(bars, {0: [Enter(size=(K.SIZE_QUANTITY, 400))], 2: [Pay(float(amount))]}, days=[1, 2, 3])
    before = run(bars, {0: [Enter(size=(K.SIZE_QUANTITY, 400))]}, days=[1, 2, 3])
    for word in (word_peak_equity, word_start_equity, word_equity_at_last_close):
        assert abs(word(done.book, 0) - word(before.book, 0) * done.book.equity / before.book.equity) <= 0.5 + 1e-6
    assert done.book.equity_at_last_close == before.book.equity_at_last_close


def test_no_halt_trips_when_all_money_is_taken_out() -> None:
    """There is nothing to lose a part of; what comes later is a new beginning."""
    halts = [(kind, 0.1, 0, 0) for kind in (K.BASELINE_PEAK, K.BASELINE_START, K.BASELINE_LAST_CLOSE)]
    done = run([BAR] * 4, {1: [Pay(-START)], 3: [Pay(START)]}, halts=halts, days=[1, 2, 3, 4], settings=CASH)
    assert [moved for *_, moved in flows(done)] == [-START, START]
    assert (done.book.halted, done.book.total[K.TOTAL_HALTS]) == (0, 0)
    assert (done.book.peak, done.book.start_equity) == (START, START)


@pytest.mark.parametrize("amount", [-START // 2, START])
def test_no_flow_trips_a_halt_and_none_saves_one(amount: int) -> None:
    """A fall by a tenth trips the halt, with the money that came or went before it as without."""
    halts = [(K.BASELINE_PEAK, 0.1, 0, K.UNTIL_RELEASED)]
    size = (START + amount) // 100

    def tripped(last: int) -> int:
        bars = [BAR, BAR, (100, 100, last, last)]
        script: dict[int, Sequence[object]] = {0: [Pay(amount), Enter(size=(K.SIZE_QUANTITY, size))]}
        return run(bars, script, halts=halts, days=[1, 2, 3]).book.total[K.TOTAL_HALTS]

    assert (tripped(91), tripped(90)) == (0, 1)


# ── new cash ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def invested(amount: float, lots: Sequence[int], *, pay: int, band: tuple[int, float] = (K.BAND_OF_TARGET, 0.2)) -> Run:
    """Three instruments at 100 with so many lots; then money comes, and `amount` is shared equally by all."""
    entries = [Enter(i=i, size=(K.SIZE_QUANTITY, held)) for i, held in enumerate(lots)]
    asked = Allocate(offers=dict.fromkeys(range(3), (True, 0.0, 1.0)), amount=amount, band=band, new_cash=True)
    script: dict[int, Sequence[object]] = {2: entries, 5: [Pay(pay), asked]}
    return run([BAR] * 9, script, instruments=[0, 1, 2] * 3, days=[1] * 3 + [2] * 3 + [3] * 3)


@pytest.mark.parametrize(
    ("lots", "pay", "held"),
    [
        ([100, 100, 90], 1_000, [100, 100, 100]),  # all of it to the one furthest below its target
        ([90, 100, 95], 1_000, [100, 100, 95]),
        ([95, 95, 95], 1_000, [105, 95, 95]),  # alike: the first
        ([100, 100, 99], 2_500, [104, 100, 120]),  # no further than the edge of the band, the rest to the next
        ([100, 119, 100], 1_000, [110, 119, 100]),  # nothing inside the band is sold
        ([100, 100, 50], 1_000, [100, 100, 100]),  # beyond the band: back to target, and new cash pays for it
        ([130, 100, 90], 1_000, [100, 100, 100]),  # beyond the band above: sold to target
        ([100, 100, 90], 50, [100, 100, 90]),  # buys no lot: told, and nothing is bought
    ],
)
def test_new_cash_goes_to_the_most_underweight(lots: list[int], pay: int, held: list[int]) -> None:
    done = invested(30_000, lots, pay=pay)
    assert [done.book.position[i] for i in range(3)] == held
    assert done.book.new_cash == 0
    told = [reason for _, reason in done.denials]
    assert told == ([K.DENIED_ZERO_QUANTITY] if pay < 100 else [])


def test_without_the_words_a_band_leaves_new_cash_alone() -> None:
    asked = Allocate(
        offers=dict.fromkeys(range(3), (True, 0.0, 1.0)), amount=30_000, band=(K.BAND_OF_TARGET, 0.2), new_cash=False
    )
    entries = [Enter(i=i, size=(K.SIZE_QUANTITY, held)) for i, held in enumerate([100, 100, 90])]
    done = run([BAR] * 9, {2: entries, 5: [Pay(1_000), asked]}, instruments=[0, 1, 2] * 3, days=[1] * 3 + [2] * 6)
    assert [done.book.position[i] for i in range(3)] == [100, 100, 90]


def test_a_band_of_money() -> None:
    done = invested(30_000, [100, 100, 99], pay=2_500, band=(K.BAND_MONEY, 1_000.0))
    assert [done.book.position[i] for i in range(3)] == [110, 104, 110]
