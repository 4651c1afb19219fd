"""What tables answer at a bar's close: only what was known by then, revisions from the next bar on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.runtime.feeds.known import Bars, answer, read_tables, word_at
from stratc.runtime.feeds.known_table import KnownTable
from stratc.runtime.model.known import EventReading, EventWord, MemberReading, Request, SeriesKind, SeriesReading
from stratc.runtime.model.session import calendar

XNYS = calendar("XNYS")
HEADS = {
    EventReading: "symbol,event,on,at,status,known_at,source",
    SeriesReading: "as_of,value,known_at,source",
    MemberReading: "symbol,from,until,known_at,source",
}


def table_of(folder: Path, request: Request, rows: list[str]) -> KnownTable:
    path = folder / f"{request.table}.csv"
    path.write_text("\n".join([HEADS[type(request)], *rows]) + "\n", encoding="utf-8")
    return read_tables((request,), {request.table: path}, timezone="America/New_York")[request.table]


def bars_from(first: date, last: date) -> Bars:
    """Daily bars: one a session, known at its close."""
    closes = [session.close_ns for session in XNYS.sessions_between(first, last)]
    return Bars(symbol="ABC", closes_ns=pl.Series(closes, dtype=pl.Int64), calendar=XNYS)


def told(folder: Path, request: Request, rows: list[str], first: date, last: date) -> list[float | None]:
    found = answer(request, table_of(folder, request, rows), bars_from(first, last))
    return [None if value != value else value for value in found.to_list()]


def event(word: EventWord) -> EventReading:
    return EventReading(table="earnings", each=True, word=word)


# 2024: Mon 8 Jan … Fri 12 Jan, Mon 15 Jan is a holiday, Tue 16 Jan.
WEEK = (date(2024, 1, 8), date(2024, 1, 17))


@pytest.mark.fast
def test_an_estimate_is_moved_and_counts_from_the_next_close(tmp_path: Path) -> None:
    rows = [
        "ABC,Q4,2024-01-17,,estimated,2024-01-09T16:00:01,wire",  # a second after Tuesday's close
        "ABC,Q4,2024-01-12,,confirmed,2024-01-11T09:00:00,company",
    ]
    # Mon and Tue: nothing is known. Wed: 10, 11, 12, 16, 17 are 4 sessions ahead. Thu: it is tomorrow. Fri: today.
    expected = [None, None, 4.0, 1.0, 0.0, None, None]
    assert told(tmp_path, event(EventWord.SESSIONS_UNTIL), rows, *WEEK) == expected
    assert told(tmp_path, event(EventWord.DAYS_UNTIL), rows, *WEEK) == [None, None, 7.0, 1.0, 0.0, None, None]
    assert told(tmp_path, event(EventWord.CONFIRMED), rows, *WEEK) == [None, None, 0.0, 1.0, 1.0, None, None]
    assert told(tmp_path, event(EventWord.SESSIONS_SINCE), rows, *WEEK) == [None] * 5 + [1.0, 2.0]


@pytest.mark.fast
def test_an_event_after_the_close_belongs_to_the_day_it_ends(tmp_path: Path) -> None:
    """It is announced at 16:05 on Wednesday: at Wednesday's close it is still to come, today."""
    rows = ["ABC,Q4,,2024-01-10T16:05:00,confirmed,2024-01-02T09:00:00,company"]
    expected = [2.0, 1.0, 0.0, None, None, None, None]
    assert told(tmp_path, event(EventWord.SESSIONS_UNTIL), rows, *WEEK) == expected
    assert told(tmp_path, event(EventWord.SECONDS_UNTIL), rows, *WEEK)[2] == 300.0
    assert told(tmp_path, event(EventWord.SECONDS_SINCE), rows, *WEEK)[3] == 86_400 - 300.0


@pytest.mark.fast
def test_a_canceled_event_is_none(tmp_path: Path) -> None:
    rows = [
        "ABC,Q4,2024-01-12,,confirmed,2024-01-02T09:00:00,company",
        "ABC,Q1,2024-01-17,,estimated,2024-01-02T09:00:00,wire",
        "ABC,Q4,,,canceled,2024-01-10T12:00:00,company",
        "XYZ,Q4,2024-01-09,,confirmed,2024-01-02T09:00:00,company",
    ]
    expected = [4.0, 3.0, 4.0, 3.0, 2.0, 1.0, 0.0]
    assert told(tmp_path, event(EventWord.SESSIONS_UNTIL), rows, *WEEK) == expected


@pytest.mark.fast
@pytest.mark.parametrize("last", [date(2024, 1, 2), date(2024, 1, 4)])
def test_no_answer_is_minus_nought(tmp_path: Path, last: date) -> None:
    """Whatever the number of bars: nought is one number, in what is counted backwards and in what a table says."""
    passed = ["ABC,e1,,2024-01-02T12:00:00,confirmed,2023-12-20T12:00:00,calendar"]
    since = told(tmp_path, event(EventWord.SESSIONS_SINCE), passed, date(2024, 1, 2), last)
    series = SeriesReading(table="rate", each=False, kind=SeriesKind.DATA, low=None, high=None, fresh_seconds=None)
    said = told(tmp_path, series, ["2024-01-01,-0.0,2024-01-01T12:00:00,bank"], date(2024, 1, 2), last)
    assert (repr(since[0]), {repr(value) for value in said}) == ("0.0", {"0.0"})


@pytest.mark.fast
def test_a_date_without_a_time_has_no_distance_in_time(tmp_path: Path) -> None:
    rows = ["ABC,Q4,2024-01-12,,confirmed,2024-01-02T09:00:00,company"]
    assert told(tmp_path, event(EventWord.SECONDS_UNTIL), rows, *WEEK) == [None] * 7


RATE = SeriesReading(table="rate", each=False, kind=SeriesKind.DATA, low=None, high=None, fresh_seconds=None)


@pytest.mark.fast
def test_a_revision_of_an_older_day_does_not_replace_the_newest(tmp_path: Path) -> None:
    rows = [
        "2023-09-30,1.0,2024-01-08T10:00:00,agency",
        "2023-12-31,2.0,2024-01-10T10:00:00,agency",
        "2023-09-30,1.5,2024-01-11T10:00:00,agency",  # revises the quarter before
        "2023-12-31,2.5,2024-01-12T10:00:00,agency",  # revises the newest
        "2023-12-31,,2024-01-16T10:00:00,agency",  # withdrawn
    ]
    assert told(tmp_path, RATE, rows, *WEEK) == [1.0, 1.0, 2.0, 2.0, 2.5, None, None]


@pytest.mark.fast
def test_a_value_is_stale_when_it_is_as_old_as_said(tmp_path: Path) -> None:
    fresh = SeriesReading(table="rate", each=False, kind=SeriesKind.ADVICE, low=-1.0, high=1.0, fresh_seconds=86_400)
    rows = [",0.5,2024-01-08T16:00:00,m1", ",0.25,2024-01-10T15:59:59,m2"]
    # Tuesday's close is 24 hours after the first: no longer fresh. Wednesday's is a second after the second.
    assert told(tmp_path, fresh, rows, *WEEK) == [0.5, None, 0.25, None, None, None, None]
    word = word_at(fresh, table_of(tmp_path, fresh, rows), "ABC", XNYS.session(date(2024, 1, 9)).close_ns)
    assert (word.value, word.source) == (0.5, "m1")


@pytest.mark.fast
def test_a_member_is_one_only_while_it_was_known_to_be(tmp_path: Path) -> None:
    rows = [
        "ABC,2024-01-08,,2024-01-09T08:00:00,index",
        "ABC,2024-01-08,2024-01-12,2024-01-10T20:00:00,index",
        "ABC,2024-01-17,,2024-01-16T08:00:00,index",
    ]
    assert told(tmp_path, MemberReading(table="top"), rows, *WEEK) == [0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0]


# ── cut anywhere, nothing before changes ─────────────────────────────────────────────────────────────────────────────

START = datetime(2024, 1, 1)
hours = st.integers(0, 24 * 60)


def stamp(hour: int) -> str:
    """At half past, so that no moment is midnight, which would be a date."""
    return (START + timedelta(hours=hour, minutes=30)).isoformat()


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Request, list[tuple[str, int]]]:
    """A request and rows, each with the hour since when it is known; things are revised, canceled and moved."""
    kind = draw(st.sampled_from(("events", "series", "members")))
    known = sorted(draw(st.sets(hours, min_size=1, max_size=14)))
    rows = []
    for number, hour in enumerate(known):
        day = (START + timedelta(days=draw(st.integers(-20, 80)))).date()
        at = f"{stamp(hour)},s{number}"
        match kind:
            case "events":
                status = draw(st.sampled_from(("confirmed", "estimated", "canceled")))
                moment = draw(st.sampled_from(("", f"{day}T09:31:00", f"{day}T16:05:00")))
                rows.append((f"ABC,e{draw(st.integers(0, 3))},{day},{moment},{status},{at}", hour))
            case "series":
                about = min(day, (START + timedelta(hours=hour, minutes=30)).date())
                value = draw(st.sampled_from(("", "0.5", "-1", "7")))
                rows.append((f"{about},{value},{at}", hour))
            case _:
                until = draw(st.sampled_from(("", str(day + timedelta(days=9)))))
                rows.append((f"ABC,{day},{until},{at}", hour))
    request: Request = {
        "events": event(draw(st.sampled_from(list(EventWord)))),
        "series": SeriesReading(
            table="rate",
            each=False,
            kind=SeriesKind.DATA,
            low=None,
            high=None,
            fresh_seconds=draw(st.sampled_from((None, 86_400 * 3))),
        ),
        "members": MemberReading(table="top"),
    }[kind]
    return request, rows


@settings(max_examples=60, deadline=None)
@given(world=worlds(), cut=st.integers(1, 40))
def test_what_comes_later_changes_nothing_before(
    world: tuple[Request, list[tuple[str, int]]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    request, rows = world
    folder = tmp_path_factory.mktemp("cut")
    bars = bars_from(date(2024, 1, 2), date(2024, 3, 1))
    whole = answer(request, table_of(folder, request, [text for text, _ in rows]), bars).to_list()
    rows_cut = min(cut, len(whole))
    last = int(bars.closes_ns[rows_cut - 1])
    # The first session opens 33 and a half hours after the start.
    opened = XNYS.session(date(2024, 1, 2)).open_ns
    kept = [text for text, hour in rows if opened + (hour - 33) * 3_600_000_000_000 <= last]
    if not kept:
        assert all(value != value or value == 0.0 for value in whole[:rows_cut])
        return
    shorter = Bars(symbol="ABC", closes_ns=bars.closes_ns[:rows_cut], calendar=XNYS)
    again = answer(request, table_of(folder, request, kept), shorter).to_list()
    assert [repr(value) for value in again] == [repr(value) for value in whole[:rows_cut]]
