"""Schedules, windows and lives of orders: every moment that is named must be one at which a bar closes.

Assumes a header with a bar interval; without one nothing is said. Times without a zone are the exchange's; currency
pairs have none, so theirs are written with one.
"""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.days.check import check_days
from stratc.compiler.check.diagnostics import LifeUnclear
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.timing.clock import (
    between_bars,
    clock_text,
    duration_text,
    exchange_zones,
    first_missed,
)
from stratc.compiler.check.timing.diagnostics import (
    AfterSessionEnd,
    ClockOnDailyBars,
    EmptyRange,
    NotAnchored,
    OffTheGrid,
    WhichZone,
    ZoneMisplaced,
)
from stratc.compiler.check.units import is_time_word
from stratc.compiler.resolve.symbols import DAY_SECONDS, Header
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    CalendarReading,
    Clock,
    ClockRange,
    Every,
    Expression,
    FirstOfSession,
    Interval,
    Name,
    Node,
    Over,
    SessionSoFar,
    SinceEntry,
    TimeInForce,
    TimeInForceWord,
    Within,
    Zone,
    walk,
)
from stratc.dsl.types import BARS, DURATION, SESSIONS, TIME, UNKNOWN
from stratc.runtime.model.instrument import InstrumentKind


def zone_name(zone: Zone | None, typing: Typing, span: Span) -> str | None:
    """The IANA name of a written zone, or the exchange's; None after a problem was told."""
    if zone is not None:
        return iana_zone(zone.text)
    zones = exchange_zones(typing.header)
    why = _why_no_zone(zones, typing)
    if why:
        text = " ".join(typing.source.slice(span).split())
        sample = f"{text} London" if ":" in text else "time in 09:45..15:00 London"
        typing.tell(WhichZone(span=span, why=why, sample=sample))
    return zones[0] if len(zones) == 1 and not why else None


def _why_no_zone(zones: tuple[str, ...], typing: Typing) -> str:
    """Why no clock can be meant by a bare time of day; empty where the exchange's is."""
    if len(zones) > 1:
        return f"the instruments trade in {' and '.join(zones)}"
    pairs = [each.symbol for each in typing.header.instruments if each.kind is InstrumentKind.FOREX]
    return f"`{pairs[0]}` trades on no exchange whose clock it could be" if pairs else ""


# ── schedules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_every(every: Every, header: Header, typing: Typing) -> None:
    """A schedule against the calendars of the header, which has the instruments that the schedule is for."""
    if not header.interval_seconds or not header.instruments:
        return
    distance = every.before_end or every.after_start
    right = distance is None or _check_distance(distance, "every session", "every session, 5 min before end", typing)
    if not check_days(every, header, typing, with_distance=right):
        return
    if every.at is not None:
        _check_clock_schedule(every, every.at, header, typing)


def _check_distance(distance: Expression, phrase: str, sample: str, typing: Typing) -> bool:
    """Whether it is a length of time that can be held against sessions; told where it is not."""
    found = type_of(distance, typing)
    if found == UNKNOWN:
        return False
    seconds = _fixed(distance, typing)
    if found != DURATION or seconds is None or seconds <= 0:
        typing.tell(
            LifeUnclear(
                span=distance.span,
                phrase=phrase,
                wanted="a duration that is written here",
                found=article(found),
                sample=sample,
            )
        )
        return False
    if typing.header.daily:
        typing.tell(ClockOnDailyBars(span=distance.span, what="the session is one bar"))
        return False
    check_duration(distance, typing)
    return True


def _fixed(distance: Expression, typing: Typing) -> Decimal | None:
    """What a distance on the clock amounts to; None where it is not fixed, and an input may change it."""
    return None if reads_input(distance, typing.resolved) else constant(distance, typing.resolved)


def check_duration(distance: Expression, typing: Typing) -> None:
    """A duration must be a whole number of bars."""
    seconds, interval = constant(distance, typing.resolved), typing.header.interval_seconds
    if seconds is None or not interval or seconds % interval == 0:
        return
    bars = max(1, round(seconds / interval))
    near = f"`{duration_text(bars * interval)}`, which is {bars} bar{'s' if bars > 1 else ''}"
    typing.tell(OffTheGrid(span=distance.span, text=typing.text(distance), interval=duration_text(interval), near=near))


def _check_clock_schedule(every: Every, at: Clock, header: Header, typing: Typing) -> None:
    if header.daily:
        typing.tell(ClockOnDailyBars(span=at.span, what="the session is one bar"))
        return
    zone = zone_name(every.zone, typing, at.span)
    if zone is None or not check_clock(at, zone, typing):
        return
    missed = first_missed(at.second_of_day, zone, header)
    if missed is not None:
        typing.tell(
            AfterSessionEnd(
                span=at.span,
                day=missed.day.isoformat(),
                symbol=missed.symbol,
                end=clock_text(missed.ends_second),
                text=clock_text(at.second_of_day),
                count=missed.count,
                sessions=missed.sessions,
                before=duration_text(header.interval_seconds),
            )
        )


def check_hours(hours: Interval, typing: Typing) -> None:
    """The header's hours: two times of day, on bars shorter than a day."""
    if typing.header.daily:
        typing.tell(ClockOnDailyBars(span=hours.span, what="entries cannot be limited to hours"))
        return
    for bound in (hours.low, hours.high):
        found = type_of(bound, typing)
        if not isinstance(bound, Clock) and found != UNKNOWN:
            typing.tell(
                LifeUnclear(
                    span=bound.span,
                    phrase="trade … on",
                    wanted="times of day",
                    found=article(found),
                    sample="09:30..11:00 New York",
                )
            )
            return
    _check_not_empty(hours, typing)
    if typing.header.instruments:
        zone_name(hours.zone, typing, hours.span)


def _check_not_empty(range_: Interval, typing: Typing) -> None:
    """Two ends that are written and the same; inputs may differ from their defaults."""
    low, high = range_.low, range_.high
    if isinstance(low, Clock) and isinstance(high, Clock) and low.second_of_day == high.second_of_day:
        typing.tell(EmptyRange(span=range_.span, text=f"{typing.text(low)}..{typing.text(high)}"))


def check_clock(at: Clock, zone: str, typing: Typing) -> bool:
    """Whether a bar closes at that time of day; told where none does."""
    header = typing.header
    if not header.interval_seconds or not between_bars(at.second_of_day, zone, header):
        return True
    step = header.interval_seconds
    lower = at.second_of_day - at.second_of_day % step
    near = f"`{clock_text(lower)}` or `{clock_text((lower + step) % DAY_SECONDS)}`"
    typing.tell(OffTheGrid(span=at.span, text=clock_text(at.second_of_day), interval=duration_text(step), near=near))
    return False


# ── windows and times of day ─────────────────────────────────────────────────────────────────────────────────────────


def check_times(statement: Node, typing: Typing) -> None:
    """Windows, `time in` ranges and readings of `time` anywhere below a statement."""
    nodes = tuple(walk(statement))
    ranged = {node.value for node in nodes if isinstance(node, Within)}
    for node in nodes:
        match node:
            case Over():
                _check_window(node, typing)
            case Within() if typing.types.get(node.value) == TIME:
                _check_within(node, typing)
            case Within(range=Interval(zone=Zone() as zone)) if not _is_told(node, typing):
                typing.tell(ZoneMisplaced(span=zone.span, zone=zone.text))
            case Name(text="time") if node in typing.types:
                if typing.header.daily:
                    typing.tell(ClockOnDailyBars(span=node.span, what="`time` is the same on every bar"))
                elif node not in ranged:
                    zone_name(None, typing, node.span)
            case CalendarReading() if node.is_time and typing.header.daily:
                typing.tell(ClockOnDailyBars(span=node.span, what="at a session's close no time is left of it"))
            case _:
                pass


def _is_told(node: Node, typing: Typing) -> bool:
    return any(problem.span == node.span for problem in typing.problems)


def _check_within(node: Within, typing: Typing) -> None:
    if typing.header.daily or not typing.header.instruments:
        return
    zone = node.range.zone
    if zone is not None and not is_time_word(node.value):
        typing.tell(ZoneMisplaced(span=zone.span, zone=zone.text))
    else:
        _check_not_empty(node.range, typing)
        zone_name(zone, typing, node.range.span)


def _check_window(node: Over, typing: Typing) -> None:
    window, header = node.window, typing.header
    if not header.interval_seconds or not header.instruments or isinstance(window, SinceEntry):
        return
    if header.daily:
        what = "a window inside a session needs bars shorter than a day"
        advice = f"for a number of bars write `{node.call.function.text}(…, 20)`; for a window trade `on 5 min`"
        typing.tell(NotAnchored(span=window.span, what=what, advice=advice))
        return
    match window:
        case FirstOfSession():
            _check_first_of_session(window, typing)
        case ClockRange():
            _check_clock_range(window, typing)
        case SessionSoFar():
            return


def _check_first_of_session(window: FirstOfSession, typing: Typing) -> None:
    found = typing.types.get(window.duration, UNKNOWN)
    if found == UNKNOWN:
        return
    seconds = _fixed(window.duration, typing)
    if found != DURATION or seconds is None or not 0 < seconds <= DAY_SECONDS:
        text = typing.text(window.duration)
        advice = "write a duration that is fixed before the run, `over first 15 min of session`"
        typing.tell(NotAnchored(span=window.duration.span, what=f"`{text}` is no part of a session", advice=advice))
    else:
        check_duration(window.duration, typing)


def _check_clock_range(window: ClockRange, typing: Typing) -> None:
    _check_not_empty(window.range, typing)
    zone = zone_name(window.range.zone, typing, window.span)
    for bound in (window.range.low, window.range.high):
        if not isinstance(bound, Clock):
            advice = "write both ends as times of day: `over 00:00..07:00 London`"
            what = f"`{typing.text(bound)}` is no time of day that is written here"
            typing.tell(NotAnchored(span=bound.span, what=what, advice=advice))
        elif zone is not None:
            check_clock(bound, zone, typing)


# ── lives of orders ──────────────────────────────────────────────────────────────────────────────────────────────────


def check_life(life: TimeInForce, typing: Typing) -> None:
    match life.word:
        case TimeInForceWord.GOOD_UNTIL:
            _check_good_until(life, typing)
        case TimeInForceWord.BEFORE_END:
            if life.value is not None:
                _check_distance(life.value, "good until", "good until 10 min before end", typing)
        case TimeInForceWord.GOOD_FOR:
            _check_good_for(life, typing)
        case TimeInForceWord.IMMEDIATE_OR_CANCEL | TimeInForceWord.FILL_OR_KILL:
            return


def _check_good_until(life: TimeInForce, typing: Typing) -> None:
    """A date is that of a trading day, so it needs no zone and stands on any bars."""
    value = life.value
    if not isinstance(value, Clock):
        return
    if typing.header.daily:
        typing.tell(ClockOnDailyBars(span=value.span, what="an order cannot end inside the bar"))
        return
    if typing.header.instruments:
        zone = zone_name(life.zone, typing, value.span)
        if zone is not None:
            check_clock(value, zone, typing)


def _check_good_for(life: TimeInForce, typing: Typing) -> None:
    value = life.value
    if value is None:
        return
    found, amount = type_of(value, typing), _fixed(value, typing)
    if found == UNKNOWN:
        return
    whole = amount is not None and amount >= 1 and amount == amount.to_integral_value()
    daily_sessions = found == SESSIONS and typing.header.daily
    if not whole or not (found in (BARS, DURATION) or daily_sessions):
        typing.tell(
            LifeUnclear(
                span=value.span,
                phrase="good for",
                wanted="a number of bars or a duration that is written here",
                found=article(found),
                sample="good for 12 bars",
            )
        )
    elif found == DURATION:
        check_duration(value, typing)
