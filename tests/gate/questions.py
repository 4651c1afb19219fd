"""A question that the gate says yes to, and for each reason of denial the one change that makes it say no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace as altered

from stratc.runtime.executor.gate.limits import Limits, LossLimits
from stratc.runtime.executor.gate.view import Baselines, Quote, SentOrder, Traded, View
from stratc.runtime.executor.life.policy import Idempotency, Patience, VenueTerms
from stratc.runtime.executor.life.state import DeskState, OrderLife, Role, new_desk
from stratc.runtime.model.gate_denial import GateDenial
from stratc.runtime.model.intent import Intent, Single
from stratc.runtime.model.order import OrderKind, OrderTerms, OrdStatus, Side, TimeInForce
from stratc.runtime.model.record import record
from stratc.runtime.model.venue import Listing, TickBand

NOW = 1_000_000_000_000
SECOND = 1_000_000_000
PATIENCE = Patience(
    answer_ns=1, settle_ns=1, poll_ns=1, snapshot_ns=1, polls_to_alarm=1, polls_to_halt=2, polls_to_escalate=3,
    cancels_max=1, resends_max=1,
)  # fmt: skip


@record
class Question:
    """What `approve` is given."""

    intent: Intent
    view: View
    limits: Limits
    decided_ticks: int | None


Spoil = Callable[[Question], Question]


def listing(symbol: str = "SPY") -> Listing:
    return Listing(
        instrument=symbol, bands=(TickBand(from_ticks=0, step_ticks=1), TickBand(from_ticks=100, step_ticks=5)),
        lot_step=1, lots_min=1, lots_max=None, notional_min=None, kinds=frozenset(OrderKind),
        times_in_force=frozenset(TimeInForce),
    )  # fmt: skip


def traded(symbol: str = "SPY") -> Traded:
    quote = Quote(bid_ticks=1000, ask_ticks=1010, at_ns=NOW)
    return Traded(
        listing=listing(symbol), tick_value=Decimal("0.01"), quote=quote, in_session=True, waits=False, cut_off=False
    )


def order(lots: int = 10, side: Side = Side.BUY, **changes: object) -> OrderTerms:
    terms = OrderTerms(instrument="SPY", side=side, lots=lots, kind=OrderKind.MARKET, time_in_force=TimeInForce.DAY)
    return altered(terms, **changes)


def working(key: str, terms: OrderTerms, status: OrdStatus = OrdStatus.LIVE, **changes: object) -> OrderLife:
    life = OrderLife(
        cl_ord_id=key, group=key, role=Role.SINGLE, approval=1, valid_until_ns=NOW, terms=terms, status=status, since=0
    )
    return altered(life, **changes)


def desk(*orders: OrderLife, **positions: int) -> DeskState:
    venue = VenueTerms(idempotency=Idempotency.HARD, patience=PATIENCE)
    state = new_desk(venue)
    return altered(
        state, orders={each.cl_ord_id: each for each in orders}, positions=positions, connected=True, reconciled=True
    )


def intent(*orders: OrderTerms, **changes: object) -> Intent:
    made = Intent(
        cl_ord_id="S1", strategy="trend", rule="enter", plan=Single(order=orders[0] if orders else order()),
        valid_until_ns=NOW + SECOND,
    )  # fmt: skip
    return altered(made, **changes)


def question(asked: Intent | None = None, state: DeskState | None = None, limits: Limits | None = None) -> Question:
    """By default an order for ten lots at the market, which nothing speaks against."""
    view = View(
        now_ns=NOW, desk=state or desk(), instruments={"SPY": traded()}, equity=Decimal(1_000),
        baselines=Baselines(start=Decimal(1_000), day_open=Decimal(1_000), peak=Decimal(1_000)), buying_power=None,
        gate_open=True, halts={}, sent=(),
    )  # fmt: skip
    return Question(intent=asked or intent(), view=view, limits=limits or Limits(), decided_ticks=None)


# ── one change a reason ──────────────────────────────────────────────────────────────────────────────────────────────


def terms_of(asked: Question) -> OrderTerms:
    assert isinstance(asked.intent.plan, Single)
    return asked.intent.plan.order


def with_terms(asked: Question, **changes: object) -> Question:
    plan = Single(order=altered(terms_of(asked), **changes))
    return replace(asked, intent=altered(asked.intent, plan=plan))


def with_view(asked: Question, **changes: object) -> Question:
    return replace(asked, view=replace(asked.view, **changes))


def with_traded(asked: Question, **changes: object) -> Question:
    found = asked.view.instruments.get("SPY") or traded()
    return with_view(asked, instruments={**asked.view.instruments, "SPY": replace(found, **changes)})


def with_listing(asked: Question, **changes: object) -> Question:
    found = asked.view.instruments.get("SPY") or traded()
    return with_traded(asked, listing=replace(found.listing, **changes))


def with_limits(asked: Question, **changes: object) -> Question:
    return replace(asked, limits=replace(asked.limits, **changes))


def with_order(asked: Question, key: str, terms: OrderTerms, status: OrdStatus) -> Question:
    state = asked.view.desk
    return with_view(asked, desk=altered(state, orders={**state.orders, key: working(key, terms, status)}))


def with_sent(asked: Question, *, ago_ns: int, strategy: str, rule: str | None, terms: OrderTerms) -> Question:
    sent = SentOrder(at_ns=NOW - ago_ns, strategy=strategy, rule=rule, terms=terms)
    return with_view(asked, sent=(*asked.view.sent, sent))


def unlisted(asked: Question) -> Question:
    return with_view(asked, instruments={})


def quoted(asked: Question, at_ns: int) -> Question:
    return with_traded(asked, quote=Quote(bid_ticks=1000, ask_ticks=1010, at_ns=at_ns))


# In the order of precedence from the last to the first, so that a later spoil does not undo an earlier one.
SPOILS: dict[GateDenial, Spoil] = {
    GateDenial.BUYING_POWER: lambda a: with_view(a, buying_power=Decimal(0)),
    GateDenial.GROSS_LIMIT: lambda a: with_limits(a, gross_notional=Decimal(0)),
    GateDenial.POSITION_LIMIT: lambda a: with_limits(a, position_notional=Decimal(0)),
    GateDenial.UNKNOWN_ORDERS: lambda a: with_limits(
        with_order(a, "unknown", order(1), OrdStatus.UNKNOWN), unknown_orders=1
    ),
    GateDenial.OPEN_ORDERS: lambda a: with_limits(with_order(a, "open", order(1), OrdStatus.LIVE), open_orders=1),
    GateDenial.LOSS_LIMIT: lambda a: with_limits(
        with_view(a, equity=Decimal(900)), losses=LossLimits(from_peak=Decimal(100))
    ),
    GateDenial.REPEATED_RULE: lambda a: with_limits(
        with_sent(a, ago_ns=9 * SECOND, strategy="trend", rule="enter", terms=order(3)),
        rule_executions=1, rule_window_ns=10 * SECOND,
    ),
    GateDenial.REPEATED_ORDER: lambda a: with_limits(
        with_sent(a, ago_ns=2 * SECOND, strategy="trend", rule=None, terms=terms_of(a)), repeat_window_ns=3 * SECOND
    ),
    GateDenial.RATE: lambda a: with_limits(
        with_sent(a, ago_ns=SECOND // 2, strategy="other", rule=None, terms=order(7)), orders_per_second=1
    ),
    GateDenial.ORDER_SIZE: lambda a: with_limits(a, order_lots=0),
    GateDenial.BELOW_NOTIONAL: lambda a: with_listing(a, notional_min=Decimal(10_000_000)),
    GateDenial.SLIPPAGE: lambda a: with_limits(
        replace(a, decided_ticks=1_005 - 200 * terms_of(a).side), slippage=Fraction(1, 100)
    ),
    GateDenial.PRICE_COLLAR: lambda a: with_limits(
        with_terms(a, kind=OrderKind.LIMIT, limit_ticks=2000), collar=Fraction(1, 20)
    ),
    GateDenial.STALE_DATA: lambda a: with_limits(quoted(a, NOW - 6 * SECOND), quote_age_ns=5 * SECOND),
    GateDenial.AUCTION_CUT_OFF: lambda a: with_traded(
        with_terms(a, time_in_force=TimeInForce.AT_OPENING), cut_off=True
    ),
    GateDenial.SESSION_CLOSED: lambda a: with_traded(with_terms(a, time_in_force=TimeInForce.DAY), in_session=False),
    GateDenial.POSITION_DIFFERS: lambda a: with_view(a, desk=altered(a.view.desk, differences={"SPY": 5})),
    GateDenial.HALTED: lambda a: with_view(a, halts={"account": "kill"}),
    GateDenial.GATE_CLOSED: lambda a: with_view(a, gate_open=False),
    GateDenial.NO_LONGER_VALID: lambda a: replace(a, intent=altered(a.intent, valid_until_ns=NOW)),
    GateDenial.BEYOND_POSITION: lambda a: with_terms(a, reduce_only=True),
    GateDenial.LOT_SIZE: lambda a: with_listing(a, lot_step=3),
    GateDenial.OFF_TICK: lambda a: with_terms(a, kind=OrderKind.LIMIT, limit_ticks=1003),
    GateDenial.UNSUPPORTED: lambda a: with_listing(a, kinds=frozenset(), times_in_force=frozenset()),
    GateDenial.UNKNOWN_INSTRUMENT: unlisted,
    GateDenial.DUPLICATE_ID: lambda a: with_order(a, "S1", order(1), OrdStatus.FILLED),
    GateDenial.MALFORMED: lambda a: with_terms(a, lots=0),
}  # fmt: skip
