"""Our session tables against three other sources: every disagreement is decided in `disagreements.toml`."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from tests.calendars.sources import EXTRACT, LEAN, MARKET_CALENDARS, SOURCES, STOCKS, Ends, extract, ours, span

TABLE = Path(__file__).with_name("disagreements.toml")
BASE = Path(__file__).resolve().parents[3] / "shared" / "data" / "lean" / "market-hours" / "market-hours-database.json"
PAIRS = [("lean", name) for name in LEAN]
PAIRS += [("pandas_market_calendars", name) for name in MARKET_CALENDARS]
PAIRS += [("exchange_calendars", name) for name in STOCKS]

Difference = tuple[str, str]


def decided() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(TABLE.read_text("utf-8"))["decided"]
    return found


def differences(theirs: Ends, kept: Ends) -> dict[Difference, list[date]]:
    """The days on which two sources differ, by what they say."""
    found: dict[Difference, list[date]] = {}
    for day in sorted({*theirs, *kept}):
        if theirs.get(day) != kept.get(day):
            found.setdefault((words(theirs.get(day)), words(kept.get(day))), []).append(day)
    return found


def words(clock: time | None) -> str:
    return "shut" if clock is None else clock.isoformat("minutes")


def listed(entry: dict[str, Any], days: list[date]) -> bool:
    """Whether an entry is about exactly these days; long spans are listed by their number and their ends."""
    if isinstance(entry["days"], list):
        return entry["days"] == days
    return (entry["days"], entry["first"], entry["last"]) == (len(days), days[0], days[-1])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("source", "name"), PAIRS)
def test_every_disagreement_is_decided(source: str, name: str) -> None:
    first, last = span(source, name)
    found = differences(SOURCES[source](name, first, last), ours(name, first, last))
    entries = {(e["theirs"], e["ours"]): e for e in decided() if (e["source"], e["calendar"]) == (source, name)}
    undecided = {key: days for key, days in found.items() if key not in entries or not listed(entries[key], days)}
    assert not undecided, "decide who is right, and write it down with the reason in disagreements.toml"
    assert set(entries) == set(found), "a decision is about a disagreement that is gone"


@pytest.mark.fast
def test_every_decision_has_a_reason() -> None:
    assert all(len(entry["reason"]) > 20 for entry in decided())


@pytest.mark.fast
def test_a_new_disagreement_is_found() -> None:
    kept = {date(2024, 7, 3): time(13), date(2024, 7, 5): time(16)}
    found = differences({date(2024, 7, 3): time(16)}, kept)
    assert found == {("16:00", "13:00"): [date(2024, 7, 3)], ("shut", "16:00"): [date(2024, 7, 5)]}


@pytest.mark.skipif(not BASE.is_file(), reason="the LEAN sample data are not beside the checkout")
def test_the_extract_is_what_the_base_says() -> None:
    import json
    from datetime import datetime

    entries = json.loads(BASE.read_text("utf-8"))["entries"]
    for name, kept in extract().items():
        theirs = {datetime.strptime(day, "%m/%d/%Y").date().isoformat() for day in entries[name]["holidays"]}
        assert theirs == set(kept["holidays"]), f"{EXTRACT.name} is not what the base says of {name}"
        assert len(entries[name]["earlyCloses"]) == len(kept["earlyCloses"])
