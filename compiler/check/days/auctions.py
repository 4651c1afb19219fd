"""Orders for auctions: decided at a named time, before the venue takes no more of them, half days included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.days.check import sessions_meant, unclear
from stratc.compiler.check.days.diagnostics import AfterCutOff, AfterFormerCutOff, AuctionWithoutTime, NoAuction
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.timing.clock import calendar_of, clock_text, duration_text
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.syntax import Allocate, Every, Exit, OrderPhrase, OrderWord, Rule
from stratc.runtime.model.auctions import Auction, cut_off
from stratc.runtime.model.clock import Anchor, ClockMoment, DayMoment, SessionMoment
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.places import moment_in
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Session
from stratc.runtime.model.zone import NS_PER_SECOND, second_of_day

AUCTIONS = {OrderWord.CLOSING_AUCTION: Auction.CLOSING, OrderWord.OPENING_AUCTION: Auction.OPENING}


def check_auctions(rule: Rule, typing: Typing) -> None:
    """Every order of a rule for an auction; on daily bars an order for the close is refused as such."""
    header = typing.header
    if not header.interval_seconds or not header.instruments:
        return
    for order in orders_of(rule):
        auction = AUCTIONS.get(order.word)
        if auction is None or (auction is Auction.CLOSING and header.daily):
            continue
        _check_order(order, auction, rule, typing)


def orders_of(rule: Rule) -> Iterator[OrderPhrase]:
    for action in rule.actions:
        if isinstance(action, Exit | Allocate) and action.order is not None:
            yield action.order
        yield from (entry.order for entry in entries_of(action) if entry.order is not None)


def _check_order(order: OrderPhrase, auction: Auction, rule: Rule, typing: Typing) -> None:
    for instrument in typing.header.instruments:
        if cut_off(instrument, auction, date.max) is None:
            typing.tell(NoAuction(span=order.span, symbol=instrument.symbol, auction=auction.value))
            return
    if auction is Auction.OPENING or typing.header.daily:
        return  # decided in a session, the next one's opening is hours away
    if rule.every is None:
        typing.tell(AuctionWithoutTime(span=order.span))
        return
    if unclear(rule.every) is not None:
        return
    for instrument in typing.header.instruments:
        _check_in_time(rule.every, order, instrument, typing)


@record
class Late:
    """A session in which the decision comes too late, and when it and the cut-off are."""

    session: Session
    decided_ns: int
    until_ns: int
    venue: str


def _check_in_time(every: Every, order: OrderPhrase, instrument: Instrument, typing: Typing) -> None:
    table = calendar_of(instrument, typing.header)
    at = _moment(every, table.zone, typing)
    sessions = list(sessions_meant(every, table))
    late = [found for session in sessions if (found := _late(session, at, instrument)) is not None]
    if not late:
        return
    current = cut_off(instrument, Auction.CLOSING, date.max)
    now = [found for found in late if current is None or found.session.date >= current.since]
    last = now[-1] if now else late[-1]
    told = AfterCutOff if now else AfterFormerCutOff
    seconds = (last.session.close_ns - last.until_ns) // NS_PER_SECOND
    step = typing.header.interval_seconds
    typing.tell(
        told(
            span=every.span,
            day=last.session.date.isoformat(),
            auction=Auction.CLOSING.value,
            symbol=instrument.symbol,
            until=clock_text(second_of_day(last.until_ns, table.zone)),
            venue=last.venue,
            decided=clock_text(second_of_day(last.decided_ns, table.zone)),
            count=len(late),
            sessions=len(sessions),
            before=duration_text(seconds) if seconds else "nothing",
            sample=duration_text((seconds // step + 1) * step),
        )
    )


def _late(session: Session, at: DayMoment, instrument: Instrument) -> Late | None:
    found = cut_off(instrument, Auction.CLOSING, session.date)
    if found is None:
        return None
    decided, until = moment_in(at, session), session.close_ns - found.seconds * NS_PER_SECOND
    return Late(session=session, decided_ns=decided, until_ns=until, venue=found.venue) if decided >= until else None


def _moment(every: Every, exchange: str, typing: Typing) -> DayMoment:
    if every.at is not None:
        zone = exchange if every.zone is None else iana_zone(every.zone.text) or exchange
        return ClockMoment(second=every.at.second_of_day, zone=zone)
    distance = every.before_end or every.after_start
    seconds = 0 if distance is None else int(constant(distance, typing.resolved) or 0)
    return SessionMoment(anchor=Anchor.BEFORE_END if every.after_start is None else Anchor.AFTER_START, seconds=seconds)
