"""Our sessions against the market-hours base of the Lean sample data: every disagreement is written down here.

The base lies beside the checkout, not in it. Where the two disagree, the entry below says who is right and why; a new
disagreement fails.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stratc.runtime.model.session import calendar

BASE = Path(__file__).resolve().parents[4] / "shared" / "data" / "lean" / "market-hours" / "market-hours-database.json"
NEW_YORK = ZoneInfo("America/New_York")

pytestmark = pytest.mark.skipif(not BASE.is_file(), reason="the Lean sample data are not beside the checkout")

# The base has one early close on a Sunday and lacks New Year's Eve of 1999, when New York closed at 13:00.
STOCK_DISAGREEMENTS = {"2017-12-24": ("13:00:00", None), "1999-12-31": (None, "13:00:00")}
# The base lacks the storm of 2012, the two days of mourning, and three half days of the stock market since 2023.
GLOBEX_DISAGREEMENTS = {
    "2012-10-29": (None, "09:15:00"),
    "2012-10-30": (None, "09:15:00"),
    "2018-12-05": (None, "09:30:00"),
    "2023-07-03": (None, "13:15:00"),
    "2024-07-03": (None, "13:15:00"),
    "2024-11-29": (None, "13:15:00"),
    "2025-01-09": (None, "09:30:00"),
}
# The base moves Christmas and New Year of a Sunday to the Monday for this dealer; the market between banks traded.
FOREX_DISAGREEMENTS = {date(2022, 12, 26), date(2023, 1, 2)}


def entry(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BASE.read_text("utf-8"))["entries"][name]
    return found


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()


def closes(found: dict[str, Any]) -> dict[date, time]:
    return {day(key): time.fromisoformat(value) for key, value in found["earlyCloses"].items()}


def our_early_closes(name: str, first: date, last: date) -> dict[date, time]:
    table = calendar(name)
    return {
        s.date: datetime.fromtimestamp(s.close_ns / 1e9, NEW_YORK).time()
        for s in table.sessions_between(first, last)
        if s.half_day
    }


def shut_days(name: str, first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        candidate = date.fromordinal(number)
        if candidate.isoweekday() <= 5 and calendar(name).session(candidate) is None:
            yield candidate


def differences(theirs: dict[date, time], ours: dict[date, time]) -> dict[str, tuple[str | None, str | None]]:
    """Their time and ours on each day on which the two differ."""

    def show(found: time | None) -> str | None:
        return None if found is None else found.isoformat()

    days = sorted({*theirs, *ours})
    return {d.isoformat(): (show(theirs.get(d)), show(ours.get(d))) for d in days if theirs.get(d) != ours.get(d)}


def test_stock_holidays_and_half_days() -> None:
    theirs = entry("Equity-usa-[*]")
    first, last = date(1999, 1, 1), date(2026, 12, 31)
    holidays = {d for text in theirs["holidays"] if first <= (d := day(text)) <= last and d.isoweekday() <= 5}
    assert holidays ^ set(shut_days("XNYS", first, last)) == set()
    early = {d: t for d, t in closes(theirs).items() if first <= d <= last}
    assert differences(early, our_early_closes("XNYS", first, last)) == STOCK_DISAGREEMENTS


def test_globex_early_closes() -> None:
    last = date(2026, 12, 31)
    theirs = {d: t for d, t in closes(entry("Future-cme-ES")).items() if t != time(17) and d <= last}
    assert differences(theirs, our_early_closes("CME_GLOBEX", date(2009, 1, 1), last)) == GLOBEX_DISAGREEMENTS


def test_forex_holidays() -> None:
    theirs = {day(text) for text in entry("Forex-oanda-[*]")["holidays"]}
    theirs |= {day(text) for text in entry("Forex-oanda-[*]")["lateOpens"]}
    span = (date(2018, 12, 1), date(2025, 12, 31))
    ours = set(shut_days("FX", *span))
    assert {d for d in theirs if span[0] <= d <= span[1] and d.isoweekday() <= 5} ^ ours == FOREX_DISAGREEMENTS


def test_minute_bars_of_new_york_lie_in_our_regular_session() -> None:
    """One real day of minute bars: what the vendor calls the regular session is what we call it."""
    archive = BASE.parents[1] / "equity" / "usa" / "minute" / "spy" / "20131007_trade.zip"
    if not archive.is_file():
        pytest.skip("the minute file of 2013-10-07 is not in the Lean sample data")
    with zipfile.ZipFile(archive) as packed:
        lines = packed.read(packed.namelist()[0]).decode().splitlines()
    midnight = int(datetime(2013, 10, 7, tzinfo=NEW_YORK).timestamp()) * 1_000_000_000
    opens = [midnight + int(line.split(",")[0]) * 1_000_000 for line in lines]
    session = calendar("XNYS").session(date(2013, 10, 7))
    assert session is not None
    inside = [at for at in opens if calendar("XNYS").session_of(at) == session]
    assert len(inside) == 390
    assert inside == list(range(session.open_ns, session.close_ns, 60_000_000_000))
