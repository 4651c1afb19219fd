"""The intermediate program: a checked strategy as a flat list of nodes, and what its rules want done.

Nodes stand in evaluation order; a node's id is its index and its arguments have smaller ids. Every node has a value a
bar and an instrument: a double (nan where unknown) or a Kleene truth value (unknown where it reads an unknown). What a
node reads of the account (`Book`) is read when it is evaluated: nodes with memory (`Indicate`, `Delay`, `Anchor`,
`Follow`, `Since`) and what they need are evaluated once a bar, after the bar's fills and marks and before any rule; all
others are evaluated where a rule needs them, so that a rule sees the orders of the rules before it.

Guarantees, checked by `verify`: ids dense and ordered, arguments of the right kind, constants where constants are
asked for, no cycle, every intent's prices and amounts are number nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stratc.dsl.source import Span
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.known import Request as KnownRequest
from stratc.runtime.model.record import record

NodeId = int


class Kind(StrEnum):
    NUMBER = "number"
    TRUTH = "truth"


# ── operations: at most twenty ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a truth value of the text, in base units: ratios as fractions, durations in seconds."""

    value: float | bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """An `input`: fixed over a run, chosen at its start."""

    name: str


class Step(StrEnum):
    """A step of the instrument's price, in price units."""

    TICK = "tick"
    PIP = "pip"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class PriceStep:
    """The size of the instrument's tick, pip or point."""

    step: Step


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the bar: open | high | low | close | volume."""

    name: str


@dataclass(frozen=True, slots=True)
class Time:
    """A clock column as a number, see `runtime.model.clock`."""

    request: ClockRequest


@dataclass(frozen=True, slots=True)
class Datum:
    """What a table beside prices says at the bar's close, see `runtime.model.known`; unknown where it says nothing."""

    request: KnownRequest


class BookWord(StrEnum):
    """What a rule may ask of its account; money in account currency, quantities in the instrument's unit.

    FLAT: no position and no working opening order. LONG, SHORT: sign of the position. POSITION: signed quantity.
    BARS_HELD counts closed bars since the bar of the position's first fill (0 on that bar); SESSIONS_HELD likewise.
    ENTRY_PRICE: average price of the open position's entries. OPEN_PROFIT: at the mark. INVESTED: what those
    entries were worth. BAR: 1 on the first bar.
    """

    FLAT = "flat"
    LONG = "long"
    SHORT = "short"
    POSITION = "position"
    ENTRY_PRICE = "entry_price"
    OPEN_PROFIT = "open_profit"
    INVESTED = "invested"
    BARS_HELD = "bars_held"
    SESSIONS_HELD = "sessions_held"
    EQUITY = "equity"
    CASH = "cash"
    EQUITY_AT_LAST_CLOSE = "equity_at_last_close"
    PEAK_EQUITY = "peak_equity"
    START_EQUITY = "start_equity"
    BAR = "bar"


TRUTH_WORDS = frozenset({BookWord.FLAT, BookWord.LONG, BookWord.SHORT})


@dataclass(frozen=True, slots=True)
class Book:
    word: BookWord


class ArithmeticOperator(StrEnum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"  # unknown where the divisor is zero
    NEGATE = "neg"
    ABSOLUTE = "abs"
    MINIMUM = "min"
    MAXIMUM = "max"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: ArithmeticOperator


class ComparisonOperator(StrEnum):
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    EQUAL = "=="
    NOT_EQUAL = "!="


@dataclass(frozen=True, slots=True)
class Compare:
    operator: ComparisonOperator


class LogicOperator(StrEnum):
    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Logic:
    """Kleene's logic, over any number of arguments for AND and OR."""

    operator: LogicOperator


@dataclass(frozen=True, slots=True)
class IsKnown:
    """Whether the only argument is known; never unknown itself."""


@dataclass(frozen=True, slots=True)
class Indicate:
    """An indicator of the standard library; the node's value is its first output.

    `params` are in the order of the declaration; a string names an `input`.
    """

    stem: str
    params: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A further output of the `Indicate` node that is the only argument."""

    name: str


@dataclass(frozen=True, slots=True)
class Delay:
    """The argument's value `bars` bars of this instrument ago; unknown before."""

    bars: int


class Aggregate(StrEnum):
    HIGHEST = "highest"
    LOWEST = "lowest"
    FIRST = "first"
    LAST = "last"
    SUM = "sum"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An aggregate over an anchored window, by the phase bits of its clock column.

    A bar's bits say: 1, a new occurrence has begun, forget; 2, the bar lies wholly inside, take its value; 4, the
    occurrence has ended by this bar's close, publish. Unknown from 1 until 4; missing values inside are passed over.
    """

    aggregate: Aggregate
    window: ClockRequest


@dataclass(frozen=True, slots=True)
class FollowStep:
    """A step comes true when its condition has held for `lasting_bars` bars, at most `within_bars` bars after the step
    before it, and on the bar of that step only with `same_bar`. The first step has no step before it."""

    lasting_bars: int = 1
    within_bars: int = 0
    same_bar: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """Steps that follow one another, see `meaning.follow`: a condition for each step and, with `cancel`,
    one that ends it.

    The value tells which steps came true on this bar: bit 0 the first, and so on; never unknown.
    """

    steps: tuple[FollowStep, ...]
    cancel: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether this step of the `Follow` node that is the only argument came true on this bar."""

    step: int


class Gathered(StrEnum):
    FIRST = "first"  # the value on the bar on which the condition was true
    HIGHEST = "highest"
    LOWEST = "lowest"
    COUNT = "count"  # of bars since that bar: nought on it


@dataclass(frozen=True, slots=True)
class Since:
    """A condition and, but for COUNT, a number: what was gathered of it since the last bar on which the condition was
    true, that bar included. Unknown before the first such bar, and from a bar on which what it gathers is unknown."""

    gathered: Gathered


Operation = (
    Constant
    | Parameter
    | PriceStep
    | Column
    | Time
    | Datum
    | Book
    | Arithmetic
    | Compare
    | Logic
    | IsKnown
    | Indicate
    | Output
    | Delay
    | Anchor
    | Follow
    | Reached
    | Since
)


@record
class Node:
    """`warmup` is the number of bars of the instrument up to and including the first on which the value is known."""

    id: NodeId
    operation: Operation
    arguments: tuple[NodeId, ...]
    kind: Kind
    span: Span
    warmup: int


# ── intents: what a rule wants done ──────────────────────────────────────────────────────────────────────────────────


class Side(StrEnum):
    BUY = "buy"
    SELL_SHORT = "sell_short"


class SizingKind(StrEnum):
    """QUANTITY: so many units. NOTIONAL: so much money's worth. RISK: so much money lost at the stop, with costs."""

    QUANTITY = "quantity"
    NOTIONAL = "notional"
    RISK = "risk"


@record
class Amount:
    """A number node and how it sizes; money in account currency."""

    kind: SizingKind
    node: NodeId


class OrderKind(StrEnum):
    MARKET = "market"  # trades as soon as the next bar begins
    NEXT_OPEN = "next_open"  # the opening auction of the next session; on daily bars the next bar's open
    CLOSING_AUCTION = "closing_auction"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"


@record
class OrderShape:
    kind: OrderKind
    limit_price: NodeId | None = None
    stop_price: NodeId | None = None


class TargetKind(StrEnum):
    PRICE = "price"
    DISTANCE = "distance"  # a price difference from the entry's average price
    R_MULTIPLE = "r_multiple"


@record
class ProfitTarget:
    kind: TargetKind
    node: NodeId


class Life(StrEnum):
    DAY = "day"
    BARS = "bars"  # good for so many bars
    UNTIL = "until"  # good until a second of the day in a zone
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"
    FILL_OR_KILL = "fill_or_kill"


@record
class TimeInForce:
    """`bars` is set for BARS; `clock` for UNTIL: a schedule request that is 1 on the bar at which the order ends."""

    life: Life
    bars: int | None = None
    clock: ClockRequest | None = None


@record
class EnterIntent:
    side: Side
    amount: Amount
    at_most: Amount | None
    order: OrderShape
    stop_loss: NodeId | None
    target: ProfitTarget | None
    time_in_force: TimeInForce
    reverse: bool
    span: Span


class PortionKind(StrEnum):
    ALL = "all"
    FRACTION = "fraction"  # of the position
    QUANTITY = "quantity"


@record
class ExitIntent:
    portion: PortionKind
    node: NodeId | None
    order: OrderShape
    span: Span


@record
class OneOfIntent:
    """Entries of which the first that fills cancels the others."""

    legs: tuple[EnterIntent, ...]
    span: Span


class Rank(StrEnum):
    HIGHEST = "highest"
    LOWEST = "lowest"


@record
class Ranking:
    """The first so many `places` by a number node, instrument by instrument; ties in the order of the instruments."""

    rank: Rank
    places: int
    score: NodeId


class BandKind(StrEnum):
    OF_TARGET = "of_target"  # a fraction of the instrument's target
    MONEY = "money"


@record
class Band:
    """An instrument that is off its target by no more than this is left alone, unless its target is zero."""

    kind: BandKind
    node: NodeId


@record
class AllocateIntent:
    """Targets for all instruments that have a bar at this moment and are due; the only intent of its rule.

    `amount` is money, for each instrument with `each`, else for all places together: those of the ranking, or as many
    as there are instruments. `amount`, the band and the rule's condition are read once, of the first of them; `where`
    (a truth node), score and `weight` (None: equal) of each. A place that nobody fills stays in cash.
    """

    amount: NodeId
    each: bool
    ranking: Ranking | None
    where: NodeId | None
    weight: NodeId | None
    band: Band | None
    order: OrderShape
    span: Span


Intent = EnterIntent | ExitIntent | OneOfIntent | AllocateIntent


class Period(StrEnum):
    SESSION = "session"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@record
class RuleLimit:
    """At most `count` entries of the rule a period: filled, working and unknown-outcome orders count."""

    count: int
    period: Period
    across_instruments: bool


@record
class Rule:
    """Fires on a bar on which `schedule` is due (None: every bar) and `condition` is true (None: always)."""

    name: str
    schedule: ClockRequest | None
    condition: NodeId | None
    intents: tuple[Intent, ...]
    limit: RuleLimit | None
    warmup: int
    span: Span


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class NoEntries:
    """No entries where the condition, a truth node, is true or unknown; asked before the first rule of a moment.

    `text` is the condition in the words of the source.
    """

    condition: NodeId
    text: str
    span: Span


class CapKind(StrEnum):
    """What a cap bounds; working openings count at their worst case.

    POSITION: the larger of an instrument's long and short exposure. GROSS: of all instruments together. Both are in
    money or in a ratio of equity, see `Cap.of_equity`; POSITION also in units. LEVERAGE: gross over equity.
    """

    POSITION = "position"
    GROSS = "gross"
    LEVERAGE = "leverage"
    ORDERS_PER_SECOND = "orders_per_second"
    SLIPPAGE = "slippage"
    ENTRIES = "entries"
    DAY_TRADES = "day_trades"
    KEEP_SESSIONS = "keep_sessions"
    STOP_DISTANCE = "stop_distance"


class BoundUnit(StrEnum):
    RATIO_OF_EQUITY = "ratio_of_equity"
    MONEY = "money"
    UNITS = "units"
    RATIO = "ratio"
    COUNT = "count"


@record
class Cap:
    """`bound` is a node made of constants and parameters only. `sessions` is the window of counting caps."""

    kind: CapKind
    bound: NodeId
    unit: BoundUnit
    sessions: int
    span: Span


class HaltMeasure(StrEnum):
    DAILY_LOSS = "daily_loss"
    DRAWDOWN = "drawdown"
    LOSS = "loss"


class HaltBaseline(StrEnum):
    LAST_CLOSE = "last_close"
    PEAK = "peak"
    START = "start"


class HaltUntil(StrEnum):
    NEXT_SESSION = "next_session"
    RELEASED = "released"


@record
class Halt:
    """Trading stops when equity at the mark has fallen by `threshold` (a constant ratio node) of the baseline."""

    measure: HaltMeasure
    baseline: HaltBaseline
    threshold: NodeId
    flatten: bool
    until: HaltUntil
    span: Span


@record
class InputParameter:
    """An `input`: base units, closed range where one is stated. `whole` where it counts bars or things."""

    name: str
    default: float
    low: float | None
    high: float | None
    whole: bool
    unit: str
    span: Span


@record
class Assumption:
    """Something that the text left open, and what stratc took; `risk_bearing` ones must be written for live."""

    id: str
    text: str
    span: Span | None
    risk_bearing: bool


@record
class Binding:
    """A `let`: its name and the node that it means; for explanations and comments of emitted code."""

    name: str
    node: NodeId
    span: Span


@record
class Program:
    """A whole strategy, ready to be judged, interpreted and emitted.

    `entry_hours` is the clock request and half-open seconds that the header limits entries to. `source_text` is the
    text that every span points into. `warmup` is the number of bars until every rule can fire.
    """

    title: str
    source_name: str
    source_text: str
    instruments: tuple[str, ...]
    interval_seconds: int
    regular_session: bool
    entry_hours: tuple[ClockRequest, int, int] | None
    account_kind: str
    currency: str
    inputs: tuple[InputParameter, ...]
    nodes: tuple[Node, ...]
    bindings: tuple[Binding, ...]
    rules: tuple[Rule, ...]
    no_entries: tuple[NoEntries, ...]
    caps: tuple[Cap, ...]
    halts: tuple[Halt, ...]
    assumptions: tuple[Assumption, ...]
    warmup: int
