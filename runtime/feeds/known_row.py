"""Answers from tables, one bar after another: what `runtime.feeds.known` computes for columns (a property test).

Bars come in order of their closes; what a table says from one row of it to the next is worked out once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import nan
from typing import assert_never

from stratc.runtime.feeds.known import Planned, effective, own_rows, plan
from stratc.runtime.feeds.known_table import KnownTable
from stratc.runtime.model.known import EventReading, EventWord, MemberReading, Request, SeriesReading
from stratc.runtime.model.session import Calendar
from stratc.runtime.model.zone import NS_PER_SECOND, date_of


class Reading:
    """One request about one symbol: `at` gives the float64 that is known at a close, nan where nothing is."""

    def __init__(self, request: Request, table: KnownTable, symbol: str, calendar: Calendar) -> None:
        self.request, self.calendar = request, calendar
        rows = own_rows(request, table, symbol)
        if isinstance(request, SeriesReading):
            rows = effective(rows)
            self.values = rows["value"].to_list()
        if isinstance(request, EventReading):
            self.keys = rows["event"].to_list()
            self.planned = [plan(table, calendar, row) for row in rows.iter_rows(named=True)]
        if isinstance(request, MemberReading):
            self.spells = list(zip(rows["from"].to_list(), rows["until"].to_list(), strict=True))
        self.known_at = rows["known_at"].to_list()
        self.known, self.events = -1, list[Planned]()

    def at(self, close_ns: int) -> float:
        """The answer at a close, which is not before that of the bar before."""
        known = bisect_right(self.known_at, close_ns)
        match self.request:
            case SeriesReading(fresh_seconds=fresh):
                return self._value(known, close_ns, fresh)
            case EventReading(word=word):
                return self._event(known, close_ns, word)
            case MemberReading():
                return self._member(known, close_ns)
            case _:
                assert_never(self.request)

    def _value(self, known: int, close_ns: int, fresh: int | None) -> float:
        if not known or (fresh is not None and close_ns - self.known_at[known - 1] >= fresh * NS_PER_SECOND):
            return nan
        return positive_nought(float(self.values[known - 1]))

    def _member(self, known: int, close_ns: int) -> float:
        day = date_of(self.calendar.dates[self._session(close_ns)])
        newest = dict(self.spells[:known])
        return float(any(start <= day and (end is None or day < end) for start, end in newest.items()))

    def _event(self, known: int, close_ns: int, word: EventWord) -> float:
        if known != self.known:
            newest = dict(zip(self.keys[:known], self.planned[:known], strict=True))
            there = (each for each in newest.values() if each is not None)
            self.known, self.events = known, sorted(there, key=lambda each: each.passed_ns)
        back = word in (EventWord.SESSIONS_SINCE, EventWord.DAYS_SINCE, EventWord.SECONDS_SINCE)
        which = bisect_right(self.events, close_ns, key=lambda each: each.passed_ns) - back
        if not 0 <= which < len(self.events):
            return nan
        return positive_nought(self._told(self.events[which], close_ns, word, -1.0 if back else 1.0))

    def _told(self, event: Planned, close_ns: int, word: EventWord, sign: float) -> float:
        session = self._session(close_ns)
        match word:
            case EventWord.SESSIONS_UNTIL | EventWord.SESSIONS_SINCE:
                return sign * (event.session - session)
            case EventWord.DAYS_UNTIL | EventWord.DAYS_SINCE:
                return sign * (self.calendar.dates[event.session] - self.calendar.dates[session])
            case EventWord.SECONDS_UNTIL | EventWord.SECONDS_SINCE:
                return sign * (event.at_ns - close_ns) / NS_PER_SECOND if event.at_ns else nan
            case EventWord.CONFIRMED:
                return float(event.confirmed)
            case _:
                assert_never(word)

    def _session(self, close_ns: int) -> int:
        return bisect_left(self.calendar.rolls_ns, close_ns)


def positive_nought(value: float) -> float:
    """Never minus nought."""
    return 0.0 if value == 0.0 else value
