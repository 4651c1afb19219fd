"""Problems with time: what looks ahead, what cannot be known in time, what has no place on the clock. C codes."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem
from stratc.runtime.model.record import record

FIVE_MINUTES = "trade SPY on 5 min, regular session\n"


@record
class LooksAhead(Problem):
    """History counts bars into the past. A negative number would be a bar that is not there yet."""

    code: ClassVar[str] = "C401"
    title: ClassVar[str] = "`{text}` is the future"
    label: ClassVar[str] = "not known yet"
    help: ClassVar[str] = "history looks back: write `[{bars}]`"
    example: ClassVar[str] = "let next = close[-1]"
    instead: ClassVar[str] = "let last = close[1]"

    text: str
    bars: str

    def fix(self) -> Fix | None:
        return Fix(f"write `{self.bars}`", (Edit(self.span, self.bars),), safe=False)


@record
class OffsetNotConstant(Problem):
    """How far back a formula reads is fixed before the run, so that memory and warm-up are bounded and known."""

    code: ClassVar[str] = "C402"
    title: ClassVar[str] = "how far back is read must be a whole number that is written here"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "write a number such as `[5]`; the highest of the last bars is `highest(high, 20)`"
    example: ClassVar[str] = "let before = close[bars_held]"
    instead: ClassVar[str] = "let before = close[5]"

    why: str


@record
class OffsetTooFar(Problem):
    """Warm-up is bounded: a longer one is a slip, or more than the data will hold."""

    code: ClassVar[str] = "C403"
    title: ClassVar[str] = "`{text}` needs {bars} bars before it is known, more than {limit}"
    label: ClassVar[str] = "warm-up too long"
    help: ClassVar[str] = "shorten the lengths, or use longer bars"
    example: ClassVar[str] = "let before = close[50_000]"
    instead: ClassVar[str] = "let before = close[500]"

    text: str
    bars: int
    limit: int


@record
class NotAnchored(Problem):
    """A window begins and ends at a moment of the clock; `over` takes the first of a session, a range of times, or
    the session so far."""

    code: ClassVar[str] = "C404"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "not a window of these bars"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "trade SPY on 1 day\nlet top = highest(high) over first 15 min of session"
    instead: ClassVar[str] = f"{FIVE_MINUTES}let top = highest(high) over first 15 min of session"

    what: str
    advice: str


@record
class SamePrice(Problem):
    """An order that would trade at the very price that it is computed from cannot exist: the price is known when the
    auction is over."""

    code: ClassVar[str] = "C405"
    title: ClassVar[str] = "this order would trade at the close that it is computed from"
    label: ClassVar[str] = "the bar's close is that auction's price"
    example: ClassVar[str] = (
        "rule enter\n  when flat and close > open\n  then buy 10 shares at closing auction\n       stop loss at low"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat and close > open\n  then buy 10 shares at next open\n       stop loss at low"
    )

    def helps(self) -> tuple[str, ...]:
        return (
            "`at next open` trades in the opening auction of the next session",
            "`at market` trades as soon as the next bar begins",
            "for this auction decide earlier, from an estimate: trade bars of minutes and decide "
            "`every session, 20 min before end`",
        )


@record
class WhichOpen(Problem):
    """On bars shorter than a day `next open` could be the next bar's or the next session's."""

    code: ClassVar[str] = "C406"
    title: ClassVar[str] = "on bars shorter than a day `at next open` can mean two things"
    label: ClassVar[str] = "which open?"
    example: ClassVar[str] = (
        f"{FIVE_MINUTES}rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at low"
    )
    instead: ClassVar[str] = (
        f"{FIVE_MINUTES}rule enter\n  when flat\n  then buy 10 shares at next bar\n       stop loss at low"
    )

    def helps(self) -> tuple[str, ...]:
        return (
            "`at next bar` trades as soon as the next bar begins",
            "`at opening auction` trades in the opening auction of the next session",
        )


@record
class OffTheGrid(Problem):
    """Decisions are taken when a bar closes; a moment between two closes would silently become another one."""

    code: ClassVar[str] = "C407"
    title: ClassVar[str] = "`{text}` falls between two bars: they last {interval}"
    label: ClassVar[str] = "no bar closes then"
    help: ClassVar[str] = "write {near}"
    example: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every session, 7 min before end\n  then exit all"
    instead: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every session, 5 min before end\n  then exit all"

    text: str
    interval: str
    near: str


@record
class AfterSessionEnd(Problem):
    """A schedule at a clock time that comes after some session's end would be missed on that day."""

    code: ClassVar[str] = "C408"
    title: ClassVar[str] = "on {day} the session of `{symbol}` ends at {end}, before {text}"
    label: ClassVar[str] = "too late on that day"
    note: ClassVar[str] = "{count} of {sessions} sessions of the calendar end before this time"
    help: ClassVar[str] = "write `every session, {before} before end`, which holds on half days too"
    example: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every day, at 15:55 New York\n  then exit all"
    instead: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every session, 5 min before end\n  then exit all"

    day: str
    symbol: str
    end: str
    text: str
    count: int
    sessions: int
    before: str


@record
class ClockOnDailyBars(Problem):
    """A daily bar is known once a day, at the session's close: no time of day inside it can be seen."""

    code: ClassVar[str] = "C409"
    title: ClassVar[str] = "daily bars have no time of day: {what}"
    label: ClassVar[str] = "inside the bar"
    help: ClassVar[str] = "trade shorter bars, for example `on 5 min`, or leave the time out"
    example: ClassVar[str] = "rule leave\n  every day, at 15:00 New York\n  then exit all"
    instead: ClassVar[str] = "rule leave\n  every month, on last session\n  then exit all"

    what: str


@record
class ScheduleUnclear(Problem):
    """A schedule says which moment of which session it means."""

    code: ClassVar[str] = "C410"
    title: ClassVar[str] = "`every {period}` does not say which session is meant"
    label: ClassVar[str] = "which one?"
    help: ClassVar[str] = "write `{sample}`"
    example: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every month, 5 min before end\n  then exit all"
    instead: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  every month, on last session\n  then exit all"

    period: str
    sample: str


@record
class WhichZone(Problem):
    """A time of day without a zone is the exchange's. Instruments of several zones have no common one, and a currency
    pair trades on no exchange: its clock is London's to one trader and New York's to another."""

    code: ClassVar[str] = "C411"
    title: ClassVar[str] = "this time of day needs a zone: {why}"
    label: ClassVar[str] = "whose clock?"
    help: ClassVar[str] = "write the zone after the time, for example `{sample}`"
    example: ClassVar[str] = "trade SPY, BTC/USD on 5 min\nrule leave\n  when time in 09:45..15:00\n  then exit all"
    instead: ClassVar[str] = (
        "trade SPY, BTC/USD on 5 min\nrule leave\n  when time in 09:45..15:00 New York\n  then exit all"
    )

    why: str
    sample: str


@record
class ZoneMisplaced(Problem):
    """A zone says on which clock `time` is read; other values have none."""

    code: ClassVar[str] = "C412"
    title: ClassVar[str] = "the zone `{zone}` belongs to `time in …`"
    label: ClassVar[str] = "not the time of day"
    help: ClassVar[str] = "write `time in 09:45..15:00 {zone}`, or leave the zone out"
    example: ClassVar[str] = (
        f"{FIVE_MINUTES}let later = time + 5 min\nrule leave\n  when later in 09:45..15:00 London\n  then exit all"
    )
    instead: ClassVar[str] = f"{FIVE_MINUTES}rule leave\n  when time in 09:45..15:00 London\n  then exit all"

    zone: str


@record
class EmptyRange(Problem):
    """A range of times goes from its first to before its second; where both are the same, no time lies in it, and a
    whole day would be said as `00:00..24:00`.
    """

    code: ClassVar[str] = "C413"
    title: ClassVar[str] = "no time lies in `{text}`"
    label: ClassVar[str] = "both ends are the same"
    help: ClassVar[str] = "write two different times of day, for example `09:45..15:00`"
    example: ClassVar[str] = FIVE_MINUTES + "let top = highest(high) over 10:00..10:00"
    instead: ClassVar[str] = FIVE_MINUTES + "let top = highest(high) over 10:00..11:00"

    text: str


@record
class NoLongerBars(Problem):
    """Longer bars are joined from the strategy's own, so they are a multiple of them that divides a day, or a whole
    day, week or month."""

    code: ClassVar[str] = "C440"
    title: ClassVar[str] = "bars of {base} cannot be joined to bars of `{text}`"
    label: ClassVar[str] = "not longer, or no multiple"
    help: ClassVar[str] = "name longer bars, such as `on 1 hour`, `on 1 day`, `on 1 week` or `on 1 month`"
    example: ClassVar[str] = f"{FIVE_MINUTES}let trend = sma(close, 20) on 1 min"
    instead: ClassVar[str] = f"{FIVE_MINUTES}let trend = sma(close, 20) on 1 hour"

    text: str
    base: str


@record
class NotOnLongerBars(Problem):
    """A longer bar has an open, a high, a low, a close and a volume, known when it has closed; what is calculated on
    it is calculated of these alone, and of one instrument."""

    code: ClassVar[str] = "C441"
    title: ClassVar[str] = "this cannot be read on bars of `{bars}`: {why}"
    label: ClassVar[str] = "not on longer bars"
    help: ClassVar[str] = "write what is read of the longer bar alone, for example `close on {bars}`"
    example: ClassVar[str] = f"{FIVE_MINUTES}let earlier = equity on 1 day"
    instead: ClassVar[str] = f"{FIVE_MINUTES}let earlier = close on 1 day"

    bars: str
    why: str
