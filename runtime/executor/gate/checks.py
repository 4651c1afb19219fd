"""One function a reason: a sentence that says what is wrong, or None. `CHECKS` has them in the order of precedence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from stratc.runtime.executor.gate.asked import Asked
from stratc.runtime.executor.gate.limits import SECOND_NS
from stratc.runtime.executor.gate.view import Quote
from stratc.runtime.executor.life.exposure import Exposure
from stratc.runtime.model.gate_denial import GateDenial
from stratc.runtime.model.intent import Bracket, Plan
from stratc.runtime.model.order import OrderKind, OrdStatus, TimeInForce, malformed
from stratc.runtime.model.venue import off_tick, unsupported

Check: TypeAlias = Callable[[Asked], str | None]
MINUTE_NS: Final = 60 * SECOND_NS
AUCTIONS: Final = frozenset({TimeInForce.AT_OPENING, TimeInForce.AT_CLOSE})
NOTHING: Final = Exposure(position=0, least=0, most=0)
IN_DOUBT: Final = frozenset({OrdStatus.UNKNOWN, OrdStatus.ESCALATED})


def first(found: Iterable[str | None]) -> str | None:
    return next((each for each in found if each is not None), None)


# ── of every order ───────────────────────────────────────────────────────────────────────────────────────────────────


def is_malformed(asked: Asked) -> str | None:
    if not asked.orders:
        return "no order at all"
    return first((*(malformed(terms) for terms in asked.sent), _turned_bracket(asked.intent.plan)))


def _turned_bracket(plan: Plan) -> str | None:
    """A stop loss or a target on the wrong side of the entry's own price, or of each other."""
    if not isinstance(plan, Bracket):
        return None
    side, stop, target = plan.entry.side, plan.stop_ticks, plan.target_ticks
    for name, price in (("limit", plan.entry.limit_ticks), ("stop", plan.entry.stop_ticks)):
        if price is not None and (price - stop) * side <= 0:
            return f"a stop loss at {stop} ticks for an entry whose {name} is {price}"
        if price is not None and target is not None and (target - price) * side <= 0:
            return f"a target at {target} ticks for an entry whose {name} is {price}"
    if target is not None and (target - stop) * side <= 0:
        return f"a target at {target} ticks and a stop loss at {stop}"
    return None


def is_known_id(asked: Asked) -> str | None:
    key = asked.intent.cl_ord_id
    return f"{key} was used before" if key in asked.view.desk.orders else None


def is_unknown_instrument(asked: Asked) -> str | None:
    unknown = (terms.instrument for terms in asked.orders if terms.instrument not in asked.view.instruments)
    return first(f"{symbol} is not listed at the venue" for symbol in unknown)


def is_unsupported(asked: Asked) -> str | None:
    return first(unsupported(asked.traded(terms).listing, terms) for terms in asked.sent)


def is_off_tick(asked: Asked) -> str | None:
    return first(off_tick(asked.traded(terms).listing, terms) for terms in asked.sent)


def is_beyond_position(asked: Asked) -> str | None:
    return first(
        f"{terms.lots} lots to reduce {terms.instrument}, and {asked.left_to_reduce(terms)} are left to reduce"
        for terms in asked.openings
        if terms.reduce_only
    )


# ── of openings: the account and the venue ───────────────────────────────────────────────────────────────────────────


def is_late(asked: Asked) -> str | None:
    return "it was valid until a moment that is past" if asked.view.now_ns >= asked.intent.valid_until_ns else None


def is_closed(asked: Asked) -> str | None:
    return None if asked.view.gate_open else "the gate is closed until orders and positions are reconciled"


def is_halted(asked: Asked) -> str | None:
    scopes = ("account", f"strategy {asked.intent.strategy}", *(f"instrument {each}" for each in asked.touched()))
    halts = asked.view.halts
    told = (f"{scope} is halted: {halts[scope]}" for scope in scopes if scope in halts)
    own = (f"instrument {each} is halted by the desk" for each in asked.touched() if each in asked.view.desk.halted)
    return first((*told, *own))


def is_position_disputed(asked: Asked) -> str | None:
    differences = asked.view.desk.differences
    return first(
        f"the venue has {differences[each]:+d} lots more of {each} than we"
        for each in asked.touched()
        if each in differences
    )


def is_out_of_session(asked: Asked) -> str | None:
    return first(
        f"{terms.instrument} does not trade now"
        for terms in asked.openings
        if not asked.traded(terms).in_session and not asked.traded(terms).waits and terms.time_in_force not in AUCTIONS
    )


def is_after_cut_off(asked: Asked) -> str | None:
    return first(
        f"the cut-off of the auction in {terms.instrument} is past"
        for terms in asked.openings
        if terms.time_in_force in AUCTIONS and asked.traded(terms).cut_off
    )


# ── of openings: prices ──────────────────────────────────────────────────────────────────────────────────────────────


def is_stale(asked: Asked) -> str | None:
    return first(_unsound(asked, symbol, asked.view.instruments[symbol].quote) for symbol in asked.touched())


def _unsound(asked: Asked, symbol: str, quote: Quote | None) -> str | None:
    if quote is None:
        return f"there is no quote of {symbol}"
    if not quote.sound:
        return f"the quote of {symbol} is no market: {quote.bid_ticks} bid, {quote.ask_ticks} asked"
    age, limit = asked.view.now_ns - quote.at_ns, asked.limits.quote_age_ns
    if limit is not None and not -limit <= age <= limit:
        return f"the quote of {symbol} is {age / SECOND_NS:.3f} s old, more than {limit / SECOND_NS:g} s"
    return None


def is_outside_collar(asked: Asked) -> str | None:
    collar = asked.limits.collar
    if collar is None:
        return None
    for terms in asked.openings:
        quote = asked.traded(terms).quote
        for ticks in (terms.limit_ticks, terms.stop_ticks):
            if quote is not None and ticks is not None and _beyond(ticks, _middle(quote), collar):
                return f"{ticks} ticks are more than {_percent(collar)} from the market of {terms.instrument}"
    return None


def is_slipping(asked: Asked) -> str | None:
    """Only what would be filled at once slips; a price that is better than decided is no slippage."""
    limit, decided = asked.limits.slippage, asked.decided_ticks
    if limit is None or decided is None:
        return None
    for terms in asked.openings:
        quote = asked.traded(terms).quote
        if terms.kind is not OrderKind.MARKET or quote is None:
            continue
        worse = (quote.paid_by(terms.side) - decided) * terms.side
        if worse > abs(decided) * limit:
            return f"{terms.instrument} is {worse} ticks worse than decided, more than {_percent(limit)}"
    return None


def _middle(quote: Quote) -> Fraction:
    return Fraction(quote.bid_ticks + quote.ask_ticks, 2)


def _beyond(ticks: int, middle: Fraction, ratio: Fraction) -> bool:
    return abs(ticks - middle) > abs(middle) * ratio


def _percent(ratio: Fraction) -> str:
    return f"{float(ratio * 100):g} %"


# ── of openings: sizes and rates ─────────────────────────────────────────────────────────────────────────────────────


def is_odd_size(asked: Asked) -> str | None:
    for terms in asked.openings:
        listing = asked.traded(terms).listing
        if terms.lots % listing.lot_step:
            return f"{terms.lots} lots are no multiple of {listing.lot_step}"
        if terms.lots < listing.lots_min:
            return f"{terms.lots} lots are fewer than {listing.lots_min}"
        if listing.lots_max is not None and terms.lots > listing.lots_max:
            return f"{terms.lots} lots are more than {listing.lots_max}"
    return None


def is_too_small(asked: Asked) -> str | None:
    for terms in asked.openings:
        least = asked.traded(terms).listing.notional_min
        if least is not None and (worth := asked.notional(terms)) < least:
            return f"{terms.lots} lots of {terms.instrument} are worth {worth}, less than {least}"
    return None


def is_too_large(asked: Asked) -> str | None:
    lots, money = asked.limits.order_lots, asked.limits.order_notional
    for terms in asked.openings:
        if lots is not None and terms.lots > lots:
            return f"{terms.lots} lots are more than {lots}"
        if money is not None and (worth := asked.notional(terms)) > money:
            return f"{terms.lots} lots of {terms.instrument} are worth {worth}, more than {money}"
    return None


def is_too_fast(asked: Asked) -> str | None:
    limits = asked.limits
    windows = (("second", SECOND_NS, limits.orders_per_second), ("minute", MINUTE_NS, limits.orders_per_minute))
    for name, window, limit in windows:
        sent = sum(1 for each in asked.view.sent if asked.view.now_ns - each.at_ns < window)
        if limit is not None and sent + len(asked.orders) > limit:
            return f"{sent} orders were sent in the last {name}, and {limit} may be"
    return None


def is_repeated(asked: Asked) -> str | None:
    since = asked.view.now_ns - asked.limits.repeat_window_ns
    recent = [each.terms for each in asked.view.sent if each.at_ns > since and each.strategy == asked.intent.strategy]
    return first(f"the same order for {terms.instrument} left just now" for terms in asked.openings if terms in recent)


def is_rule_repeated(asked: Asked) -> str | None:
    limit, rule = asked.limits.rule_executions, asked.intent.rule
    if limit is None or rule is None:
        return None
    since = asked.view.now_ns - asked.limits.rule_window_ns
    of_rule = (each for each in asked.view.sent if (each.strategy, each.rule) == (asked.intent.strategy, rule))
    sent = sum(1 for each in of_rule if each.at_ns > since)
    return f"rule {rule} sent {sent} orders just now, and {limit} may be" if sent >= limit else None


# ── of openings: the whole account ───────────────────────────────────────────────────────────────────────────────────


def is_at_loss_limit(asked: Asked) -> str | None:
    view, losses = asked.view, asked.limits.losses
    against = (
        ("since the start", view.baselines.start, losses.since_start),
        ("since the day's open", view.baselines.day_open, losses.since_day_open),
        ("from the peak", view.baselines.peak, losses.from_peak),
    )
    return first(
        f"the loss {name} is {basis - view.equity}, and {limit} may be"
        for name, basis, limit in against
        if limit is not None and basis - view.equity >= limit
    )


def is_crowded(asked: Asked) -> str | None:
    limit = asked.limits.open_orders
    is_open = sum(1 for order in asked.view.desk.orders.values() if not order.closed)
    if limit is not None and is_open + len(asked.orders) > limit:
        return f"{is_open} orders are open, and {limit} may be"
    return None


def is_in_doubt(asked: Asked) -> str | None:
    limit = asked.limits.unknown_orders
    doubtful = sum(1 for order in asked.view.desk.orders.values() if order.status in IN_DOUBT)
    return f"{doubtful} orders are unknown" if limit is not None and doubtful >= limit else None


def is_position_too_large(asked: Asked) -> str | None:
    limit = asked.limits.position_notional
    if limit is None:
        return None
    for symbol in asked.touched():
        worth = asked.worst_value(symbol, asked.with_intent(symbol))
        if worth > limit:
            return f"{symbol} could come to {worth}, and {limit} may be"
    return None


def is_gross_too_large(asked: Asked) -> str | None:
    limit = asked.limits.gross_notional
    if limit is None:
        return None
    held = {*asked.view.desk.positions, *(order.terms.instrument for order in asked.view.desk.orders.values())}
    symbols = sorted({each for each in held if asked.exposure(each) != NOTHING} | set(asked.touched()))
    for symbol in symbols:
        traded = asked.view.instruments.get(symbol)
        if traded is None or traded.quote is None:
            return f"there is no quote of {symbol}, which the account may hold"
    worth = sum((asked.worst_value(each, asked.with_intent(each)) for each in symbols), Decimal(0))
    return f"all positions could come to {worth}, and {limit} may be" if worth > limit else None


def is_unaffordable(asked: Asked) -> str | None:
    left = asked.view.buying_power
    needed = sum((asked.notional(terms) for terms in asked.openings), Decimal(0))
    return f"it needs {needed}, and {left} are left" if left is not None and needed > left else None


CHECKS: Final[Mapping[GateDenial, Check]] = {
    GateDenial.MALFORMED: is_malformed,
    GateDenial.DUPLICATE_ID: is_known_id,
    GateDenial.UNKNOWN_INSTRUMENT: is_unknown_instrument,
    GateDenial.UNSUPPORTED: is_unsupported,
    GateDenial.OFF_TICK: is_off_tick,
    GateDenial.BEYOND_POSITION: is_beyond_position,
    GateDenial.NO_LONGER_VALID: is_late,
    GateDenial.GATE_CLOSED: is_closed,
    GateDenial.HALTED: is_halted,
    GateDenial.POSITION_DIFFERS: is_position_disputed,
    GateDenial.SESSION_CLOSED: is_out_of_session,
    GateDenial.AUCTION_CUT_OFF: is_after_cut_off,
    GateDenial.STALE_DATA: is_stale,
    GateDenial.PRICE_COLLAR: is_outside_collar,
    GateDenial.SLIPPAGE: is_slipping,
    GateDenial.LOT_SIZE: is_odd_size,
    GateDenial.BELOW_NOTIONAL: is_too_small,
    GateDenial.ORDER_SIZE: is_too_large,
    GateDenial.RATE: is_too_fast,
    GateDenial.REPEATED_ORDER: is_repeated,
    GateDenial.REPEATED_RULE: is_rule_repeated,
    GateDenial.LOSS_LIMIT: is_at_loss_limit,
    GateDenial.OPEN_ORDERS: is_crowded,
    GateDenial.UNKNOWN_ORDERS: is_in_doubt,
    GateDenial.POSITION_LIMIT: is_position_too_large,
    GateDenial.GROSS_LIMIT: is_gross_too_large,
    GateDenial.BUYING_POWER: is_unaffordable,
}
