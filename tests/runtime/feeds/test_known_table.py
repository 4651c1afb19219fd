"""Tables beside prices are read as they stand, and refused where a row cannot be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.runtime.feeds.known import read_tables, shape_of
from stratc.runtime.feeds.known_table import KnownTable, read_known
from stratc.runtime.feeds.refusal import DataRefused
from stratc.runtime.model.known import EventReading, EventWord, MemberReading, Request, SeriesKind, SeriesReading

pytestmark = pytest.mark.fast

EVENTS = EventReading(table="earnings", each=True, word=EventWord.SESSIONS_UNTIL)
SCORE = SeriesReading(table="score", each=False, kind=SeriesKind.ADVICE, low=-1.0, high=1.0, fresh_seconds=1800)
RATE = SeriesReading(table="rate", each=False, kind=SeriesKind.DATA, low=None, high=None, fresh_seconds=None)
MEMBERS = MemberReading(table="top")

HEADS: dict[Request, str] = {
    EVENTS: "symbol,event,on,at,status,known_at,source",
    SCORE: "value,known_at,source",
    RATE: "as_of,value,known_at,source",
    MEMBERS: "symbol,from,until,known_at,source",
}


def read(folder: Path, request: Request, *rows: str, timezone: str | None = None) -> KnownTable:
    path = folder / f"{request.table}.csv"
    path.write_text("\n".join([HEADS[request], *rows]) + "\n", encoding="utf-8")
    return read_tables((request,), {request.table: path}, timezone=timezone)[request.table]


def test_rows_come_out_in_the_order_in_which_they_were_known(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        EVENTS,
        "ABC,Q2,2024-04-20,,estimated,2024-03-01T10:00:00-05:00,wire",
        "ABC,Q1,2024-01-20,,confirmed,2023-12-01T10:00:00-05:00,company",
        "ABC,Q2,,2024-04-18T16:05:00-04:00,confirmed,2024-04-02T09:00:00-04:00,company",
    )
    assert table.rows["row"].to_list() == [2, 1, 3]
    assert table.rows["event"].to_list() == ["Q1", "Q2", "Q2"]
    assert table.rows["at"].to_list() == [None, None, 1_713_470_700_000_000_000]
    assert table.revised == 1


def test_times_without_an_offset_hang_on_the_declared_clock(tmp_path: Path) -> None:
    stated = read(tmp_path, SCORE, "0.5,2024-01-02T10:00:00-05:00,m1")
    local = read(tmp_path, SCORE, "0.5,2024-01-02T10:00:00,m1", timezone="America/New_York")
    assert stated.rows["known_at"].to_list() == local.rows["known_at"].to_list()
    assert stated.digest == local.digest


def test_the_digest_is_that_of_what_was_known(tmp_path: Path) -> None:
    rows = ("0.5,2024-01-02T10:00:00Z,m1", "0.1,2024-01-03T10:00:00Z,m2")
    one, swapped = read(tmp_path, SCORE, *rows), read(tmp_path, SCORE, *rows[::-1])
    assert one.digest == swapped.digest
    assert one.digest != read(tmp_path, SCORE, rows[0], rows[1].replace("m2", "m3")).digest


REFUSED = {
    "no moment": (SCORE, "D029", ["0.5,2024-01-02,m1"]),
    "no known_at": (SCORE, "D029", ["0.5,,m1"]),
    "no zone": (SCORE, "D009", ["0.5,2024-01-02T10:00:00,m1"]),
    "no source": (SCORE, "D022", ["0.5,2024-01-02T10:00:00Z,"]),
    "no number": (SCORE, "D007", ["much,2024-01-02T10:00:00Z,m1"]),
    "outside its range": (SCORE, "D025", ["1.5,2024-01-02T10:00:00Z,m1"]),
    "twice": (SCORE, "D023", ["0.5,2024-01-02T10:00:00Z,m1", "0.4,2024-01-02T10:00:00Z,m2"]),
    "known before the day": (RATE, "D026", ["2024-03-31,1,2024-01-02T10:00:00Z,m1"]),
    "some days only": (RATE, "D022", ["2024-01-01,1,2024-01-02T10:00:00Z,a", ",1,2024-01-03T10:00:00Z,a"]),
    "no date": (EVENTS, "D022", ["ABC,Q1,,,confirmed,2024-01-02T10:00:00Z,a"]),
    "no symbol": (EVENTS, "D022", [",Q1,2024-02-01,,confirmed,2024-01-02T10:00:00Z,a"]),
    "no event": (EVENTS, "D022", ["ABC,,2024-02-01,,confirmed,2024-01-02T10:00:00Z,a"]),
    "unknown status": (EVENTS, "D024", ["ABC,Q1,2024-02-01,,maybe,2024-01-02T10:00:00Z,a"]),
    "a moment for a date": (EVENTS, "D008", ["ABC,Q1,2024-02-01T10:00:00Z,,confirmed,2024-01-02T10:00:00Z,a"]),
    "ends before it begins": (MEMBERS, "D026", ["ABC,2024-02-01,2024-01-01,2024-01-02T10:00:00Z,a"]),
}


@pytest.mark.parametrize(("request_", "code", "rows"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, request_: Request, code: str, rows: list[str]) -> None:
    with pytest.raises(DataRefused) as refused:
        read(tmp_path, request_, *rows)
    assert refused.value.code == code
    assert refused.value.row == len(rows)
    assert refused.value.source == f"{request_.table}.csv"


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "score.csv"
    path.write_text("value,known,source\n0.5,2024-01-02T10:00:00Z,m1\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="did you mean `known`") as refused:
        read_known(path, name="score", shape=shape_of(SCORE), timezone=None)
    assert refused.value.code == "D005"


def test_an_event_beyond_the_calendar_is_refused(tmp_path: Path) -> None:
    import polars as pl

    from stratc.runtime.feeds.known import Bars, answer
    from stratc.runtime.model.session import calendar

    table = read(tmp_path, EVENTS, "ABC,Q1,2150-01-20,,estimated,2024-01-02T10:00:00Z,a")
    closes = pl.Series([1_704_250_000_000_000_000], dtype=pl.Int64)
    with pytest.raises(DataRefused) as refused:
        answer(EVENTS, table, Bars(symbol="ABC", closes_ns=closes, calendar=calendar("XNYS")))
    assert refused.value.code == "D027"
