"""Between the skeleton and the rest of judging: what an account's history means in it, and its events in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.skeleton.explore import Told
from stratc.compiler.judge.skeleton.proof import History
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.session import Calendar, calendar

REMEMBERED: Final = timedelta(30)
WORDS: Final = {
    EventKind.FILL_OPENING: "opening fill",
    EventKind.FILL_CLOSING: "closing fill",
    EventKind.ORDER_OPENING: "opening order",
    EventKind.ORDER_CLOSING: "closing order",
}


def history_of(account: AccountProfile, as_of: date, instruments: Sequence[Instrument]) -> History | None:
    """The day trades that the profile states; None where it states no history.

    Business days are counted by the calendar, of several instruments by the one with the fewest. Where that knows
    nothing of the day, the day trade counts as one of the first day, which it stays in a window for longest.
    """
    if account.history.as_of is None and not account.history.day_trades:
        return None
    calendars = [calendar(each.calendar) for each in instruments]
    counts: dict[int, int] = {}
    for day in account.history.day_trades:
        if timedelta(0) <= as_of - day <= REMEMBERED:
            ago = min((_sessions_after(kept, day, as_of) for kept in calendars), default=0)
            counts[ago] = counts.get(ago, 0) + 1
    return History(happening="day_trade", counts=tuple(sorted(counts.items())))


def _sessions_after(kept: Calendar, day: date, as_of: date) -> int:
    """How many sessions come after a day, up to the first that is not before `as_of`."""
    first = kept.session(as_of) or kept.next_session(as_of)
    if first is None:
        return 0
    return sum(1 for k in range((first.date - day).days) if kept.session(day + timedelta(k + 1)) is not None)


def told(events: Sequence[Told], program: Program) -> str:
    """The events by day, in words; what is no order and no fill is left out."""
    days: list[list[str]] = [[]]
    for each in events:
        if each.kind is EventKind.NEW_DAY:
            days.append([])
        elif each.kind in WORDS:
            named = f" of {program.instruments[each.instrument]}" if len(program.instruments) > 1 else ""
            days[-1].append(f"{WORDS[each.kind]}{named}")
    return "; ".join(f"day {number}: {', '.join(day)}" for number, day in enumerate(days, 1) if day)
