"""Schedules as text: the session, then the moment in it."""

from __future__ import annotations

from typing import assert_never

from stratc.dsl.parsing.expressions import WEEKDAYS
from stratc.dsl.printing.expressions import SUM, print_clock, print_expression, print_number, print_zone
from stratc.dsl.syntax import Every, OnSession, OnWeekday
from stratc.dsl.syntax.schedules import ORDINALS


def print_every(every: Every) -> str:
    """The clause in its canonical form: `every Friday`, not `every week, on Friday`."""
    on = every.on
    if isinstance(on, OnWeekday) and on.nth == 0 and every.count is None and every.period == "week":
        return f"every {WEEKDAYS[on.weekday - 1]}{_print_holiday(on)}{_print_moment(every)}"
    cycle = every.period if every.count is None else print_number(every.count)
    return f"every {cycle}{_print_place(on)}{_print_moment(every)}"


def _print_place(on: OnSession | OnWeekday | None) -> str:
    match on:
        case None:
            return ""
        case OnSession(number=number, from_end=from_end):
            if number.value == 1 and not number.unit:
                return f", on {'last' if from_end else 'first'} session"
            return f", on session {print_number(number)}{' from end' if from_end else ''}"
        case OnWeekday(nth=nth):
            ordinal = "" if nth == 0 else "last " if nth < 0 else f"{ORDINALS[nth - 1]} "
            return f", on {ordinal}{WEEKDAYS[on.weekday - 1]}{_print_holiday(on)}"
        case _:
            assert_never(on)


def _print_holiday(on: OnWeekday) -> str:
    return "" if on.holiday is None else f" {on.holiday.value}"


def _print_moment(every: Every) -> str:
    if every.before_end is not None:
        return f", {print_expression(every.before_end, SUM)} before end"
    if every.after_start is not None:
        return f", {print_expression(every.after_start, SUM)} after start"
    return "" if every.at is None else f", at {print_clock(every.at)}{print_zone(every.zone)}"
