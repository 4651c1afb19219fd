"""What is read of tables beside prices → nodes: a request each, and comparisons of what it answers."""

from __future__ import annotations

from typing import Final

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.beside.tables import fresh_seconds
from stratc.compiler.check.constants import constant
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import (
    ArithmeticOperator,
    Compare,
    ComparisonOperator,
    Datum,
    ExitIntent,
    IsKnown,
    Kind,
    Logic,
    LogicOperator,
    NodeId,
    NoEntries,
    OrderKind,
    OrderShape,
    PortionKind,
    Rule,
)
from stratc.dsl.source import Span
from stratc.dsl.syntax import Advice, Data, Distance, Expression, Name, Standing, State
from stratc.runtime.model.known import EventReading, EventWord, MemberReading, SeriesKind, SeriesReading

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


# ── universes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def lower_member(span: Span, builder: Builder) -> NodeId:
    """Whether the instrument is known to be a member of the universe that the header trades."""
    table = builder.checked.resolved.header.universe
    return _is(builder.add(Datum(MemberReading(table=table)), (), span), 1.0, span, builder)


def with_member(condition: NodeId | None, span: Span, builder: Builder) -> NodeId | None:
    """The condition of what only members get; as it was where instruments are named."""
    if not builder.checked.resolved.header.universe:
        return condition
    member = lower_member(span, builder)
    parts = (member,) if condition is None else (member, condition)
    return builder.add(Logic(LogicOperator.AND), parts, span)


def of_members(series: NodeId, span: Span, builder: Builder) -> NodeId:
    """A value of members, unknown of all others, which are left out of what is compared across instruments."""
    table = builder.checked.resolved.header.universe
    if not table:
        return series
    if builder.nodes[series].kind is Kind.TRUTH:
        return builder.add(Logic(LogicOperator.AND), (lower_member(span, builder), series), span)
    # Divided by 1 a number is itself, and by 0 it is unknown.
    member = builder.add(Datum(MemberReading(table=table)), (), span)
    return builder.arithmetic(ArithmeticOperator.DIVIDE, span, series, member)


def members_only(builder: Builder) -> tuple[NoEntries, ...]:
    """Entries that still work when an instrument leaves the universe are canceled."""
    header = builder.checked.resolved.header
    if not header.universe:
        return ()
    found = builder.add(Logic(LogicOperator.NOT), (lower_member(header.anchor, builder),), header.anchor)
    return (NoEntries(condition=found, text="not in universe", span=header.anchor),)


def leavers_rule(builder: Builder) -> tuple[Rule, ...]:
    """`leavers exit`: a position whose instrument is no member any more is exited, before any other rule."""
    header = builder.checked.resolved.header
    line = header.trade_line
    if line is None or line.leavers != "exit":
        return ()
    span = line.span
    outside = builder.add(Logic(LogicOperator.NOT), (lower_member(span, builder),), span)
    kind = OrderKind.NEXT_OPEN if header.daily else OrderKind.MARKET
    leave = ExitIntent(portion=PortionKind.ALL, node=None, order=OrderShape(kind=kind), span=span)
    rule = Rule(name="leavers", schedule=None, condition=outside, intents=(leave,), limit=None, warmup=1, span=span)
    return (rule,)
