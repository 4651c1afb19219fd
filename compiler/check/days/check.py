"""The days of a schedule against the calendars: holidays, short sessions, periods with too few sessions.

Everything is read from the table, which is the one that the run goes by: what is let through here comes as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant
from stratc.compiler.check.days.diagnostics import (
    BeyondSession,
    DayOfAnExchange,
    HolidayUnsaid,
    NoSuchSession,
    SessionSometimesMissing,
)
from stratc.compiler.check.timing.clock import calendar_of, duration_text
from stratc.compiler.check.timing.diagnostics import ScheduleUnclear
from stratc.compiler.resolve.symbols import Header
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.parsing.expressions import WEEKDAYS
from stratc.dsl.syntax import Every, OnSession, OnWeekday
from stratc.runtime.model.clock import Anchor, EveryWeekday, HolidayChoice, Period, SessionMoment
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.places import MONTHS, all_chosen, all_for_weekday, is_trading_moment, places, weekdays
from stratc.runtime.model.session import OWN_DAY, Calendar
from stratc.runtime.model.zone import NS_PER_SECOND, date_of, moment

BY_COUNT: Final = {months: period for period, months in MONTHS.items()}
SAMPLES: Final = {"week": "every week, on last session", "month": "every month, on last session"}
CLOSE: Final = SessionMoment(anchor=Anchor.BEFORE_END, seconds=0)


def check_days(every: Every, header: Header, typing: Typing, *, with_distance: bool) -> bool:
    """Whether the sessions that a schedule means are clear and there, and long enough; told where they are not."""
    sample = unclear(every)
    if sample is not None:
        said = every.period if every.count is None else typing.text(every.count)
        typing.tell(ScheduleUnclear(span=every.span, period=said, sample=sample))
        return False
    # What a calendar lacks is told of the first instrument that trades by it.
    for table, instrument in _by_calendar(header).items():
        match every.on:
            case OnSession():
                _check_number(every, every.on, instrument, table, typing)
            case OnWeekday(holiday=None):
                _check_holidays(every, every.on, instrument, table, typing)
            case _:
                pass
        if with_distance:
            _check_distance(every, instrument, table, typing)
    return True


def _by_calendar(header: Header) -> dict[Calendar, Instrument]:
    found: dict[Calendar, Instrument] = {}
    for instrument in header.instruments:
        found.setdefault(calendar_of(instrument, header), instrument)
    return found


def check_day_start(typing: Typing) -> None:
    """Whether every instrument can have days that begin where the header says."""
    header = typing.header
    line = header.trade_line
    if line is None or line.day_start is None or not header.day_start:
        return
    for instrument in header.instruments:
        if OWN_DAY not in instrument.calendar:
            typing.tell(
                DayOfAnExchange(span=line.day_start.span, symbol=instrument.symbol, calendar=instrument.calendar)
            )


def unclear(every: Every) -> str | None:
    """What could be meant instead, where a schedule does not say which session it means."""
    on = every.on
    if every.count is not None:
        counted = every.period == "month" and every.count.value in BY_COUNT and isinstance(on, OnSession)
        return None if counted and _is_count(on) else "every 6 months, on first session"
    match on:
        case None:
            return None if every.period in ("session", "day") else SAMPLES.get(every.period, _yearly(every))
        case OnSession():
            if every.period in ("session", "day") or not _is_count(on):
                return SAMPLES["month"]
            return None
        case OnWeekday(nth=0):
            return None if every.period == "week" else "every month, on third Friday or session before"
        case OnWeekday():
            return None if every.period == "month" else "every month, on third Friday or session before"


def _yearly(every: Every) -> str:
    return f"every {every.period}, on first session"


def _is_count(on: OnSession | OnWeekday | None) -> bool:
    number = on.number if isinstance(on, OnSession) else None
    return number is not None and not number.unit and number.value >= 1 and number.value % 1 == 0


def period_of(every: Every) -> Period:
    return Period(every.period) if every.count is None else BY_COUNT[int(every.count.value)]


# ── numbers of sessions ──────────────────────────────────────────────────────────────────────────────────────────────


def _check_number(every: Every, on: OnSession, instrument: Instrument, table: Calendar, typing: Typing) -> None:
    period, number = period_of(every), int(on.number.value)
    found = places(table, period)
    counts = [(n, day) for n, left, day in zip(found.numbers, found.left, table.dates, strict=True) if left == 0]
    most, fewest = max(counts, default=(0, 0))[0], min(counts, default=(0, 0))[0]
    words = every.period if every.count is None else typing.text(every.count)
    if number > most:
        typing.tell(NoSuchSession(span=on.span, period=words, symbol=instrument.symbol, number=number, most=most))
    elif number > fewest:
        short = [(n, day) for n, day in counts if n < number]
        typing.tell(
            SessionSometimesMissing(
                span=on.span,
                period=words,
                day=date_of(short[-1][1]).isoformat(),
                least=short[-1][0],
                symbol=instrument.symbol,
                count=len(short),
                periods=len(counts),
                fewest=fewest,
            )
        )


# ── holidays ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_holidays(every: Every, on: OnWeekday, instrument: Instrument, table: Calendar, typing: Typing) -> None:
    zone = None if every.zone is None else iana_zone(every.zone.text)
    days, shut = _holidays(_weekday_kind(on), every.at and every.at.second_of_day, zone or table.zone, table)
    if shut:
        typing.tell(
            HolidayUnsaid(
                span=on.span if on.nth else every.span,
                weekday=WEEKDAYS[on.weekday - 1],
                day=shut[-1].isoformat(),
                symbol=instrument.symbol,
                count=len(shut),
                days=days,
            )
        )


@lru_cache(64)
def _holidays(kind: EveryWeekday, second: int | None, zone: str, table: Calendar) -> tuple[int, tuple[date, ...]]:
    """How many days are meant, and those of them on which there is no session, or no moment in one at this second."""
    days = list(weekdays(kind, table.first + timedelta(1), table.last - timedelta(1)))
    shut = (
        day
        for day in days
        if (table.session(day) is None if second is None else not is_trading_moment(moment(day, second, zone), table))
    )
    return len(days), tuple(shut)


def _weekday_kind(on: OnWeekday) -> EveryWeekday:
    choice = HolidayChoice.SKIPPED if on.holiday is None else HolidayChoice(on.holiday.name.lower())
    return EveryWeekday(weekday=on.weekday, nth=on.nth, holiday=choice, at=CLOSE)


# ── distances ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_distance(every: Every, instrument: Instrument, table: Calendar, typing: Typing) -> None:
    distance = every.before_end or every.after_start
    seconds = None if distance is None else constant(distance, typing.resolved)
    if distance is None or seconds is None:
        return
    lengths_ns = [closes - opens for opens, closes in zip(table.opens_ns, table.closes_ns, strict=True)]
    meant = sessions_meant(every, table)
    short = [index for index in meant if lengths_ns[index] < seconds * NS_PER_SECOND]
    if short:
        last = short[-1]
        problem = BeyondSession(
            span=distance.span,
            day=date_of(table.dates[last]).isoformat(),
            symbol=instrument.symbol,
            length=duration_text(lengths_ns[last] // NS_PER_SECOND),
            text=typing.text(distance),
            count=len(short),
            sessions=len(meant),
        )
        typing.tell(problem)


def sessions_meant(every: Every, table: Calendar) -> Sequence[int]:
    """Every session of the table that a schedule means, by its number: a table has some ten thousand."""
    match every.on:
        case None:
            return range(len(table.dates))
        case OnSession(number=number, from_end=from_end):
            return all_chosen(table, period_of(every), int(number.value), from_end=from_end)
        case OnWeekday():
            return all_for_weekday(table, _weekday_kind(every.on))
