"""What other sources say of a market's days: when each session ends on the exchange's clock, None on a day without one.

Three sources: exchange_calendars, pandas_market_calendars (both development dependencies) and an extract of the
market-hours database of LEAN that is carried beside this file. Each answers for one day of one of our calendars.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stratc.runtime.model.session import calendar

EXTRACT = Path(__file__).with_name("market_hours.json")
# Our calendar and the entry of the extract that it is held against.
LEAN = {
    "XNSE": "Equity-india-[*]",
    "CME_RATES": "Future-cbot-ZN",
    "CME_FX": "Future-cme-6E",
    "CME_ENERGY": "Future-nymex-CL",
    "CME_METALS": "Future-comex-GC",
    "CME_CRYPTO": "Future-cme-BTC",
    "CME_GRAINS": "Future-cbot-ZC",
    "CME_LIVESTOCK": "Future-cme-LE",
}
# Our calendar and the one of pandas_market_calendars.
MARKET_CALENDARS = {
    "XTSE": "TSX",
    "XLON": "LSE",
    "XSWX": "SIX",
    "XTKS": "JPX",
    "XHKG": "HKEX",
    "XASX": "ASX",
    "CME_RATES": "CME Globex Interest Rate Products",
    "CME_FX": "CMEGlobex_FX",
    "CME_ENERGY": "CMEGlobex_CrudeAndRefined",
    "CME_METALS": "CMEGlobex_GC",
    "CME_CRYPTO": "CME Globex Crypto",
    "CME_GRAINS": "CMEGlobex_Grains",
    "CME_LIVESTOCK": "CMEGlobex_Livestock",
}
STOCKS = ("XNYS", "XTSE", "XLON", "XETR", "XPAR", "XAMS", "XSWX", "XTKS", "XHKG", "XASX", "XBOM", "XSES")
# Since when the extract says anything of these markets' holidays.
LEAN_SINCE = {
    "CME_METALS": date(2024, 1, 1),
    "CME_CRYPTO": date(2018, 1, 1),
    "CME_LIVESTOCK": date(2017, 1, 1),
}
COMPARED = (date(2012, 1, 1), date(2026, 12, 31))
Ends = dict[date, time]


def span(source: str, name: str) -> tuple[date, date]:
    """The days on which a source and our table are compared."""
    table = calendar(name)
    first = max(table.first, COMPARED[0])
    return (max(first, LEAN_SINCE.get(name, first)) if source == "lean" else first), min(table.last, COMPARED[1])


def ours(name: str, first: date, last: date) -> Ends:
    """The end of each of our sessions on the exchange's clock."""
    table = calendar(name)
    zone = ZoneInfo(table.zone)
    return {s.date: datetime.fromtimestamp(s.close_ns / 1e9, zone).time() for s in table.sessions_between(first, last)}


@cache
def extract() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXTRACT.read_text("utf-8"))
    return found


def lean(name: str, first: date, last: date) -> Ends:
    """The extract's ends in our zone. It writes a closed holiday as a holiday or as a day that opens in the evening,
    and an early close of a Sunday or at the usual time for an evening without trade: these belong to the next day."""
    entry, table = extract()[LEAN[name]], calendar(name)
    theirs, zone = ZoneInfo(entry["zone"]), ZoneInfo(table.zone)
    shut = {date.fromisoformat(day) for day in entry["holidays"]}
    early = {date.fromisoformat(day): time.fromisoformat(clock) for day, clock in entry["earlyCloses"].items()}
    evening = {date.fromisoformat(day) for day, clock in entry["lateOpens"].items() if clock >= "16:00"}
    found: Ends = {}
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if day.isoweekday() > 5 or day in shut or (day in evening and (day not in early or is_festive(day))):
            continue
        usual = time.fromisoformat([end for _, end, state in entry["wednesday"] if state == "market"][-1][:8])
        close = min(early.get(day, usual), usual)
        found[day] = datetime.combine(day, close, theirs).astimezone(zone).time()
    return found


def is_festive(day: date) -> bool:
    """Christmas and New Year's Day, on whose evening trade begins again: the early close is the day before's."""
    return (day.month, day.day) in {(12, 25), (1, 1)}


def market_calendars(name: str, first: date, last: date) -> Ends:
    """The ends by pandas_market_calendars in our zone."""
    library = pytest.importorskip("pandas_market_calendars", reason="a development dependency is absent")
    zone = calendar(name).zone
    schedule = library.get_calendar(MARKET_CALENDARS[name]).schedule(start_date=str(first), end_date=str(last))
    return {day.date(): close.tz_convert(zone).time() for day, close in schedule["market_close"].items()}


def exchange_library(name: str, first: date, last: date) -> Ends:
    """The ends by exchange_calendars."""
    library = pytest.importorskip("exchange_calendars", reason="a development dependency is absent")
    source = library.get_calendar(name, start=str(first), end=str(last))
    return {day.date(): close.tz_convert(source.tz).time() for day, close in source.schedule["close"].items()}


SOURCES = {"lean": lean, "pandas_market_calendars": market_calendars, "exchange_calendars": exchange_library}
