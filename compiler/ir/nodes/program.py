"""The whole program: its rules, limits and bindings."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from stratc.compiler.ir.nodes.intents import (
    Intent,
)
from stratc.compiler.ir.nodes.operations import (
    Node,
    NodeId,
)
from stratc.dsl.source import Held, Line, Source, Span
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.contracts import LeaveRule, RollRule
from stratc.runtime.model.record import record


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
    """Fires on a bar on which `schedule` is due (None: every bar) and `condition` is true (None: always).

    With `both` its intents are two entries, each of an instrument of its own. It is tried once a moment, fires where
    both have a bar and all holds for each of the two, and of its entries both are placed or neither. Where pairs are
    traded every rule is tried for every pair whose legs both have a bar and are due; what is asked is asked of its
    first leg, and an exit is one of both legs.
    """

    name: str
    schedule: ClockRequest | None
    condition: NodeId | None
    intents: tuple[Intent, ...]
    limit: RuleLimit | None
    warmup: int
    span: Span
    both: bool = False


@record
class Flow:
    """Money that is paid in, or taken out with `withdraw`, once a `period` on the first bar on which `schedule` is due.

    `amount` is money, in the account's currency, of the first instrument that is due. `text` is the line in the words
    of the source. Flows come before everything else of their moment.
    """

    schedule: ClockRequest
    amount: NodeId
    withdraw: bool
    period: Period
    text: str
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
    money or in a ratio of equity, see `Cap.of_equity`; POSITION also in units. LEVERAGE: gross over equity. UNITS are
    open legs and working entries on one side, of an instrument, its group, or all; GROUP_POSITION and SIDE_POSITION are
    exposure of a group and of all instruments on one side.
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
    UNITS = "units"
    GROUP_UNITS = "group_units"
    SIDE_UNITS = "side_units"
    GROUP_POSITION = "group_position"
    SIDE_POSITION = "side_position"


class BoundUnit(StrEnum):
    RATIO_OF_EQUITY = "ratio_of_equity"
    MONEY = "money"
    UNITS = "units"
    RATIO = "ratio"
    COUNT = "count"


@record
class Cap:
    """`bound` is a node made of constants and parameters only. `sessions` is the window of counting caps.

    `reduces`: a position that the market moved beyond it is brought back by orders at market; of exposure only.
    """

    kind: CapKind
    bound: NodeId
    unit: BoundUnit
    sessions: int
    span: Span
    reduces: bool = False


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
class HaltWhen:
    """Trading stops at the end of a moment at which the condition, a truth node, is true of a traded instrument; asked
    before the first rule. `text` is the condition in the words of the source.
    """

    condition: NodeId
    text: str
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
class InstrumentGroup:
    """Instruments that share limits, by their places in `Program.instruments`; no instrument is in two groups."""

    name: str
    members: tuple[int, ...]
    span: Span


@record
class Sleeve:
    """A part of a book: its `percent` of the equity at the start, and its places among `Program.instruments`.

    The names of its rules begin with its own and a dot, and they are tried for its places only. What an instrument
    holds, the words of the account, and counters are of the place and so of the sleeve.
    """

    name: str
    title: str
    percent: Decimal
    places: tuple[int, ...]
    span: Span


@record
class Program:
    """A whole strategy, ready to be judged, interpreted and emitted.

    Instruments are numbered in the order of `instruments`, which rules are tried for, and `reads`, which are only read.
    With a `universe`, a table of members, the instruments are all that it ever names, or stand-ins where none was read.
    `entry_hours` is the clock request and half-open seconds that the header limits entries to. `day_start` is when days
    begin, as `09:00 Asia/Seoul`; empty: where the market's own do. `source_text` is the text that every span points
    into, `source_files` are the files that were put into it. With `sleeves` an instrument has a place for each sleeve
    that trades it, and its symbol stands there as often. With `pairs` the instruments are the legs of pairs, two and
    two, and an instrument has a place for each pair that it is in. `warmup` is the number of bars until every rule can
    fire.
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
    caps: tuple[Cap, ...]
    halts: tuple[Halt, ...]
    assumptions: tuple[Assumption, ...]
    warmup: int
    source_files: tuple[Held, ...] = ()
    reads: tuple[str, ...] = ()
    no_entries: tuple[NoEntries, ...] = ()
    universe: str = ""
    roll: RollRule | None = None
    leave: LeaveRule | None = None
    groups: tuple[InstrumentGroup, ...] = ()
    day_start: str = ""
    flows: tuple[Flow, ...] = ()
    halts_when: tuple[HaltWhen, ...] = ()
    sleeves: tuple[Sleeve, ...] = ()
    pairs: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """Every instrument, in the order of the numbers."""
        return (*self.instruments, *self.reads)

    @property
    def risks(self) -> tuple[str, ...]:
        """The names of what the text leaves open and a live run must not."""
        return tuple(dict.fromkeys(each.id for each in self.assumptions if each.risk_bearing))

    def line(self, span: Span) -> Line:
        """Where a place of the text stands."""
        if not self.source_text:
            return Line(number=0)
        source = Source(self.source_name, self.source_text, self.source_files)
        part, start = source.part(span.start)
        number = part.position(span.start - start)[0]
        return Line(number=number, file="" if part.name == self.source_name else part.name)

    @property
    def shares(self) -> bool:
        """Whether sleeves or pairs trade the same instrument: then no place says by itself what the account holds."""
        return len(set(self.instruments)) < len(self.instruments)
