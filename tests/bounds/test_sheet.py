"""What is stated of a text, by hand: the right figure, the reason's line, and where there is none the remedy."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stratc.compiler.judge.bounds import BoundSheet, kind_of, sheet_of
from stratc.compiler.judge.bounds.extent import Extent, combine, larger, of_equity, of_money, tightest
from stratc.compiler.reports.bounds import show_bounds
from stratc.runtime.executor.terms import AccountKind
from tests.judge.strategies import example, program_of

pytestmark = pytest.mark.fast

EQUITY = Fraction(100_000)
HEAD = 'strategy "S"\ntrade   {traded}\naccount {account}\n\ninput risk = 1% in 0.25%..2%\n\n'
LEAVE = "\nrule leave\n  when not flat and bars_held >= 2 bars\n  then exit all\n"
MINUTES, ONE = "SPY on 5 min, regular session", "SPY on 1 day"


def text(entry: str, limits: str = "", *, traded: str = ONE, account: str = "margin USD", when: str = "flat") -> str:
    head = HEAD.format(traded=traded, account=account)
    return f"{head}rule enter\n  when {when} and close > open\n  then {entry}\n{LEAVE}{limits}\n"


def sheet(written: str) -> BoundSheet:
    program = program_of(written)
    return sheet_of(program, kind_of(program, None), None)


def money(stated) -> float | None:
    found = stated.money_at(EQUITY)
    return None if found is None else float(found)


@pytest.mark.parametrize(
    ("entry", "position"),
    [
        ("buy 90% of equity", 90_000.0),
        ("buy 5_000 USD", 5_000.0),
        ("buy min(50% of equity, 20_000 USD)", 20_000.0),
        ("buy 20% of equity + 1_000 USD", 21_000.0),
        ("buy max(20% of equity, 30_000 USD)", 50_000.0),
        ("buy risking risk of equity, at most 90% of equity\n       stop loss at low", 90_000.0),
        ("buy 100 shares", None),
        ("buy risking risk of equity\n       stop loss at low", None),
        ("buy 10% of equity / volatility(20)", None),
        ("buy 10% of equity / 4", 2_500.0),
    ],
)
def test_the_position_of_an_entry_that_asks_for_flat(entry, position):
    assert money(sheet(text(entry)).position) == position


def test_a_floor_of_the_stop_distance_bounds_a_risk():
    """2% of equity at risk, half a percent of the price away: four times equity."""
    found = sheet(text("buy risking risk of equity\n       stop loss at low", "stop distance at least 0.5%"))
    assert money(found.position) == 400_000.0
    assert found.leverage.number == 4


LIMITS = {
    "cap position 80% of equity": 80_000.0,
    "cap position 20_000 USD": 20_000.0,
    "cap leverage 1.5x": 150_000.0,
    "cap gross 120% of equity": 120_000.0,
    "cap position 60% of equity per side": 60_000.0,
    "cap position 150 shares": None,
}


@pytest.mark.parametrize("limit", LIMITS)
def test_caps_bound_what_adds_to_positions(limit):
    found = sheet(text("buy 100 shares", limit, when="not short"))
    assert money(found.position) == LIMITS[limit]
    assert money(found.gross) == LIMITS[limit]


def test_units_are_bounded_by_a_cap_a_flat_entry_or_a_stack_of_contracts():
    assert sheet(text("buy 100 shares", "cap position 150 shares", when="not short")).units.number == 150
    assert sheet(text("buy 100 shares")).units.number == 100
    contracts = {
        "traded": "ES on 1 day\nroll 5 sessions before expiry, adjusted by difference",
        "account": "futures USD",
    }
    stacked = sheet(text("buy 2 contracts", "cap units 3 per instrument", when="not short", **contracts))
    assert stacked.units.number == 6
    shares = sheet(text("buy 100 shares", "cap units 3 per instrument", when="not short"))
    assert shares.units.number is None, "a split makes more shares of what is held"


def test_of_a_group_one_leg_a_side_counts():
    legs = "one of\n         buy   at stop high + 1 tick, stop loss at low\n"
    legs += "         short at stop low - 1 tick, stop loss at high\n       30% of equity"
    written = text(legs.replace("\n       30% of equity", "\n       risking 1% of equity, at most 30% of equity"))
    assert money(sheet(written).position) == 30_000.0
    assert money(sheet(written).loss) == 1_000.0, "one leg fills, the other is canceled"


def test_several_instruments_need_a_cap_and_are_told_so():
    found = sheet(text("buy 30% of equity", traded="SPY, QQQ on 1 day"))
    assert money(found.position) == 30_000.0
    assert found.gross.obstacle is not None
    assert found.gross.obstacle.line.number == 9
    assert found.gross.obstacle.remedy == "cap leverage 2x"
    capped = sheet(text("buy 30% of equity", "cap leverage 2x", traded="SPY, QQQ on 1 day"))
    assert (money(capped.gross), capped.leverage.number) == (200_000.0, 2)


@pytest.mark.parametrize(
    ("action", "position", "gross"),
    [
        ("95% of equity equally, at next open", 47_500.0, 95_000.0),
        ("95% of equity by close / open, at next open", 95_000.0, 95_000.0),
        ("30% of equity to each where close > open", 30_000.0, 60_000.0),
        ("80% of equity by close / open, only where off by more than 20% of target", 80_000.0, 96_000.0),
        ("80% of equity by close / open, only where off by more than 2_000 USD", 80_000.0, 84_000.0),
        ("50_000 USD equally", 25_000.0, 50_000.0),
    ],
)
def test_allocations(action, position, gross):
    written = HEAD.format(traded="SPY, QQQ on 1 day", account="margin USD") + f"rule share\n  then allocate {action}\n"
    found = sheet(written)
    assert (money(found.position), money(found.gross)) == (position, gross)


def test_a_cash_account_buys_with_what_it_has():
    found = sheet(text("buy 5_000 USD", account="cash USD", when="not short"))
    assert money(found.gross) == money(found.committed) == money(found.worst) == 100_000.0
    assert sheet(text("buy 5_000 USD", when="not short")).gross.obstacle is not None


def test_what_is_not_paid_for_commits_the_broker_s_margin():
    for found in (
        sheet(text("short 30% of equity")),
        sheet(text("buy 30% of equity", traded="EUR/USD on 1 day", account="forex USD")),
    ):
        assert found.committed.obstacle is not None
        assert "margin" in found.committed.obstacle.text
        assert found.worst.obstacle is not None


@pytest.mark.parametrize(
    ("entry", "limits", "traded", "loss"),
    [
        ("buy risking risk of equity\n       stop loss at low", "", ONE, 2_000.0),
        ("buy risking risk of equity\n       stop loss at low", "", MINUTES, None),
        ("buy risking risk of equity\n       stop loss at low\n  at most 3 per session", "", MINUTES, 6_000.0),
        ("buy risking risk of equity\n       stop loss at low\n  at most 3 per week", "", MINUTES, None),
        ("buy risking risk of equity\n       stop loss at low", "cap entries 2 per session", MINUTES, 4_000.0),
        ("buy risking risk of equity\n       stop loss at low", "", "SPY, QQQ on 1 day", 4_000.0),
        ("buy 40% of equity", "", ONE, 40_000.0),
        ("short 40% of equity", "", ONE, None),
        ("short risking risk of equity\n       stop loss at high", "", ONE, 2_000.0),
    ],
)
def test_the_loss_of_a_session(entry, limits, traded, loss):
    found = sheet(text(entry, limits, traded=traded))
    assert money(found.loss) == loss
    assert loss is None or "gap" in found.loss.assumes


def test_a_stop_loss_that_may_be_loosened_bounds_no_loss():
    move = "\nrule loosen\n  when long\n  then move stop loss to low - 5 USD even if looser\n"
    found = sheet(text("buy risking risk of equity\n       stop loss at low", move))
    assert found.loss.obstacle is not None
    assert found.loss.obstacle.remedy == "leave out `even if looser`"


def test_orders_of_a_moment():
    assert sheet(text("buy 10 shares")).orders.number == 2
    assert sheet(text("buy 10 shares", traded="SPY, QQQ on 1 day")).orders.number == 4
    allocating = (
        HEAD.format(traded="SPY, QQQ on 1 day", account="margin USD")
        + "rule s\n  then allocate 90% of equity equally\n"
    )
    assert sheet(allocating).orders.number == 2, "a purchase or a sale of each"
    program = example("twelve_one_momentum")
    members = sheet_of(program, AccountKind.CASH, None).orders.obstacle
    assert members is not None
    assert "members" in members.text


REMEDIED = {
    "position": text("buy 100 shares", when="not short"),
    "gross": text("buy 30% of equity", traded="SPY, QQQ on 1 day"),
    "leverage": text("buy 5_000 USD"),
    "units": text("buy 30% of equity"),
    "worst": text("buy 30% of equity", when="not short"),
}


@pytest.mark.parametrize("name", REMEDIED)
def test_the_remedy_that_is_told_gives_the_bound(name):
    written = REMEDIED[name]
    stated = getattr(sheet(written), name)
    assert stated.obstacle is not None
    assert getattr(sheet(f"{written}\n{stated.obstacle.remedy}\n"), name).is_bound


def test_every_obstacle_of_the_examples_names_a_line_or_the_whole_program():
    for name in ("turtle", "golden_cross", "london_breakout", "twelve_one_momentum", "parabolic_short"):
        program = example(name)
        found = sheet_of(program, kind_of(program, None), None)
        lines = program.source_text.splitlines()
        for stated in found:
            assert stated.is_bound == (stated.obstacle is None)
            assert stated.is_bound or 0 <= stated.obstacle.line.number <= len(lines)
            assert stated.is_bound == bool(stated.extents or stated.number is not None)


# ── extents ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_extents_add_up_and_the_implied_are_left_out():
    half, thousand = of_equity(Fraction(1, 2)), of_money(Fraction(1_000))
    assert combine(((half,), (thousand,)), Extent.plus) == (half.plus(thousand),)
    assert combine(((half,), (thousand,)), larger) == (half.plus(thousand),)
    assert tightest([half, thousand, half.plus(thousand)]) == (half, thousand)
    assert combine(((half,), ()), Extent.plus) == ()
    assert half.plus(thousand).at(EQUITY) == 51_000


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_names_bounds_reasons_remedies_and_what_is_taken_for_granted():
    told = show_bounds(sheet(text("buy 30% of equity", traded="SPY, QQQ on 1 day")), "S", EQUITY)
    assert "position            at most 30% of equity (30,000.00 USD) of each instrument" in told
    assert "gross exposure      no bound\n                    line 9: several instruments" in told
    assert "a remedy: cap leverage 2x" in told
    assert "What this takes for granted" in told
    assert "A halt is a trigger and bounds nothing" in told
    assert all(len(line) <= 120 for line in told.splitlines())


def test_the_document_has_a_key_for_every_quantity():
    document = sheet(text("buy 30% of equity", traded="SPY, QQQ on 1 day")).as_json(EQUITY)
    assert list(document) == [
        "equity", "currency", "instruments", "position", "units", "gross_exposure", "leverage", "committed_capital",
        "orders_per_second", "planned_loss_per_session", "worst_loss",
    ]  # fmt: skip
    assert document["position"]["money"] == 30_000.0
    assert document["position"]["of_equity"] == 0.3
    assert document["gross_exposure"]["no_bound"]["line"] == 9
    assert document["gross_exposure"]["no_bound"]["remedy"] == "cap leverage 2x"


def test_without_an_equity_bounds_are_told_as_parts_of_it():
    found = sheet(text("buy 30% of equity"))
    assert found.position.money_at(None) is None
    assert "at most 30% of equity\n" in show_bounds(found, "S", None)
    assert sheet(text("buy 5_000 USD")).position.money_at(None) == 5_000


def test_the_profile_s_account_decides_over_the_text_s():
    program = program_of(text("buy 5_000 USD", account="cash USD", when="not short"))
    assert sheet_of(program, AccountKind.CASH, None).gross.is_bound
    assert not sheet_of(program, AccountKind.MARGINED, None).gross.is_bound


@pytest.mark.parametrize("flow", ["contribute 500 USD", "withdraw 500 USD"])
def test_new_cash_buys_up_to_the_edge_of_the_band_and_flows_leave_bounds_of_orders(flow):
    head = HEAD.format(traded="SPY, QQQ on 1 day", account="margin USD").replace(
        "input risk", f"{flow} every month, on first session\n\ninput risk"
    )
    shared = "rule share\n  then allocate 80% of equity equally, only where off by more than 20% of target, "
    found = sheet(f"{head}{shared}new cash to the most underweight\n")
    assert (money(found.position), money(found.gross)) == (48_000.0, 96_000.0)
