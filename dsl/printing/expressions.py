"""Expressions → canonical text.

Every construct has a level, from `if` (0) to a single word (10), the same as in the grammar. What stands where a
tighter level is needed is put in parentheses; no other parentheses are printed. Assumes a tree without holes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, assert_never

from stratc.dsl.parsing.expressions import MONTHS, WEEKDAYS
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
    Interval,
    InUniverse,
    LastClose,
    Member,
    Missing,
    MonthIn,
    Name,
    Number,
    OfInstrument,
    OnBars,
    Over,
    SessionSoFar,
    SinceEntry,
    Standing,
    Text,
    Unary,
    UnaryOperator,
    ValueWhen,
    WeekdayIn,
    Within,
    Zone,
)

LOOSEST: Final = 0
ANY: Final = 1
SUM: Final = 5
READING: Final = 9
WORD: Final = 10

# The level of each operator, and the levels that it needs on its left and on its right.
_LEVELS: Final = {
    BinaryOperator.OR: (1, 1, 2),
    BinaryOperator.AND: (2, 2, 3),
    BinaryOperator.LESS: (4, 5, 5),
    BinaryOperator.LESS_EQUAL: (4, 5, 5),
    BinaryOperator.GREATER: (4, 5, 5),
    BinaryOperator.GREATER_EQUAL: (4, 5, 5),
    BinaryOperator.EQUAL: (4, 5, 5),
    BinaryOperator.NOT_EQUAL: (4, 5, 5),
    BinaryOperator.ADD: (5, 5, 6),
    BinaryOperator.SUBTRACT: (5, 5, 6),
    BinaryOperator.MULTIPLY: (6, 6, 7),
    BinaryOperator.DIVIDE: (6, 6, 7),
    BinaryOperator.OF: (8, 9, 8),
}
_GLUED_UNITS: Final = frozenset({"%", "x", "R"})


def print_expression(node: Expression, level: int = ANY) -> str:
    """The text of an expression where one of at least `level` is needed."""
    text = _print_bare(node)
    return text if level_of(node) >= level else f"({text})"


def print_joined(node: Expression, operator: BinaryOperator, level: int) -> str:
    """A side of an operator. What lasts stands in parentheses beside another condition, though none are needed: there
    it could be read of both."""
    both = isinstance(node, HeldFor) and operator in (BinaryOperator.AND, BinaryOperator.OR)
    return f"({_print_bare(node)})" if both else print_expression(node, level)


def level_of(node: Expression) -> int:
    match node:
        case Binary(operator=operator):
            return _LEVELS[operator][0]
        case HeldFor():
            return 3
        case Unary(operator=UnaryOperator.NOT):
            return 4
        case Crosses() | ChangesSign() | Within() | Standing() | WeekdayIn() | MonthIn():
            return 4
        case Unary():
            return 7
        case OfInstrument():
            return 8
        case IfElse():
            return LOOSEST
        case History() | Member() | Over() | Across() | ValueWhen() | OnBars() | AtEntry():
            return READING
        case Call(function=function) if "." in function.text:
            return READING
        case _:
            return WORD


def _print_bare(node: Expression) -> str:
    match node:
        case Name(text=text) | Baseline(text=text) | CalendarReading(text=text):
            return text
        case Number():
            return print_number(node)
        case Text(value=value):
            return f'"{value}"'
        case Clock():
            return print_clock(node)
        case Day(value=value):
            return value.isoformat()
        case Call(function=function, arguments=arguments):
            return f"{function.text}({', '.join(map(_print_argument, arguments))})"
        case Binary(operator=operator, left=left, right=right):
            _, on_left, on_right = _LEVELS[operator]
            return f"{print_joined(left, operator, on_left)} {operator.value} {print_joined(right, operator, on_right)}"
        case Unary(operator=operator, operand=operand):
            minus = operator is UnaryOperator.MINUS
            return f"-{print_expression(operand, 7)}" if minus else f"not {print_expression(operand, 4)}"
        case Crosses(left=left, above=above, right=right):
            word = "above" if above else "below"
            return f"{print_expression(left, SUM)} crosses {word} {print_expression(right, SUM)}"
        case HeldFor(condition=condition, bars=bars):
            return f"{print_expression(condition, 4)} for at least {print_expression(bars, SUM)}"
        case ChangesSign(value=value):
            return f"{print_expression(value, SUM)} changes sign"
        case Within(value=value, range=interval):
            return f"{print_expression(value, SUM)} in {print_interval(interval)}"
        case WeekdayIn():
            return _print_weekdays(node)
        case MonthIn():
            return _print_months(node)
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            last = print_expression(otherwise, LOOSEST)
            return f"if {print_expression(condition)} then {print_expression(then)} else {last}"
        case _:
            return _print_reading(node)


def _print_reading(
    node: Missing
    | History
    | Member
    | OfInstrument
    | OnBars
    | Over
    | Across
    | LastClose
    | AtEntry
    | BarsSince
    | ValueWhen
    | Distance
    | InUniverse
    | Standing,
) -> str:
    match node:
        case History(base=base, offset=offset):
            return f"{print_expression(base, READING)}[{print_expression(offset)}]"
        case Member(base=base, member=member):
            return f"{print_expression(base, READING)}.{member.text}"
        case OfInstrument(series=series, instrument=instrument):
            return f"{print_expression(series, READING)} of {instrument.symbol}"
        case Over(call=call, window=SinceEntry()):
            return f"{print_expression(call, READING)} since entry"
        case Across(call=call):
            return f"{print_expression(call, READING)} across {'pairs' if node.pairs else 'instruments'}"
        case OnBars(value=value, interval=interval):
            return f"{print_expression(value, READING)} on {print_number(interval)}"
        case Over(call=call, window=window):
            return f"{print_expression(call, READING)} over {_print_window(window)}"
        case LastClose(word=word):
            return f"{word.text} at last close"
        case AtEntry(value=value):
            return f"{print_expression(value, READING)} at entry"
        case BarsSince(condition=condition):
            return f"bars since {print_expression(condition, WORD)}"
        case ValueWhen(value=value, condition=condition):
            return f"{print_expression(value, READING)} when {print_expression(condition, WORD)}"
        case InUniverse():
            return "in universe"
        case Distance(measure=measure, until=until, event=event):
            return f"{measure} {'until' if until else 'since'} {event.text}"
        case Standing(subject=subject, state=state):
            return f"{print_expression(subject, SUM)} is {state.value}"
        case Missing():
            raise AssertionError("a tree with holes has no canonical text")
        case _:
            assert_never(node)


def _print_weekdays(node: WeekdayIn) -> str:
    first, last = WEEKDAYS[node.first - 1], WEEKDAYS[node.last - 1]
    if node.first == node.last:
        return f"weekday {'is not' if node.negated else 'is'} {first}"
    return f"weekday in {first}..{last}"


def _print_months(node: MonthIn) -> str:
    first, last = MONTHS[node.first - 1], MONTHS[node.last - 1]
    if node.first == node.last:
        return f"month {'is not' if node.negated else 'is'} {first}"
    return f"month in {first}..{last}"


def _print_argument(argument: Argument) -> str:
    value = print_expression(argument.value)
    return value if argument.name is None else f"{argument.name.text}: {value}"


def _print_window(window: AnchoredWindow) -> str:
    match window:
        case FirstOfSession(duration=duration):
            return f"first {print_expression(duration, READING)} of session"
        case ClockRange(range=interval):
            return print_interval(interval)
        case SessionSoFar():
            return "session so far"
        case SinceEntry():
            raise AssertionError("`since entry` stands without `over`")
        case _:
            assert_never(window)


def print_interval(interval: Interval) -> str:
    """`low..high`, with its zone."""
    text = f"{print_expression(interval.low, SUM)}..{print_expression(interval.high, SUM)}"
    return text + print_zone(interval.zone)


def print_zone(zone: Zone | None) -> str:
    return "" if zone is None else f" {zone.text}"


def print_clock(clock: Clock) -> str:
    """`09:45`, or `09:45:30` where there are seconds."""
    minutes, seconds = divmod(clock.second_of_day, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def print_number(number: Number) -> str:
    """`8_000`, `0.25%`, `15 min`: thousands grouped, no needless zeros."""
    text = _print_decimal(number.value)
    if not number.unit:
        return text
    return f"{text}{number.unit}" if number.unit in _GLUED_UNITS else f"{text} {number.unit}"


def _print_decimal(value: Decimal) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):_}"
    return f"{grouped}.{fraction}" if fraction else grouped
