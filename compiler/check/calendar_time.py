"""What to write instead of days, weeks and months where a length is wanted: sessions or bars, whichever fits there.

Maps a number and the place it stands in to lengths that can be written in that place. A week is five sessions and a
month twenty-one, of what is traded every day seven and thirty; of bars there are as many as a session has.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.timing.clock import is_open_every_day, session_seconds
from stratc.compiler.check.timing.known import OFFSET_BARS_MAX
from stratc.compiler.resolve.symbols import Header
from stratc.dsl.syntax import Argument, Binary, Floor, HeldFor, History, Name, Node, Number, TimeInForce, children, walk

SESSIONS_IN: Final = {"day": 1, "week": 5, "month": 21}
SESSIONS_IN_EVERY_DAY: Final = {"day": 1, "week": 7, "month": 30}
BY_SESSIONS: Final = frozenset({"sessions_held", "sessions_since_exit"})
BY_BARS: Final = frozenset({"bars_held", "bars_since_exit"})


def lengths_instead(number: Number, typing: Typing) -> str:
    """The lengths to write, in backticks: `5 sessions`, `5 bars`, or either."""
    header = typing.header_at(number)
    sessions_in = SESSIONS_IN_EVERY_DAY if is_open_every_day(header) else SESSIONS_IN
    sessions = max(int(number.value * sessions_in.get(number.unit.removesuffix("s"), 1)), 1)
    bars = min(sessions * _bars_a_session(header), OFFSET_BARS_MAX)
    by_sessions, by_bars = f"`{_counted(sessions, 'session')}`", f"`{_counted(bars, 'bar')}`"
    match _around(number, typing):
        case Floor():
            return by_sessions
        case Argument() | HeldFor():
            return by_bars
        case TimeInForce() if not typing.header.daily:
            return by_bars
        case Binary(left=Name(text=word)) | Binary(right=Name(text=word)) if word in BY_SESSIONS | BY_BARS:
            return by_sessions if word in BY_SESSIONS else by_bars
        case History() | TimeInForce() | _:
            return f"{by_sessions} or {by_bars}"


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:_} {what}s"


def _bars_a_session(header: Header) -> int:
    return (
        1 if header.daily or not header.interval_seconds else max(session_seconds(header) // header.interval_seconds, 1)
    )


def _around(number: Number, typing: Typing) -> Node | None:
    """The node that holds a number as it is written; None for one that was put there."""
    return next((node for node in walk(typing.resolved.tree) if any(each is number for each in children(node))), None)
