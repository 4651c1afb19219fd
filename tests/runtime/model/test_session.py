"""Calendars: known days by hand, the whole New York table against exchange_calendars, and the digests of the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from stratc.runtime.model.calendar_table import DamagedTable, build
from stratc.runtime.model.session import CALENDARS, Session, UnknownCalendar, calendar


def utc(moment_ns: int) -> str:
    return datetime.fromtimestamp(moment_ns // 1_000_000_000, UTC).strftime("%Y-%m-%d %H:%M")


# Calendar, date, open and close in UTC, half day. None where there is no session.
DAYS: list[tuple[str, str, tuple[str, str, bool] | None]] = [
    ("XNYS", "2024-03-08", ("2024-03-08 14:30", "2024-03-08 21:00", False)),
    ("XNYS", "2024-03-11", ("2024-03-11 13:30", "2024-03-11 20:00", False)),
    ("XNYS", "2024-11-01", ("2024-11-01 13:30", "2024-11-01 20:00", False)),
    ("XNYS", "2024-11-04", ("2024-11-04 14:30", "2024-11-04 21:00", False)),
    ("XNYS", "2024-11-29", ("2024-11-29 14:30", "2024-11-29 18:00", True)),
    ("XNYS", "2001-09-11", None),
    ("XNYS", "2012-10-29", None),
    ("XNYS", "2025-01-09", None),
    ("XNYS", "2024-06-19", None),
    ("XNYS", "2021-06-18", ("2021-06-18 13:30", "2021-06-18 20:00", False)),
    ("XNYS", "2024-03-09", None),
    ("CME_GLOBEX", "2024-03-11", ("2024-03-10 22:00", "2024-03-11 21:00", False)),
    ("CME_GLOBEX", "2024-11-28", ("2024-11-27 23:00", "2024-11-28 18:00", True)),
    ("CME_GLOBEX", "2024-11-29", ("2024-11-28 23:00", "2024-11-29 18:15", True)),
    ("CME_GLOBEX", "2026-04-03", ("2026-04-02 22:00", "2026-04-03 13:15", True)),
    ("CME_GLOBEX", "2024-03-29", None),
    ("CME_GLOBEX", "2024-12-25", None),
    ("CME_DAY", "2024-11-28", None),
    ("CME_DAY", "2024-03-08", ("2024-03-08 14:30", "2024-03-08 21:00", False)),
    ("FX", "2024-03-11", ("2024-03-10 21:00", "2024-03-11 21:00", False)),
    ("FX", "2024-03-08", ("2024-03-07 22:00", "2024-03-08 22:00", False)),
    ("FX", "2024-03-10", None),
    ("FX", "2024-12-25", None),
    ("CRYPTO", "2024-03-10", ("2024-03-10 00:00", "2024-03-11 00:00", False)),
    # London and New York change their clocks on different Sundays: 2024-03-10 and 2024-03-31.
    ("XLON", "2024-03-28", ("2024-03-28 08:00", "2024-03-28 16:30", False)),
    ("XLON", "2024-04-02", ("2024-04-02 07:00", "2024-04-02 15:30", False)),
    ("XLON", "2024-12-24", ("2024-12-24 08:00", "2024-12-24 12:30", True)),
    ("XLON", "2023-05-08", None),
    ("XTSE", "2024-07-01", None),
    ("XETR", "2024-12-30", ("2024-12-30 08:00", "2024-12-30 13:00", True)),
    ("XETR", "2024-12-31", None),
    ("XPAR", "2024-12-31", ("2024-12-31 08:00", "2024-12-31 13:05", True)),
    ("XAMS", "2024-05-01", None),
    ("XSWX", "2024-08-01", None),
    ("XTKS", "2024-11-01", ("2024-11-01 00:00", "2024-11-01 06:00", False)),
    ("XTKS", "2024-11-05", ("2024-11-05 00:00", "2024-11-05 06:30", False)),
    ("XTKS", "2020-10-01", None),
    ("XHKG", "2024-09-06", None),
    ("XHKG", "2024-12-24", ("2024-12-24 01:30", "2024-12-24 04:00", True)),
    ("XASX", "2024-04-05", ("2024-04-04 23:00", "2024-04-05 05:00", False)),
    ("XASX", "2024-04-08", ("2024-04-08 00:00", "2024-04-08 06:00", False)),
    ("XBOM", "2024-01-20", ("2024-01-20 03:45", "2024-01-20 10:00", False)),
    ("XNSE", "2025-02-01", ("2025-02-01 03:45", "2025-02-01 10:00", False)),
    ("XSES", "2024-12-24", ("2024-12-24 01:00", "2024-12-24 04:00", True)),
    ("CME_RATES", "2023-04-07", ("2023-04-06 22:00", "2023-04-07 15:15", True)),
    ("CME_FX", "2023-09-04", ("2023-09-03 22:00", "2023-09-04 21:00", False)),
    ("CME_FX", "2025-07-04", ("2025-07-03 22:00", "2025-07-04 17:00", True)),
    ("CME_ENERGY", "2024-11-28", ("2024-11-27 23:00", "2024-11-28 19:30", True)),
    ("CME_ENERGY", "2024-03-29", None),
    ("CME_METALS", "2026-11-27", ("2026-11-26 23:00", "2026-11-27 19:45", True)),
    ("CME_GRAINS", "2024-11-29", ("2024-11-29 14:30", "2024-11-29 18:05", True)),
    ("CME_GRAINS", "2024-11-28", None),
    ("CME_GRAINS", "2024-12-02", ("2024-12-02 01:00", "2024-12-02 19:20", False)),
    ("CME_LIVESTOCK", "2024-03-11", ("2024-03-11 13:30", "2024-03-11 18:05", False)),
    ("CME_CRYPTO", "2024-09-02", ("2024-09-01 22:00", "2024-09-02 21:00", False)),
    ("24/7", "2024-12-25", ("2024-12-25 00:00", "2024-12-26 00:00", False)),
]


@pytest.mark.fast
@pytest.mark.parametrize(("name", "day", "expected"), DAYS)
def test_days(name: str, day: str, expected: tuple[str, str, bool] | None) -> None:
    found = calendar(name).session(date.fromisoformat(day))
    assert (None if found is None else (utc(found.open_ns), utc(found.close_ns), found.half_day)) == expected


@pytest.mark.fast
@pytest.mark.parametrize("name", CALENDARS)
def test_sessions_are_in_order_and_findable(name: str) -> None:
    table = calendar(name)
    assert list(table.dates) == sorted(set(table.dates))
    assert all(a < b for a, b in zip(table.opens_ns, table.closes_ns, strict=True))
    assert all(close <= after for close, after in zip(table.closes_ns, table.opens_ns[1:], strict=False))
    assert set(table.opens_ns) <= set(table.starts_ns)
    assert set(table.closes_ns) <= set(table.ends_ns)
    assert all(a < b for a, b in zip(table.starts_ns, table.ends_ns, strict=True))
    assert all(end <= after for end, after in zip(table.ends_ns, table.starts_ns[1:], strict=False))
    assert all(close <= roll for close, roll in zip(table.closes_ns, table.rolls_ns, strict=True))
    for index in (0, 1, 1000, len(table.dates) - 1):
        found = table.at(index)
        assert found is not None
        assert table.session(found.date) == found
        assert table.session_of(found.open_ns) == table.session_of(found.close_ns - 1) == found
        assert table.session_of(found.close_ns) != found
        assert table.trading_day_of(found.close_ns) == found


# Calendar, date, and the pause of that session in UTC.
PAUSES: list[tuple[str, str, tuple[str, str] | None]] = [
    ("XTKS", "2024-11-05", ("2024-11-05 02:30", "2024-11-05 03:30")),
    ("XHKG", "2024-12-23", ("2024-12-23 04:00", "2024-12-23 05:00")),
    ("XHKG", "2024-12-24", None),
    ("XSES", "2017-11-10", None),
    ("XSES", "2017-11-13", ("2017-11-13 04:00", "2017-11-13 05:00")),
    ("CME_GRAINS", "2024-12-02", ("2024-12-02 13:45", "2024-12-02 14:30")),
    ("CME_GRAINS", "2024-11-29", None),
    ("XNYS", "2024-12-02", None),
]


@pytest.mark.fast
@pytest.mark.parametrize(("name", "day", "expected"), PAUSES)
def test_pauses(name: str, day: str, expected: tuple[str, str] | None) -> None:
    table = calendar(name)
    found = table.session(date.fromisoformat(day))
    assert found is not None
    assert (None if found.pause is None else tuple(utc(edge) for edge in found.pause)) == expected
    assert found.stretches[0][0] == found.open_ns
    assert found.stretches[-1][1] == found.close_ns
    if found.pause is not None:
        assert [table.is_trading(at) for at in (found.pause[0] - 1, *found.pause)] == [True, False, True]
        assert table.session_of(found.pause[0]) == found


@pytest.mark.fast
def test_neighbours_over_a_long_weekend() -> None:
    table = calendar("XNYS")

    def day(found: Session | None) -> str:
        assert found is not None
        return found.date.isoformat()

    assert day(table.next_session(date(2024, 3, 28))) == "2024-04-01"
    assert day(table.next_session(date(2024, 3, 30))) == "2024-04-01"
    assert day(table.previous_session(date(2024, 4, 1))) == "2024-03-28"
    assert day(table.previous_session(date(2024, 3, 31))) == "2024-03-28"
    assert table.previous_session(table.first) is None
    assert table.next_session(table.last) is None
    assert table.at(-1) is None
    assert len(table.sessions_between(date(2024, 1, 1), date(2024, 12, 31))) == 252


@pytest.mark.fast
def test_days_of_ones_own() -> None:
    table = calendar("CRYPTO from 17:00 America/New_York")
    found = table.session(date(2024, 3, 9))
    assert found is not None
    assert (utc(found.open_ns), utc(found.close_ns)) == ("2024-03-09 22:00", "2024-03-10 21:00")
    assert table.closes_ns[:-1] == table.opens_ns[1:]
    seoul = calendar("24/7 from 09:00 Asia/Seoul").session(date(2024, 3, 9))
    assert seoul is not None
    assert utc(seoul.open_ns) == "2024-03-09 00:00"
    with pytest.raises(UnknownCalendar):
        calendar("XNYS from 09:00 Asia/Seoul")


@pytest.mark.fast
def test_unknown_and_damaged() -> None:
    with pytest.raises(UnknownCalendar, match="there are XNYS"):
        calendar("XLSE")
    text = files("stratc.runtime.model").joinpath("calendars", "XNYS.toml").read_text("utf-8")
    assert build(text, name="XNYS").digest == calendar("XNYS").digest
    for damaged in (text.replace("2024-03-29", "2024-03-28"), text.replace("# end of heading\n", ""), "", text[:-5]):
        with pytest.raises(DamagedTable, match="reinstall"):
            build(damaged, name="XNYS")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_new_york_equals_exchange_calendars_over_its_whole_span() -> None:
    library = pytest.importorskip(
        "exchange_calendars", reason="exchange_calendars, a development dependency, is absent"
    )
    table = calendar("XNYS")
    theirs = library.get_calendar("XNYS", start=table.first.isoformat(), end=table.last.isoformat()).schedule
    assert [day.date() for day in theirs.index] == [s.date for s in table.sessions_between(table.first, table.last)], (
        "a closure is missing: run tests.make_session_tables and read the difference"
    )
    for ours, column in ((table.opens_ns, "open"), (table.closes_ns, "close")):
        seconds = [int(moment.timestamp()) for moment in theirs[column]]
        assert [moment // 1_000_000_000 for moment in ours] == seconds
    assert len(table.half_days) == 82


@pytest.mark.filterwarnings("ignore")
def test_the_tables_are_what_the_script_makes() -> None:
    pytest.importorskip("exchange_calendars", reason="exchange_calendars, a development dependency, is absent")
    from tests.calendars.table_text import table_text
    from tests.make_session_tables import FOLDER, tables

    made = {name: table_text(table) for name, table in tables().items()}
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(made)
    changed = [name for name, text in made.items() if calendar(name).digest not in text]
    assert not changed, "run `python -m tests.make_session_tables`, read the difference and say why"
