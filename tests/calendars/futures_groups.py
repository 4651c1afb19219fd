"""CME product groups: weekly hours and the days that differ, by the rules stated here.

Each exchange holiday of the stock market is a session that ends at the group's halt; what trades that evening belongs
to the next session. Grains and livestock do not trade at all on these days. Times are those of New York, for grains and
livestock those of Chicago. Where the sources disagree, `disagreements.toml` beside this file says who is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from stratc.runtime.model.calendar_table import Hours
from tests.calendars.table_text import Table

NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"
# On a Good Friday on which the employment report comes out the financial groups trade in the morning.
GOOD_FRIDAYS_WITH_REPORT = frozenset(
    {date(2010, 4, 2), date(2012, 4, 6), date(2015, 4, 3), date(2021, 4, 2), date(2023, 4, 7), date(2026, 4, 3)}
)
# Storm and mourning shut the stock market and not these groups.
STOCKS_ONLY = frozenset({date(2012, 10, 29), date(2012, 10, 30), date(2018, 12, 5), date(2025, 1, 9)})
HALTS_MOVED = date(2014, 5, 26)
HALTS_LATER = date(2022, 1, 1)
HALF_DAYS_LATER = date(2025, 1, 1)

# From a day to when its session ends; None where it ends as usual.
Ends = Callable[[date], time | None]


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


def is_good_friday(day: date) -> bool:
    return day == easter(day.year) - timedelta(2)


def is_christmas_or_new_year(day: date) -> bool:
    return (day.month, day.day) in {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (1, 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group: its hours, and when its sessions end on the days of the stock market that differ."""

    what: str
    zone: str
    first: date
    last: date
    hours: tuple[Hours, ...]
    holiday: Ends
    half_day: Ends
    good_friday_with_report: Ends
    opens_after_holiday: time | None = None
    single: Mapping[date, time]


def overnight(since: date, close: time) -> Hours:
    return Hours(since=since, open=time(18), open_day=-1, close=close, close_day=0)


def never(_day: date) -> None:
    return None


def at(clock: time) -> Ends:
    return lambda _day: clock


def is_july_eve(day: date) -> bool:
    return day.month == 7


def is_december_eve(day: date) -> bool:
    return day.month == 12


def financial_holiday(day: date) -> time | None:
    """Currencies and coins: to the usual end since 2022, but for a Friday, which no evening follows."""
    return time(13) if day < HALTS_LATER or day.isoweekday() == 5 else None


def energy_holiday(day: date) -> time | None:
    if day < HALTS_MOVED:
        return time(13, 15)
    return time(13) if day < HALTS_LATER or day.isoweekday() == 5 else time(14, 30)


def rates_half_day(day: date) -> time | None:
    return None if is_july_eve(day) else time(13, 15)


def currency_half_day(day: date) -> time | None:
    if is_july_eve(day) or day < HALF_DAYS_LATER:
        return rates_half_day(day)
    return time(13, 45) if is_december_eve(day) else time(14, 45)


def energy_half_day(day: date) -> time | None:
    if is_july_eve(day):
        return None
    return time(14, 45) if day >= HALF_DAYS_LATER and not is_december_eve(day) else time(13, 45)


def coin_half_day(day: date) -> time | None:
    """13:15 until 2020, 13:45 from then on, 14:45 after Thanksgiving since 2025; the eve of July 4 until 2019."""
    if is_july_eve(day):
        return time(13, 15) if day.year < 2020 else None
    if day.year < 2021:
        return time(13, 15)
    return time(14, 45) if day >= HALF_DAYS_LATER and not is_december_eve(day) else time(13, 45)


def grain_half_day(day: date) -> time | None:
    return time(12, 5) if day >= date(2015, 7, 6) else time(12)


def livestock_half_day(day: date) -> time | None:
    return time(12, 5) if day.year == 2020 or (day.year > 2020 and day.month == 11) else time(12, 15)


SINCE, LAST = date(2010, 1, 1), date(2028, 12, 31)
EVENING_SHORTENED = date(2015, 9, 21)
ENERGY_HOURS = (overnight(SINCE, time(17, 15)), overnight(EVENING_SHORTENED, time(17)))
GROUPS = {
    "CME_RATES": Group(
        what="interest rate futures",
        zone=NEW_YORK,
        first=SINCE,
        last=LAST,
        hours=(overnight(SINCE, time(17)),),
        holiday=at(time(13)),
        half_day=rates_half_day,
        good_friday_with_report=at(time(11, 15)),
        single={date(2010, 12, 31): time(13, 15)},
    ),
    "CME_FX": Group(
        what="currency futures",
        zone=NEW_YORK,
        first=SINCE,
        last=LAST,
        hours=(overnight(SINCE, time(17)),),
        holiday=financial_holiday,
        half_day=currency_half_day,
        good_friday_with_report=at(time(11, 15)),
        single={date(2010, 12, 31): time(13, 15)},
    ),
    "CME_ENERGY": Group(
        what="energy futures",
        zone=NEW_YORK,
        first=SINCE,
        last=LAST,
        hours=ENERGY_HOURS,
        holiday=energy_holiday,
        half_day=energy_half_day,
        good_friday_with_report=never,
        single={date(2010, 12, 31): time(16, 15)},
    ),
    "CME_METALS": Group(
        what="metal futures",
        zone=NEW_YORK,
        first=SINCE,
        last=LAST,
        hours=ENERGY_HOURS,
        holiday=energy_holiday,
        half_day=energy_half_day,
        good_friday_with_report=never,
        single={date(2010, 12, 31): time(16, 15)},
    ),
    # Round-the-clock trade of these was announced for the end of May 2026; the sources lack it, so the table ends.
    "CME_CRYPTO": Group(
        what="futures on coins, before round-the-clock trade",
        zone=NEW_YORK,
        first=date(2018, 1, 1),
        last=date(2026, 5, 28),
        hours=(overnight(date(2018, 1, 1), time(17)),),
        holiday=financial_holiday,
        half_day=coin_half_day,
        good_friday_with_report=at(time(11, 15)),
        single={date(2021, 4, 2): time(9, 15)},
    ),
    "CME_GRAINS": Group(
        what="grain and oilseed futures",
        zone=CHICAGO,
        first=date(2014, 1, 1),
        last=LAST,
        hours=(
            Hours(since=date(2014, 1, 1), open=time(19), open_day=-1, close=time(13, 15), close_day=0,
                  pause=time(7, 45), resume=time(8, 30)),
            Hours(since=date(2015, 7, 6), open=time(19), open_day=-1, close=time(13, 20), close_day=0,
                  pause=time(7, 45), resume=time(8, 30)),
        ),
        holiday=never,
        half_day=grain_half_day,
        good_friday_with_report=never,
        opens_after_holiday=time(8, 30),
        single={
            date(2015, 7, 2): time(12),
            date(2016, 12, 23): time(12, 5),
            date(2017, 12, 22): time(12, 5),
            date(2020, 7, 2): time(12, 5),
        },
    ),
    "CME_LIVESTOCK": Group(
        what="livestock futures",
        zone=CHICAGO,
        first=date(2017, 1, 1),
        last=LAST,
        hours=(Hours(since=date(2017, 1, 1), open=time(8, 30), open_day=0, close=time(13, 5), close_day=0),),
        holiday=never,
        half_day=livestock_half_day,
        good_friday_with_report=never,
        single={},
    ),
}  # fmt: skip
AGRICULTURE = ("CME_GRAINS", "CME_LIVESTOCK")


def group_table(name: str, shut: Iterable[date], half: Iterable[date], library: str) -> Table:
    """The table of a group from the stock market's holidays and half days."""
    group = GROUPS[name]
    holidays: list[date] = []
    early: dict[date, time] = {}
    for day in shut:
        if not group.first <= day <= group.last or day in STOCKS_ONLY:
            continue
        morning = group.good_friday_with_report(day) if day in GOOD_FRIDAYS_WITH_REPORT else None
        if morning is not None:
            early[day] = morning
        elif is_good_friday(day) or is_christmas_or_new_year(day) or name in AGRICULTURE:
            holidays.append(day)
        else:
            early |= ended(day, group.holiday(day))
    for day in half:
        if group.first <= day <= group.last:
            early |= ended(day, group.half_day(day))
    early |= {day: clock for day, clock in group.single.items() if group.first <= day}
    if name == "CME_RATES":
        early |= {day - timedelta(3): time(16, 15) for day in shut if has_short_friday(day)}
    return Table(
        zone=group.zone,
        first=group.first,
        last=group.last,
        weekdays=(1, 2, 3, 4, 5),
        roll="close",
        source=f"CME {group.what} by the rules of tests/calendars/futures_groups.py; stock holidays of {library}",
        hours=group.hours,
        holidays=tuple(holidays),
        early=early,
        late=late_opens(group, holidays, shut),
    )


def has_short_friday(day: date) -> bool:
    """Until May 2015 interest rate futures ended at 16:15 on the Friday before a holiday Monday."""
    plain = day not in STOCKS_ONLY and not is_christmas_or_new_year(day)
    return plain and date(2012, 1, 1) <= day <= date(2015, 5, 31) and day.isoweekday() == 1


def ended(day: date, clock: time | None) -> dict[date, time]:
    return {} if clock is None else {day: clock}


def late_opens(group: Group, holidays: Iterable[date], shut: Iterable[date]) -> dict[date, time]:
    """Grains do not trade on the evening of Thanksgiving, Christmas, New Year and July 4: they open in the morning."""
    if group.opens_after_holiday is None:
        return {}
    closed = set(shut)
    found = {}
    for day in holidays:
        fixed = day.month in (1, 7, 11, 12) and not (day.month == 1 and day.day > 2)
        after = day + timedelta(1)
        if fixed and after.isoweekday() <= 5 and after not in closed and after <= group.last:
            found[after] = group.opens_after_holiday
    return found
