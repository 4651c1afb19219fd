"""What the text leaves open, and what is taken instead: one sentence each, with a name that never changes.

`A-…` are choices of the language that another text could make differently; `L-…` are facts of how a program is run.
Risk-bearing ones must be written down, or waived by name, before a live run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from stratc.compiler.check.allocations.choices import shares_of
from stratc.compiler.check.conditions import FLAT, states_when
from stratc.compiler.check.contracts.check import LATEST_SESSIONS, counts_to
from stratc.compiler.check.days.auctions import orders_of
from stratc.compiler.check.grounds import counts_sessions
from stratc.compiler.check.ladders.check import levels_of
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.timing.clock import duration_text
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import Anchor, Assumption, AtEntry, Sample, SinceEntry, Time
from stratc.compiler.resolve.symbols import LEGS, Header, Resolved
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Across,
    Allocate,
    BothOf,
    Direction,
    Entry,
    Exit,
    HaltMeasure,
    History,
    MoveStop,
    OfInstrument,
    OnBars,
    OneOf,
    OrderWord,
    Picked,
    Rule,
    TradeLine,
    walk,
)
from stratc.runtime.model.auctions import Auction, cut_off
from stratc.runtime.model.clock import Request, SecondOfDay
from stratc.runtime.model.contracts import is_root
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.money import paid_in

_RESTING: Final = (OrderWord.LIMIT, OrderWord.STOP, OrderWord.STOP_LIMIT, OrderWord.LEVELS)


def needs_flat(rule: Rule, resolved: Resolved) -> bool:
    """Whether a group faces both ways and the condition does not say that there is no position."""
    both_ways = any(
        isinstance(action, OneOf) and len({leg.direction for leg in action.legs}) > 1 for action in rule.actions
    )
    return both_ways and not states_when(rule.when, resolved) <= {FLAT}


def assumptions_of(builder: Builder, warmup_bars: int) -> tuple[Assumption, ...]:
    """Everything that this program leaves open, in the order of the text, then what holds for the whole."""
    resolved = builder.checked.resolved
    found = [assumption for rule in resolved.rules for assumption in _of_rule(rule, resolved)]
    found += _of_readings(builder)
    found += _of_flows(resolved)
    return (*found, *_of_limits(resolved), *_of_header(builder), *_of_run(builder, warmup_bars))


def _of_readings(builder: Builder) -> Iterator[Assumption]:
    """How values of other instruments and of longer bars are timed, once each, in the order of the text."""
    resolved = builder.checked.resolved
    walked = list(walk(resolved.tree))
    others = [node.instrument for node in walked if isinstance(node, OfInstrument)]
    others += [each for node in walked if isinstance(node, Picked) for each in node.among]
    for symbol in dict.fromkeys(each.symbol for each in others):
        symbol = f"{symbol}` of a pair" if symbol in LEGS else f"{symbol}`"
        text = (
            f"a value of `{symbol} is that of its last bar which has closed by the decision, however old that bar is; "
            "until there is one it is unknown"
        )
        yield _taken("A-other-instrument", text)
    if any(isinstance(node, Across) for node in walked):
        those, bar = ("pairs", "both have a bar") if resolved.header.pairs else ("instruments", "have a bar")
        text = (
            f"across {those} only those count that {bar} at that moment and whose value is known; of equal "
            "values the one that stands first after `trade` ranks first"
        )
        yield _taken("A-across-instruments", text)
    for bars in dict.fromkeys(say_interval(node) for node in walked if isinstance(node, OnBars)):
        text = (
            f"bars of {bars} are joined from the strategy's own, from the session's open on; a value of them is that "
            "of the last one which has closed, and one that the data begin inside of is left out"
        )
        yield _taken("A-longer-bars", text)
    sampled = any(isinstance(node.operation, Sample) for node in builder.nodes)
    if sampled and any(isinstance(node, OnBars) for node in walked):
        text = (
            "what begins anew with each session is, on longer bars, its value on the last bar inside one; a longer bar "
            "of which the data have none is left out and not counted as nought"
        )
        yield _taken("A-sampled", text)
    if any(isinstance(node, History) and counts_sessions(node, resolved) for node in walked):
        text = (
            "`[n sessions]` is the value on the last bar of the session that came n before the present one, not at the "
            "same time of day; a session counts where the data hold its first bar"
        )
        yield _taken("A-sessions-ago", text)


def say_interval(node: OnBars) -> str:
    return f"{node.interval.value:f} {node.interval.unit}"


def _taken(name: str, text: str, span: Span | None = None) -> Assumption:
    return Assumption(id=name, text=text, span=span, risk_bearing=False)


def _risky(name: str, text: str, span: Span | None = None) -> Assumption:
    return Assumption(id=name, text=text, span=span, risk_bearing=True)


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_rule(rule: Rule, resolved: Resolved) -> Iterator[Assumption]:
    name = rule.name.text
    for action in rule.actions:
        for entry in entries_of(action):
            group = action if isinstance(action, OneOf) else None
            yield from _of_entry(entry, group, name, resolved)
        if isinstance(action, Allocate):
            yield from _of_allocation(action, name, resolved)
        if isinstance(action, Exit) and action.portion is not None and action.lots is None:
            yield _taken("A-lots", f"the exit of `{name}` closes the tax lots bought longest ago first", action.span)
        if isinstance(action, Exit) and action.order is None:
            text = f"the exit of `{name}` goes at market, as soon as the next bar begins"
            yield _taken("A-order-type", text, action.span)
        if isinstance(action, MoveStop):
            yield _taken("A-move-stop", _move_text(action, name), action.span)
    yield from _of_auctions(rule, resolved)
    opens = any(isinstance(action, Entry | OneOf | Allocate) for action in rule.actions)
    if rule.every is not None and rule.every.on is not None and opens:
        text = f"a moment of `{name}` that passes while nothing runs is skipped: nothing is caught up later"
        yield _taken("A-missed-run", text, rule.every.span)
    if needs_flat(rule, resolved):
        text = f"the orders of `one of` in `{name}` face both ways and are placed only while there is no position"
        yield _taken("A-one-of-flat", text, rule.span)


def _of_auctions(rule: Rule, resolved: Resolved) -> Iterator[Assumption]:
    """Until when orders for the closing auction are taken, where the venue is taken and not said."""
    header = resolved.header
    for order in orders_of(rule):
        if order.word is not OrderWord.CLOSING_AUCTION:
            continue
        for instrument in header.instruments:
            found = cut_off(instrument, Auction.CLOSING, date.max)
            if found is not None and instrument.listed_on is None:
                until = f"until {duration_text(found.seconds)} before it" if found.seconds else "until it is held"
                text = (
                    f"`{instrument.symbol}` is taken to be listed on {found.venue}, whose closing auction takes orders "
                    f"{until} since {found.since}"
                )
                yield _taken("A-auction", text, order.span)


def _of_entry(entry: Entry, group: OneOf | None, name: str, resolved: Resolved) -> Iterator[Assumption]:
    word = entry.direction.value
    if entry.order is None:
        text = f"the {word} of `{name}` goes at market, as soon as the next bar begins"
        yield _taken("A-order-type", text, entry.span)
    if entry.direction is Direction.SHORT and any(each.us_listed_share for each in resolved.header.instruments):
        text = (
            f"the shares that `{name}` sells short are taken as there to borrow, in any number and for nothing, unless "
            "a table of borrowing or the account says otherwise"
        )
        yield _risky("A-borrow", text, entry.span)
    if _rests(entry) and entry.time_in_force is None and (group is None or group.time_in_force is None):
        yield _taken("A-time-in-force", f"the {word} order of `{name}` is good for the day", entry.span)
    if levels_of(entry) is not None:
        yield _taken("L-ladder", _ladder_text(entry, name), entry.span)
    if entry.stop_loss is not None:
        yield _taken("A-stop-loss", _stop_loss_text(name, word, resolved), entry.stop_loss.span)
    if entry.trailing is not None:
        yield _taken("A-trailing-stop", _trailing_text(name, word), entry.trailing.span)
    elif entry.stop_loss is None:
        text = f"the position that `{name}` opens has no stop loss: only rules with `exit` and halts close it"
        yield _risky("A-no-stop-loss", text, entry.span)


def _of_allocation(action: Allocate, name: str, resolved: Resolved) -> Iterator[Assumption]:
    if action.order is None:
        yield _taken(
            "A-order-type", f"the orders of `{name}` go at market, as soon as the next bar begins", action.span
        )
    if action.choice is None and not action.each:
        text = (
            f"a place in `{name}` that no instrument fills stays in cash; ties go to the first in the order of `trade`"
        )
        yield _taken("A-places", text, action.span)
    text = (
        f"`{name}` leaves an instrument without a bar at that moment as it is and takes what it holds off the amount; "
        "one with a bar whose values are not all known is not chosen, and is brought to zero"
    )
    if action.choice is not None:
        text = (
            f"`{name}` does nothing while it is not known which path is taken; it leaves an instrument without a bar "
            "at that moment as it is and takes what it holds off the amount; of equal scores the one named first ranks "
            "first"
        )
    yield _taken("A-not-eligible", text, action.span)
    if action.choice is not None and any(shares_of(action.choice)):
        text = (
            f"a computed share of `{name}` that is below 0% counts as nothing, and in the order of the text no part is "
            "larger than what those before it leave"
        )
        yield _taken("A-shares", text, action.span)
    if action.ranking is not None and action.ranking.shorts is not None:
        text = (
            f"each side of `{name}` has half of its amount, so that the targets of both together are the amount; what "
            "ranks at both ends, because few are eligible, goes to neither side"
        )
        yield _taken("A-sides", text, action.span)
    if resolved.header.account_kind == "cash":
        text = (
            f"what `{name}` sells pays for what it buys, at the prices of the decision: both trade at the same open, "
            "which may overdraw the account by as much as it opens higher"
        )
        yield _risky("A-proceeds", text, action.span)
    if {cap.kind.text for cap in resolved.caps} & {"gross", "leverage"}:
        text = f"caps count what `{name}` sells until it is sold, so a purchase beside it may be denied"
        yield _taken("A-caps-before-sales", text, action.span)
    text = f"the positions of `{name}` have no stop loss: only `allocate`, rules with `exit` and halts reduce them"
    yield _risky("A-no-stop-loss", text, action.span)


def _rests(entry: Entry) -> bool:
    return entry.order is not None and entry.order.word in _RESTING


def _ladder_text(entry: Entry, name: str) -> str:
    side, down, up = ("above", "down", "up") if entry.direction is Direction.BUY else ("below", "up", "down")
    return (
        f"a level of `{name}` rests only while the price is {side} it and nothing of it works or is held, so that it "
        f"never has two orders; the nearest is placed first; entries are rounded {down} to a tick and targets {up}; a "
        "target closes what its level opened, as fees are paid in money and never out of what was bought"
    )


def _stop_loss_text(name: str, word: str, resolved: Resolved) -> str:
    forex = any(instrument.kind is InstrumentKind.FOREX for instrument in resolved.header.instruments)
    side = "the bid" if word == "buy" else "the ask"
    trigger = f"{side} (the bars' prices in a backtest)" if forex else "the last price"
    return (
        f"the stop loss of the {word} of `{name}` is a stop-market order that rests at the broker, good till canceled, "
        f"triggered by {trigger}; a gap fills it beyond its price; its quantity follows the position"
    )


def _trailing_text(name: str, word: str) -> str:
    return (
        f"the trailing stop of the {word} of `{name}` keeps the distance that was measured at the decision, tightens "
        "once a bar from the bar's best price, never loosens, and acts with the stop loss: whichever is tighter"
    )


def _move_text(move: MoveStop, name: str) -> str:
    place = "for the whole position at once, and acts from the next bar on"
    if move.price is not None:
        return f"`{name}` moves the stop loss {place}"
    costs = "the average entry with the commissions paid and to be paid and the slippage of the stop"
    return f"`{name}` moves the stop loss {place}; break even is {costs}, gaps aside"


# ── money in and out ─────────────────────────────────────────────────────────────────────────────────────────────────


def _of_flows(resolved: Resolved) -> Iterator[Assumption]:
    if not resolved.flows:
        return
    text = (
        "what the text pays in and takes out is a plan: where the account's profile names a file of flows, that is "
        "what happened and the plan is not booked; a flow moves every baseline of halts in proportion"
    )
    yield _taken("A-planned-flows", text, resolved.flows[0].span)
    for flow in resolved.flows:
        if flow.withdraw:
            text = (
                "a withdrawal takes settled cash that no working purchase needs, no proceeds of short sales, and of a "
                "balance account the balance less open losses, whatever margin the broker asks; what is not there is "
                "not taken later"
            )
            yield _risky("A-withdrawal", text, flow.span)
            return


# ── limits and header ────────────────────────────────────────────────────────────────────────────────────────────────


def _of_limits(resolved: Resolved) -> Iterator[Assumption]:
    caps = {cap.kind.text for cap in resolved.caps}
    if not caps & {"position", "gross", "leverage"}:
        yield _risky("A-no-position-cap", "no cap bounds the size of a position beyond what the account can carry")
    if "orders" not in caps:
        yield _taken("A-no-order-rate-cap", "no cap bounds how many orders are sent in a second")
    if "slippage" not in caps:
        yield _taken("A-no-slippage-cap", "entries at market take any price; no slippage is denied")
    if HaltMeasure.DAILY_LOSS not in {halt.measure for halt in resolved.halts}:
        yield _risky("A-no-daily-loss-halt", "no halt stops trading after a loss on the day")
    if HaltMeasure.DRAWDOWN not in {halt.measure for halt in resolved.halts}:
        yield _taken("A-no-drawdown-halt", "no halt stops trading after a fall from the highest equity")


def _of_header(builder: Builder) -> Iterator[Assumption]:
    checked, line = builder.checked, builder.checked.resolved.header.trade_line
    if checked.exchange_zone and SecondOfDay(zone=checked.exchange_zone) in _requests(builder):
        text = f"a time of day without a zone is the exchange's, {checked.exchange_zone}, read at the bar's close"
        yield _taken("A-exchange-time", text)
    yield from _of_contracts(checked.resolved)
    if line is not None and not checked.resolved.header.daily and not line.regular_session and line.hours is None:
        yield _taken("A-all-hours", "bars of all hours are read, and entries may be placed on any of them", line.span)
    for instrument in checked.resolved.header.instruments:
        if paid_in(instrument.currency) != checked.resolved.header.currency:
            yield _taken("A-conversion", _conversion_text(instrument, checked.resolved.header), None)


def _conversion_text(instrument: Instrument, header: Header) -> str:
    paid = paid_in(instrument.currency)
    what = "profit and loss" if header.account_kind in ("forex", "futures", "cfd") else "money"
    return (
        f"{what} of `{instrument.symbol}` in {paid} count in {header.currency} at the last known rate, which sizes and "
        "caps use too; without a rate no order opens"
    )


def _of_contracts(resolved: Resolved) -> Iterator[Assumption]:
    roots = [each.symbol for each in resolved.header.instruments if is_root(each)]
    roll = resolved.roll
    if roots and roll is None:
        text = (
            f"the prices of {', '.join(roots)} are one series that is signalled and traded alike: no contract is rolled"
        )
        yield _risky("A-no-roll", text)
    if not roots or roll is None:
        return
    if not roll.adjusted:
        yield _taken("A-adjusted", "contracts are joined by difference: distances are kept, returns are not", roll.span)
    if roll.by and roll.sessions is None:
        day = counts_to(roll, roots)
        yield _taken("A-latest-roll", f"a roll comes at the latest {LATEST_SESSIONS} session before {day}", roll.span)
    text = (
        "a roll fills at the last common close of both contracts, with slippage and commission twice; orders that "
        "still work go along by the gap"
    )
    yield _taken("L-roll", text, roll.span)


def _requests(builder: Builder) -> set[Request]:
    return {node.operation.request for node in builder.nodes if isinstance(node.operation, Time)}


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_run(builder: Builder, warmup_bars: int) -> Iterator[Assumption]:
    resolved = builder.checked.resolved
    line = resolved.header.trade_line
    yield _taken("L-next-bar", "a decision at a bar's close fills no earlier than the next bar; longs and shorts alike")
    if any(_rests(entry) or entry.target or entry.stop_loss or entry.trailing for entry in _entries(resolved)):
        text = "inside a bar the worse order of prices is assumed: the stop loss before the target"
        yield _taken("L-intrabar-path", text)
        yield _taken("L-limit-fill", "a limit fills when a bar trades through its price, at the limit or a better open")
    if any(isinstance(node.operation, SinceEntry) for node in builder.nodes):
        text = "`since entry` takes whole bars: that of the first entry only where it filled at the open"
        yield _taken("L-since-entry", text)
    if resolved.header.universe:
        text = (
            f"an instrument is traded only while `{resolved.header.universe}` is known to have it as a member; a "
            "position in one whose bars end is closed out at its last print, 14 days later, when none can come"
        )
        yield _taken("L-universe", text)
    if any(isinstance(action, BothOf) for rule in resolved.rules for action in rule.actions):
        text = (
            "of `both of` both orders are sent or neither, where its conditions hold for both instruments; each fills "
            "at its own next bar: until both have, one is held alone, and a broker may reject one of them"
        )
        yield _risky("L-leg-risk", text)
    if resolved.header.pairs and len(resolved.header.instruments) > 2:
        text = (
            "where one pair is long and another short in a share, a sale that closes the one may leave the account "
            "short: it goes out under what the other located, and whether a broker takes it so is the broker's to say"
        )
        yield _risky("L-pairs-netted", text)
    if any(isinstance(node.operation, AtEntry) for node in builder.nodes):
        text = "`at entry` is the last flat bar; where a position takes another's place, the bar before it did"
        yield _taken("L-at-entry", text)
    yield _taken("L-rounding", "quantities are rounded down to the instrument's step; nought is a reported no-trade")
    yield _taken("L-warmup", _warmup_text(builder, warmup_bars, line), line.span if line is not None else None)


def _entries(resolved: Resolved) -> Iterator[Entry]:
    return (entry for rule in resolved.rules for action in rule.actions for entry in entries_of(action))


def _warmup_text(builder: Builder, bars: int, line: TradeLine | None) -> str:
    seconds = builder.checked.resolved.header.interval_seconds
    lengths = f"{bars} bar{'s' if bars != 1 else ''} of {duration_text(seconds)}"
    windows = any(isinstance(node.operation, Anchor) for node in builder.nodes)
    until = " and one whole window of the clock" if windows else ""
    inputs = ", inputs at their defaults" if builder.checked.resolved.inputs else ""
    return f"rules are silent until all that they read is known: {lengths}{until}{inputs}"
