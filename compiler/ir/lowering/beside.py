"""What is read of tables beside prices → nodes: a request each, and comparisons of what it answers."""

from __future__ import annotations

from typing import Final

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.beside.tables import fresh_seconds
from stratc.compiler.check.constants import constant
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import Compare, ComparisonOperator, Datum, IsKnown, Logic, LogicOperator, NodeId
from stratc.dsl.source import Span
from stratc.dsl.syntax import Advice, Data, Distance, Expression, Name, Standing, State
from stratc.runtime.model.known import EventReading, EventWord, SeriesKind, SeriesReading

WORDS: Final = {
    ("sessions", True): EventWord.SESSIONS_UNTIL,
    ("sessions", False): EventWord.SESSIONS_SINCE,
    ("days", True): EventWord.DAYS_UNTIL,
    ("days", False): EventWord.DAYS_SINCE,
    ("time", True): EventWord.SECONDS_UNTIL,
    ("time", False): EventWord.SECONDS_SINCE,
}


def lower_distance(node: Distance, builder: Builder) -> NodeId:
    return _asked(node.event, WORDS[node.measure, node.until], node.span, builder)


def lower_standing(node: Standing, event: Name, builder: Builder) -> NodeId:
    """What is asked of an event's next date."""
    match node.state:
        case State.KNOWN | State.UNKNOWN:
            return known(_asked(event, EventWord.SESSIONS_UNTIL, node.span, builder), node, builder)
        case State.TODAY:
            return _is(_asked(event, EventWord.SESSIONS_UNTIL, node.span, builder), 0.0, node.span, builder)
        case State.CONFIRMED:
            return _is(_asked(event, EventWord.CONFIRMED, node.span, builder), 1.0, node.span, builder)
        case State.ESTIMATED:
            return _is(_asked(event, EventWord.CONFIRMED, node.span, builder), 0.0, node.span, builder)


def known(subject: NodeId, node: Standing, builder: Builder) -> NodeId:
    """Whether a value is known, or is not."""
    found = builder.add(IsKnown(), (subject,), node.span)
    return found if node.state is State.KNOWN else builder.add(Logic(LogicOperator.NOT), (found,), node.span)


def _is(value: NodeId, wanted: float, span: Span, builder: Builder) -> NodeId:
    return builder.add(Compare(ComparisonOperator.EQUAL), (value, builder.constant(wanted, span)), span)


def _asked(event: Name, word: EventWord, span: Span, builder: Builder) -> NodeId:
    table = builder.checked.resolved.events(event.text)
    if table is None:
        raise StratcBug(f"`{event.text}` was lowered and is no table of events")
    return builder.add(Datum(EventReading(table=table.name.text, each=table.each, word=word)), (), span)


def lower_series(table: Data | Advice, span: Span, builder: Builder) -> NodeId:
    """The newest value of a series while it is fresh."""
    low, high = (None, None) if table.range is None else (table.range.low, table.range.high)
    request = SeriesReading(
        table=table.name.text,
        each=table.each,
        kind=SeriesKind.ADVICE if isinstance(table, Advice) else SeriesKind.DATA,
        low=_end(low, builder),
        high=_end(high, builder),
        fresh_seconds=None if table.fresh is None else fresh_seconds(table.fresh),
    )
    return builder.add(Datum(request), (), span)


def _end(written: Expression | None, builder: Builder) -> float | None:
    if written is None:
        return None
    value = constant(written, builder.checked.resolved)
    if value is None:
        raise StratcBug("a range that is not constant was lowered")
    return float(value)
