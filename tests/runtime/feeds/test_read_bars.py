"""Files become bars or are refused with the row: one table of bad files, one of good ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratc.runtime.feeds.bars import BarTable, DataRefused, Stamp, read_bars
from stratc.runtime.feeds.refusal import CODES
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.own_days import on_own_days

pytestmark = pytest.mark.fast

HEAD = "time,open,high,low,close,volume\n"
MINUTES_5 = 300_000_000_000
GOOD = (
    HEAD + "2024-03-08 09:30,10,11,9,10.5,100\n2024-03-08 09:35,10.5,11,10,11,200\n2024-03-08 09:40,11,12,10,12,300\n"
)
DAILY = HEAD + "2024-03-07,10,11,9,10.5,100\n2024-03-08,10.5,11,10,11,200\n"


def read(
    folder: Path,
    content: str | bytes,
    symbol: str = "SPY",
    *,
    interval_ns: int | None = None,
    timezone: str | None = "America/New_York",
    stamp: Stamp = Stamp.OPEN,
    columns: dict[str, str] | None = None,
    regular_session: bool = False,
    volume_needed: bool = False,
) -> BarTable:
    path = folder / "prices.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    instrument = identify(symbol)
    assert instrument is not None
    return read_bars(
        path,
        instrument=instrument,
        interval_ns=interval_ns,
        timezone=timezone,
        stamp=stamp,
        columns=columns or {},
        regular_session=regular_session,
        volume_needed=volume_needed,
    )


# What is wrong, the file, the code, the row, and words that must be in the message or the remedy.
REFUSED = [
    ("empty", "", "D003", None, "empty"),
    ("only a heading", HEAD, "D003", None, "no rows"),
    ("binary", b"\x7fELF\0\0\0", "D004", None, "binary"),
    ("half a Parquet file", b"PAR1abcdef", "D004", None, "Parquet"),
    ("UTF-16", GOOD.encode("utf-16"), "D004", None, "binary"),
    ("Latin-1", (HEAD + "2024-03-08 09:30,10,11,9,10.5,1é\n").encode("latin-1"), "D004", None, "UTF-8"),
    ("ragged", GOOD + "1,2,3,4,5,6,7,8\n", "D004", None, "same columns"),
    ("misspelt column", GOOD.replace("close", "clsoe"), "D005", None, "did you mean `clsoe`"),
    ("no heading", GOOD.removeprefix(HEAD), "D005", None, "heading"),
    ("a word for a price", GOOD.replace("10.5,11,10", "n/a,11,10"), "D007", 2, "`n/a` in column `open`"),
    ("infinity", GOOD.replace("10.5,11,10", "inf,11,10"), "D007", 2, "no number"),
    ("NaN in words", GOOD.replace("10.5,11,10", "NaN,11,10"), "D007", 2, "leave the field empty"),
    ("decimal comma", GOOD.replace("10.5,11,10", '"10,5",11,10'), "D007", 2, "plain decimal"),
    ("no time", GOOD.replace("2024-03-08 09:35", ""), "D008", 2, "no time"),
    ("time in words", GOOD.replace("2024-03-08 09:35", "yesterday"), "D008", 2, "`yesterday`"),
    ("impossible date", GOOD.replace("2024-03-08 09:35", "2024-02-30 09:35"), "D008", 2, "2024-02-30"),
    ("unsorted", GOOD.replace("09:40", "09:32"), "D011", 3, "row 2"),
    ("duplicate", GOOD.replace("09:40", "09:35"), "D012", 3, "rows 2 and 3"),
    ("high below low", GOOD.replace("10.5,11,10,11", "10.5,9,10,11"), "D013", 2, "high is below its low"),
    ("open outside", GOOD.replace("10.5,11,10,11", "12,11,10,11"), "D013", 2, "open lies outside"),
    ("close outside", GOOD.replace("10.5,11,10,11", "10.5,11,10,9"), "D013", 2, "close lies outside"),
    ("zero price", GOOD.replace("10.5,11,10,11", "0,11,0,11"), "D013", 2, "not above zero"),
    ("negative volume", GOOD.replace("11,200", "11,-200"), "D013", 2, "volume is negative"),
    ("first of several", GOOD.replace("9,10.5,100", "99,10.5,100").replace("200", "-200"), "D013", 1, "high is below"),
    ("before the table", DAILY.replace("2024", "1960"), "D017", None, "1990-01-01"),
    ("a holiday", DAILY.replace("2024-03-08", "2024-03-29"), "D018", 2, "no session"),
    ("weekly", HEAD + "".join(f"2024-03-{d:02},1,1,1,1,1\n" for d in (1, 8, 15, 22)), "D014", None, "daily"),
    ("one bar", GOOD[: len(HEAD) + 34] + "\n", "D014", 1, "interval"),
]


@pytest.mark.parametrize(("content", "code", "row", "words"), [pytest.param(*c, id=i) for i, *c in REFUSED])
def test_refused(tmp_path: Path, content: str | bytes, code: str, row: int | None, words: str) -> None:
    with pytest.raises(DataRefused) as caught:
        read(tmp_path, content)
    assert (caught.value.code, caught.value.row) == (code, row), str(caught.value)
    assert words in str(caught.value)
    assert caught.value.code in CODES
    assert caught.value.remedy


def test_refused_files(tmp_path: Path) -> None:
    instrument = identify("SPY")
    assert instrument is not None
    (tmp_path / "spy.csv").write_text(GOOD)
    for path, code, words in (
        (tmp_path / "spi.csv", "D001", "did you mean `spy.csv`"),
        (tmp_path, "D002", "directory"),
    ):
        with pytest.raises(DataRefused, match=words) as caught:
            read_bars(
                path,
                instrument=instrument,
                interval_ns=None,
                timezone=None,
                stamp=Stamp.OPEN,
                columns={},
                regular_session=False,
                volume_needed=False,
            )
        assert caught.value.code == code


def refusal(attempt: Callable[[], BarTable]) -> str:
    with pytest.raises(DataRefused) as caught:
        attempt()
    return f"{caught.value.code} {caught.value.row}"


def test_refused_by_options(tmp_path: Path) -> None:
    no_volume = "".join(line.rsplit(",", 1)[0] + "\n" for line in GOOD.splitlines())
    assert refusal(lambda: read(tmp_path, GOOD, timezone=None)) == "D009 1"
    assert refusal(lambda: read(tmp_path, GOOD, timezone="America/Springfield")) == "D009 None"
    assert refusal(lambda: read(tmp_path, GOOD, interval_ns=60_000_000_000)) == "D014 2"
    assert refusal(lambda: read(tmp_path, DAILY, interval_ns=MINUTES_5)) == "D014 None"
    assert refusal(lambda: read(tmp_path, GOOD, columns={"close": "last"})) == "D005 None"
    assert refusal(lambda: read(tmp_path, GOOD, columns={"volume": "size"})) == "D005 None"
    assert refusal(lambda: read(tmp_path, no_volume, volume_needed=True)) == "D016 None"
    assert refusal(lambda: read(tmp_path, GOOD, timezone="Asia/Tokyo", regular_session=True)) == "D015 None"
    fall = GOOD.replace("2024-03-08 09", "2024-11-03 01")
    assert refusal(lambda: read(tmp_path, fall, symbol="BTC/USDT")) == "D010 1"
    spring = GOOD.replace("2024-03-08 09", "2024-03-10 02")
    assert refusal(lambda: read(tmp_path, spring, symbol="BTC/USDT")) == "D010 1"


def moments(table: BarTable) -> list[tuple[str, str]]:
    def show(at: int) -> str:
        return datetime.fromtimestamp(at / 1e9, UTC).strftime("%m-%d %H:%M")

    return [(show(a), show(b)) for a, b in zip(table.opens_ns, table.closes_ns, strict=True)]


def test_local_times_are_placed(tmp_path: Path) -> None:
    table = read(tmp_path, GOOD)
    assert table.interval_ns == MINUTES_5
    assert moments(table) == [
        ("03-08 14:30", "03-08 14:35"),
        ("03-08 14:35", "03-08 14:40"),
        ("03-08 14:40", "03-08 14:45"),
    ]
    assert table.close.to_list() == [10.5, 11.0, 12.0]
    assert (table.source, table.licence, table.synthetic) == ("file prices.csv", "not stated", False)


SAME = ["2024-03-08T14:30:00Z", "2024-03-08 09:30:00-05:00", "20240308 14:30:00+00:00", "1709908200", "1709908200000"]


@pytest.mark.parametrize("first", SAME)
def test_times_with_an_offset_need_no_zone(tmp_path: Path, first: str) -> None:
    second = first.replace("30:00", "35:00") if ":" in first else str(int(first) + 300 * 10 ** (len(first) - 10))
    table = read(tmp_path, f"{HEAD}{first},10,11,9,10,1\n{second},10,11,9,10,1\n", timezone=None)
    assert moments(table) == [("03-08 14:30", "03-08 14:35"), ("03-08 14:35", "03-08 14:40")]


def test_dates_are_sessions(tmp_path: Path) -> None:
    half = DAILY.replace("2024-03-07", "2024-11-27").replace("2024-03-08", "2024-11-29")
    assert moments(read(tmp_path, half, timezone=None)) == [
        ("11-27 14:30", "11-27 21:00"),
        ("11-29 14:30", "11-29 18:00"),
    ]
    assert moments(read(tmp_path, DAILY, symbol="EUR/USD"))[1] == ("03-07 22:00", "03-08 22:00")
    assert moments(read(tmp_path, DAILY, symbol="BTC/USDT"))[1] == ("03-08 00:00", "03-09 00:00")
    midnight = DAILY.replace("03-07", "03-07 00:00").replace("03-08", "03-08 00:00")
    assert moments(read(tmp_path, midnight, timezone=None)) == moments(read(tmp_path, DAILY))


def test_bars_end_with_their_session(tmp_path: Path) -> None:
    hours = HEAD + "".join(f"2024-03-08 {h}:30,10,11,9,10,1\n" for h in (13, 14, 15))
    assert moments(read(tmp_path, hours))[-1] == ("03-08 20:30", "03-08 21:00")
    closes = HEAD + "".join(f"2024-03-08 {h},10,11,9,10,1\n" for h in ("13:30", "14:30", "15:30", "16:00"))
    stamped = moments(read(tmp_path, closes, stamp=Stamp.CLOSE))
    assert stamped == [
        ("03-08 17:30", "03-08 18:30"),
        ("03-08 18:30", "03-08 19:30"),
        ("03-08 19:30", "03-08 20:30"),
        ("03-08 20:30", "03-08 21:00"),
    ]


def test_bars_end_with_lunch_and_begin_after_it(tmp_path: Path) -> None:
    hours = HEAD + "".join(
        f"2024-03-08 {h},10,11,9,10,1\n" for h in ("09:00", "10:00", "11:00", "12:30", "13:30", "14:30")
    )
    tokyo = read(tmp_path, hours, symbol="7203.T", timezone="Asia/Tokyo", regular_session=True)
    assert moments(tokyo)[2:] == [
        ("03-08 02:00", "03-08 02:30"),
        ("03-08 03:30", "03-08 04:30"),
        ("03-08 04:30", "03-08 05:30"),
        ("03-08 05:30", "03-08 06:00"),
    ]
    inside_lunch = read(
        tmp_path, hours.replace("12:30", "12:00"), symbol="7203.T", timezone="Asia/Tokyo", regular_session=True
    )
    assert inside_lunch.outside_session == 1


def test_days_of_ones_own_are_joined_from_hours(tmp_path: Path) -> None:
    # The clocks of New York jump on 2024-03-10: the day from 17:00 on the 9th has 23 hours.
    first = datetime(2024, 3, 7, 20, tzinfo=UTC)
    rows = [(first + timedelta(hours=n), 100 + n) for n in range(4 * 24)]
    text = HEAD + "".join(f"{at:%Y-%m-%dT%H:%M:%SZ},{p},{p + 2},{p - 2},{p + 1},1\n" for at, p in rows)

    def days(content: str) -> BarTable:
        path = tmp_path / "hours.csv"
        path.write_text(content)
        found = identify("BTC/USDT")
        assert found is not None
        return read_bars(
            path,
            instrument=on_own_days(found, "17:00 America/New_York"),
            interval_ns=86_400_000_000_000,
            timezone=None,
            stamp=Stamp.OPEN,
            columns={},
            regular_session=False,
            volume_needed=False,
        )

    table = days(text)
    # 20:00 to 22:00 on the 7th is the end of a day; the last day goes on after the file's end.
    assert moments(table) == [
        ("03-07 22:00", "03-08 22:00"),
        ("03-08 22:00", "03-09 22:00"),
        ("03-09 22:00", "03-10 21:00"),
    ]
    assert table.open.to_list() == [102, 126, 150]
    assert table.high.to_list() == [127, 151, 174]
    assert table.low.to_list() == [100, 124, 148]
    assert table.close.to_list() == [126, 150, 173]
    assert table.volume.to_list() == [24, 24, 23]
    assert table.notes == ("2 days that the file holds in part are left out",)
    gone = "".join(line for line in text.splitlines(keepends=True) if "2024-03-09T05" not in line)
    assert days(gone).notes[1] == "1 days lack some of their bars and are made of the others"
    with pytest.raises(DataRefused, match="dates, which do not say"):
        days(DAILY)
    with pytest.raises(DataRefused, match="do not begin where the days"):
        days(HEAD + "".join(f"2024-03-0{day}T00:00:00Z,10,11,9,10,1\n" for day in (4, 5, 6)))
    stamped = days(HEAD + "".join(f"2024-03-0{day}T22:00:00Z,10,11,9,10,1\n" for day in (4, 5, 6)))
    assert moments(stamped)[0] == ("03-04 22:00", "03-05 22:00")
    with pytest.raises(DataRefused, match="across a day's beginning"):
        days(HEAD + "".join(f"2024-03-04T{hour:02d}:00:00Z,10,11,9,10,1\n" for hour in range(0, 24, 4)))


def test_a_regular_session_leaves_out_and_counts(tmp_path: Path) -> None:
    content = HEAD + "".join(f"2024-03-08 {t},10,11,9,10,1\n" for t in ("09:25", "09:30", "09:35", "15:55", "16:00"))
    table = read(tmp_path, content, regular_session=True)
    assert (len(table), table.outside_session) == (3, 2)
    assert table.notes == ("2 bars that are not wholly inside a regular session are left out",)
    everything = read(tmp_path, content)
    assert (len(everything), everything.outside_session) == (5, 0)


def test_bars_across_the_open_are_remarked_upon(tmp_path: Path) -> None:
    hours = HEAD + "".join(f"2024-03-08 {hour:02}:00,10,11,9,10,1\n" for hour in range(8, 17))
    table = read(tmp_path, hours, regular_session=True)
    assert (len(table), table.outside_session) == (6, 3)
    assert "1 of these began before a session's open" in table.notes[1]


def test_empty_fields_are_unknown(tmp_path: Path) -> None:
    table = read(tmp_path, GOOD.replace("10.5,11,10,11,200", ",11,10,,200"))
    assert [math.isnan(value) for value in table.open] == [False, True, False]
    assert table.unknown_values == 2
    no_volume = "".join(line.rsplit(",", 1)[0] + "\n" for line in GOOD.splitlines())
    table = read(tmp_path, no_volume)
    assert table.volume.is_nan().all()
    assert table.unknown_values == 0


def test_columns_in_any_order_and_case(tmp_path: Path) -> None:
    content = "Volume;Last; Low ;High;Open;Date\n100;10.5;9;11;10;2024-03-07\n200;11;10;11;10.5;2024-03-08\n"
    table = read(tmp_path, content, columns={"close": "last"})
    assert table.digest == read(tmp_path, DAILY).digest


def test_futures_may_trade_below_zero(tmp_path: Path) -> None:
    content = HEAD + "2020-04-17,18,19,17,18,1\n2020-04-20,17,18,-40,-37.63,1\n"
    assert read(tmp_path, content, symbol="CL").close[1] == -37.63
    with pytest.raises(DataRefused, match="not above zero"):
        read(tmp_path, content)


def test_parquet_equals_csv_and_the_digest_is_of_the_content(tmp_path: Path) -> None:
    instrument = identify("SPY")
    assert instrument is not None
    start = datetime(2024, 3, 8, 14, 30, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "time": [start + timedelta(minutes=5 * n) for n in range(3)],
            "open": [10.0, 10.5, 11.0],
            "high": [11, 11, 12],
            "low": [9, 10, 10],
            "close": [10.5, 11, 12],
            "volume": [100, 200, 300],
        }
    )
    path = tmp_path / "SPY.parquet"
    frame.write_parquet(path)
    table = read_bars(
        path,
        instrument=instrument,
        interval_ns=MINUTES_5,
        timezone=None,
        stamp=Stamp.OPEN,
        columns={},
        regular_session=True,
        volume_needed=True,
    )
    assert table.digest == read(tmp_path, GOOD).digest
    assert table.digest != read(tmp_path, GOOD.replace("300", "301")).digest


def test_a_side_file_about_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text('["prices.csv"]\nsource = "the exchange"\nsynthetic = true\n')
    table = read(tmp_path, DAILY)
    assert (table.source, table.synthetic) == ("the exchange", True)
    (tmp_path / "prices.toml").write_text('["prices.csv"]\nsha256 = "00"\n')
    assert refusal(lambda: read(tmp_path, DAILY)) == "D020 None"
    (tmp_path / "prices.toml").write_text("[")
    assert refusal(lambda: read(tmp_path, DAILY)) == "D020 None"


TIMES = ("2024-03-08 09:30", "2024-03-08", "2024-03-11", "20240308", "1709908200", "2024-03-08T09:30:00Z")
ODD_TIMES = ("0", "99999999999999999999", "-1", "2024-03-08T09:30:00+25:00", "")
NUMBERS = ("10", "11", "", "1e400", "nan", "-0.0", "0", '"', "'", "é", "\t", "null", " ")
ROW = st.tuples(st.sampled_from(TIMES + ODD_TIMES), *(st.sampled_from(("10",) * 9 + NUMBERS) for _ in range(5)))
ROWS = st.lists(ROW.map(",".join), max_size=4).map(lambda rows: HEAD + "\n".join(rows))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), ROWS.map(str.encode)))
def test_nothing_but_bars_or_a_refusal_comes_of_any_file(tmp_path: Path, content: bytes) -> None:
    try:
        table = read(tmp_path, content)
    except DataRefused:
        return
    assert (table.low.fill_nan(None) > 0).all()
    assert (table.closes_ns > table.opens_ns).all()


def parquet(folder: Path, frame: pl.DataFrame) -> BarTable:
    frame.write_parquet(folder / "prices.csv")
    return read(folder, (folder / "prices.csv").read_bytes())


def test_types_of_parquet_columns(tmp_path: Path) -> None:
    dates = pl.Series("time", [date(2024, 3, 7), date(2024, 3, 8)])
    prices = [pl.Series(name, [10, 11]) for name in ("open", "high", "low", "close")]
    plain = pl.DataFrame([dates, *prices])
    expected = parquet(tmp_path, plain)
    assert moments(expected) == [("03-07 14:30", "03-07 21:00"), ("03-08 14:30", "03-08 21:00")]
    same = (
        plain.with_columns(pl.col("time").cast(pl.Datetime("us"))),
        plain.with_columns(pl.col("time").cast(pl.Datetime("ms")).dt.replace_time_zone("America/New_York")),
        plain.with_columns(pl.col("time").cast(pl.String)),
        plain.with_columns(pl.col("open").cast(pl.Decimal(10, 2))),
        plain.with_columns(pl.col("open").cast(pl.Float32)),
        plain.with_columns(pl.col("open").cast(pl.String)),
        plain.with_columns(pl.lit(None).alias("volume")),
    )
    for frame in same:
        assert parquet(tmp_path, frame).digest == expected.digest, frame.schema
    for frame, code in (
        (plain.with_columns(pl.col("time").cast(pl.Datetime("us")).dt.time()), "D008"),
        (plain.with_columns(time=pl.lit(1.5)), "D008"),
        (plain.with_columns(open=pl.lit(value=True)), "D007"),
        (plain.with_columns(open=pl.lit(float("inf"))), "D007"),
        (plain.with_columns(time=pl.lit(None)), "D008"),
        (plain.clear(), "D003"),
    ):
        with pytest.raises(DataRefused) as caught:
            parquet(tmp_path, frame)
        assert caught.value.code == code


def test_marks_of_other_systems(tmp_path: Path) -> None:
    expected = read(tmp_path, DAILY).digest
    assert read(tmp_path, b"\xef\xbb\xbf" + DAILY.encode()).digest == expected
    assert read(tmp_path, DAILY.replace("\n", "\r\n")).digest == expected
    assert read(tmp_path, DAILY + "\n\n").digest == expected
    assert read(tmp_path, DAILY.replace(",", "\t")).digest == expected
    assert read(tmp_path, DAILY.replace("2024-03-0", "2024030")).digest == expected
