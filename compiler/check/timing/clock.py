"""The clock of a program: whose time of day is meant, when sessions begin and end, which moments lie between bars.

Read from the calendars of the instruments that the header names; a calendar is loaded only when a program asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from math import gcd

from stratc.compiler.resolve.symbols import DAY_SECONDS, Header
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar, Session, calendar
from stratc.runtime.model.zone import local_date, moment, second_of_day

RECENT_SESSIONS = 400
HALF_HOUR = 1_800
SHARES = "XNYS"


def calendar_of(instrument: Instrument, header: Header) -> Calendar:
    """Every hour that it trades, or the regular hours where the header says so."""
    regular = header.trade_line is not None and header.trade_line.regular_session
    return calendar(instrument.regular_calendar if regular else instrument.calendar)


def exchange_zones(header: Header) -> tuple[str, ...]:
    """The zones of the instruments' exchanges, each once."""
    return tuple(dict.fromkeys(calendar_of(instrument, header).zone for instrument in header.instruments))


def between_bars(second: int, zone: str, header: Header) -> bool:
    """Whether a time of day falls between the closes of bars, which are counted from the session's open.

    In the exchange's own zone this is exact; elsewhere, where clocks change on other days, bars longer than half an
    hour are held against the half hour.
    """
    return any(_between(second, zone, instrument, header) for instrument in header.instruments)


def _between(second: int, zone: str, instrument: Instrument, header: Header) -> bool:
    table = calendar_of(instrument, header)
    session = table.at(len(table.dates) - 1)
    if session is None:
        return False
    here = zone == table.zone
    step = header.interval_seconds if here else gcd(header.interval_seconds, HALF_HOUR)
    begins = second_of_day(session.open_ns, table.zone)
    if here and session.pause is not None:
        pause, resume = (second_of_day(edge, table.zone) for edge in session.pause)
        if pause <= second < resume:
            return second != pause
        # A session that began the evening before has its later hours on the clock before its pause.
        evening = begins > resume and second >= begins
        begins = resume if second >= resume and not evening else begins
    return (second - begins) % step != 0


@record
class Missed:
    """A session that ends before a scheduled time, and how many do."""

    symbol: str
    day: date
    ends_second: int
    count: int
    sessions: int


def first_missed(second: int, zone: str, header: Header) -> Missed | None:
    """The latest session of the calendar that ends before a clock time; None where none does.

    The short days of the whole calendar and the last sessions of any kind are looked at: what ends early does so by a
    half day, or always.
    """
    for instrument in header.instruments:
        table = calendar_of(instrument, header)
        looked_at = tuple(_sessions(table))
        missed = [item for item in looked_at if item.close_ns < moment(_local_day(item, table, zone), second, zone)]
        if missed:
            last = missed[-1]
            ends = second_of_day(last.close_ns, zone)
            return Missed(
                symbol=instrument.symbol, day=last.date, ends_second=ends, count=len(missed), sessions=len(looked_at)
            )
    return None


def _local_day(session: Session, table: Calendar, zone: str) -> date:
    """The day on the wall of `zone` at which a time of that session is meant: the day of its trading date."""
    return session.date if zone == table.zone else local_date(session.close_ns - 1, zone)


def _sessions(table: Calendar) -> Iterator[Session]:
    last = len(table.dates)
    wanted = sorted(table.half_days | set(range(max(0, last - RECENT_SESSIONS), last)))
    return (session for index in wanted if (session := table.at(index)) is not None)


def close_seconds(header: Header) -> tuple[int, int] | None:
    """Between which seconds of the exchange's day bars close; None where sessions pass midnight or zones differ."""
    if len(exchange_zones(header)) != 1:
        return None
    found = [_hours(calendar_of(instrument, header)) for instrument in header.instruments]
    if not found or any(opens >= closes for opens, closes in found):
        return None
    return min(opens for opens, _ in found) + 1, max(closes for _, closes in found)


def session_seconds(header: Header) -> int:
    """How long a session of the first instrument is, a share where none is known; a day where it passes midnight."""
    opens, closes = _hours(_first_calendar(header))
    return closes - opens if closes > opens else DAY_SECONDS


@lru_cache(maxsize=16)
def _hours(table: Calendar) -> tuple[int, int]:
    """The earliest opening and the latest close of a day; nothing, (0, 0), where a session passes midnight."""
    hours = [
        (second_of_day(session.open_ns, table.zone), second_of_day(session.close_ns, table.zone))
        for session in _sessions(table)
    ]
    if not hours or any(closes <= opens for opens, closes in hours):
        return 0, 0
    return min(opens for opens, _ in hours), max(closes for _, closes in hours)


def is_open_every_day(header: Header) -> bool:
    """Whether the first instrument has a session on every day of the week."""
    dates = _first_calendar(header).dates
    return len(dates) == dates[-1] - dates[0] + 1


def _first_calendar(header: Header) -> Calendar:
    return calendar_of(header.instruments[0], header) if header.instruments else calendar(SHARES)


def clock_text(second: int) -> str:
    """A time of day as the language writes it."""
    hours, rest = divmod(second, 3_600)
    return f"{hours:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")


def duration_text(seconds: int) -> str:
    """A duration as the language writes it."""
    for unit, size in (("day", DAY_SECONDS), ("hour", 3_600), ("min", 60)):
        if seconds % size == 0 and seconds:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
