"""Schedules: from `every …` to the clock request that is 1 on the bars on which a rule is tried."""

from __future__ import annotations

from typing import Final, assert_never

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.constants import constant
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.expressions import zone_of_text
from stratc.dsl.syntax import Every, Expression, Holiday, OnSession, OnWeekday
from stratc.runtime.model import clock

PERIODS: Final = {
    1: clock.Period.MONTH,
    2: clock.Period.TWO_MONTHS,
    3: clock.Period.QUARTER,
    4: clock.Period.FOUR_MONTHS,
    6: clock.Period.HALF_YEAR,
    12: clock.Period.YEAR,
}
CHOICES: Final = {
    Holiday.BEFORE: clock.HolidayChoice.BEFORE,
    Holiday.AFTER: clock.HolidayChoice.AFTER,
    Holiday.SKIPPED: clock.HolidayChoice.SKIPPED,
    None: clock.HolidayChoice.SKIPPED,  # every such day has a session: the check saw to it
}
CLOSE: Final = clock.SessionMoment(anchor=clock.Anchor.BEFORE_END, seconds=0)


def lower_schedule(every: Every, builder: Builder) -> clock.Schedule:
    """When a rule is due. `every day` at a time is every session's day."""
    at = _moment(every, builder)
    match every.on:
        case OnSession(number=number, from_end=from_end):
            kind = clock.EveryPeriod(period=period_of(every), number=int(number.value), from_end=from_end, at=at)
            return clock.Schedule(kind=kind)
        case OnWeekday(weekday=day, nth=nth, holiday=holiday):
            return clock.Schedule(kind=clock.EveryWeekday(weekday=day, nth=nth, holiday=CHOICES[holiday], at=at))
        case None:
            return clock.Schedule(kind=_of_each(at))
        case _:
            assert_never(every.on)


def period_of(every: Every) -> clock.Period:
    """The period that a schedule names or counts; assumes that the check let it through."""
    return clock.Period(every.period) if every.count is None else PERIODS[int(every.count.value)]


def _of_each(at: clock.DayMoment) -> clock.EverySession | clock.EveryDay:
    match at:
        case clock.SessionMoment(anchor=anchor, seconds=seconds):
            return clock.EverySession(anchor=anchor, seconds=seconds)
        case clock.ClockMoment(second=second, zone=zone):
            return clock.EveryDay(second=second, zone=zone)
        case _:
            assert_never(at)


def _moment(every: Every, builder: Builder) -> clock.DayMoment:
    if every.at is not None:
        return clock.ClockMoment(second=every.at.second_of_day, zone=zone_of_text(every.zone, builder))
    if every.before_end is not None:
        return clock.SessionMoment(anchor=clock.Anchor.BEFORE_END, seconds=_seconds(every.before_end, builder))
    if every.after_start is not None:
        return clock.SessionMoment(anchor=clock.Anchor.AFTER_START, seconds=_seconds(every.after_start, builder))
    return CLOSE


def _seconds(distance: Expression, builder: Builder) -> int:
    seconds = constant(distance, builder.checked.resolved)
    if seconds is None:
        raise StratcBug("a schedule whose distance is not constant was lowered")
    return int(seconds)
