"""Expressions in English: from the tree to the words that a trader would say.

Names of inputs and bindings stay as they are written; a reader finds them above. Total: what has no better phrase is
said as it is written.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.check.timing.clock import clock_text
from stratc.dsl.parsing.expressions import MONTHS, WEEKDAYS
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import (
    Across,
    AnchoredWindow,
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
    State,
    Text,
    Unary,
    UnaryOperator,
    ValueWhen,
    WeekdayIn,
    Within,
)

COLUMNS: Final = {word: f"the {word}" for word in ("open", "high", "low", "close", "volume")}
WORDS: Final = COLUMNS | {
    "flat": "there is no position",
    "long": "the position is long",
    "short": "the position is short",
    "position": "the position",
    "on_order": "what working entries would add to it",
    "entry_price": "the average entry price",
    "open_profit": "the open profit",
    "invested": "what the position cost",
    "bars_held": "the bars held",
    "sessions_held": "the sessions held",
    "units_held": "the number of open entries",
    "last_entry_price": "the price of the last entry",
    "exits_of_position": "the number of exits from the position",
    "initial_risk": "the initial risk of a unit",
    "open_profit_r": "the open profit in multiples of the initial risk",
    "bars_since_exit": "the bars since the last exit",
    "sessions_since_exit": "the sessions since the last exit",
    "losses_in_a_row": "the number of losses in a row",
    "last_profit": "the profit of the last round trip",
    "entries_today": "the entries of the day",
    "days_since_purchase": "the days since it was last bought",
    "days_since_loss": "the days since a lot of it was last closed at a loss",
    "sector_exposure": "what the positions of its sector are worth",
    "equity": "equity",
    "cash": "cash",
    "bar": "the number of the bar",
    "time": "the time",
}
COMPARISONS: Final = {
    BinaryOperator.LESS: "is below",
    BinaryOperator.LESS_EQUAL: "is at most",
    BinaryOperator.GREATER: "is above",
    BinaryOperator.GREATER_EQUAL: "is at least",
    BinaryOperator.EQUAL: "is",
    BinaryOperator.NOT_EQUAL: "is not",
}
SIGNS: Final = {
    BinaryOperator.ADD: "+",
    BinaryOperator.SUBTRACT: "-",
    BinaryOperator.MULTIPLY: "×",
    BinaryOperator.DIVIDE: "/",
    BinaryOperator.OF: "of",
    BinaryOperator.AND: "and",
    BinaryOperator.OR: "or",
}
AGGREGATES: Final = {"highest": "the highest", "lowest": "the lowest", "first": "the first", "last": "the last"}
LONG_UNITS: Final = ("%", "x", "R", "")


def say(node: Expression) -> str:
    """An expression as it stands in a sentence."""
    match node:
        case Number():
            return say_number(node)
        case Clock(second_of_day=second):
            return clock_text(second)
        case Day(value=day):
            return day.isoformat()
        case Text(value=value):
            return f'"{value}"'
        case Name(text=text):
            return WORDS.get(text, f"`{text}`")
        case Baseline(text=text):
            return text
        case CalendarReading(text=text):
            return f"the {text}"
        case WeekdayIn():
            return say_weekdays(node)
        case MonthIn():
            return say_months(node)
        case LastClose(word=word):
            return f"{word.text} at the last close"
        case Call():
            return _call(node)
        case Member(base=base, member=member):
            return f"the {member.text.replace('_', ' ')} of {say(base)}"
        case History(base=base, offset=offset):
            return f"{say(base)} {_ago(offset)}"
        case OfInstrument(series=series, instrument=instrument):
            return f"{_whole(series)} of {instrument.symbol}"
        case Over(call=call, window=SinceEntry()):
            return f"{_gathered(call)} since the entry"
        case Across(call=call):
            return say_across(call, "pair" if node.pairs else "instrument")
        case OnBars(value=value, interval=interval):
            return f"{_whole(value)} on bars of {say_number(interval)}"
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            return f"{say(then)} if {say(condition)}, otherwise {say(otherwise)}"
        case Over(call=call, window=window):
            return f"{_gathered(call)} over {say_window(window)}"
        case InUniverse():
            return "it is a member of the universe"
        case Distance(measure=measure, until=until, event=event):
            return f"the {measure} {'until the next' if until else 'since the last'} `{event.text}`"
        case Standing():
            return say_standing(node)
        case AtEntry(value=value):
            return f"{_whole(value)} at the decision that opened the position"
        case BarsSince(condition=condition):
            return f"the bars since {say(condition)}"
        case HeldFor():
            return _lasting(node)
        case ChangesSign(value=value):
            return f"{say(value)} changes its sign"
        case ValueWhen(value=value, condition=condition):
            return f"{say(value)} on the last bar on which {say(condition)}"
        case Missing():
            return "(something unreadable)"
        case _:
            return _operation(node)


def say_standing(node: Standing) -> str:
    match node.state:
        case State.KNOWN | State.UNKNOWN:
            return f"{say(node.subject)} is {node.state.value}"
        case State.TODAY:
            return f"the next {say(node.subject)} is today"
        case State.CONFIRMED | State.ESTIMATED:
            return f"the date of the next {say(node.subject)} is {node.state.value}"


def say_number(node: Number) -> str:
    value = f"{node.value:,f}"
    return f"{value}{node.unit}" if node.unit in LONG_UNITS else f"{value} {node.unit}"


def _ago(offset: Expression) -> str:
    if isinstance(offset, Number):
        unit = (offset.unit or "bars").removesuffix("s") + ("" if offset.value == 1 else "s")
        return f"of {offset.value:f} {unit} ago"
    return f"of {say(offset)} bars ago"


def _operation(node: Unary | Binary | Crosses | Within) -> str:
    match node:
        case Unary(operator=UnaryOperator.NOT, operand=operand):
            return _denied(operand)
        case Unary(operand=operand):
            return f"-{_nested(operand)}"
        case Binary(operator=operator, left=left, right=right) if operator in COMPARISONS:
            return f"{say(left)} {COMPARISONS[operator]} {say(right)}"
        case Binary(operator=BinaryOperator.AND | BinaryOperator.OR as operator, left=left, right=right):
            return f"{_joined(left, operator)} {operator.value} {_joined(right, operator)}"
        case Binary(operator=operator, left=left, right=right):
            return f"{_nested(left)} {SIGNS[operator]} {_nested(right)}"
        case Crosses(left=left, above=above, right=right):
            return f"{say(left)} crosses {'above' if above else 'below'} {say(right)}"
        case Within(value=value, range=interval):
            return f"{say(value)} is {say_range(interval)}"


def _lasting(node: HeldFor) -> str:
    """`the close is above the open, on each of the last 6 bars`; what is joined stands in parentheses."""
    joined = isinstance(node.condition, Binary) and node.condition.operator in (BinaryOperator.AND, BinaryOperator.OR)
    said = f"({say(node.condition)})" if joined else say(node.condition)
    bars = say(node.bars)
    return f"{said} on each of the last {bars if ' bar' in bars else f'{bars} bars'}"


def _denied(operand: Expression) -> str:
    said = say(operand)
    return said.replace(" is ", " is not ", 1) if isinstance(operand, Name) and " is " in said else f"not ({said})"


def _joined(part: Expression, operator: BinaryOperator) -> str:
    """A part of a condition; one joined by the other word, or that lasts, stands in parentheses."""
    mixed = isinstance(part, Binary) and {part.operator, operator} == {BinaryOperator.AND, BinaryOperator.OR}
    mixed = mixed or isinstance(part, HeldFor)
    return f"({say(part)})" if mixed else say(part)


def _nested(part: Expression) -> str:
    joined = isinstance(part, IfElse) or (isinstance(part, Binary) and part.operator is not BinaryOperator.OF)
    return f"({say(part)})" if joined else say(part)


def _whole(part: Expression) -> str:
    """What is said of as a whole: anything that is more than a word or a call stands in parentheses."""
    return say(part) if isinstance(part, Name | Call | Member | History | OfInstrument) else f"({say(part)})"


def say_range(interval: Interval) -> str:
    zone = f" {interval.zone.text}" if interval.zone is not None else ""
    if isinstance(interval.low, Clock) and isinstance(interval.high, Clock):
        return f"from {say(interval.low)} to before {say(interval.high)}{zone}"
    return f"from {say(interval.low)} to {say(interval.high)}"


# ── calls and windows ────────────────────────────────────────────────────────────────────────────────────────────────


def _call(node: Call) -> str:
    name, values = node.function.text, [argument.value for argument in node.arguments]
    if name in ("min", "max") and len(values) == 2:
        return f"the {'lower' if name == 'min' else 'higher'} of {say(values[0])} and {say(values[1])}"
    if name == "midpoint" and len(values) == 2:
        return f"the middle of {say(values[0])} and {say(values[1])}"
    if name == "abs" and len(values) == 1:
        return f"the size of {say(values[0])}"
    indicator = catalogue.lookup(name)
    if indicator is None:
        return f"{name}({', '.join(say(value) for value in values)})"
    series = sum(1 for item in indicator.inputs if not item.column)
    return _indicator(indicator.summary, values[:series], values[series:])


def _indicator(summary: str, series: list[Expression], params: list[Expression]) -> str:
    """`the 50-bar simple average of the close`."""
    length = ""
    if params and isinstance(params[0], Number) and params[0].unit in ("", "bar", "bars"):
        length = f"{params[0].value:f}-bar "
    elif params:
        length = f"{say(params[0])}-bar "
    rest = f" with {', '.join(say(param) for param in params[1:])}" if len(params) > 1 else ""
    of = f" of {' and '.join(say(item) for item in series)}" if series else ""
    return f"the {length}{summary}{of}{rest}"


def say_across(call: Call, what: str) -> str:
    """`rank(momentum) across instruments` in words."""
    series = say(call.arguments[0].value).removeprefix("the ") if call.arguments else "a value"
    if call.function.text == "rank":
        return f"the {what}'s rank by {series} among those traded"
    if call.function.text == "count":
        return f"the number of {what}s traded for which {series}"
    taken = AGGREGATES.get(call.function.text, f"the {call.function.text} of the")
    return f"{taken} {series} of all {what}s traded"


def _gathered(call: Call) -> str:
    series = " and ".join(say(argument.value) for argument in call.arguments).removeprefix("the ")
    if call.function.text == "count":
        return f"the number of bars on which {series}"
    return f"{AGGREGATES.get(call.function.text, f'the {call.function.text} of the')} {series}"


def say_window(window: AnchoredWindow) -> str:
    match window:
        case FirstOfSession(duration=duration):
            return f"the first {say(duration)} of the session"
        case ClockRange(range=interval):
            zone = f" {interval.zone.text}" if interval.zone is not None else ""
            return f"{say(interval.low)} to {say(interval.high)}{zone}"
        case SessionSoFar():
            return "the session so far"
        case SinceEntry():
            return "the position's life"


def say_weekdays(node: WeekdayIn) -> str:
    """`the session is on a Friday`."""
    first, last = WEEKDAYS[node.first - 1], WEEKDAYS[node.last - 1]
    if node.first == node.last:
        return f"the session is {'not ' if node.negated else ''}on a {first}"
    return f"the session is on a {first} to {last}"


def say_months(node: MonthIn) -> str:
    """`the session is in October`."""
    first, last = MONTHS[node.first - 1], MONTHS[node.last - 1]
    if node.first == node.last:
        return f"the session is {'not ' if node.negated else ''}in {first}"
    return f"the session is in one of the months {first} to {last}"
