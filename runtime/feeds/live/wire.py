"""A feed's lines: newline-delimited JSON, one bar a line, read strictly.

    {"symbol":"IBM","time":"2026-06-03T14:30:00Z","open":231.5,"high":231.8,"low":231.4,"close":231.7,"volume":12000}
    {"symbol":"IBM","time":"2026-06-03","open":231.5,"high":234.0,"low":230.9,"close":233.1,"volume":4100000}
    {"end":true}

`time` is what `--stamp` says, the bar's open by default, with its offset; of a daily bar it is the session's date. A
value that is not known is `null`. Any other field, a missing one, a value of another type, a bar that cannot have
happened or that the calendar has no place for is a `LineRefused`, which names the line and the field. Nothing is
repaired.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import msgspec

from stratc.runtime.feeds.bar_spans import DAY_NS, Stamp, interval_words
from stratc.runtime.feeds.live.spans import NoPlace, span_of_date, span_of_stamp
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.record import record
from stratc.runtime.model.session import Calendar

LINE_BYTES_MAX: Final = 4_096
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND_DIGITS: Final = 6


class BarLine(msgspec.Struct, forbid_unknown_fields=True):
    """A line as it is written. `volume` may be left out where the strategy does not read it."""

    symbol: str
    time: str
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: float | msgspec.UnsetType | None = msgspec.UNSET


class EndLine(msgspec.Struct, forbid_unknown_fields=True):
    """The feed ends."""

    end: bool


class LineRefused(ValueError):
    """A line that cannot be taken: which one, which field (empty: the line as a whole), why, and what to do."""

    def __init__(self, line: int, field: str, message: str, remedy: str) -> None:
        where = f"line {line}" + (f", field `{field}`" if field else "")
        super().__init__(f"{where}: {message}")
        self.line, self.field, self.message, self.remedy = line, field, message, remedy


class FedBar(NamedTuple):
    """A bar of a line, placed in time; prices are nan where they are not known."""

    symbol: str
    opened: int
    closed: int
    values: tuple[float, float, float, float, float]


@record
class Fed:
    """One symbol that the feed has bars of."""

    instrument: Instrument
    calendar: Calendar
    interval_ns: int


class Wire:
    """Reads the lines of one feed in their order; it remembers the last bar of each symbol to see bars that overlap."""

    def __init__(self, fed: Mapping[str, Fed], *, stamp: Stamp, volume_needed: bool) -> None:
        self.fed, self.stamp, self.volume_needed = fed, stamp, volume_needed
        self.last: dict[str, int] = {}
        self.bars, self.ends = msgspec.json.Decoder(BarLine), msgspec.json.Decoder(EndLine)

    def read(self, line: bytes, number: int) -> FedBar | None:
        """The bar of a line, None where it says that the feed ends; raises `LineRefused`."""
        if len(line) > LINE_BYTES_MAX:
            message = f"it is longer than {LINE_BYTES_MAX:,} bytes"
            raise LineRefused(number, "", message, "send one bar a line")
        if line.startswith(b'{"end"'):
            self._end(line, number)
            return None
        try:
            told = self.bars.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
            raise _malformed(number, problem) from None
        fed = self.fed.get(told.symbol)
        if fed is None:
            message = f"`{told.symbol}` is no symbol of this run"
            raise LineRefused(number, "symbol", message, f"send {', '.join(self.fed)} only")
        opened, closed = self._span(told, fed, number)
        values = _values(told, fed, number, volume_needed=self.volume_needed)
        self.last[told.symbol] = max(closed, self.last.get(told.symbol, closed))
        return FedBar(symbol=told.symbol, opened=opened, closed=closed, values=values)

    def _end(self, line: bytes, number: int) -> None:
        try:
            said = self.ends.decode(line).end
        except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
            raise _malformed(number, problem) from None
        if not said:
            raise LineRefused(number, "end", "`end` is false", 'write {"end":true} to end, or leave the line out')

    def _span(self, told: BarLine, fed: Fed, number: int) -> tuple[int, int]:
        last = self.last.get(told.symbol)
        try:
            if fed.interval_ns == DAY_NS:
                opened, closed = span_of_date(_date(told.time, number), fed.calendar)
            else:
                at = _instant(told.time, number)
                opened, closed = span_of_stamp(at, fed.calendar, fed.interval_ns, stamp=self.stamp, before=last)
        except NoPlace as problem:
            remedy = "leave out bars that the calendar has no session for, or name the instrument's calendar"
            raise LineRefused(number, "time", str(problem), remedy) from None
        if last is not None and opened < last < closed:
            message = "the bar begins before the one before it has ended"
            raise LineRefused(number, "time", message, f"send bars of {interval_words(fed.interval_ns)}, none twice")
        return opened, closed


def _malformed(number: int, problem: Exception) -> LineRefused:
    """What msgspec says, with its path as the field's name: `… - at `$.open``."""
    message, _, path = str(problem).partition(" - at `$.")
    field = path.rstrip("`")
    if not field and "field `" in message:
        field = message.split("field `")[1].split("`")[0]
    return LineRefused(
        number, field, message[:1].lower() + message[1:], "see the format in runtime/feeds/live/README.md"
    )


def _date(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"`{text}` is no date, and daily bars are asked for"
        raise LineRefused(number, "time", message, "write the session's date, as in 2026-06-03") from None


def _instant(text: str, number: int) -> int:
    """UTC nanoseconds of a time with its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or ("." in text and _digits(text) > MICROSECOND_DIGITS):
        remedy = "write a time with its offset, no finer than microseconds, as in 2026-06-03T14:30:00Z"
        raise LineRefused(number, "time", f"`{text}` is no time with an offset", remedy)
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000


def _digits(text: str) -> int:
    """Of the fraction of its second."""
    return len(text.partition(".")[2].partition("+")[0].partition("-")[0].rstrip("Z"))


def _values(told: BarLine, fed: Fed, number: int, *, volume_needed: bool) -> tuple[float, float, float, float, float]:
    opened, high, low, close, volume = told.open, told.high, told.low, told.close, told.volume
    if (
        type(volume) is type(opened) is type(high) is type(low) is type(close) is float
        and 0.0 < low <= opened <= high
        and low <= close <= high
        and volume >= 0.0
    ):
        return opened, high, low, close, volume  # what nearly every line says
    return _odd_values(told, fed, number, volume_needed=volume_needed)


def _odd_values(
    told: BarLine, fed: Fed, number: int, *, volume_needed: bool
) -> tuple[float, float, float, float, float]:
    """Values of which one is unknown, negative or impossible."""
    if told.volume is msgspec.UNSET and volume_needed:
        raise LineRefused(number, "volume", "there is none, and the strategy reads the volume", "send it, or null")
    volume = None if told.volume is msgspec.UNSET else told.volume
    given = (told.open, told.high, told.low, told.close, volume)
    opened, high, low, close, traded = (math.nan if value is None else float(value) for value in given)
    futures = fed.instrument.kind in (InstrumentKind.FUTURE, InstrumentKind.CFD)
    fault = _fault(opened, high, low, close, traded, floor=-math.inf if futures else 0.0)
    if fault is not None:
        field, words = fault
        raise LineRefused(number, field, f"this bar is impossible: {words}", "prices are not guessed: repair the feed")
    return opened, high, low, close, traded


def _fault(
    opened: float, high: float, low: float, close: float, volume: float, *, floor: float
) -> tuple[str, str] | None:
    """What cannot have happened; comparisons with an unknown value prove nothing. As `feeds.bar_values` has it."""
    if high < low:
        return "high", "its high is below its low"
    for name, price in (("open", opened), ("close", close)):
        if price > high or price < low:
            return name, f"its {name} lies outside its range"
    for name, price in (("open", opened), ("high", high), ("low", low), ("close", close)):
        if price <= floor:
            return name, "it has a price that is not above zero"
    return ("volume", "its volume is negative") if volume < 0 else None
