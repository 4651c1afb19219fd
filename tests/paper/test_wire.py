"""A feed's lines are read strictly: what is refused, at which line and field; and placed as the same rows of a file
are."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from stratc.runtime.feeds.bar_spans import Stamp
from stratc.runtime.feeds.bars import read_bars
from stratc.runtime.feeds.live.wire import LINE_BYTES_MAX, Fed, LineRefused, Wire
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.session import calendar

pytestmark = pytest.mark.fast
MINUTE, DAY = 60_000_000_000, 86_400_000_000_000
GOOD = {"symbol": "IBM", "time": "2026-06-03T13:30:00Z", "open": 10.0, "high": 12.0, "low": 9.0, "close": 11.0}


def wire(interval=5 * MINUTE, *, stamp=Stamp.OPEN, volume_needed=False, symbol="IBM"):
    instrument = identify(symbol, None)
    fed = Fed(instrument=instrument, calendar=calendar(instrument.calendar), interval_ns=interval)
    return Wire({symbol: fed}, stamp=stamp, volume_needed=volume_needed)


def line(**changes):
    return json.dumps({key: value for key, value in (GOOD | changes).items() if value != "out"}).encode()


def test_a_bar_is_read():
    bar = wire().read(line(volume=5), 1)
    assert (bar.symbol, bar.values) == ("IBM", (10.0, 12.0, 9.0, 11.0, 5.0))
    assert bar.closed - bar.opened == 5 * MINUTE


def test_what_is_null_is_not_known_and_the_volume_may_lack():
    bar = wire().read(line(open=None, close=None), 1)
    assert [math.isnan(value) for value in bar.values] == [True, False, False, True, True]


def test_the_end_is_told():
    assert wire().read(b'{"end":true}', 1) is None


REFUSED = (
    ("no JSON", b"IBM,10,12,9,11", "", "malformed"),
    ("no object", b"[1]", "", "expected `object`"),
    ("not UTF-8", b'{"symbol":"\xff"}', "", "utf-8"),
    ("a field lacks", line(close="out"), "close", "missing"),
    ("a field too many", line(bid=1.0), "bid", "unknown field"),
    ("a text for a number", line(open="10"), "open", "expected `float | null`"),
    ("a number for a text", line(time=5), "time", "expected `str`"),
    ("another symbol", line(symbol="MSFT"), "symbol", "no symbol of this run"),
    ("no time", line(time="half past nine"), "time", "no time with an offset"),
    ("a time without an offset", line(time="2026-06-03T13:30:00"), "time", "no time with an offset"),
    ("a date for a time", line(time="2026-06-03"), "time", "no time with an offset"),
    ("a time finer than it may be", line(time="2026-06-03T13:30:00.1234567Z"), "time", "no time with an offset"),
    ("beyond the calendar", line(time="1850-06-03T13:30:00Z"), "time", "is known from"),
    ("high below low", line(high=8.0), "high", "below its low"),
    ("open outside", line(open=13.0), "open", "outside its range"),
    ("close outside", line(close=8.0), "close", "outside its range"),
    ("no price above nought", line(open=None, low=-1.0), "low", "not above zero"),
    ("volume below nought", line(volume=-5), "volume", "negative"),
    ("a number without end", line().replace(b"12.0", b"1e999"), "high", "out of range"),
    ("a line without end", b"{" + b" " * LINE_BYTES_MAX, "", "longer than"),
    ("an end that is none", b'{"end":false}', "end", "false"),
)


@pytest.mark.parametrize(("given", "field", "words"), [pytest.param(*each[1:], id=each[0]) for each in REFUSED])
def test_what_is_refused_names_line_and_field(given, field, words):
    with pytest.raises(LineRefused) as told:
        wire().read(given, 17)
    assert str(told.value).startswith("line 17" + (f", field `{field}`: " if field else ": "))
    assert words in told.value.message.lower()
    assert told.value.remedy


def test_the_volume_is_asked_for_where_it_is_read():
    with pytest.raises(LineRefused, match="reads the volume"):
        wire(volume_needed=True).read(line(), 1)


def test_bars_that_overlap_are_refused():
    reader = wire()
    reader.read(line(), 1)
    with pytest.raises(LineRefused, match="begins before the one before it has ended"):
        reader.read(line(time="2026-06-03T13:31:00Z"), 2)


def test_daily_bars_have_dates():
    daily = wire(DAY)
    assert daily.read(line(time="2026-06-03"), 1) is not None
    for time, words in (("2026-06-03T13:30:00Z", "no date"), ("2026-06-06", "no session")):
        with pytest.raises(LineRefused, match=words):
            daily.read(line(time=time), 2)


@pytest.mark.parametrize(
    ("symbol", "interval", "stamp", "times"),
    [
        ("IBM", 390 * MINUTE // 6, Stamp.OPEN, ("2026-06-03T13:30:00Z", 8)),
        ("IBM", 60 * MINUTE, Stamp.OPEN, ("2026-06-03T13:30:00Z", 9)),
        ("IBM", 60 * MINUTE, Stamp.CLOSE, ("2026-06-03T14:30:00Z", 7)),
        ("7203.T", 60 * MINUTE, Stamp.OPEN, ("2026-06-03T00:00:00Z", 8)),
        ("EUR/USD", 15 * MINUTE, Stamp.OPEN, ("2026-06-03T20:00:00Z", 12)),
    ],
)
def test_bars_are_placed_as_those_of_a_file(symbol, interval, stamp, times, tmp_path: Path):
    from datetime import datetime, timedelta

    start, count = datetime.fromisoformat(times[0]), times[1]
    stamps = [start + timedelta(microseconds=n * interval // 1000) for n in range(count)]
    rows = "\n".join(f"{each.isoformat()},10,12,9,11,100" for each in stamps)
    path = tmp_path / "bars.csv"
    path.write_text(f"time,open,high,low,close,volume\n{rows}\n", encoding="utf-8")
    table = read_bars(
        path,
        instrument=identify(symbol, None),
        interval_ns=interval,
        timezone=None,
        stamp=stamp,
        columns={},
        regular_session=False,
        volume_needed=True,
    )
    reader = wire(interval, stamp=stamp, symbol=symbol)
    bars = [reader.read(line(symbol=symbol, time=each.isoformat()), n) for n, each in enumerate(stamps, 1)]
    assert [(bar.opened, bar.closed) for bar in bars] == list(zip(table.opens_ns, table.closes_ns, strict=True))
