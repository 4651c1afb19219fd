"""When one bar opens and closes, from its stamp and the calendar: as `runtime.feeds.bar_spans` has it for columns.

The two agree on every bar of a file (a property test).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

from stratc.runtime.feeds.bar_spans import DAY_NS, Stamp
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import date_of


class NoPlace(ValueError):
    """The calendar says nothing of that time, or has no session then."""


def span_of_date(day: date, calendar: Calendar) -> tuple[int, int]:
    """The hours of a date's session; raises `NoPlace`."""
    if not calendar.covers(day):
        raise NoPlace(f"the calendar `{calendar.name}` is known from {calendar.first} to {calendar.last}, not on {day}")
    session = calendar.session(day)
    if session is None:
        raise NoPlace(f"{day} is no session of `{calendar.name}`")
    return session.open_ns, session.close_ns


def span_of_stamp(
    at_ns: int, calendar: Calendar, interval_ns: int, *, stamp: Stamp, before: int | None
) -> tuple[int, int]:
    """An intraday bar, cut at the end (stamp close: at the start) of its session or of the pause in it.

    `before` is when the bar before it closed; raises `NoPlace`.
    """
    day = date_of(at_ns // DAY_NS)
    if not calendar.covers(day):
        raise NoPlace(f"the calendar `{calendar.name}` is known from {calendar.first} to {calendar.last}, not on {day}")
    starts, ends = calendar.starts_ns, calendar.ends_ns
    if stamp is Stamp.OPEN:
        index = max(bisect_right(starts, at_ns) - 1, 0)
        return at_ns, min(at_ns + interval_ns, ends[index]) if at_ns < ends[index] else at_ns + interval_ns
    index = max(bisect_left(starts, at_ns) - 1, 0)
    full = at_ns - interval_ns if before is None or before >= at_ns else max(at_ns - interval_ns, before)
    return max(full, starts[index]) if starts[index] < at_ns <= ends[index] else full, at_ns
