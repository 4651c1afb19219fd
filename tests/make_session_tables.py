"""Makes the calendar tables in runtime/model/calendars from exchange_calendars and from the rules stated here.

Run `python tests/make_session_tables.py` after exchange_calendars has been updated, read the difference, and say in the
commit which closures changed and by which notice. The same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import exchange_calendars

from stratc.runtime.model.calendar_table import table_digest

FIRST, LAST = date(1990, 1, 1), date(2028, 12, 31)
FOLDER = Path(__file__).resolve().parent.parent / "runtime" / "model" / "calendars"
NEW_YORK = "America/New_York"

# Globex halts at 13:00 New York on the exchange holidays of the stock market (11:30 before 2014-05-26) and at 13:15 on
# its half days. On a Good Friday on which the employment report comes out it trades until 09:15.
GOOD_FRIDAYS_WITH_REPORT = {date(2010, 4, 2), date(2012, 4, 6), date(2015, 4, 3), date(2021, 4, 2), date(2023, 4, 7)}
GOOD_FRIDAYS_WITH_REPORT |= {date(2026, 4, 3)}
HOLIDAY_HALT_MOVED = date(2014, 5, 26)
# Days of mourning and storm, on which the stock market was shut and Globex stopped at or before its open.
GLOBEX_SPECIAL = {
    date(2012, 10, 29): time(9, 15),
    date(2012, 10, 30): time(9, 15),
    date(2018, 12, 5): time(9, 30),
    date(2025, 1, 9): time(9, 30),
}
# The evening session ended at 17:15 New York before 2015-09-21.
GLOBEX_HOURS = (
    (date(2009, 1, 1), time(18), -1, time(17, 15), 0),
    (date(2015, 9, 21), time(18), -1, time(17), 0),
)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def new_york_exceptions() -> tuple[list[date], dict[date, time]]:
    """Weekdays on which the New York Stock Exchange is shut, and its early closes."""
    source = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=LAST.isoformat())
    open_days = {moment.date() for moment in source.sessions}
    all_days = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    closes = source.schedule["close"]
    early = {d.date(): closes[d].tz_convert(NEW_YORK).time() for d in source.early_closes}
    return [d for d in all_days if d.isoweekday() <= 5 and d not in open_days], early


def globex_exceptions(shut: list[date], half: Mapping[date, time]) -> tuple[list[date], dict[date, time]]:
    """Days without a Globex session for equity index futures, and those that end early."""
    holidays, early = [], dict.fromkeys(half, time(13, 15))
    for day in shut:
        good_friday = day == easter(day.year) - timedelta(2)
        christmas_or_new_year = (day.month, day.day) in {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (1, 2)}
        if day in GLOBEX_SPECIAL:
            early[day] = GLOBEX_SPECIAL[day]
        elif good_friday and day in GOOD_FRIDAYS_WITH_REPORT:
            early[day] = time(9, 15)
        elif good_friday or christmas_or_new_year:
            holidays.append(day)
        else:
            early[day] = time(13) if day >= HOLIDAY_HALT_MOVED else time(11, 30)
    return holidays, early


def forex_holidays() -> list[date]:
    """Christmas and New Year's Day: the two trading days on which no dealer quotes."""
    days = (date(year, month, day) for year in range(1990, 2041) for month, day in ((1, 1), (12, 25)))
    return [day for day in days if day.isoweekday() <= 5]


def dates_by_year(days: Iterable[date]) -> str:
    lines = (", ".join(d.isoformat() for d in year) for _, year in groupby(sorted(days), key=lambda d: d.year))
    return "\n".join(f"  {line}," for line in lines)


def table_text(
    *,
    zone: str,
    span: tuple[date, date],
    weekdays: list[int],
    roll: str,
    source: str,
    hours: tuple[tuple[date, time, int, time, int], ...],
    holidays: Iterable[date],
    early: Mapping[date, time],
) -> str:
    lines = [f'zone = "{zone}"', f"first = {span[0]}", f"last = {span[1]}", f"weekdays = {weekdays}"]
    lines += [f'roll = "{roll}"', f'source = "{source}"', "holidays = [", dates_by_year(holidays), "]"]
    for since, opens, open_day, closes, close_day in hours:
        lines += ["", "[[hours]]", f"since = {since}", f"open = {opens}", f"open_day = {open_day}"]
        lines += [f"close = {closes}", f"close_day = {close_day}"]
    if early:
        lines += ["", "[early_closes]", *(f"{day} = {clock}" for day, clock in sorted(early.items()))]
    body = "\n".join(lines) + "\n"
    heading = "# Made by tests/make_session_tables.py: change the rules there, not the dates here.\n"
    return f"{heading}# sha256 {table_digest(body)}\n# end of heading\n{body}"


def tables() -> dict[str, str]:
    """The text of every table by its name."""
    library = f"exchange_calendars {version('exchange_calendars')}, XNYS"
    shut, half = new_york_exceptions()
    day_hours = ((FIRST, time(9, 30), 0, time(16), 0),)
    new_york = table_text(
        zone=NEW_YORK,
        span=(FIRST, LAST),
        weekdays=[1, 2, 3, 4, 5],
        roll="midnight",
        source=library,
        hours=day_hours,
        holidays=shut,
        early=half,
    )
    since = GLOBEX_HOURS[0][0]
    globex_shut, globex_early = globex_exceptions(
        [d for d in shut if d >= since], {d: t for d, t in half.items() if d >= since}
    )
    globex = table_text(
        zone=NEW_YORK,
        span=(since, LAST),
        weekdays=[1, 2, 3, 4, 5],
        roll="close",
        source=f"CME Globex equity index hours by the rules of the script; stock holidays of {library}",
        hours=GLOBEX_HOURS,
        holidays=globex_shut,
        early=globex_early,
    )
    forex = table_text(
        zone=NEW_YORK,
        span=(FIRST, date(2040, 12, 31)),
        weekdays=[1, 2, 3, 4, 5],
        roll="close",
        source="spot forex: Sunday 17:00 to Friday 17:00 New York, without Christmas and New Year's Day",
        hours=((FIRST, time(17), -1, time(17), 0),),
        holidays=forex_holidays(),
        early={},
    )
    crypto = table_text(
        zone="UTC",
        span=(date(2009, 1, 1), date(2040, 12, 31)),
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        roll="close",
        source="crypto venues: every day from 00:00 to 24:00 UTC",
        hours=((date(2009, 1, 1), time(0), 0, time(0), 1),),
        holidays=[],
        early={},
    )
    return {"XNYS": new_york, "CME_DAY": new_york, "CME_GLOBEX": globex, "FX": forex, "CRYPTO": crypto}


if __name__ == "__main__":
    for name, text in tables().items():
        (FOLDER / f"{name}.toml").write_text(text, encoding="utf-8")
        print(f"{name}: {len(text)} characters")
