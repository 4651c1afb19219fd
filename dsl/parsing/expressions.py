"""Trees of expressions → nodes.

Every function takes a tree and `at`, the offset of its clause in the text, so that the nodes' spans are those of
the whole text. Assumes that the tree came from the grammar and is not deeper than the limit. What the grammar lets
through and the language does not (an hour 25, `over` after something that is no call) raises `Unacceptable`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final, cast

from stratc.dsl.diagnostic import Problem
from stratc.dsl.parsing.diagnostics import NoSuchDay, NoSuchTime, NotAFunction, OverNeedsCall
from stratc.dsl.parsing.trees import Token, Tree
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Across,
    AnchoredWindow,
    Argument,
    AtEntry,
    BarsSince,
    Baseline,
    Binary,
    BinaryOperator,
    CalendarReading,
    Call,
    ChangesSign,
    Clock,
    ClockRange,
    Crosses,
    Day,
    Distance,
    Expression,
    FirstOfSession,
    HeldFor,
    History,
    IfElse,
    Instrument,
    Interval,
    InUniverse,
    LastClose,
    Member,
    MonthIn,
    Name,
    Number,
    OfInstrument,
    OnBars,
    Over,
    SessionSoFar,
    SinceEntry,
    Standing,
    State,
    Text,
    Unary,
    UnaryOperator,
    ValueWhen,
    WeekdayIn,
    Within,
    Zone,
)

Branch = Tree

_NUMBER = re.compile(r"([\d_.]+)\s*(.*)", re.DOTALL)

# Other spellings of units, and the one that is printed.
UNIT_SPELLINGS: Final = {
    "minute": "min",
    "minutes": "min",
    "sec": "seconds",
}

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Units that are counted: printed with an `s` unless there is exactly one.
COUNTED_UNITS: Final = (
    "tick",
    "pip",
    "point",
    "share",
    "contract",
    "unit",
    "coin",
    "round lot",
    "lot",
    "mini lot",
    "micro lot",
    "bar",
    "session",
    "second",
    "hour",
    "day",
    "week",
    "month",
)

_OPERATORS: Final = {
    "OR": BinaryOperator.OR,
    "AND": BinaryOperator.AND,
    "LESS": BinaryOperator.LESS,
    "LESS_EQUAL": BinaryOperator.LESS_EQUAL,
    "GREATER": BinaryOperator.GREATER,
    "GREATER_EQUAL": BinaryOperator.GREATER_EQUAL,
    "IS": BinaryOperator.EQUAL,
    "IS_NOT": BinaryOperator.NOT_EQUAL,
    "PLUS": BinaryOperator.ADD,
    "MINUS": BinaryOperator.SUBTRACT,
    "TIMES": BinaryOperator.MULTIPLY,
    "DIVIDED_BY": BinaryOperator.DIVIDE,
    "OF": BinaryOperator.OF,
}


class Unacceptable(Exception):
    """The clause parses and yet cannot be meant; holds what to say. Caught where the clause is read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def branch(tree: Branch, index: int) -> Branch:
    return cast(Branch, tree.children[index])


def leaf(tree: Branch, index: int) -> Token:
    return cast(Token, tree.children[index])


def token_span(token: Token, at: int) -> Span:
    return Span(token.start_pos + at, token.end_pos + at)


def span_of(tree: Branch, at: int) -> Span:
    """From the first token to the last; every tree holds at least one."""
    first: Branch | Token = tree
    while isinstance(first, Tree):
        first = first.children[0]
    last: Branch | Token = tree
    while isinstance(last, Tree):
        last = last.children[-1]
    return Span(max(first.start_pos + at, 0), last.end_pos + at)


def items_of(tree: Branch) -> list[Branch]:
    """The items of a left-recursive list rule, in order, without recursion."""
    found: list[Branch] = []
    rule = tree.data
    while True:
        found.append(branch(tree, -1))
        head = branch(tree, 0)
        if len(tree.children) == 1 or head.data != rule:
            return found[::-1]
        tree = head


def read_name(token: Token, at: int) -> Name:
    return Name(span=token_span(token, at), text=str(token))


def read_instrument(token: Token, at: int) -> Instrument:
    return Instrument(span=token_span(token, at), symbol=str(token))


def read_zone(token: Token, at: int) -> Zone:
    return Zone(span=token_span(token, at), text=" ".join(token.split()))


def read_text(token: Token, at: int) -> Text:
    return Text(span=token_span(token, at), value=token[1:-1])


def read_number(token: Token, at: int) -> Number:
    found = _NUMBER.fullmatch(token)
    assert found is not None
    value = Decimal(found[1].replace("_", ""))
    return Number(span=token_span(token, at), value=value, unit=canonical_unit(" ".join(found[2].split()), value))


def canonical_unit(unit: str, value: Decimal) -> str:
    """A unit as it is printed after `value`: `minutes` → `min`, `1 bars` → `1 bar`."""
    unit = UNIT_SPELLINGS.get(unit, unit)
    single = unit.removesuffix("s")
    if single not in COUNTED_UNITS:
        return unit
    return single if value == 1 else single + "s"


def read_weekday(token: Token) -> int:
    """Monday is 1."""
    return WEEKDAYS.index(token) + 1


def read_clock(token: Token, at: int) -> Clock:
    hours, minutes, seconds = (int(part) for part in (*token.split(":"), "0")[:3])
    span = token_span(token, at)
    # 24:00 is the end of a day, so that a range can reach it.
    if minutes > 59 or seconds > 59 or hours * 3600 + minutes * 60 + seconds > 86_400:
        raise Unacceptable(NoSuchTime(span=span, text=str(token)))
    return Clock(span=span, second_of_day=hours * 3600 + minutes * 60 + seconds)


def read_day(token: Token, at: int) -> Day:
    span = token_span(token, at)
    try:
        return Day(span=span, value=date.fromisoformat(token))
    except ValueError:
        raise Unacceptable(NoSuchDay(span=span, text=str(token))) from None


def read_expression(tree: Branch, at: int) -> Expression:
    """The node of any expression."""
    span = span_of(tree, at)
    match tree.data:
        case "name":
            return read_name(leaf(tree, 0), at)
        case "number":
            return read_number(leaf(tree, 0), at)
        case "arithmetic" | "comparison" | "both" | "either" | "share_of":
            left, right = read_expression(branch(tree, 0), at), read_expression(branch(tree, 2), at)
            return Binary(span=span, operator=_OPERATORS[leaf(tree, 1).type], left=left, right=right)
        case "minus" | "negation":
            operator = UnaryOperator.MINUS if tree.data == "minus" else UnaryOperator.NOT
            return Unary(span=span, operator=operator, operand=read_expression(branch(tree, 1), at))
        case "crossing":
            left, right = read_expression(branch(tree, 0), at), read_expression(branch(tree, 2), at)
            return Crosses(span=span, left=left, above=leaf(tree, 1).type == "CROSSES_ABOVE", right=right)
        case "held_for":
            condition, bars = read_expression(branch(tree, 0), at), read_expression(branch(tree, 2), at)
            return HeldFor(span=span, condition=condition, bars=bars)
        case "sign_change":
            return ChangesSign(span=span, value=read_expression(branch(tree, 0), at))
        case "within":
            value = read_expression(branch(tree, 0), at)
            return Within(span=span, value=value, range=read_range(branch(tree, 2), at))
        case "parenthesised":
            return read_expression(branch(tree, 1), at)
        case "standing":
            state = State(leaf(tree, 1).split()[-1])
            return Standing(span=span, subject=read_expression(branch(tree, 0), at), state=state)
        case "if_else":
            condition, then, otherwise = (read_expression(branch(tree, index), at) for index in (1, 3, 5))
            return IfElse(span=span, condition=condition, then=then, otherwise=otherwise)
        case "call_of_block":
            return _read_call_of_block(tree, at, span)
        case (
            "history"
            | "member"
            | "call"
            | "over"
            | "since_entry"
            | "of_instrument"
            | "value_when"
            | "on_bars"
            | "across"
        ):
            return _read_reading(tree, at, span)
        case "at_entry":
            return AtEntry(span=span, value=read_expression(branch(tree, 0), at))
        case _:
            return _read_word(tree, at, span)


def _read_word(tree: Branch, at: int, span: Span) -> Expression:
    first = leaf(tree, 0)
    match tree.data:
        case "text":
            return read_text(first, at)
        case "clock":
            return read_clock(first, at)
        case "day":
            return read_day(first, at)
        case "baseline":
            return Baseline(span=span, text=" ".join(first.split()))
        case "calendar_reading":
            return CalendarReading(span=span, text=" ".join(first.split()))
        case "weekday_is" | "weekday_in":
            days = [read_weekday(leaf(tree, place)) for place in range(2, len(tree.children), 2)]
            return WeekdayIn(span=span, first=days[0], last=days[-1], negated=leaf(tree, 1).type == "IS_NOT")
        case "month_is" | "month_in":
            months = [MONTHS.index(leaf(tree, place)) + 1 for place in range(2, len(tree.children), 2)]
            return MonthIn(span=span, first=months[0], last=months[-1], negated=leaf(tree, 1).type == "IS_NOT")
        case "bars_since":
            return BarsSince(span=span, condition=read_expression(branch(tree, 1), at))
        case "in_universe":
            return InUniverse(span=span)
        case "distance":
            measure, way = first.split()
            event = read_name(leaf(tree, 1), at)
            return Distance(span=span, measure=measure, until=way == "until", event=event)
        case "last_close":
            return LastClose(span=span, word=read_name(first, at))
        case _:
            raise AssertionError(f"no expression for {tree.data}")


_GATHERING: Final = {"since_entry": "since entry", "across": "across instruments"}


def _read_reading(tree: Branch, at: int, span: Span) -> Expression:
    match tree.data:
        case "call":
            return _read_call(tree, at, span)
        case "history":
            offset = read_expression(branch(tree, 2), at)
            return History(span=span, base=read_expression(branch(tree, 0), at), offset=offset)
        case "member":
            base = read_expression(branch(tree, 0), at)
            return Member(span=span, base=base, member=read_name(leaf(tree, 2), at))
        case "value_when":
            condition = read_expression(branch(tree, 2), at)
            return ValueWhen(span=span, value=read_expression(branch(tree, 0), at), condition=condition)
        case "of_instrument":
            series = read_expression(branch(tree, 0), at)
            return OfInstrument(span=span, series=series, instrument=read_instrument(leaf(tree, 2), at))
        case "on_bars":
            value = read_expression(branch(tree, 0), at)
            return OnBars(span=span, value=value, interval=read_number(leaf(tree, 2), at))
        case _:
            call = read_expression(branch(tree, 0), at)
            if not isinstance(call, Call):
                raise Unacceptable(OverNeedsCall(span=call.span, phrase=_GATHERING.get(tree.data, "over")))
            if tree.data == "across":
                return Across(span=span, call=call, pairs=leaf(tree, 1).type == "ACROSS_PAIRS")
            if tree.data == "since_entry":
                return Over(span=span, call=call, window=SinceEntry(span=token_span(leaf(tree, 1), at)))
            return Over(span=span, call=call, window=_read_window(branch(tree, 2), at))


def _read_call(tree: Branch, at: int, span: Span) -> Call:
    found = items_of(branch(tree, 2)) if len(tree.children) == 4 else []
    arguments = tuple(_read_argument(argument, at) for argument in found)
    return Call(span=span, function=read_name(leaf(tree, 0), at), arguments=arguments)


def _read_call_of_block(tree: Branch, at: int, span: Span) -> Call:
    """`calendar.near(close, 3)`: a function of a block, its name with its dots."""
    base = read_expression(branch(tree, 0), at)
    if (before := dotted_name(base)) is None:
        raise Unacceptable(NotAFunction(span=base.span))
    name = f"{before}.{leaf(tree, 2)}"
    function = Name(span=Span(base.span.start, token_span(leaf(tree, 2), at).end), text=name)
    found = items_of(branch(tree, 4)) if len(tree.children) == 6 else []
    return Call(span=span, function=function, arguments=tuple(_read_argument(argument, at) for argument in found))


def dotted_name(node: Expression) -> str | None:
    """`a.b` of names that dots join; None of anything else."""
    match node:
        case Name(text=text):
            return text
        case Member(base=base, member=member):
            before = dotted_name(base)
            return None if before is None else f"{before}.{member.text}"
        case _:
            return None


def _read_argument(tree: Branch, at: int) -> Argument:
    name = read_name(leaf(tree, 0), at) if len(tree.children) == 3 else None
    return Argument(span=span_of(tree, at), value=read_expression(branch(tree, -1), at), name=name)


def read_range(tree: Branch, at: int) -> Interval:
    """`low..high` with or without a zone."""
    low = read_expression(branch(tree, 0), at)
    end = tree.children[2]
    if isinstance(end, Token):
        zone = read_zone(leaf(tree, 3), at)
        return Interval(span=span_of(tree, at), low=low, high=read_clock(end, at), zone=zone)
    return Interval(span=span_of(tree, at), low=low, high=read_expression(end, at))


def _read_window(tree: Branch, at: int) -> AnchoredWindow:
    span = span_of(tree, at)
    match tree.data:
        case "first_of_session":
            return FirstOfSession(span=span, duration=read_expression(branch(tree, 1), at))
        case "session_so_far":
            return SessionSoFar(span=span)
        case _:
            return ClockRange(span=span, range=read_range(tree, at))
