"""Makes the calendar tables in runtime/model/calendars from exchange_calendars and from the rules in tests/calendars.

Run `python -m tests.make_session_tables` after exchange_calendars has been updated, read the difference, and say in the
commit which closures changed and by which notice. The same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from importlib.metadata import version
from pathlib import Path

from stratc.runtime.model.calendar_table import Hours
from tests.calendars.futures_groups import (
    GOOD_FRIDAYS_WITH_REPORT,
    GROUPS,
    group_table,
    is_christmas_or_new_year,
    is_good_friday,
    overnight,
)
from tests.calendars.stock_markets import FIRST, LAST, stock_market
from tests.calendars.table_text import Table, table_text

FOLDER = Path(__file__).resolve().parent.parent / "runtime" / "model" / "calendars"
NEW_YORK = "America/New_York"

# Globex halts at 13:00 New York on the exchange holidays of the stock market (11:30 before 2014-05-26) and at 13:15 on
# its half days. On a Good Friday on which the employment report comes out it trades until 09:15.
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
    overnight(date(2009, 1, 1), time(17, 15)),
    overnight(date(2015, 9, 21), time(17)),
)
WEEKDAYS = (1, 2, 3, 4, 5)


def globex_exceptions(shut: tuple[date, ...], half: Mapping[date, time]) -> tuple[tuple[date, ...], dict[date, time]]:
    """Days without a Globex session for equity index futures, and those that end early."""
    holidays, early = [], dict.fromkeys(half, time(13, 15))
    for day in shut:
        if day in GLOBEX_SPECIAL:
            early[day] = GLOBEX_SPECIAL[day]
        elif day in GOOD_FRIDAYS_WITH_REPORT:
            early[day] = time(9, 15)
        elif is_good_friday(day) or is_christmas_or_new_year(day):
            holidays.append(day)
        else:
            early[day] = time(13) if day >= HOLIDAY_HALT_MOVED else time(11, 30)
    return tuple(holidays), early


def globex(new_york: Table, library: str) -> Table:
    """Equity index futures."""
    since = GLOBEX_HOURS[0].since
    shut = tuple(day for day in new_york.holidays if day >= since)
    holidays, early = globex_exceptions(shut, {d: t for d, t in new_york.early.items() if d >= since})
    return Table(
        zone=NEW_YORK,
        first=since,
        last=LAST,
        weekdays=WEEKDAYS,
        roll="close",
        source=f"CME Globex equity index hours by the rules of the script; stock holidays of {library}",
        hours=GLOBEX_HOURS,
        holidays=holidays,
        early=early,
    )


def forex() -> Table:
    """Spot forex. Christmas and New Year's Day are the two trading days on which no dealer quotes."""
    days = (date(year, month, day) for year in range(1990, 2041) for month, day in ((1, 1), (12, 25)))
    first = date(1990, 1, 1)
    return Table(
        zone=NEW_YORK,
        first=first,
        last=date(2040, 12, 31),
        weekdays=WEEKDAYS,
        roll="close",
        source="spot forex: Sunday 17:00 to Friday 17:00 New York, without Christmas and New Year's Day",
        hours=(Hours(since=first, open=time(17), open_day=-1, close=time(17), close_day=0),),
        holidays=tuple(day for day in days if day.isoweekday() <= 5),
    )


def crypto() -> Table:
    first = date(2009, 1, 1)
    return Table(
        zone="UTC",
        first=first,
        last=date(2040, 12, 31),
        weekdays=(1, 2, 3, 4, 5, 6, 7),
        roll="close",
        source="crypto venues: every day from 00:00 to 24:00 UTC",
        hours=(Hours(since=first, open=time(0), open_day=0, close=time(0), close_day=1),),
        holidays=(),
    )


def tables() -> dict[str, Table]:
    """Every table by its name."""
    markets = {name: stock_market(name) for name in FIRST}
    new_york = markets["XNYS"]
    library = f"exchange_calendars {version('exchange_calendars')}, XNYS"
    groups = {name: group_table(name, new_york.holidays, new_york.early, library) for name in GROUPS}
    own = {"CME_DAY": new_york, "CME_GLOBEX": globex(new_york, library), "FX": forex(), "CRYPTO": crypto()}
    return markets | own | groups


if __name__ == "__main__":
    for name, table in tables().items():
        text = table_text(table)
        (FOLDER / f"{name}.toml").write_text(text, encoding="utf-8")
        print(f"{name}: {len(text)} characters")
