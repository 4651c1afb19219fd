"""The tree of a strategy: one frozen node per construct, each with its span, none with a type.

A tree is what the parser made of a text, holes included: where something could not be read stands a `Missing`, and the
problem is told beside the tree. Nothing in here is looked up, checked or computed; types live beside the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from stratc.dsl.source import Span
from stratc.runtime.model.record import record


@record
class Node:
    """Base of every node: `span` is the text that it was read from."""

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
    round lot(s), bar(s), session(s), second(s), min, hour(s), day(s), week(s), month(s), and ISO currency codes.
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
class OfInstrument(Node):
    """`close of QQQ`: a series of another instrument that the header trades or reads."""

    series: Name
    instrument: Instrument


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


AnchoredWindow = FirstOfSession | ClockRange | SessionSoFar


@record
class Over(Node):
    """`highest(high) over first 15 min of session`: `call` names the aggregate and its series."""

    call: Call
    window: AnchoredWindow


@record
class LastClose(Node):
    """`equity at last close`: an account word as it stood when the trading day before ended."""

    word: Name


@record
class Baseline(Node):
    """`peak equity`, `start equity`."""

    text: str


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
class Distance(Node):
    """`sessions until earnings`, `days since fomc`, `time until cpi`; `measure` is sessions | days | time."""

    measure: str
    until: bool
    event: Name


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
    | Unary
    | Binary
    | Crosses
    | Within
    | Over
    | LastClose
    | Baseline
    | BarsSince
    | ValueWhen
    | Distance
    | Standing
)

# ── header ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Instrument(Node):
    """`SPY`, `EUR/USD`, `NQ`."""

    symbol: str


@record
class StrategyLine(Node):
    title: Text | Missing


@record
class TradeLine(Node):
    """`trade SPY, QQQ on 5 min, regular session`; `hours` limit entries."""

    instruments: tuple[Instrument, ...]
    interval: Number | Missing
    regular_session: bool = False
    hours: Interval | None = None


@record
class AccountLine(Node):
    """`account margin USD`."""

    kind: Name
    currency: Name | None


@record
class Input(Node):
    """`input risk = 1% in 0.25%..2%`; the range is closed."""

    name: Name
    default: Expression
    range: Interval | None


@record
class Let(Node):
    name: Name
    value: Expression


@record
class Events(Node):
    """`events earnings of each instrument`, `events fomc`: dates of a table, as they were known."""

    name: Name
    each: bool


@record
class Data(Node):
    """`data discount of each instrument: ratio in -1..1, fresh for 45 days`: values of a table, as they were known."""

    name: Name
    each: bool
    kind: Name
    range: Interval | None
    fresh: Expression | None


@record
class Advice(Node):
    """`advice news_score: number in -1..1 from claude, fresh for 30 min`: what a model says, which may veto entries."""

    name: Name
    each: bool
    kind: Name
    range: Interval | None
    adviser: Name
    fresh: Expression | None


@record
class NoEntries(Node):
    """`no entries when sessions until earnings <= 3`: denied where it is true, and where it is unknown."""

    condition: Expression


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class OrderWord(StrEnum):
    """How an order is to trade, in the words of the language."""

    MARKET = "at market"
    NEXT_BAR = "at next bar"
    NEXT_OPEN = "at next open"
    OPENING_AUCTION = "at opening auction"
    CLOSING_AUCTION = "at closing auction"
    LIMIT = "at limit"
    STOP = "at stop"
    STOP_LIMIT = "at stop … limit"


@record
class OrderPhrase(Node):
    """`at limit P`, `at stop P limit Q`, `at next open`."""

    word: OrderWord
    limit_price: Expression | None = None
    stop_price: Expression | None = None


@record
class Sizing(Node):
    """`100 shares`, `90% of equity`, `risking 1% of equity`, each with `, at most X`."""

    amount: Expression
    risking: bool
    at_most: Expression | None = None


@record
class StopLoss(Node):
    """`stop loss at P`."""

    price: Expression


@record
class Target(Node):
    """`target 2R`, `target P`, `target 1.5 * box`, each with `only if target >= 2R`."""

    value: Expression
    only_if: Expression | None = None


class TimeInForceWord(StrEnum):
    GOOD_UNTIL = "good until"
    GOOD_FOR = "good for"
    IMMEDIATE_OR_CANCEL = "immediate or cancel"
    FILL_OR_KILL = "fill or kill"


@record
class TimeInForce(Node):
    """`good until 10:00 London`, `good for 12 bars`, `immediate or cancel`, `fill or kill`."""

    word: TimeInForceWord
    value: Expression | None = None
    zone: Zone | None = None


class Direction(StrEnum):
    BUY = "buy"
    SHORT = "short"


@record
class Entry(Node):
    """`buy 90% of equity at next open`; parts of a leg of `one of` that the group holds are None."""

    direction: Direction
    sizing: Sizing | None
    order: OrderPhrase | None
    reverse: bool = False
    stop_loss: StopLoss | None = None
    target: Target | None = None
    time_in_force: TimeInForce | None = None


@record
class Exit(Node):
    """`exit all at next open`, `exit half`, `exit 50 shares`, `exit 25% of position`; `portion` None means all, and
    `half` is the name `half`."""

    portion: Expression | None
    order: OrderPhrase | None


@record
class OneOf(Node):
    """Entries of which the first that fills cancels the rest; sizing and time belong to the group."""

    legs: tuple[Entry, ...]
    sizing: Sizing | None
    time_in_force: TimeInForce | None


@record
class Ranking(Node):
    """`top 2 by momentum`, `bottom 3 by volatility`: so many instruments, best first."""

    count: Number
    by: Expression
    lowest: bool = False


@record
class DriftBand(Node):
    """`only where off by more than 20% of target`, or by an amount of money, `… 2% of equity`."""

    width: Expression
    of_target: bool


@record
class Allocate(Node):
    """`allocate 95% of equity to top 2 by momentum, equally, at next open`: a target for every instrument traded.

    With `each` the amount is for each instrument that `where` holds for; else it is shared by the ranked ones, or by
    all, equally or in proportion to `weights`. What is not chosen is brought to zero.
    """

    amount: Expression
    each: bool
    ranking: Ranking | None
    where: Expression | None
    weights: Expression | None
    band: DriftBand | None
    order: OrderPhrase | None


Action = Entry | Exit | OneOf | Allocate | Missing


@record
class Every(Node):
    """`every session, 5 min before end`, `every day, at 17:00 London`, `every month, on last session`.

    `period` is session | day | week | month. Exactly one of the others is set.
    """

    period: str
    before_end: Expression | None = None
    after_start: Expression | None = None
    at: Clock | None = None
    zone: Zone | None = None
    on_last_session: bool = False
    on_first_session: bool = False


@record
class When(Node):
    condition: Expression


@record
class AtMost(Node):
    """`at most 1 per session across instruments`; `period` is session | day | week | month."""

    count: Number | Missing
    period: str
    across_instruments: bool = False


@record
class SequenceStep(Node):
    """`first low < asia_low`, `then close > asia_low for 2 bars within 6 bars as back`; `within` is None for the first
    step and where a step may come true on the bar of the step before only (`same bar`)."""

    condition: Expression
    lasting: Expression | None = None
    within: Expression | None = None
    same_bar: bool = False
    name: Name | None = None


@record
class Sequence(Node):
    """A named sequence: steps in order, the first of them without a time limit, and what cancels it."""

    name: Name
    steps: tuple[SequenceStep, ...]
    unless: Expression | None


@record
class Rule(Node):
    """A named rule. `actions` are tried in order; `on` names a sequence; several `when` clauses must all hold."""

    name: Name
    on: Name | None
    every: Every | None
    when: tuple[When, ...]
    actions: tuple[Action, ...]
    at_most: AtMost | None


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Cap(Node):
    """`cap position 95% of equity`, `cap leverage 2x`, `cap orders 5 per second`, `cap slippage 10 bps`.

    `kind` is position | gross | leverage | orders | slippage | entries | day_trades; `per` is second | session |
    day | week | month, or `N sessions`.
    """

    kind: Name
    bound: Expression
    per: Expression | Name | None = None
    reduce: bool = False


@record
class Floor(Node):
    """`keep at least 1 session`, `stop distance at least 0.1%`; `kind` is keep | stop distance."""

    kind: str
    bound: Expression


class HaltMeasure(StrEnum):
    DAILY_LOSS = "daily loss"
    DRAWDOWN = "drawdown"
    LOSS = "loss"


@record
class Halt(Node):
    """`halt at daily loss 3% of equity at last close, flatten, until next session`; `until` is next session |
    released."""

    measure: HaltMeasure
    threshold: Expression
    flatten: bool
    until: str


@record
class Unreadable(Node):
    """A statement that could not be read, or a part of the language that is not built yet; `word` is its first word."""

    word: str = ""


Statement = (
    StrategyLine
    | TradeLine
    | AccountLine
    | Input
    | Let
    | Events
    | Data
    | Advice
    | Sequence
    | Rule
    | NoEntries
    | Cap
    | Floor
    | Halt
    | Unreadable
)


@record
class Comment(Node):
    """`# …` to the end of the line. `own_line` tells it from one that follows code."""

    text: str
    own_line: bool


@record
class Tree(Node):
    """A file: its statements and comments in the order of the text."""

    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`, in the order of its fields."""
    for field in fields(node):
        value = getattr(node, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if is_dataclass(item) and isinstance(item, Node):
                yield item


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)
