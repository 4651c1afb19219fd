"""The gate: each reason alone, each pair in its order, and what reduces a position always passes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as altered

from stratc.runtime.executor.gate.approve import Denied, approve
from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.gate.limits import STRICT, Limits
from stratc.runtime.executor.gate.view import Quote
from stratc.runtime.executor.life.desk import step
from stratc.runtime.executor.life.events import Intended
from stratc.runtime.executor.life.exposure import worst_case_exposure
from stratc.runtime.executor.life.state import Group, Role
from stratc.runtime.model.gate_denial import FOR_OPENINGS, GateDenial
from stratc.runtime.model.intent import (
    Bracket,
    Emergency,
    EmergencyExit,
    OneCancelsOther,
    OneTriggersOther,
    Replacement,
)
from stratc.runtime.model.order import OrderKind, OrdStatus, Side, TimeInForce
from tests.gate.questions import (
    NOW,
    SECOND,
    SPOILS,
    Question,
    desk,
    intent,
    order,
    question,
    quoted,
    traded,
    with_limits,
    with_listing,
    with_sent,
    with_terms,
    with_traded,
    with_view,
    working,
)

pytestmark = pytest.mark.fast


def ask(asked: Question) -> Approved | Denied:
    return approve(asked.intent, asked.view, asked.limits, number=7, decided_ticks=asked.decided_ticks)


def reason_of(asked: Question) -> GateDenial | None:
    answer = ask(asked)
    return answer.reason if isinstance(answer, Denied) else None


def test_nothing_speaks_against_the_plain_question():
    answer = ask(question())
    assert isinstance(answer, Approved)
    assert (answer.number, answer.intent) == (7, question().intent)


def test_the_strict_limits_let_a_small_order_through():
    assert reason_of(question(limits=STRICT)) is None


def test_every_reason_has_its_change():
    assert set(SPOILS) == set(GateDenial)


@pytest.mark.parametrize("reason", GateDenial)
def test_each_reason_alone(reason):
    answer = ask(SPOILS[reason](question()))
    assert isinstance(answer, Denied)
    assert answer.reason is reason
    assert answer.text


@pytest.mark.parametrize(("one", "other"), list(combinations(GateDenial, 2)), ids=lambda reason: reason.name)
def test_of_two_reasons_the_first_one_wins(one, other):
    # The later one is spoilt first: a change of the order itself must not repair what was spoilt before.
    assert reason_of(SPOILS[one](SPOILS[other](question()))) is one


@pytest.mark.parametrize("reason", [each for each in GateDenial if each >= FOR_OPENINGS])
def test_what_reduces_passes_whatever_speaks_against_openings(reason):
    reducing = question(intent(order(10, Side.SELL)), desk(SPY=10))
    spoilt = SPOILS[reason](reducing)
    assert reason_of(spoilt) is None
    # The same change denies the same order where there is nothing to reduce.
    assert reason_of(with_view(spoilt, desk=altered(spoilt.view.desk, positions={}))) is not None


@pytest.mark.parametrize(
    ("position", "at_work", "side", "lots", "reason"),
    [
        (10, 0, Side.SELL, 10, None),
        (10, 0, Side.SELL, 11, GateDenial.BEYOND_POSITION),
        (10, 4, Side.SELL, 6, None),
        (10, 4, Side.SELL, 7, GateDenial.BEYOND_POSITION),
        (-10, 0, Side.BUY, 10, None),
        (-10, -3, Side.BUY, 8, GateDenial.BEYOND_POSITION),
        (10, 0, Side.BUY, 1, GateDenial.BEYOND_POSITION),
        (0, 0, Side.SELL, 1, GateDenial.BEYOND_POSITION),
    ],
)
@pytest.mark.parametrize("status", [OrdStatus.LIVE, OrdStatus.UNKNOWN, OrdStatus.PENDING_CANCEL])
def test_reducing_orders_go_as_far_as_the_position_less_working_exits(position, at_work, side, lots, reason, status):
    exits = [working("exit", order(abs(at_work), side), status)] if at_work else []
    asked = question(intent(order(lots, side, reduce_only=True)), desk(*exits, SPY=position))
    assert reason_of(asked) is reason


def test_the_exits_of_one_bracket_exclude_each_other():
    emergency = Emergency(retries=0, then=EmergencyExit.CLOSE_AT_MARKET)
    plan = Bracket(entry=order(4), stop_ticks=900, target_ticks=1200, emergency=emergency)
    legs = [
        working("stop", order(4, Side.SELL), role=Role.STOP_LOSS, group="b"),
        working("target", order(4, Side.SELL), role=Role.TARGET, group="b"),
    ]
    state = desk(*legs, SPY=10)
    group = Group(group="b", approval=1, valid_until_ns=NOW, plan=plan, members=("stop", "target"))
    state.groups["b"] = group
    assert reason_of(question(intent(order(6, Side.SELL, reduce_only=True)), state)) is None
    assert reason_of(question(intent(order(7, Side.SELL, reduce_only=True)), state)) is GateDenial.BEYOND_POSITION


@pytest.mark.parametrize(
    ("entry", "stop", "target", "reason"),
    [
        (order(4), 900, 1200, None),
        (order(4), 900, None, None),
        (order(4), 903, 1200, GateDenial.OFF_TICK),
        (order(4), 900, 1203, GateDenial.OFF_TICK),
        (order(4), 1200, 900, GateDenial.MALFORMED),
        (order(4, kind=OrderKind.LIMIT, limit_ticks=1000), 1000, None, GateDenial.MALFORMED),
        (order(4, kind=OrderKind.LIMIT, limit_ticks=1000), 900, 1000, GateDenial.MALFORMED),
        (order(4, Side.SELL, kind=OrderKind.STOP, stop_ticks=1000), 1100, 900, None),
        (order(4, Side.SELL, kind=OrderKind.STOP, stop_ticks=1000), 900, 1100, GateDenial.MALFORMED),
    ],
)
def test_the_exits_of_a_bracket_must_be_what_the_venue_takes(entry, stop, target, reason):
    emergency = Emergency(retries=0, then=EmergencyExit.CLOSE_AT_MARKET)
    plan = Bracket(entry=entry, stop_ticks=stop, target_ticks=target, emergency=emergency)
    assert reason_of(question(intent(plan=plan))) is reason


def test_a_bracket_needs_a_venue_that_takes_its_stop_loss():
    emergency = Emergency(retries=0, then=EmergencyExit.CLOSE_AT_MARKET)
    plan = Bracket(entry=order(4), stop_ticks=900, target_ticks=None, emergency=emergency)
    bare = with_listing(question(intent(plan=plan)), kinds=frozenset({OrderKind.MARKET, OrderKind.LIMIT}))
    assert reason_of(bare) is GateDenial.UNSUPPORTED


def test_an_odd_rest_of_a_position_may_go():
    """Of three lots a step, seven are held: what is left is no opening, and no step keeps it."""
    odd = with_listing(question(intent(order(7, Side.SELL)), desk(SPY=7)), lot_step=3, lots_min=3)
    assert reason_of(odd) is None
    assert reason_of(with_view(odd, desk=desk())) is GateDenial.LOT_SIZE


def test_an_exit_may_replace_an_exit():
    state = desk(working("old", order(10, Side.SELL)), SPY=10)
    asked = intent(plan=Replacement(replaces="old", order=order(10, Side.SELL, reduce_only=True)))
    assert reason_of(with_view(question(asked, state), halts={"account": "kill"})) is None
    assert reason_of(question(intent(order(10, Side.SELL, reduce_only=True)), state)) is GateDenial.BEYOND_POSITION


def test_alternatives_to_leave_are_exits_and_alternatives_to_enter_all_count():
    leave = OneCancelsOther(orders=(order(10, Side.SELL), order(10, Side.SELL)))
    halted = with_view(question(intent(plan=leave), desk(SPY=10)), halts={"account": "kill"})
    assert reason_of(halted) is None
    enter = OneCancelsOther(orders=(order(10), order(10)))
    limited = with_limits(question(intent(plan=enter)), position_notional=Decimal(200))
    assert reason_of(limited) is GateDenial.POSITION_LIMIT
    assert reason_of(with_limits(question(), position_notional=Decimal(200))) is None


def test_what_an_order_triggers_may_undo_it():
    plan = OneTriggersOther(first=order(10), then=(order(10, Side.SELL, reduce_only=True),))
    assert reason_of(question(intent(plan=plan))) is None
    more = OneTriggersOther(first=order(10), then=(order(11, Side.SELL, reduce_only=True),))
    assert reason_of(question(intent(plan=more))) is GateDenial.BEYOND_POSITION


@pytest.mark.parametrize("scope", ["account", "strategy trend", "instrument SPY"])
def test_halts_have_a_scope(scope):
    assert reason_of(with_view(question(), halts={scope: "kill"})) is GateDenial.HALTED
    assert reason_of(with_view(question(), halts={f"{scope} of others": "kill"})) is None


@pytest.mark.parametrize(
    "quote",
    [
        None,
        Quote(bid_ticks=1010, ask_ticks=1000, at_ns=NOW),
        Quote(bid_ticks=0, ask_ticks=1000, at_ns=NOW),
        Quote(bid_ticks=-5, ask_ticks=-4, at_ns=NOW),
    ],
)
def test_what_is_no_market_is_stale(quote):
    assert reason_of(with_traded(question(), quote=quote)) is GateDenial.STALE_DATA


def test_a_quote_from_the_future_is_as_bad_as_an_old_one():
    limited = with_limits(question(), quote_age_ns=5 * SECOND)
    assert reason_of(quoted(limited, NOW + 6 * SECOND)) is GateDenial.STALE_DATA
    assert reason_of(quoted(limited, NOW + 4 * SECOND)) is None


@pytest.mark.parametrize(
    ("side", "decided", "denied"),
    [
        (Side.BUY, 1000, False),
        (Side.BUY, 999, True),
        (Side.BUY, 2000, False),
        (Side.SELL, 1010, False),
        (Side.SELL, 1011, True),
    ],
)
def test_slippage_is_what_is_worse_than_decided(side, decided, denied):
    asked = replace(question(intent(order(10, side))), decided_ticks=decided)
    found = reason_of(with_limits(asked, slippage=Fraction(1, 100)))
    assert (found is GateDenial.SLIPPAGE) is denied


def test_an_order_waits_for_its_session_where_the_venue_keeps_it():
    closed = with_traded(question(), in_session=False)
    assert reason_of(closed) is GateDenial.SESSION_CLOSED
    assert reason_of(with_traded(closed, waits=True)) is None
    assert reason_of(with_terms(closed, time_in_force=TimeInForce.AT_OPENING)) is None


def test_rates_forget_what_is_older_than_their_window():
    asked = with_limits(question(), orders_per_second=1, orders_per_minute=3)
    for ago, reason in ((SECOND - 1, GateDenial.RATE), (SECOND, None)):
        assert reason_of(with_sent(asked, ago_ns=ago, strategy="x", rule=None, terms=order(1))) is reason
    for _ in range(3):
        asked = with_sent(asked, ago_ns=2 * SECOND, strategy="x", rule=None, terms=order(1))
    assert reason_of(asked) is GateDenial.RATE


def test_gross_counts_what_is_held_elsewhere_and_cannot_do_so_without_its_price():
    state = desk(SPY=0, QQQ=-100)
    asked = with_limits(question(state=state), gross_notional=Decimal(1_111))
    assert reason_of(asked) is GateDenial.GROSS_LIMIT
    both = with_view(asked, instruments={"SPY": traded(), "QQQ": traded("QQQ")})
    assert reason_of(both) is None
    assert reason_of(with_limits(both, gross_notional=Decimal(1_110))) is GateDenial.GROSS_LIMIT


LOTS = st.integers(1, 40)
SIDES = st.sampled_from(Side)
STATUSES = st.sampled_from([OrdStatus.LIVE, OrdStatus.UNKNOWN, OrdStatus.PARTIAL, OrdStatus.CANCELED])


@given(st.integers(-40, 40), st.lists(st.tuples(LOTS, SIDES, STATUSES), max_size=5), LOTS, SIDES, st.integers(0, 400))
def test_what_is_approved_keeps_the_limit_at_its_worst_case(position, orders, lots, side, limit):
    """Whatever fills of it and of all that works: the position is within its limit, or nearer to nought than before."""
    state = desk(*(working(f"o{n}", order(*each), status) for n, (*each, status) in enumerate(orders)), SPY=position)
    asked = with_limits(question(intent(order(lots, side)), state), position_notional=Decimal(limit))
    answer = ask(asked)
    if not isinstance(answer, Approved):
        return
    after, commands = step(state, Intended(at_ns=NOW, approved=answer))
    assert commands
    worst, before = worst_case_exposure(after, "SPY"), worst_case_exposure(state, "SPY")
    size = max(abs(worst.least), abs(worst.most))
    reduced = lots <= max(0, -side * position)
    assert size * 1010 * Decimal("0.01") <= limit or (
        reduced and (worst.least, worst.most) != (before.least, before.most)
    )


@given(st.sets(st.sampled_from([each for each in GateDenial if each >= FOR_OPENINGS])), st.integers(1, 10))
def test_no_set_of_reasons_stops_a_reduction(reasons, lots):
    asked = question(intent(order(lots, Side.SELL)), desk(SPY=10))
    for reason in reasons:
        asked = SPOILS[reason](asked)
    assert reason_of(asked) is None


def test_limits_are_off_where_they_are_not_declared():
    assert Limits() == Limits(losses=Limits().losses)
    assert reason_of(question(intent(order(10**9, kind=OrderKind.LIMIT, limit_ticks=5)))) is None
