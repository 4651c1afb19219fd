"""Scheduled moments that came while bars were lacking: from a schedule and an instrument's bars to what must be told.

A moment is due on the last bar that had closed when it came. Where the bars go on as the calendar says that is the bar
before it; where some are lacking it may be one of days ago, and several moments may come together, which are tried
once. Nothing of that is caught up later, so the run tells it. Moments before the first bar and after the last are none
of the run's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from stratc.runtime.feeds.bar_spans import DAY_NS
from stratc.runtime.feeds.moments import nominal_next_close, scheduled
from stratc.runtime.model.clock import ScheduleKind
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar


@record
class Missed:
    """Moments in order, in UTC nanoseconds, for which bars were lacking, and those of a run that were not tried because
    a later one came together with them."""

    moments_ns: tuple[int, ...]
    untried_ns: tuple[int, ...]


def missed(kind: ScheduleKind, closes_ns: Sequence[int], interval_ns: int, calendar: Calendar) -> Missed:
    """The moments of a schedule between the first close and the last that found bars lacking."""
    if not closes_ns:
        return Missed(moments_ns=(), untried_ns=())
    first, last = closes_ns[0], closes_ns[-1]
    sessions = {session.index for close in closes_ns if (session := calendar.trading_day_of(close)) is not None}
    found: list[int] = []
    tried: dict[int, int] = {}
    untried: list[int] = []
    for due in scheduled(kind, calendar, first, last):
        if not first <= due <= last:
            continue
        bar = bisect_right(closes_ns, due) - 1
        if bar in tried:
            untried.append(tried[bar])
        tried[bar] = due
        if _are_lacking(due, closes_ns[bar], interval_ns, calendar, sessions):
            found.append(due)
    return Missed(moments_ns=tuple(found), untried_ns=tuple(untried) if found else ())


def _are_lacking(due: int, close_ns: int, interval_ns: int, calendar: Calendar, sessions: set[int]) -> bool:
    """Whether a bar that the calendar promises between this close and the moment is not there."""
    if close_ns == due:
        return False
    if interval_ns >= DAY_NS:
        session = calendar.trading_day_of(due)
        return session is not None and session.index not in sessions
    following = nominal_next_close(close_ns - interval_ns, close_ns, calendar)
    return following is not None and following <= due
