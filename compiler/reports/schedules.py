"""Schedules in plain English: which sessions, when in them, and what happens on a holiday."""

from __future__ import annotations

from typing import Final

from stratc.compiler.reports.phrases import say
from stratc.dsl.parsing.expressions import WEEKDAYS
from stratc.dsl.syntax import Every, Holiday, OnSession, OnWeekday
from stratc.dsl.syntax.schedules import ORDINALS

HOLIDAYS: Final = {
    Holiday.BEFORE: "; the session before stands for a holiday",
    Holiday.AFTER: "; the session after stands for a holiday",
    Holiday.SKIPPED: "; a holiday is skipped",
    None: "",
}


def say_every(every: Every) -> str:
    """`every month, at the close of its last session`."""
    if every.on is None:
        return f"every {every.period}{_moment(every, 'its')}"
    if isinstance(every.on, OnWeekday):
        return _weekday(every, every.on)
    cycle = every.period if every.count is None else say(every.count)
    return f"every {cycle}{_moment(every, f'its {_place(every.on)}')}"


def _moment(every: Every, whose: str) -> str:
    of = "its" if whose == "its" else f"of {whose}"
    if every.at is not None:
        zone = f" {every.zone.text}" if every.zone is not None else ""
        day = "" if whose == "its" else f" on the day {of}"
        return f" at {say(every.at)}{zone}{day}"
    if every.before_end is not None:
        return f", {say(every.before_end)} before {'its end' if whose == 'its' else f'the end {of}'}"
    if every.after_start is not None:
        return f", {say(every.after_start)} after {'its start' if whose == 'its' else f'the start {of}'}"
    return f", at the close of {whose}{'' if whose != 'its' else ' session'}"


def _place(on: OnSession) -> str:
    number = int(on.number.value)
    if number == 1:
        return f"{'last' if on.from_end else 'first'} session"
    named = f"{ORDINALS[number - 1]} session" if number <= len(ORDINALS) else f"session {number}"
    return f"{named}{' from the end' if on.from_end else ''}"


def _weekday(every: Every, on: OnWeekday) -> str:
    day = WEEKDAYS[on.weekday - 1]
    ordinal = "last" if on.nth < 0 else ORDINALS[on.nth - 1]
    which = f"every {day}" if on.nth == 0 else f"every month on its {ordinal} {day}"
    when = _moment(every, "its") if every.before_end or every.after_start or every.at else ", at the session's close"
    return f"{which}{when}{HOLIDAYS[on.holiday]}"
