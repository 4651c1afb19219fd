"""What comes to a paper run and what it says of it: bars, and alarms about bars that are not as they should be."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from stratc.runtime.model.record import record


class Taken(NamedTuple):
    """A bar of the symbol with this number. A tuple, because one is made a bar."""

    symbol: int
    opened: int
    closed: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class AlarmKind(StrEnum):
    """What is wrong with what came, or did not come. None of them changes what was decided."""

    LATE = "late"
    """Its moment has been decided on: it is not traded on."""

    DUPLICATE = "duplicate"
    """It came before, with the same values: it is left out."""

    CONFLICT = "conflict"
    """It came before with other values: the first is kept."""

    EARLY = "early"
    """The wall clock says that it is not over yet: it is left out."""

    GAP = "gap"
    """Bars that the calendar expects did not come before this one."""

    FROZEN = "frozen"
    """So many bars in a row are the same in every value."""

    SILENT = "silent"
    """Nothing came for so long while a market was open."""

    OFF_SESSION = "off_session"
    """It does not lie wholly inside a regular session, and the strategy asks for these only: it is left out."""

    MISSED_SCHEDULE = "missed_schedule"
    """A scheduled moment passed while bars were lacking: nothing was tried."""

    BAD_LINE = "bad_line"
    """A line of the feed could not be read, and the run goes on without it as it was told to."""

    BEYOND_BOUND = "beyond_bound"
    """A price is higher than the run was told that prices can be: it is left out, and the run ends."""

    DISCONNECTED = "disconnected"
    """The feed's connection was closed before it said that it ended."""


@record
class Alarm:
    """`closed` is the moment it is about, nothing (0) where it is about none; `count` of bars where it counts."""

    kind: AlarmKind
    symbol: str
    closed: int
    count: int = 1
    words: str = ""
