"""Orders for auctions: decided at a named time, before the venue takes no more of them, half days included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from stratc.compiler.check.addressed.whom import as_seen_by
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.days.check import sessions_meant, unclear
from stratc.compiler.check.days.diagnostics import AfterCutOff, AfterFormerCutOff, AuctionWithoutTime, NoAuction
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.timing.clock import calendar_of, clock_text, duration_text
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.syntax import Allocate, Every, Exit, Missing, OrderPhrase, OrderWord, Rule, walk
from stratc.runtime.model.auctions import Auction, CutOff, cut_off, cut_offs
from stratc.runtime.model.clock import Anchor, ClockMoment, DayMoment, SessionMoment
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.places import moments_in
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import NS_PER_SECOND, date_of, days_since_epoch, second_of_day

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
    instruments = as_seen_by(rule, typing.header).instruments
    for instrument in instruments:
        if cut_off(instrument, auction, date.max) is None:
            typing.tell(NoAuction(span=order.span, symbol=instrument.symbol, auction=auction.value))
            return
    if auction is Auction.OPENING or typing.header.daily:
        return  # decided in a session, the next one's opening is hours away
    if rule.every is None:
        typing.tell(AuctionWithoutTime(span=order.span))
        return
    if unclear(rule.every) is not None or typing.is_told_in(rule.every) or is_broken(rule.every):
        return
    for instrument in instruments:
        _check_in_time(rule.every, order, instrument, typing)


def is_broken(every: Every) -> bool:
    """Whether a part of the schedule could not be read, which has been told."""
    return any(isinstance(part, Missing) for part in walk(every))


@record
class Late:
    """The sessions under one cut-off in which the decision comes too late: their places in the calendar, and when each
    is decided."""

    found: CutOff
    sessions: Sequence[int]
    decided_ns: Sequence[int]


def _check_in_time(every: Every, order: OrderPhrase, instrument: Instrument, typing: Typing) -> None:
    table = calendar_of(instrument, typing.header)
    meant = sessions_meant(every, table)
    late = list(_late(meant, _moment(every, table.zone, typing), table, instrument))
    if not late:
        return
    told = AfterCutOff if late[-1].found == cut_off(instrument, Auction.CLOSING, date.max) else AfterFormerCutOff
    last, decided_ns = late[-1].sessions[-1], late[-1].decided_ns[-1]
    seconds = late[-1].found.seconds
    step = typing.header.interval_seconds
    typing.tell(
        told(
            span=every.span,
            day=date_of(table.dates[last]).isoformat(),
            auction=Auction.CLOSING.value,
            symbol=instrument.symbol,
            until=clock_text(second_of_day(table.closes_ns[last] - seconds * NS_PER_SECOND, table.zone)),
            venue=late[-1].found.venue,
            decided=clock_text(second_of_day(decided_ns, table.zone)),
            count=sum(len(each.sessions) for each in late),
            sessions=len(meant),
            before=duration_text(seconds) if seconds else "nothing",
            sample=duration_text((seconds // step + 1) * step),
        )
    )


def _late(meant: Sequence[int], at: DayMoment, table: Calendar, instrument: Instrument) -> Iterator[Late]:
    """Every session that is meant whose cut-off comes no later than the decision, by its cut-off."""
    changes = cut_offs(instrument, Auction.CLOSING)
    began = [bisect_left(meant, days_since_epoch(day), key=table.dates.__getitem__) for day, _ in changes]
    for (_, found), first, end in zip(changes, began, [*began[1:], len(meant)], strict=True):
        if found is None:
            continue
        before_ns, closes_ns, indices = found.seconds * NS_PER_SECOND, table.closes_ns, meant[first:end]
        moments = zip(indices, moments_in(at, table, indices), strict=True)
        late = [(index, moment) for index, moment in moments if moment >= closes_ns[index] - before_ns]
        if late:
            yield Late(found=found, sessions=[each[0] for each in late], decided_ns=[each[1] for each in late])


def _moment(every: Every, exchange: str, typing: Typing) -> DayMoment:
    if every.at is not None:
        zone = exchange if every.zone is None else iana_zone(every.zone.text) or exchange
        return ClockMoment(second=every.at.second_of_day, zone=zone)
    distance = every.before_end or every.after_start
    seconds = 0 if distance is None else int(constant(distance, typing.resolved) or 0)
    return SessionMoment(anchor=Anchor.BEFORE_END if every.after_start is None else Anchor.AFTER_START, seconds=seconds)
