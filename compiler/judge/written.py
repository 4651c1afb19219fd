"""Days and numbers as rules and scenarios write them, with the bounds of what is read.

Whatever a text says, reading it ends soon and in a problem at worst. The bounds are far beyond what a norm says.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from stratc.compiler.judge.diagnostics import NoSuchDay, TooLarge
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE, Span

# A day has neighbours, and a scenario goes on from it for years: none of them may fall out of the calendar.
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
DIGITS_MAX: Final = 30
DAYS_MAX: Final = 600
TIMES_MAX: Final = 200
SECONDS_MAX: Final = 86_400


class Unreadable(Exception):
    """Internal: what cannot be read; caught where a block or a scenario is parsed. `text` is what stands there."""

    def __init__(self, problem: Problem, text: str = "") -> None:
        super().__init__(text)
        self.problem = problem
        self.text = text


def day_written(text: str, span: Span = NOWHERE) -> date:
    """`2026-06-04`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unreadable(NoSuchDay(span=span, day=text, why="the calendar has no such day"), text) from None
    if why := out_of_bounds(day):
        raise Unreadable(NoSuchDay(span=span, day=text, why=why), text)
    return day


def out_of_bounds(day: date) -> str:
    """Why a day cannot stand in a pack; empty where it can."""
    return "" if FIRST_DAY <= day <= LAST_DAY else f"days go from {FIRST_DAY} to {LAST_DAY}"


def number_written(text: str, span: Span = NOWHERE) -> Fraction:
    """`25_000` or `0.5`."""
    if len(text) > DIGITS_MAX and sum(each.isdecimal() for each in text) > DIGITS_MAX:
        raise Unreadable(TooLarge(span=span, what="a number", most=f"{DIGITS_MAX} digits"), text)
    return Fraction(text.replace("_", ""))


def count_written(text: str, most: int, what: str) -> int:
    """A whole number up to `most`, for example of days."""
    if number_written(text) > most:
        raise Unreadable(TooLarge(span=NOWHERE, what="a scenario", most=f"{most:_} {what}"), text)
    return int(text)
