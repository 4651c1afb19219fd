"""Stock markets: from exchange_calendars to tables, with the corrections that the library lacks, each with its reason.

A market's table begins with the first year in which its hours are those of the library: earlier days are outside, not
guessed.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from importlib.metadata import version
from typing import Any

import exchange_calendars

from stratc.runtime.model.calendar_table import Hours
from tests.calendars.table_text import Table

LAST = date(2028, 12, 31)
# Since when the library's hours are the market's: Xetra's and Euronext's closing times of today began in 2003, Tokyo's
# lunch ends at 12:30 since 2011-11-21, Hong Kong's begins at 12:00 since 2012-03-05, Mumbai opens at 09:15 since
# 2010-10-18, Singapore trades through the day since 2011-08-01.
FIRST = {
    "XNYS": date(1990, 1, 1),
    "XTSE": date(2004, 1, 1),
    "XLON": date(2004, 1, 1),
    "XETR": date(2004, 1, 1),
    "XPAR": date(2004, 1, 1),
    "XAMS": date(2004, 1, 1),
    "XSWX": date(2004, 1, 1),
    "XTKS": date(2012, 1, 1),
    "XHKG": date(2013, 1, 1),
    "XASX": date(2004, 1, 1),
    "XBOM": date(2011, 1, 1),
    "XSES": date(2012, 1, 1),
}
# New Year by the moon, whose eve is a half day in Singapore; the library has no half days there.
LUNAR_NEW_YEARS = (
    date(2012, 1, 23), date(2013, 2, 10), date(2014, 1, 31), date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28),
    date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22),
    date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17),
)  # fmt: skip
SINGAPORE_PAUSE_SINCE = date(2017, 11, 13)
NOON = time(12)


def library_calendar(name: str) -> Any:
    """The library's calendar over the span of our table."""
    bound = exchange_calendars.get_calendar(name).bound_max()
    last = LAST if bound is None else min(LAST, bound.date())
    return exchange_calendars.get_calendar(name, start=FIRST[name].isoformat(), end=last.isoformat())


def stock_market(name: str) -> Table:
    """The table of one market."""
    source = library_calendar(name)
    zone = str(source.tz)
    span = (FIRST[name], source.sessions[-1].date() if source.bound_max() is not None else LAST)
    span = (span[0], date(span[1].year, 12, 31))
    rows = clocks_of(source.schedule, zone)
    days = [span[0] + timedelta(n) for n in range((span[1] - span[0]).days + 1)]
    usual = usual_hours(rows, span[0])
    early = {d.date(): rows[d.date()]["close"] for d in source.early_closes}
    early |= HALF_DAYS.get(name, {})
    table = Table(
        zone=zone,
        first=span[0],
        last=span[1],
        weekdays=(1, 2, 3, 4, 5),
        roll="midnight",
        source=f"exchange_calendars {version('exchange_calendars')}, {name}{REMARKS.get(name, '')}",
        hours=usual,
        holidays=tuple(d for d in days if d.isoweekday() <= 5 and d not in rows),
        early=early,
        extra=tuple(sorted({d for d in rows if d.isoweekday() > 5} | set(WEEKEND_SESSIONS.get(name, ())))),
    )
    return singapore(table, set(rows)) if name == "XSES" else table


# Half days that the library lacks, by the exchange's own trading calendar.
HALF_DAYS = {"XASX": {date(2022, 12, 23): time(14, 10), date(2022, 12, 30): time(14, 10)}}
# Days of the budget and one move of a holiday, on which Mumbai traded all day on a weekend.
WEEKEND_SESSIONS = {
    "XBOM": (date(2015, 2, 28), date(2020, 2, 1), date(2024, 1, 20), date(2025, 2, 1), date(2026, 2, 1)),
}
REMARKS = {
    "XASX": "; the half days at the end of 2022 are ours",
    "XSES": "; the lunch break since 2017-11-13 and the half days on the eves of Christmas and both New Years are ours",
    "XBOM": "; with five whole sessions on weekends, without the hour of Muhurat trading on the evening of Diwali",
}


def clocks_of(schedule: Any, zone: str) -> dict[date, dict[str, time | None]]:
    """The clock times of every session by the column, None for no lunch; a column at a time, because rows are slow."""
    columns = {}
    for name in schedule.columns:
        local = schedule[name].dt.tz_convert(zone)
        columns[name] = [None if missing else clock for clock, missing in zip(local.dt.time, local.isna(), strict=True)]
    days = [day.date() for day in schedule.index]
    return {day: {name: clocks[k] for name, clocks in columns.items()} for k, day in enumerate(days)}


def usual_hours(rows: dict[date, dict[str, Any]], first: date) -> tuple[Hours, ...]:
    """The usual hours, each since the first day that has them: the longest session of every year tells a change."""
    found: list[Hours] = []
    for day, clocks in rows.items():
        hours = Hours(
            since=day if found else first,
            open=clocks["open"],
            open_day=0,
            close=clocks["close"],
            close_day=0,
            pause=clocks.get("break_start"),
            resume=clocks.get("break_end"),
        )
        if not found or (hours.close > found[-1].close):
            found.append(hours)
    return tuple(found)


def singapore(table: Table, sessions: set[date]) -> Table:
    """Singapore as its rule book has it: lunch from 12:00 to 13:00, and a morning only on three eves."""
    whole = table.hours[0]
    lunch = Hours(
        since=SINGAPORE_PAUSE_SINCE,
        open=whole.open,
        open_day=0,
        close=whole.close,
        close_day=0,
        pause=NOON,
        resume=time(13),
    )
    eves = {new_year - timedelta(1) for new_year in LUNAR_NEW_YEARS}
    eves |= {date(year, 12, day) for year in range(table.first.year, table.last.year + 1) for day in (24, 31)}
    return Table(
        zone=table.zone,
        first=table.first,
        last=table.last,
        weekdays=table.weekdays,
        roll=table.roll,
        source=table.source,
        hours=(whole, lunch),
        holidays=table.holidays,
        early={day: NOON for day in sorted(eves) if day in sessions},
        extra=table.extra,
    )
