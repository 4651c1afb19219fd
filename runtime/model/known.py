"""What compiled code may ask of tables beside prices: requests, as plain hashable values, each a float64 per bar.

A program collects the requests that its rules make; `runtime.feeds.known` answers them for a whole column of bars.
Every answer is taken at the bar's close, the moment of decision, from the rows that were known by then (`known_at` not
later) and from no other; nan where nothing is known. `each` says that a table has rows for each instrument by its
symbol; else its rows are for the whole market.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from stratc.runtime.model.record import record

FAR_AWAY: Final = 1000.0


class EventWord(StrEnum):
    """What is asked of the events of a table.

    The next event is the first that has not passed, the last one the latest that has. An event with a clock time has
    passed when that time has come, one with a date only when its trading day is over.
    """

    SESSIONS_UNTIL = "sessions until"  # of the instrument's calendar, 0 on the day of the event
    SESSIONS_SINCE = "sessions since"
    DAYS_UNTIL = "days until"
    DAYS_SINCE = "days since"
    SECONDS_UNTIL = "seconds until"  # unknown where the event has a date only
    SECONDS_SINCE = "seconds since"
    CONFIRMED = "confirmed"  # whether the date of the next event is confirmed: 1 or 0


@record
class EventReading:
    table: str
    each: bool
    word: EventWord


class SeriesKind(StrEnum):
    """Where the values of a series come from: a publisher, or a model whose word is advice."""

    DATA = "data"
    ADVICE = "advice"


@record
class SeriesReading:
    """The newest value of a series; unknown once it is `fresh_seconds` old, counted from when it was known.

    `low` and `high` are the closed range that every value of the table must lie in, None where none is declared.
    """

    table: str
    each: bool
    kind: SeriesKind
    low: float | None
    high: float | None
    fresh_seconds: int | None


@record
class MemberReading:
    """Whether the instrument is a member of the universe: 1 or 0, never unknown."""

    table: str


Request = EventReading | SeriesReading | MemberReading


def stand_in(request: Request) -> float:
    """An answer that could be one, for runs on prices that are made up: nothing is near, everybody is a member."""
    match request:
        case EventReading(word=EventWord.CONFIRMED):
            return 1.0
        case EventReading():
            return FAR_AWAY
        case SeriesReading(low=low, high=high):
            return 0.0 if low is None or high is None else (low + high) / 2
        case MemberReading():
            return 1.0
        case _:
            assert_never(request)
