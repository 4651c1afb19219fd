"""Lark trees of one-clause statements → nodes: the header, inputs, bindings, schedules and limits.

The same conventions as in `expressions`: `at` is the clause's offset, spans are those of the whole text.
"""

from __future__ import annotations

from stratc.dsl.parsing.expressions import (
    Branch,
    branch,
    items_of,
    leaf,
    read_clock,
    read_expression,
    read_instrument,
    read_name,
    read_number,
    read_range,
    read_text,
    read_zone,
    span_of,
    token_span,
)
from stratc.dsl.parsing.trees import Token
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    AccountLine,
    AtMost,
    Cap,
    DayStart,
    Expression,
    Floor,
    Halt,
    HaltMeasure,
    HaltWhen,
    Input,
    Instrument,
    Name,
    Node,
    ReadLine,
    SequenceStep,
    StrategyLine,
    TradeLine,
    When,
)
from stratc.runtime.model.record import record


def read_strategy_line(tree: Branch, at: int) -> StrategyLine:
    return StrategyLine(span=span_of(tree, at), title=read_text(leaf(tree, 1), at))


def read_trade_line(tree: Branch, at: int) -> TradeLine:
    """`trade SPY, QQQ on 5 min, regular session` or with hours instead."""
    if tree.data == "trade_universe":
        return _read_universe(tree, at)
    if tree.data == "trade_pairs":
        return _read_pairs(tree, at)
    last = tree.children[-1]
    day = _read_day_start(tree, at)
    return TradeLine(
        span=span_of(tree, at),
        instruments=_read_instruments(branch(tree, 1), at),
        interval=read_number(leaf(tree, 3), at),
        regular_session=isinstance(last, Token) and last.type == "REGULAR_SESSION",
        hours=None if isinstance(last, Token) else read_range(last, at),
        day_start=day,
    )


def _read_day_start(tree: Branch, at: int) -> DayStart | None:
    *_, clock, zone = tree.children
    if not isinstance(clock, Token) or not isinstance(zone, Token) or zone.type != "ZONE":
        return None
    span = Span(token_span(clock, at).start, token_span(zone, at).end)
    return DayStart(span=span, clock=read_clock(clock, at), zone=read_zone(zone, at))


@record
class RuleHead(Node):
    """`rule calm`, `rule calm for SVXY, VXX`."""

    name: Name
    instruments: tuple[Instrument, ...]


def read_rule_head(tree: Branch, at: int) -> RuleHead:
    last = tree.children[-1]
    instruments = () if isinstance(last, Token) else _read_instruments(last, at)
    return RuleHead(span=span_of(tree, at), name=read_name(leaf(tree, 1), at), instruments=instruments)


def read_read_line(tree: Branch, at: int) -> ReadLine:
    return ReadLine(span=span_of(tree, at), instruments=_read_instruments(branch(tree, 1), at))


def _terms(tree: Branch | Token) -> list[Branch | Token]:
    """What stands behind the commas, in order."""
    found: list[Branch | Token] = []
    while not isinstance(tree, Token):
        found.append(tree.children[-1])
        tree = tree.children[0]
    return found[::-1]


def _read_universe(tree: Branch, at: int) -> TradeLine:
    """`trade universe top_500 on 1 day, leavers exit`."""
    terms = _terms(branch(tree, 5)) if len(tree.children) == 6 else []
    words = [term.type for term in terms if isinstance(term, Token)]
    ranges = [read_range(term, at) for term in terms if not isinstance(term, Token)]
    leavers = [word.removeprefix("LEAVERS_").lower() for word in words if word.startswith("LEAVERS_")]
    return TradeLine(
        span=span_of(tree, at),
        instruments=(),
        interval=read_number(leaf(tree, 4), at),
        regular_session="REGULAR_SESSION" in words,
        hours=ranges[0] if ranges else None,
        universe=read_name(leaf(tree, 2), at),
        leavers=leavers[0] if leavers else "",
    )


def _read_pairs(tree: Branch, at: int) -> TradeLine:
    """`trade pairs of KO, PEP, MCD on 1 day`, or of a universe."""
    of_universe = len(tree.children) == 6
    return TradeLine(
        span=span_of(tree, at),
        instruments=() if of_universe else _read_instruments(branch(tree, 2), at),
        interval=read_number(leaf(tree, -1), at),
        regular_session=False,
        hours=None,
        universe=read_name(leaf(tree, 3), at) if of_universe else None,
        pairs=True,
    )


def _read_instruments(tree: Branch, at: int) -> tuple[Instrument, ...]:
    return tuple(read_instrument(leaf(item, -1), at) for item in items_of(tree))


def read_account_line(tree: Branch, at: int) -> AccountLine:
    currency = read_name(leaf(tree, 2), at) if len(tree.children) == 3 else None
    return AccountLine(span=span_of(tree, at), kind=read_name(leaf(tree, 1), at), currency=currency)


def read_input(tree: Branch, at: int) -> Input:
    return Input(
        span=span_of(tree, at),
        name=read_name(leaf(tree, 1), at),
        default=read_expression(branch(tree, 3), at),
        range=read_range(branch(tree, 5), at) if len(tree.children) == 6 else None,
    )


def read_when(tree: Branch, at: int) -> When:
    return When(span=span_of(tree, at), condition=read_expression(branch(tree, 1), at))


def read_step(tree: Branch, at: int) -> SequenceStep:
    """A step of a sequence, the first or a later one."""
    parts = {part.data: part for part in tree.children[2:] if not isinstance(part, Token)}
    lasting, timing, naming = parts.get("lasting"), parts.get("timing"), parts.get("naming")
    return SequenceStep(
        span=span_of(tree, at),
        condition=read_expression(branch(tree, 1), at),
        lasting=None if lasting is None else read_expression(branch(lasting, 1), at),
        within=None if timing is None or len(timing.children) == 1 else read_expression(branch(timing, 1), at),
        same_bar=timing is not None and _ends_with(timing, "SAME_BAR"),
        name=None if naming is None else read_name(leaf(naming, 1), at),
    )


def _ends_with(tree: Branch, terminal: str) -> bool:
    last = tree.children[-1]
    return isinstance(last, Token) and last.type == terminal


def read_unless(tree: Branch, at: int) -> Expression:
    return read_expression(branch(tree, 1), at)


def _period(tree: Branch) -> str:
    return str(leaf(tree, 0))


def read_at_most(tree: Branch, at: int) -> AtMost:
    return AtMost(
        span=span_of(tree, at),
        count=read_number(leaf(tree, 1), at),
        period=_period(branch(tree, 3)),
        across_instruments=len(tree.children) == 5,
    )


def read_cap(tree: Branch, at: int) -> Cap:
    last = tree.children[-1]
    return Cap(
        span=span_of(tree, at),
        kind=read_name(leaf(tree, 1), at),
        bound=read_expression(branch(tree, 2), at),
        per=_read_per(branch(tree, 4), at) if len(tree.children) > 4 else None,
        reduce=not isinstance(last, Token) and last.data == "then_reduce",
    )


def _read_per(tree: Branch, at: int) -> Expression:
    first = tree.children[0]
    token = first if isinstance(first, Token) else leaf(first, 0)
    return read_number(token, at) if token.type == "NUMBER" else Name(span=token_span(token, at), text=str(token))


def read_floor(tree: Branch, at: int) -> Floor:
    kind = "keep" if leaf(tree, 0).type == "KEEP_AT_LEAST" else "stop distance"
    return Floor(span=span_of(tree, at), kind=kind, bound=read_expression(branch(tree, 1), at))


def read_halt(tree: Branch, at: int) -> Halt | HaltWhen:
    until = leaf(branch(tree, -1), 0)
    if tree.data == "halt_when":
        return HaltWhen(
            span=span_of(tree, at),
            condition=read_expression(branch(tree, 1), at),
            flatten=len(tree.children) == 6,
            until="next session" if until.type == "UNTIL_NEXT_SESSION" else "released",
        )
    return Halt(
        span=span_of(tree, at),
        measure=HaltMeasure(" ".join(leaf(branch(tree, 1), 0).split())),
        threshold=read_expression(branch(tree, 2), at),
        flatten=len(tree.children) == 7,
        until="next session" if until.type == "UNTIL_NEXT_SESSION" else "released",
    )
