"""A bar's place in time, from its own times and the calendar: date, first and last of its session, what clocks ask.

What a later bar would tell is asked of the calendar: the session's close comes with the first bar that reaches it. The
same marks as `runtime.executor.timeline` computes for columns (a property test).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Final

from stratc.runtime.engine.codes import ROW_DAY_SHIFT, ROW_SESSION_END, ROW_SESSION_START
from stratc.runtime.feeds.clock_row import PlacedBar, clock_row, ends_session, place_bar
from stratc.runtime.feeds.moments import nominal_next_close, scheduled
from stratc.runtime.model.clock import Request, Schedule
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import days_since_epoch

NEVER: Final = 1 << 62


class Sessions:
    """The sessions of one symbol, bar after bar in order of their closes."""

    def __init__(self, calendar: Calendar, requests: tuple[Request, ...]) -> None:
        self.calendar, self.requests = calendar, requests
        self.kinds = tuple(each.kind for each in requests if isinstance(each, Schedule))
        self.previous: PlacedBar | None = None
        self.bar: PlacedBar | None = None
        # Bars that close before `plain_until` are inside the session of the one before and its last is still to come.
        self.plain, self.plain_until = 0, -1

    def marks(self, opened: int, closed: int) -> int:
        """Date and session bits, packed as `engine.columns.pack_row` packs them; raises `OutsideCalendar`."""
        if closed < self.plain_until and not self.requests:
            return self.plain
        self.previous = self.bar
        self.bar = bar = place_bar(opened, closed, self.calendar, previous=self.previous)
        day = days_since_epoch(bar.session.date) << ROW_DAY_SHIFT
        starts = self.previous is None or self.previous.session.index != bar.session.index
        ends = ends_session(bar, previous=self.previous)
        self.plain = day
        self.plain_until = bar.session.close_ns if closed < bar.session.close_ns else -1
        return day + starts * ROW_SESSION_START + ends * ROW_SESSION_END

    def clocks(self, next_close_ns: int | None) -> Mapping[Request, int]:
        """What the clocks say at the bar that was marked last; None: by the nominal close of the next one."""
        assert self.bar is not None
        return clock_row(self.bar, self.calendar, self.requests, previous=self.previous, next_close_ns=next_close_ns)

    def last_scheduled(self, closed: int, until: int) -> int:
        """Of the next moment of each schedule from `closed` on the latest; NEVER where one has none before `until`."""
        latest = -1
        for kind in self.kinds:
            found = next((each for each in scheduled(kind, self.calendar, closed, until) if each >= closed), NEVER)
            latest = max(latest, found)
        return latest

    def has_scheduled(self, first: int, before: int) -> bool:
        """Whether the moment of some schedule lies from `first` to before `before`."""
        return any(
            first <= each < before for kind in self.kinds for each in scheduled(kind, self.calendar, first, before)
        )

    def expected_after(self, opened: int, closed: int) -> int | None:
        """When the next bar closes if none is missing; None beyond the calendar."""
        return nominal_next_close(opened, closed, self.calendar)

    def is_inside(self, opened: int, closed: int) -> bool:
        """Whether a bar lies wholly inside one stretch of trade."""
        found = bisect_right(self.calendar.starts_ns, opened) - 1
        return found >= 0 and closed <= self.calendar.ends_ns[found]
