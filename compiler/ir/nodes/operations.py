"""What a node does: its operation, and the node that holds it."""

from __future__ import annotations

from enum import StrEnum

from stratc.dsl.source import Span
from stratc.runtime.model.clock import HigherBar
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.known import Request as KnownRequest
from stratc.runtime.model.record import record, short_record

NodeId = int


class Kind(StrEnum):
    NUMBER = "number"
    TRUTH = "truth"


# ── operations: at most twenty ───────────────────────────────────────────────────────────────────────────────────────


@short_record
class Constant:
    """A number or a truth value of the text, in base units: ratios as fractions, durations in seconds."""

    value: float | bool


@short_record
class Parameter:
    """An `input`: fixed over a run, chosen at its start."""

    name: str


class Step(StrEnum):
    """A step of the instrument's price, in price units; POINT_VALUE: what 1.0 of price is worth a unit, in money."""

    TICK = "tick"
    PIP = "pip"
    POINT = "point"
    POINT_VALUE = "point_value"


@short_record
class PriceStep:
    """The size of the instrument's tick, pip or point."""

    step: Step


@short_record
class Column:
    """A column of the bar: open | high | low | close | volume."""

    name: str


@short_record
class Time:
    """A clock column as a number, see `runtime.model.clock`."""

    request: ClockRequest


@short_record
class Datum:
    """What a table beside prices says at the bar's close, see `runtime.model.known`; unknown where it says nothing."""

    request: KnownRequest


class BookWord(StrEnum):
    """What a rule may ask of its account; money in account currency, quantities in the instrument's unit.

    FLAT: no position and no working opening order. LONG, SHORT: sign of the position. POSITION: signed quantity;
    ON_ORDER: of the working entries, as if each filled.
    BARS_HELD counts closed bars since the bar of the position's first fill (0 on that bar); SESSIONS_HELD likewise.
    ENTRY_PRICE: average price of the open position's entries. OPEN_PROFIT: at the mark. INVESTED: what those
    entries were worth. BAR: 1 on the first bar. SIGNAL_SHIFT, SIGNAL_SCALE: a future's own price is the price that
    rules read, divided by the one, plus the other.
    What is asked to manage a position is said in full by the functions of `runtime.engine.words`.
    """

    FLAT = "flat"
    LONG = "long"
    SHORT = "short"
    POSITION = "position"
    ON_ORDER = "on_order"
    ENTRY_PRICE = "entry_price"
    OPEN_PROFIT = "open_profit"
    INVESTED = "invested"
    BARS_HELD = "bars_held"
    SESSIONS_HELD = "sessions_held"
    UNITS_HELD = "units_held"
    LAST_ENTRY_PRICE = "last_entry_price"
    EXITS_OF_POSITION = "exits_of_position"
    INITIAL_RISK = "initial_risk"
    OPEN_PROFIT_R = "open_profit_r"
    BARS_SINCE_EXIT = "bars_since_exit"
    SESSIONS_SINCE_EXIT = "sessions_since_exit"
    LOSSES_IN_A_ROW = "losses_in_a_row"
    LAST_PROFIT = "last_profit"
    ENTRIES_TODAY = "entries_today"
    DAYS_SINCE_PURCHASE = "days_since_purchase"
    DAYS_SINCE_LOSS = "days_since_loss"
    SECTOR_EXPOSURE = "sector_exposure"
    EQUITY = "equity"
    CASH = "cash"
    EQUITY_AT_LAST_CLOSE = "equity_at_last_close"
    PEAK_EQUITY = "peak_equity"
    START_EQUITY = "start_equity"
    BAR = "bar"
    SIGNAL_SHIFT = "signal_shift"
    SIGNAL_SCALE = "signal_scale"


TRUTH_WORDS = frozenset({BookWord.FLAT, BookWord.LONG, BookWord.SHORT})


@short_record
class Book:
    """A word of the account; with `leg`, 0 or 1, that of this leg of the pair that the rule is tried for."""

    word: BookWord
    leg: int | None = None


class ArithmeticOperator(StrEnum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"  # unknown where the divisor is zero
    NEGATE = "neg"
    ABSOLUTE = "abs"
    MINIMUM = "min"
    MAXIMUM = "max"


@short_record
class Arithmetic:
    operator: ArithmeticOperator


class ComparisonOperator(StrEnum):
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    EQUAL = "=="
    NOT_EQUAL = "!="


@short_record
class Compare:
    operator: ComparisonOperator


class LogicOperator(StrEnum):
    AND = "and"
    OR = "or"
    NOT = "not"


@short_record
class Logic:
    """Kleene's logic, over any number of arguments for AND and OR."""

    operator: LogicOperator


@short_record
class IsKnown:
    """Whether the only argument is known; never unknown itself."""


@short_record
class Indicate:
    """An indicator of the standard library; the node's value is its first output.

    `params` are in the order of the declaration; a string names an `input`.
    """

    stem: str
    params: tuple[float | str, ...]


@short_record
class Output:
    """A further output of the `Indicate` node that is the only argument."""

    name: str


@short_record
class Delay:
    """The argument's value `bars` bars of this instrument ago; unknown before."""

    bars: int


@short_record
class Sample:
    """On longer bars: what the argument, which stands on the program's own bars, was on the last one inside."""


class Aggregate(StrEnum):
    HIGHEST = "highest"
    LOWEST = "lowest"
    FIRST = "first"
    LAST = "last"
    SUM = "sum"
    COUNT = "count"


@short_record
class Anchor:
    """An aggregate over an anchored window, by the phase bits of its clock column.

    A bar's bits say: 1, a new occurrence has begun, forget; 2, the bar lies wholly inside, take its value; 4, the
    occurrence has ended by this bar's close, publish. Unknown from 1 until 4; missing values inside are passed over.
    """

    aggregate: Aggregate
    window: ClockRequest


@short_record
class Select:
    """The second argument where the first, a truth value, is true; the third where it is false; else unknown."""


@short_record
class Of:
    """The argument's value for the instrument of this number, as of its last bar; unknown before its first."""

    instrument: int


@short_record
class OfLeg:
    """The argument's value for this leg, 0 or 1, of the instrument's pair, as of that leg's last bar."""

    leg: int


@short_record
class Among:
    """Whether the instrument is one of those of these numbers; never unknown."""

    instruments: tuple[int, ...]


class Beside(StrEnum):
    """RANK: one more than the instruments with a higher value, and those with the same that come first in the order.

    COUNT: the instruments for which a truth value is true; it and SUM are never unknown.
    """

    RANK = "rank"
    HIGHEST = "highest"
    LOWEST = "lowest"
    SUM = "sum"
    AVERAGE = "average"
    COUNT = "count"


@short_record
class Across:
    """The argument's value beside those of all traded instruments that have a bar at this moment and know theirs; where
    pairs are traded, beside those of all pairs, see `uses.tried`."""

    beside: Beside


@short_record
class FollowStep:
    """A step comes true when its condition has held for `lasting_bars` bars, at most `within_bars` bars after the step
    before it, and on the bar of that step only with `same_bar`. The first step has no step before it."""

    lasting_bars: int = 1
    within_bars: int = 0
    same_bar: bool = False


@short_record
class Follow:
    """Steps that follow one another, see `meaning.follow`: a condition for each step and, with `cancel`,
    one that ends it.

    The value tells which steps came true on this bar: bit 0 the first, and so on; never unknown.
    """

    steps: tuple[FollowStep, ...]
    cancel: bool


@short_record
class Reached:
    """Whether this step of the `Follow` node that is the only argument came true on this bar."""

    step: int


class Gathered(StrEnum):
    FIRST = "first"  # the value on the bar on which the condition was true
    HIGHEST = "highest"
    LOWEST = "lowest"
    COUNT = "count"  # of bars since that bar: nought on it


@short_record
class Since:
    """A condition and, but for COUNT, a number: what was gathered of it since the last bar on which the condition was
    true, that bar included. Unknown before the first such bar, and from a bar on which what it gathers is unknown."""

    gathered: Gathered


@short_record
class SinceEntry:
    """An aggregate over the bars that lie wholly inside the open position's life; unknown without a position.

    The bar of the first entry counts where that filled at the open.
    """

    aggregate: Aggregate


@short_record
class AtEntry:
    """A number and what it was a bar ago: its value at the decision that opened the position; unknown without one.

    It is kept on every bar that is flat, the last of which is the bar of that decision; where the instrument was not
    flat between two positions it is that of the bar before the first of them was left.
    """


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
    | Among
    | Indicate
    | Output
    | Delay
    | Sample
    | Anchor
    | Follow
    | Reached
    | Since
    | Select
    | Of
    | OfLeg
    | Across
    | SinceEntry
    | AtEntry
)


@record
class Node:
    """`warmup` is the number of bars of the instrument up to and including the first on which the value is known.

    A node with `bars` stands on longer bars: its columns are theirs, it is evaluated when one of them closes, and
    between two closes it keeps its value. It reads the program's own bars through a `Sample` only. Its `warmup` counts
    the longer bars.
    """

    id: NodeId
    operation: Operation
    arguments: tuple[NodeId, ...]
    kind: Kind
    span: Span
    warmup: int
    bars: HigherBar | None = None
