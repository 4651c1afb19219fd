"""Trading calendars: from a moment or a date to the session it belongs to.

Inside, times are UTC nanoseconds. A calendar is a finite table of sessions in order, so that "three sessions later" is
an addition, holidays and half days included. The tables are read by `runtime.model.calendar_table`; what lies outside
a table's dates is None, never a guess.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cache, lru_cache
from typing import Final

from stratc.runtime.model.record import record
from stratc.runtime.model.zone import date_of, days_since_epoch

STOCK_MARKETS: Final = (
    "XNYS",
    "XTSE",
    "XLON",
    "XETR",
    "XPAR",
    "XAMS",
    "XSWX",
    "XTKS",
    "XHKG",
    "XASX",
    "XBOM",
    "XNSE",
    "XSES",
)
FUTURES_GROUPS: Final = (
    "CME_GLOBEX",
    "CME_DAY",
    "CME_RATES",
    "CME_FX",
    "CME_ENERGY",
    "CME_METALS",
    "CME_GRAINS",
    "CME_LIVESTOCK",
    "CME_CRYPTO",
)
CALENDARS: Final = (*STOCK_MARKETS, *FUTURES_GROUPS, "FX", "CRYPTO", "24/7")

# Markets that never shut, whose days may begin at any hour: `CRYPTO from 09:00 Asia/Seoul` is a calendar too.
ROUND_THE_CLOCK: Final = ("CRYPTO", "24/7")
OWN_DAY: Final = " from "
# About as many as the longest of the tables has.
SESSIONS_KEPT: Final = 20_000


class UnknownCalendar(ValueError):
    """A calendar name that no table carries."""


@record
class Session:
    """One trading day: its number in the calendar, its date, when it opens and closes, and whether it is short.

    `pause` is when trading stops for lunch or for the morning break and when it goes on; None where it does not.
    """

    index: int
    date: date
    open_ns: int
    close_ns: int
    half_day: bool
    pause: tuple[int, int] | None = None

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The parts of the session without a pause in them."""
        if self.pause is None:
            return ((self.open_ns, self.close_ns),)
        return ((self.open_ns, self.pause[0]), (self.pause[1], self.close_ns))


@record
class Calendar:
    """All sessions of a market between two dates, as parallel columns in order.

    `dates` are days since 1970-01-01. `rolls_ns` is when the trading day gives way to the next one: at local midnight
    for a market that shuts overnight, so that what is printed after hours belongs to the day just ended and what is
    printed before the open to the day to come; at the session's close for a market that trades round the clock.
    `starts_ns` and `ends_ns` are the stretches of uninterrupted trade: a session with a pause has two of them.
    """

    name: str
    zone: str
    dates: tuple[int, ...]
    opens_ns: tuple[int, ...]
    closes_ns: tuple[int, ...]
    rolls_ns: tuple[int, ...]
    half_days: frozenset[int]
    starts_ns: tuple[int, ...]
    ends_ns: tuple[int, ...]
    first: date
    last: date
    source: str
    digest: str

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def at(self, index: int) -> Session | None:
        """The session with that number."""
        return _session(self, index) if 0 <= index < len(self.dates) else None

    def pause_of(self, index: int) -> tuple[int, int] | None:
        """Between the end of the stretch that opens the session and the next start before its close."""
        if len(self.starts_ns) == len(self.opens_ns):
            return None
        first = bisect_left(self.starts_ns, self.opens_ns[index])
        ends = self.ends_ns[first]
        return None if ends == self.closes_ns[index] else (ends, self.starts_ns[first + 1])

    def is_trading(self, moment_ns: int) -> bool:
        """Whether the market trades at that moment: inside a session and in no pause of it."""
        found = bisect_right(self.starts_ns, moment_ns) - 1
        return found >= 0 and moment_ns < self.ends_ns[found]

    def covers(self, day: date) -> bool:
        """Whether the table says anything about that date."""
        return self.first <= day <= self.last

    def session(self, day: date) -> Session | None:
        """The session of that date, or None where the market is shut all day."""
        index = bisect_left(self.dates, days_since_epoch(day))
        found = self.at(index)
        return found if found is not None and found.date == day else None

    def session_of(self, moment_ns: int) -> Session | None:
        """The session that is open at that moment (open inclusive, close exclusive, its pause included)."""
        found = self.at(bisect_right(self.opens_ns, moment_ns) - 1)
        return found if found is not None and moment_ns < found.close_ns else None

    def trading_day_of(self, moment_ns: int) -> Session | None:
        """The session whose trading day holds that moment, inside its hours or not; a bar is placed by its close."""
        return self.at(bisect_left(self.rolls_ns, moment_ns))

    def next_session(self, day: date) -> Session | None:
        """The first session after that date."""
        return self.at(bisect_right(self.dates, days_since_epoch(day)))

    def previous_session(self, day: date) -> Session | None:
        """The last session before that date."""
        return self.at(bisect_left(self.dates, days_since_epoch(day)) - 1)

    def sessions_between(self, first: date, last: date) -> tuple[Session, ...]:
        """All sessions from `first` to `last`, both included."""
        start = bisect_left(self.dates, days_since_epoch(first))
        stop = bisect_right(self.dates, days_since_epoch(last))
        return tuple(found for index in range(start, stop) if (found := self.at(index)) is not None)


@lru_cache(maxsize=SESSIONS_KEPT)
def _session(kept: Calendar, index: int) -> Session:
    """The row of a table as a record: the same few sessions are asked for at every bar."""
    return Session(
        index=index,
        date=date_of(kept.dates[index]),
        open_ns=kept.opens_ns[index],
        close_ns=kept.closes_ns[index],
        half_day=index in kept.half_days,
        pause=kept.pause_of(index),
    )


@cache
def calendar(name: str) -> Calendar:
    """The calendar of that name, one of `CALENDARS`; raises `UnknownCalendar`."""
    base, shifted, start = name.partition(OWN_DAY)
    if shifted and base in ROUND_THE_CLOCK:
        from stratc.runtime.model.own_days import with_own_days

        return with_own_days(calendar(base), name=name, start=start)
    if name not in CALENDARS:
        raise UnknownCalendar(f"unknown calendar `{name}`; there are {', '.join(CALENDARS)}")
    # Read on first use: the time-zone base and the tables cost some milliseconds that a plain import must not pay.
    from stratc.runtime.model.calendar_table import read_table

    return read_table(name)
