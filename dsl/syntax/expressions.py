"""Nodes of expressions: what has a value, and what a value is read over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from stratc.dsl.source import Span
from stratc.runtime.model.record import HashedOnce, record


@record
class Node(HashedOnce):
    """Base of every node: `span` is the text that it was read from. What is found out about a node is kept by it.

    `known_children` are the nodes directly below it, once `children` was asked for them.
    """

    __slots__ = ("known_children",)
    known_children: ClassVar[tuple[Node, ...]]

    span: Span


# ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Missing(Node):
    """A hole: an expression was expected here and could not be read."""


@record
class Name(Node):
    """A word: an input, a binding, a series such as `close`, an account word such as `equity`, `flat`, `long`.

    The empty text stands where a rule's name could not be read.
    """

    text: str


@record
class Number(Node):
    """`50`, `0.5%`, `10 bps`, `2x`, `2R`, `60 pips`, `15 min`, `100 shares`, `8_000 USD`; `unit` as printed, or empty.

    Units in canonical spelling: %, bps, x, R, tick(s), pip(s), point(s), share(s), contract(s), unit(s), coin(s),
    round lot(s), lot(s), mini lot(s), micro lot(s), bar(s), session(s), second(s), min, hour(s), day(s), week(s),
    month(s), and ISO currency codes.
    """

    value: Decimal
    unit: str = ""


@record
class Text(Node):
    value: str


@record
class Clock(Node):
    """A time of day, `09:45` or `09:45:30`: seconds after midnight."""

    second_of_day: int


@record
class Day(Node):
    """A calendar date, `2026-06-04`."""

    value: date


@record
class Zone(Node):
    """A place that names a time zone: `London`, `New York`, `Tokyo`, `UTC`, or an IANA name."""

    text: str


@record
class Interval(Node):
    """`a..b`, half open for times; `zone` may follow a range of clock times."""

    low: Expression
    high: Expression
    zone: Zone | None = None


@record
class Argument(Node):
    """One argument of a call, `14` or `length: 14`."""

    value: Expression
    name: Name | None = None


@record
class Call(Node):
    """`rsi(close, 14)`."""

    function: Name
    arguments: tuple[Argument, ...]


@record
class History(Node):
    """`close[2]`, `close[21 sessions]`: the value so many bars or sessions ago."""

    base: Expression
    offset: Expression


@record
class Member(Node):
    """`macd(close).signal`, `gap.low`."""

    base: Expression
    member: Name


@record
class Instrument(Node):
    """`SPY`, `EUR/USD`, `NQ`."""

    symbol: str


@record
class OfInstrument(Node):
    """`close of QQQ`, `atr(14) of QQQ`: a value of another instrument that the header trades or reads, or of a leg of
    the pair, whose symbol is `one` or `other`."""

    series: Expression
    instrument: Instrument


@record
class OnBars(Node):
    """`sma(close, 20) on 1 day`: a value of longer bars, that of the last one which has closed."""

    value: Expression
    interval: Number


@record
class IfElse(Node):
    """`if close > open then high else low`."""

    condition: Expression
    then: Expression
    otherwise: Expression


class UnaryOperator(StrEnum):
    MINUS = "-"
    NOT = "not"


@record
class Unary(Node):
    operator: UnaryOperator
    operand: Expression


class BinaryOperator(StrEnum):
    OR = "or"
    AND = "and"
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    EQUAL = "is"
    NOT_EQUAL = "is not"
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    OF = "of"  # a share of an amount: `90% of equity`


@record
class Binary(Node):
    operator: BinaryOperator
    left: Expression
    right: Expression


@record
class Crosses(Node):
    """`fast crosses above slow`."""

    left: Expression
    above: bool
    right: Expression


@record
class Within(Node):
    """`time in 09:45..15:00`, `rsi(2) in 10..30`."""

    value: Expression
    range: Interval


@record
class FirstOfSession(Node):
    """`first 15 min of session`."""

    duration: Expression


@record
class ClockRange(Node):
    """`00:00..07:00 London`."""

    range: Interval


@record
class SessionSoFar(Node):
    """`session so far`."""


@record
class SinceEntry(Node):
    """`since entry`: the bars that the open position has been held."""


AnchoredWindow = FirstOfSession | ClockRange | SessionSoFar | SinceEntry


@record
class Over(Node):
    """`highest(high) over first 15 min of session`, `highest(high) since entry`: `call` names the aggregate."""

    call: Call
    window: AnchoredWindow


@record
class Across(Node):
    """`rank(momentum) across instruments`: a value beside those of all instruments traded that have a bar now; or
    `across pairs`, of all pairs that have one."""

    call: Call
    pairs: bool = False


@record
class LastClose(Node):
    """`equity at last close`: an account word as it stood when the trading day before ended."""

    word: Name


@record
class Baseline(Node):
    """`peak equity`, `start equity`."""

    text: str


@record
class AtEntry(Node):
    """`atr(14) at entry`: the value at the decision that opened the position, for as long as it is held."""

    value: Expression


@record
class CalendarReading(Node):
    """`session of month`, `sessions left in quarter`, `days to next session`, `time left in session`: known from the
    calendar in advance. The last is a length of time, the others count.
    """

    text: str

    @property
    def is_time(self) -> bool:
        return self.text.startswith("time")


@record
class WeekdayIn(Node):
    """`weekday is Friday`, `weekday in Monday..Thursday`: the day of the session's date, both ends included."""

    first: int
    last: int
    negated: bool = False


@record
class MonthIn(Node):
    """`month is October`, `month in November..April`: the month of the session's date, both ends included; a range may
    go over the end of the year."""

    first: int
    last: int
    negated: bool = False


@record
class BarsSince(Node):
    """`bars since sweep`, `bars since (close > open)`: nought on a bar on which the condition is true."""

    condition: Expression


@record
class ValueWhen(Node):
    """`low when (close > open)`: the value on the last bar on which the condition was true."""

    value: Expression
    condition: Expression


@record
class HeldFor(Node):
    """`squeezed for at least 6 bars`: the condition has been true on each of the last so many closed bars."""

    condition: Expression
    bars: Expression


@record
class ChangesSign(Node):
    """`swing changes sign`: from above nought to below it, or back; the bars on which it is nought are passed over."""

    value: Expression


@record
class Distance(Node):
    """`sessions until earnings`, `days since fomc`, `time until cpi`; `measure` is sessions | days | time."""

    measure: str
    until: bool
    event: Name


@record
class InUniverse(Node):
    """`in universe`: whether the instrument is known to be a member of the universe that is traded."""


class State(StrEnum):
    """What may be asked of a value, and of an event's date."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    TODAY = "today"
    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"

    @property
    def needs_date(self) -> bool:
        """Whether it is asked of an event's date only, and unknown while there is none."""
        return self in (State.TODAY, State.CONFIRMED, State.ESTIMATED)


@record
class Standing(Node):
    """`earnings is known`, `discount is unknown`, `earnings is today`, `earnings is confirmed`."""

    subject: Expression
    state: State


Expression = (
    Missing
    | Name
    | Number
    | Text
    | Clock
    | Day
    | Call
    | History
    | Member
    | OfInstrument
    | OnBars
    | IfElse
    | Unary
    | Binary
    | Crosses
    | Within
    | Over
    | Across
    | LastClose
    | Baseline
    | AtEntry
    | CalendarReading
    | WeekdayIn
    | MonthIn
    | BarsSince
    | ValueWhen
    | HeldFor
    | ChangesSign
    | Distance
    | InUniverse
    | Standing
)
