"""Nodes of a file: its statements, in the order of a file, and the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any

from stratc.dsl.syntax.actions import (
    Action,
)
from stratc.dsl.syntax.beside import Advice, Data, Events, NoEntries
from stratc.dsl.syntax.books import BookLine, Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.expressions import (
    Clock,
    Expression,
    Instrument,
    Interval,
    Missing,
    Name,
    Node,
    Number,
    Text,
    Zone,
)
from stratc.dsl.syntax.flows import Flow
from stratc.dsl.syntax.reuse import BlockLine, Function, Use
from stratc.dsl.syntax.schedules import Every
from stratc.runtime.model.record import record

# ── header ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class StrategyLine(Node):
    title: Text | Missing


@record
class DayStart(Node):
    """`from 09:00 Seoul`: when the days of a market that never shuts begin."""

    clock: Clock
    zone: Zone


@record
class TradeLine(Node):
    """`trade SPY, QQQ on 5 min, regular session`, `trade BTC/USDT on 1 day from 09:00 Seoul`; `hours` limit entries.

    `trade universe top_500 on 1 day, leavers exit` names a table of members instead of instruments; `leavers` is exit |
    stay, empty where the text does not say what becomes of a position whose instrument leaves.
    """

    instruments: tuple[Instrument, ...]
    interval: Number | Missing
    regular_session: bool = False
    hours: Interval | None = None
    universe: Name | None = None
    leavers: str = ""
    day_start: DayStart | None = None
    pairs: bool = False


@record
class ReadLine(Node):
    """`read QQQ, VIX`: instruments that rules read and do not trade."""

    instruments: tuple[Instrument, ...]


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


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    """A named rule. `actions` are tried in order; `on` names a sequence; several `when` clauses must all hold.

    `rule calm for SVXY` is tried for those instruments only; without `for`, for all that are traded.
    """

    name: Name
    on: Name | None
    every: Every | None
    when: tuple[When, ...]
    actions: tuple[Action, ...]
    at_most: AtMost | None
    instruments: tuple[Instrument, ...] = ()


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
class HaltWhen(Node):
    """`halt when close < 1900 USD, flatten, until released`."""

    condition: Expression
    flatten: bool
    until: str


@record
class Unreadable(Node):
    """A statement that could not be read, or a part of the language that is not built yet; `word` is its first word."""

    word: str = ""


Statement = (
    StrategyLine
    | TradeLine
    | ReadLine
    | AccountLine
    | Roll
    | Leave
    | Group
    | Flow
    | Input
    | Let
    | Function
    | Use
    | BlockLine
    | BookLine
    | Sleeve
    | Events
    | Data
    | Advice
    | Sequence
    | Rule
    | NoEntries
    | Cap
    | Floor
    | Halt
    | HaltWhen
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


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`, in the order of its fields; worked out once, because every check walks."""
    try:
        return node.known_children
    except AttributeError:
        found = tuple(_children(node))
        object.__setattr__(node, "known_children", found)
        return found


def _children(node: Node) -> Iterator[Node]:
    kind: Any = type(node)
    for name in _names(kind):
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Node):
                yield item


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it, parents first."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(children(each)))
