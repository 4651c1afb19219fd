"""The clock of bars: hand-checked days, and the law that columns, rows and prefixes of columns agree."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.runtime.feeds.clock import OutsideCalendar, clock_columns
from stratc.runtime.feeds.clock_row import clock_row, place_bar
from stratc.runtime.model import clock as c
from stratc.runtime.model.session import calendar

MINUTE = 60_000_000_000
NEW_YORK, LONDON = "America/New_York", "Europe/London"
CLOSE = c.SessionMoment(anchor=c.Anchor.BEFORE_END, seconds=0)
END = c.SessionMoment(anchor=c.Anchor.BEFORE_END, seconds=600)
NOON = c.ClockMoment(second=43_200, zone="UTC")


def ns(text: str, zone: str = NEW_YORK) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000_000


def bars(first: str, last: str, minutes: int, zone: str = NEW_YORK) -> list[tuple[int, int]]:
    step = minutes * MINUTE
    return [(at, at + step) for at in range(ns(first, zone), ns(last, zone), step)]


def columns(spans: list[tuple[int, int]], name: str, *requests: c.Request) -> list[list[int]]:
    opens, closes = (pl.Series(values, dtype=pl.Int64) for values in zip(*spans, strict=True))
    found = clock_columns(opens, closes, calendar(name), requests)
    assert all(column.dtype == pl.Int64 and len(column) == len(spans) for column in found.values())
    return [found[request].to_list() for request in requests]


@pytest.mark.fast
def test_trading_days_count_sessions_without_bars() -> None:
    spans = bars("2024-11-27T09:30", "2024-11-27T10:30", 30) + bars("2024-12-02T09:30", "2024-12-02T10:30", 30)
    days, dates = columns(spans, "XNYS", c.TradingDay(), c.TradingDate())
    # Thanksgiving is no session, the half day of the 29th is one although it has no bars here.
    assert [day - days[0] for day in days] == [0, 0, 2, 2]
    assert [date(1970, 1, 1).toordinal() + n for n in dates][::2] == [
        date(2024, 11, 27).toordinal(),
        date(2024, 12, 2).toordinal(),
    ]


@pytest.mark.fast
def test_seconds_and_bars_of_a_half_day() -> None:
    spans = bars("2024-11-29T09:30", "2024-11-29T13:00", 30)
    second, left, number, start, local = columns(
        spans,
        "XNYS",
        c.SecondOfSession(),
        c.SecondsToSessionEnd(),
        c.BarOfSession(),
        c.SessionStart(),
        c.SecondOfDay(zone=NEW_YORK),
    )
    assert (second[0], second[-1]) == (1800, 12600)
    assert (left[0], left[-1]) == (10800, 0)
    assert number == [1, 2, 3, 4, 5, 6, 7]
    assert start == [1, 0, 0, 0, 0, 0, 0]
    assert (local[0], local[-1]) == (36000, 46800)


@pytest.mark.fast
def test_bars_before_the_open_belong_to_the_day_to_come_and_after_the_close_to_the_day_gone() -> None:
    spans = bars("2024-03-08T09:00", "2024-03-08T10:00", 30) + bars("2024-03-08T16:00", "2024-03-08T16:30", 30)
    days, second, number = columns(spans, "XNYS", c.TradingDay(), c.SecondOfSession(), c.BarOfSession())
    assert len(set(days)) == 1
    assert second == [0, 1800, 25200]
    assert number == [0, 1, 2]


@pytest.mark.fast
def test_second_of_day_at_midnight_is_zero_and_follows_the_clock_change() -> None:
    [local] = columns(bars("2024-03-31T00:00", "2024-03-31T03:00", 30, "UTC"), "CRYPTO", c.SecondOfDay(zone=LONDON))
    # The clocks in London jump from 01:00 to 02:00.
    assert local == [1800, 7200, 9000, 10800, 12600, 14400]
    [local] = columns(bars("2024-01-10T23:00", "2024-01-11T00:30", 30, "UTC"), "CRYPTO", c.SecondOfDay(zone="UTC"))
    assert local == [84600, 0, 1800]


@pytest.mark.fast
def test_forex_day_ends_at_17_new_york() -> None:
    spans = bars("2024-03-10T17:00", "2024-03-10T18:00", 30) + bars("2024-03-11T16:30", "2024-03-11T17:30", 30)
    days, weekday, start = columns(spans, "FX", c.TradingDay(), c.DayOfWeek(), c.SessionStart())
    assert [day - days[0] for day in days] == [0, 0, 0, 1]
    assert weekday == [1, 1, 1, 2]
    assert start == [1, 0, 0, 1]


@pytest.mark.fast
def test_places_in_periods_are_known_in_advance() -> None:
    dates = ["2024-03-27", "2024-03-28", "2024-04-01", "2024-04-05", "2024-04-08"]
    spans = [(ns(f"{day}T09:30"), ns(f"{day}T16:00")) for day in dates]
    left, of_month, left_week, of_week, day, month, gap = columns(
        spans,
        "XNYS",
        c.SessionsLeftIn(period=c.Period.MONTH),
        c.SessionOf(period=c.Period.MONTH),
        c.SessionsLeftIn(period=c.Period.WEEK),
        c.SessionOf(period=c.Period.WEEK),
        c.DayOfMonth(),
        c.Month(),
        c.DaysToNextSession(),
    )
    # The 29th was Good Friday, so the month and the week ended on the 28th.
    assert left == [1, 0, 21, 17, 16]
    assert of_month == [19, 20, 1, 5, 6]
    assert left_week == [1, 0, 4, 0, 4]
    assert of_week == [3, 4, 1, 5, 1]
    assert gap == [1, 4, 1, 3, 1]
    assert day == [27, 28, 1, 5, 8]
    assert month == [3, 3, 4, 4, 4]


OPENING = c.Window(kind=c.FirstOfSession(seconds=900))
BEGUN, INSIDE, ENDED = c.BEGUN, c.INSIDE, c.ENDED


@pytest.mark.fast
def test_opening_range_is_published_on_the_bar_that_ends_it() -> None:
    [phase] = columns(bars("2024-03-08T09:30", "2024-03-08T10:00", 5), "XNYS", OPENING)
    assert phase == [BEGUN | INSIDE, INSIDE, INSIDE | ENDED, ENDED, ENDED, ENDED]


@pytest.mark.fast
def test_opening_range_with_holes() -> None:
    day = bars("2024-03-08T09:30", "2024-03-08T10:00", 5)
    [late] = columns(day[1:], "XNYS", OPENING)
    assert late == [BEGUN | INSIDE, INSIDE | ENDED, ENDED, ENDED, ENDED]
    [none] = columns(day[4:], "XNYS", OPENING)
    assert none == [BEGUN | ENDED, ENDED]
    [early] = columns([*bars("2024-03-07T15:55", "2024-03-07T16:00", 5), day[0], day[4]], "XNYS", OPENING)
    assert early == [BEGUN | ENDED, BEGUN | INSIDE, ENDED]


@pytest.mark.fast
def test_bars_across_a_windows_edge_do_not_count() -> None:
    [phase] = columns(bars("2024-03-08T09:30", "2024-03-08T10:00", 10), "XNYS", OPENING)
    assert phase == [BEGUN | INSIDE, ENDED, ENDED]


@pytest.mark.fast
def test_range_over_midnight() -> None:
    window = c.Window(kind=c.ClockRange(start_second=18 * 3600, end_second=2 * 3600, zone=NEW_YORK))
    [phase] = columns(bars("2024-03-11T17:00", "2024-03-12T04:00", 60), "FX", window)
    assert phase == [BEGUN | ENDED, BEGUN | INSIDE, *[INSIDE] * 6, INSIDE | ENDED, ENDED, ENDED]


@pytest.mark.fast
def test_a_window_of_the_whole_day_is_published_before_the_next_begins() -> None:
    window = c.Window(kind=c.ClockRange(start_second=0, end_second=0, zone="UTC"))
    [phase] = columns(bars("2024-01-01T00:00", "2024-01-03T00:00", 720, "UTC"), "CRYPTO", window)
    assert phase == [BEGUN | INSIDE, INSIDE | ENDED, BEGUN | INSIDE, INSIDE | ENDED]


@pytest.mark.fast
def test_session_so_far_is_always_known() -> None:
    spans = bars("2024-03-07T15:30", "2024-03-07T16:00", 30) + bars("2024-03-08T09:30", "2024-03-08T10:30", 30)
    [phase] = columns(spans, "XNYS", c.Window(kind=c.SessionSoFar()))
    everything = BEGUN | INSIDE | ENDED
    assert phase == [everything, everything, INSIDE | ENDED]


HOURS, DAYS = c.Window(kind=c.SessionPart(seconds=3600)), c.Window(kind=c.SessionPart(seconds=86_400))
WEEKLY = c.Window(kind=c.PeriodOfSessions(period=c.Period.WEEK))


@pytest.mark.fast
def test_hours_begin_at_the_open_and_the_last_is_cut_at_the_close() -> None:
    [hours, days] = columns(bars("2024-11-29T09:30", "2024-11-29T13:00", 30), "XNYS", HOURS, DAYS)
    first, last = BEGUN | INSIDE, INSIDE | ENDED
    # A half day of seven half hours: three hours, and a half hour of its own.
    assert hours == [first, last, first, last, first, last, first | ENDED]
    assert days == [first, *[INSIDE] * 5, last]


@pytest.mark.fast
def test_a_longer_bar_that_the_data_begin_inside_of_never_begins() -> None:
    spans = bars("2024-03-08T10:00", "2024-03-08T11:30", 30)
    [hours] = columns(spans, "XNYS", HOURS)
    assert hours == [INSIDE | ENDED, BEGUN | INSIDE, INSIDE | ENDED]


@pytest.mark.fast
def test_a_longer_bar_whose_last_part_is_missing_ends_with_the_next() -> None:
    day = bars("2024-03-08T09:30", "2024-03-08T11:30", 30)
    [hours] = columns([day[0], day[2], day[3]], "XNYS", HOURS)
    assert hours == [BEGUN | INSIDE, BEGUN | INSIDE, INSIDE | ENDED]


@pytest.mark.fast
def test_a_week_ends_with_its_last_session() -> None:
    dates = ["2024-03-25", "2024-03-26", "2024-03-27", "2024-03-28", "2024-04-01", "2024-04-05", "2024-04-08"]
    [phase] = columns([(ns(f"{day}T09:30"), ns(f"{day}T16:00")) for day in dates], "XNYS", WEEKLY)
    # The 29th was Good Friday. April lacks three days of data, and still ends on its Friday.
    first, last = BEGUN | INSIDE, INSIDE | ENDED
    assert phase == [first, INSIDE, INSIDE, last, first, last, first]


def due(spans: list[tuple[int, int]], name: str, kind: c.ScheduleKind) -> list[int]:
    [flags] = columns(spans, name, c.Schedule(kind=kind))
    return [row for row, flag in enumerate(flags) if flag]


FLATTEN = c.EverySession(anchor=c.Anchor.BEFORE_END, seconds=300)


@pytest.mark.fast
def test_before_the_end_of_a_session_holds_on_half_days() -> None:
    whole = bars("2024-11-27T09:30", "2024-11-27T16:00", 5)
    half = bars("2024-11-29T09:30", "2024-11-29T13:00", 5)
    assert due([*whole, *half], "XNYS", FLATTEN) == [76, 78 + 40]
    ten_minutes_in = c.EverySession(anchor=c.Anchor.AFTER_START, seconds=600)
    assert due([*whole, *half], "XNYS", ten_minutes_in) == [1, 79]


@pytest.mark.fast
def test_a_schedule_in_a_hole_belongs_to_the_last_bar_before_it() -> None:
    whole = bars("2024-11-27T09:30", "2024-11-27T16:00", 5)
    assert due([*whole[:70], *bars("2024-11-29T09:30", "2024-11-29T10:00", 5)], "XNYS", FLATTEN) == [69]
    del whole[76]
    assert due(whole, "XNYS", FLATTEN) == [75]


@pytest.mark.fast
def test_a_clock_time_on_days_without_a_session_is_no_moment() -> None:
    friday = bars("2024-03-08T16:00", "2024-03-08T17:00", 60)
    monday = bars("2024-03-11T00:00", "2024-03-11T06:00", 60)
    at_seven = c.EveryDay(second=7 * 3600, zone=LONDON)
    # New York is on summer time already, London not: 07:00 there is 03:00 here, at the close of the third bar.
    assert due([*friday, *monday], "FX", at_seven) == [3]


@pytest.mark.fast
def test_month_end() -> None:
    dates = ["2024-03-27", "2024-03-28", "2024-04-01"]
    spans = [(ns(f"{day}T09:30"), ns(f"{day}T16:00")) for day in dates]
    kind = c.EveryPeriod(period=c.Period.MONTH, number=1, from_end=True, at=CLOSE)
    assert due(spans, "XNYS", kind) == [1]


# Schedules of a session a day, 2024-03-01 to 2024-09-30 in New York: the dates on which they are due.
DUE: list[tuple[c.ScheduleKind, list[str]]] = [
    (
        c.EveryPeriod(period=c.Period.MONTH, number=3, from_end=False, at=CLOSE),
        ["03-05", "04-03", "05-03", "06-05", "07-03", "08-05", "09-05"],
    ),
    # Two from the end: the 28th of March is the last, the 29th is Good Friday.
    (
        c.EveryPeriod(period=c.Period.MONTH, number=2, from_end=True, at=CLOSE),
        ["03-27", "04-29", "05-30", "06-27", "07-30", "08-29", "09-27"],
    ),
    (c.EveryPeriod(period=c.Period.QUARTER, number=1, from_end=True, at=CLOSE), ["03-28", "06-28", "09-30"]),
    (c.EveryPeriod(period=c.Period.HALF_YEAR, number=1, from_end=False, at=CLOSE), ["07-01"]),
    (
        c.EveryPeriod(period=c.Period.TWO_MONTHS, number=1, from_end=False, at=CLOSE),
        ["03-01", "05-01", "07-01", "09-03"],
    ),
    (c.EveryPeriod(period=c.Period.FOUR_MONTHS, number=1, from_end=True, at=CLOSE), ["04-30", "08-30"]),
    # Third Fridays; none of them is a holiday in these months.
    (
        c.EveryWeekday(weekday=5, nth=3, holiday=c.HolidayChoice.SKIPPED, at=CLOSE),
        ["03-15", "04-19", "05-17", "06-21", "07-19", "08-16", "09-20"],
    ),
    # Last Fridays; Good Friday is the last of March.
    (
        c.EveryWeekday(weekday=5, nth=-1, holiday=c.HolidayChoice.BEFORE, at=CLOSE),
        ["03-28", "04-26", "05-31", "06-28", "07-26", "08-30", "09-27"],
    ),
    (
        c.EveryWeekday(weekday=5, nth=-1, holiday=c.HolidayChoice.AFTER, at=CLOSE),
        ["04-01", "04-26", "05-31", "06-28", "07-26", "08-30", "09-27"],
    ),
    (
        c.EveryWeekday(weekday=5, nth=-1, holiday=c.HolidayChoice.SKIPPED, at=CLOSE),
        ["04-26", "05-31", "06-28", "07-26", "08-30", "09-27"],
    ),
    # First Mondays: Labor Day is the first of September.
    (
        c.EveryWeekday(weekday=1, nth=1, holiday=c.HolidayChoice.AFTER, at=CLOSE),
        ["03-04", "04-01", "05-06", "06-03", "07-01", "08-05", "09-03"],
    ),
]


@pytest.mark.fast
@pytest.mark.parametrize(("kind", "expected"), DUE)
def test_sessions_that_schedules_mean(kind: c.ScheduleKind, expected: list[str]) -> None:
    sessions = calendar("XNYS").sessions_between(date(2024, 3, 1), date(2024, 9, 30))
    found = due([(s.open_ns, s.close_ns) for s in sessions], "XNYS", kind)
    assert [f"{sessions[row].date:%m-%d}" for row in found] == expected


@pytest.mark.fast
def test_a_monday_noon_in_utc_over_clock_changes_and_holidays() -> None:
    noon = c.ClockMoment(second=43_200, zone="UTC")
    hours = [
        (at, at + 60 * MINUTE)
        for at in range(ns("2024-12-22T00:00", "UTC"), ns("2025-01-07T00:00", "UTC"), 60 * MINUTE)
    ]
    kind = c.EveryWeekday(weekday=1, nth=0, holiday=c.HolidayChoice.SKIPPED, at=noon)
    found = due(hours, "CRYPTO", kind)
    assert [hours[row][1] for row in found] == [
        ns(f"{day}T12:00", "UTC") for day in ("2024-12-23", "2024-12-30", "2025-01-06")
    ]


@pytest.mark.fast
def test_a_period_that_the_table_cuts_is_not_known() -> None:
    # The table of coin futures ends on Thursday 2026-05-28, in the middle of a week and of a month.
    spans = [
        (s.open_ns, s.close_ns) for s in calendar("CME_CRYPTO").sessions_between(date(2026, 4, 29), date(2026, 5, 28))
    ]
    assert columns(spans[:2], "CME_CRYPTO", c.SessionsLeftIn(period=c.Period.MONTH)) == [[1, 0]]
    for request in (c.SessionsLeftIn(period=c.Period.MONTH), c.SessionOf(period=c.Period.WEEK), c.DaysToNextSession()):
        with pytest.raises(OutsideCalendar, match="period that it cuts"):
            columns(spans, "CME_CRYPTO", request)
    last = c.EveryPeriod(period=c.Period.MONTH, number=1, from_end=True, at=CLOSE)
    assert due(spans, "CME_CRYPTO", last) == [1]


@pytest.mark.fast
def test_the_last_bar_is_due_only_up_to_the_nominal_next_close() -> None:
    day = bars("2024-11-27T09:30", "2024-11-27T16:00", 5)
    assert due(day[:77], "XNYS", FLATTEN) == [76]
    assert due(day[:76], "XNYS", FLATTEN) == []


@pytest.mark.fast
def test_a_session_with_a_lunch_break() -> None:
    # Tokyo: 09:00 to 11:30 and 12:30 to 15:00, bars of an hour; the third bar is cut at lunch.
    edges = ["09:00", "10:00", "11:00", "11:30", "12:30", "13:30", "14:30", "15:00"]
    times = [ns(f"2024-03-08T{clock}", "Asia/Tokyo") for clock in edges]
    spans = [(a, b) for a, b in pairwise(times) if a != times[3]]
    number, left, due = columns(
        spans,
        "XTKS",
        c.BarOfSession(),
        c.SecondsToSessionEnd(),
        c.Schedule(kind=c.EverySession(anchor=c.Anchor.BEFORE_END, seconds=1800)),
    )
    assert number == [1, 2, 3, 4, 5, 6]
    assert left == [18000, 14400, 12600, 5400, 1800, 0]
    assert due == [0, 0, 0, 0, 1, 0]


# From 2024-03-10 to 2024-03-30 New York is four hours behind London, else five: 07:00 London is 03:00, else 02:00.
LONDON_SEVEN = [("2024-03-08", "02:00"), ("2024-03-12", "03:00"), ("2024-03-28", "03:00"), ("2024-04-02", "02:00")]
LONDON_SEVEN += [("2024-10-25", "02:00"), ("2024-10-29", "03:00"), ("2024-11-01", "03:00"), ("2024-11-05", "02:00")]


@pytest.mark.fast
@pytest.mark.parametrize(("day", "clock"), LONDON_SEVEN)
def test_london_windows_in_the_weeks_in_which_only_one_side_has_changed_its_clocks(day: str, clock: str) -> None:
    ends = ns(f"{day}T{clock}")
    spans = [(ends + n * 60 * MINUTE, ends + (n + 1) * 60 * MINUTE) for n in range(-8, 3)]
    window, due = columns(
        spans,
        "FX",
        c.Window(kind=c.ClockRange(start_second=0, end_second=7 * 3600, zone=LONDON)),
        c.Schedule(kind=c.EveryDay(second=7 * 3600, zone=LONDON)),
    )
    # The first bar lies before midnight in London; seven bars are inside; the last of them ends at 07:00.
    assert [phase & c.INSIDE for phase in window] == [0] + [c.INSIDE] * 7 + [0] * 3
    assert [phase & c.ENDED for phase in window[1:]] == [0] * 6 + [c.ENDED] * 4
    assert due == [0] * 7 + [1, 0, 0, 0]


@pytest.mark.fast
def test_bars_outside_the_calendar_are_refused() -> None:
    for year in (1989, 2029):
        with pytest.raises(OutsideCalendar, match="`XNYS`, which goes from 1990-01-01 to 2028-12-31"):
            columns([(ns(f"{year}-06-05T09:30"), ns(f"{year}-06-05T16:00"))], "XNYS", c.TradingDay())


REQUESTS: tuple[c.Request, ...] = (
    c.TradingDay(),
    c.TradingDate(),
    c.SecondOfDay(zone=NEW_YORK),
    c.SecondOfDay(zone="Asia/Kolkata"),
    c.SecondOfSession(),
    c.SecondsToSessionEnd(),
    c.BarOfSession(),
    c.SessionStart(),
    c.DayOfWeek(),
    c.DayOfMonth(),
    c.Month(),
    c.SessionOf(period=c.Period.WEEK),
    c.SessionsLeftIn(period=c.Period.MONTH),
    c.SessionOf(period=c.Period.HALF_YEAR),
    c.DaysToNextSession(),
    OPENING,
    c.Window(kind=c.SessionSoFar()),
    c.Window(kind=c.ClockRange(start_second=0, end_second=7 * 3600, zone=LONDON)),
    c.Window(kind=c.ClockRange(start_second=18 * 3600, end_second=2 * 3600, zone=NEW_YORK)),
    c.Window(kind=c.ClockRange(start_second=5400, end_second=5400, zone=LONDON)),
    c.Window(kind=c.SessionPart(seconds=3600)),
    c.Window(kind=c.SessionPart(seconds=4 * 3600)),
    c.Window(kind=c.SessionPart(seconds=86_400)),
    c.Window(kind=c.PeriodOfSessions(period=c.Period.WEEK)),
    c.Window(kind=c.PeriodOfSessions(period=c.Period.MONTH)),
    c.Schedule(kind=FLATTEN),
    c.Schedule(kind=c.EverySession(anchor=c.Anchor.AFTER_START, seconds=1800)),
    c.Schedule(kind=c.EveryDay(second=9000, zone=NEW_YORK)),
    c.Schedule(kind=c.EveryDay(second=15 * 3600, zone=LONDON)),
    c.Schedule(kind=c.EveryPeriod(period=c.Period.WEEK, number=1, from_end=True, at=END)),
    c.Schedule(kind=c.EveryPeriod(period=c.Period.MONTH, number=1, from_end=False, at=CLOSE)),
    c.Schedule(kind=c.EveryPeriod(period=c.Period.QUARTER, number=2, from_end=True, at=NOON)),
    c.Schedule(kind=c.EveryWeekday(weekday=5, nth=0, holiday=c.HolidayChoice.BEFORE, at=CLOSE)),
    c.Schedule(kind=c.EveryWeekday(weekday=1, nth=0, holiday=c.HolidayChoice.SKIPPED, at=NOON)),
    c.Schedule(kind=c.EveryWeekday(weekday=4, nth=-1, holiday=c.HolidayChoice.AFTER, at=NOON)),
)
# Weeks with clock changes, half days and holidays.
WEEKS = (date(2024, 3, 8), date(2024, 3, 28), date(2024, 10, 31), date(2024, 11, 26), date(2024, 12, 23))


@st.composite
def series_with_holes(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    name = draw(st.sampled_from(["XNYS", "CME_GLOBEX", "FX", "CRYPTO", "XTKS", "CME_GRAINS"]))
    minutes = draw(st.sampled_from([35, 60, 240, 1440]))
    first = calendar(name).next_session(draw(st.sampled_from(WEEKS)))
    assert first is not None
    spans = []
    for offset in range(3):
        session = calendar(name).at(first.index + offset)
        assert session is not None
        for start, end in session.stretches:
            spans += [(at, min(at + minutes * MINUTE, end)) for at in range(start, end, minutes * MINUTE)]
    holes = draw(st.sets(st.integers(0, len(spans) - 1), max_size=max(0, len(spans) - 2)))
    return name, [span for row, span in enumerate(spans) if row not in holes]


@settings(max_examples=25, deadline=None)
@given(series_with_holes())
def test_rows_equal_columns(made: tuple[str, list[tuple[int, int]]]) -> None:
    name, spans = made
    expected = columns(spans, name, *REQUESTS)
    previous = None
    for row, (open_ns, close_ns) in enumerate(spans):
        bar = place_bar(open_ns, close_ns, calendar(name), previous=previous)
        next_close = spans[row + 1][1] if row + 1 < len(spans) else None
        found = clock_row(bar, calendar(name), REQUESTS, previous=previous, next_close_ns=next_close)
        assert [found[request] for request in REQUESTS] == [column[row] for column in expected]
        previous = bar


@settings(max_examples=25, deadline=None)
@given(series_with_holes(), st.data())
def test_no_value_depends_on_later_bars(made: tuple[str, list[tuple[int, int]]], data: st.DataObject) -> None:
    name, spans = made
    cut = data.draw(st.integers(1, len(spans)))
    for request, whole, part in zip(
        REQUESTS, columns(spans, name, *REQUESTS), columns(spans[:cut], name, *REQUESTS), strict=True
    ):
        settled = cut - 1 if isinstance(request, c.Schedule) else cut
        assert whole[:settled] == part[:settled], request


@settings(max_examples=25, deadline=None)
@given(series_with_holes())
def test_every_session_with_a_bar_starts_once_and_ends_no_window_before_it_begins(
    made: tuple[str, list[tuple[int, int]]],
) -> None:
    name, spans = made
    days, starts, phase = columns(spans, name, c.TradingDay(), c.SessionStart(), OPENING)
    assert sum(starts) == len(set(days))
    begun = [day for day, bits in zip(days, phase, strict=True) if bits & BEGUN]
    assert begun == sorted(set(days))
