"""Kinds: walks every expression once, from the leaves up, and asks `units` what each operator makes of its parts.

Calls are matched with the declarations of the standard library here: how many arguments, of which kind, which of them
constant and within which bounds.
"""

from __future__ import annotations

from stratc.compiler.check.across.check import series_of, type_of_across
from stratc.compiler.check.advice import article
from stratc.compiler.check.arguments import check_inputs, check_param, type_of_output
from stratc.compiler.check.beside.tables import asks_event, type_of_distance, type_of_table
from stratc.compiler.check.calls import bind, described
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.currencies.check import as_read
from stratc.compiler.check.diagnostics import (
    NotAnAggregate,
    WrongArgumentKind,
    WrongArguments,
)
from stratc.compiler.check.pivots import check_sides
from stratc.compiler.check.readings import type_of_choice, type_of_longer, type_of_other
from stratc.compiler.check.units import (
    compare,
    held_together,
    type_of_binary,
    type_of_crossing,
    type_of_number,
    type_of_sign_change,
    type_of_within,
    type_of_word,
    want_condition,
    want_number,
)
from stratc.compiler.resolve.diagnostics import NotSupportedYet, StepHasNoValue, UnknownOutput
from stratc.compiler.resolve.words import (
    AGGREGATES,
    BUILT_IN,
    COLUMNS,
    OUTPUTS_FROM_ELSEWHERE,
    OUTPUTS_OF_THEIR_OWN,
    PIVOTS,
)
from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Indicator
from stratc.dsl.suggest import certain
from stratc.dsl.syntax import (
    Across,
    AtEntry,
    BarsSince,
    Baseline,
    Binary,
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
    Sequence,
    SequenceStep,
    Standing,
    Text,
    Unary,
    UnaryOperator,
    ValueWhen,
    WeekdayIn,
    Within,
)
from stratc.dsl.types import (
    BARS,
    BOOL,
    COUNT,
    DATE,
    DURATION,
    TEXT,
    TIME,
    UNKNOWN,
    Money,
    Price,
    Type,
    fits,
)


def type_of(expression: Expression, typing: Typing) -> Type:
    """The type of an expression; told and remembered once."""
    known = typing.types.get(expression)
    if known is None:
        known = typing.types[expression] = _type_of(expression, typing)
    return known


def _type_of(node: Expression, typing: Typing) -> Type:
    match node:
        case Missing():
            return UNKNOWN
        case OfInstrument():
            return type_of_other(node, type_of(node.series, typing), typing)
        case Across():
            series = series_of(node)
            return type_of_across(node, series, UNKNOWN if series is None else type_of(series, typing), typing)
        case OnBars():
            return type_of_longer(node, type_of(node.value, typing), typing)
        case IfElse():
            condition, then = type_of(node.condition, typing), type_of(node.then, typing)
            return type_of_choice(node, (condition, then, type_of(node.otherwise, typing)), typing)
        case Number():
            return type_of_number(node, typing)
        case Text():
            return TEXT
        case Clock():
            return TIME
        case Day():
            return DATE
        case Name():
            return _type_of_name(node, typing)
        case CalendarReading():
            return DURATION if node.is_time else COUNT
        case WeekdayIn() | MonthIn():
            return BOOL
        case Baseline():
            return Money(typing.header.currency)
        case LastClose():
            return _type_of_last_close(node, typing)
        case Call():
            outputs = _outputs_of(node, typing)
            return outputs[0][1] if outputs else UNKNOWN
        case Member():
            return _type_of_member(node, typing)
        case History():
            type_of(node.offset, typing)
            return type_of(node.base, typing)
        case Over():
            return _type_of_over(node, typing)
        case AtEntry(value=value):
            return want_number(value, type_of(value, typing), typing)
        case BarsSince(condition=condition):
            want_condition(condition, type_of(condition, typing), typing)
            return BARS
        case HeldFor(condition=condition, bars=bars):
            type_of(bars, typing)
            want_condition(condition, type_of(condition, typing), typing)
            return BOOL
        case ChangesSign(value=value):
            return type_of_sign_change(node, want_number(value, type_of(value, typing), typing), typing)
        case InUniverse():
            return BOOL
        case Distance():
            return type_of_distance(node, typing)
        case Standing():
            if not asks_event(node, typing):
                type_of(node.subject, typing)
            return BOOL
        case ValueWhen(value=value, condition=condition):
            want_condition(condition, type_of(condition, typing), typing)
            return want_number(value, type_of(value, typing), typing)
        case _:
            return _type_of_operation(node, typing)


def _type_of_operation(node: Unary | Binary | Crosses | Within, typing: Typing) -> Type:
    match node:
        case Unary(operator=UnaryOperator.NOT):
            want_condition(node.operand, type_of(node.operand, typing), typing)
            return BOOL
        case Unary():
            return want_number(node.operand, type_of(node.operand, typing), typing)
        case Binary():
            return type_of_binary(node, type_of(node.left, typing), type_of(node.right, typing), typing)
        case Crosses():
            return type_of_crossing(node, type_of(node.left, typing), type_of(node.right, typing), typing)
        case Within():
            bounds = type_of(node.range.low, typing), type_of(node.range.high, typing)
            return type_of_within(node, type_of(node.value, typing), bounds, typing)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _type_of_name(name: Name, typing: Typing) -> Type:
    """A declared name has the type of its value, which stands above it; every other name is a word or was told."""
    if name.text in typing.blamed:
        return UNKNOWN
    stated = typing.resolved.input(name.text)
    if stated is not None:
        return typing.types.get(stated.default, UNKNOWN)
    value = typing.resolved.binding(name.text)
    if value is not None:
        return as_read(typing.types.get(value, UNKNOWN), typing.header_at(name))
    table = type_of_table(name, typing)
    if table is not None:
        return table
    if typing.resolved.sequence(name.text) is not None:
        return BOOL
    if typing.resolved.step(name.text) is not None:
        return typing.tell(StepHasNoValue(span=name.span, name=name.text))
    return UNKNOWN if name.text in typing.resolved.declared else type_of_word(name.text, typing.header_at(name))


def _type_of_last_close(node: LastClose, typing: Typing) -> Type:
    if node.word.text == "equity":
        return Money(typing.header.currency)
    remedy = f"write `equity at last close`, or `{node.word.text}[1]` for the value of the bar before"
    return typing.tell(NotSupportedYet(span=node.span, what=f"`{node.word.text} at last close`", instead_of_it=remedy))


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _outputs_of(call: Call, typing: Typing) -> tuple[tuple[str, Type], ...]:
    """The outputs of a call with their types, the first first; none where it cannot be typed."""
    found = [type_of(argument.value, typing) for argument in call.arguments]
    name = call.function.text
    if name in BUILT_IN:
        return (("value", _type_of_built_in(call, found, typing)),)
    indicator = catalogue.lookup(name)
    if indicator is None:
        return ()
    bound = bind(call, indicator)
    if isinstance(bound, str):
        typing.tell(_wrong_arguments(call, indicator, bound))
        return tuple((output.name, UNKNOWN) for output in indicator.outputs)
    inputs = check_inputs(call, bound, typing)
    right = all(written is None or check_param(call, param, written, typing) for param, written in bound.params)
    return tuple((output.name, type_of_output(output, inputs) if right else UNKNOWN) for output in indicator.outputs)


def _wrong_arguments(call: Call, indicator: Indicator, lack: str) -> WrongArguments:
    series = ["close" for item in indicator.inputs if not item.column]
    lengths = ["14" if item.whole else "2" for item in indicator.params if item.default is None]
    form = f"{indicator.name}({', '.join(series + lengths)})"
    if call.function.text in AGGREGATES:
        form = f"{form}` or `{indicator.name}(high) over first 15 min of session"
    return WrongArguments(span=call.span, name=indicator.name, wanted=described(indicator), found=lack, form=form)


def _type_of_built_in(call: Call, found: list[Type], typing: Typing) -> Type:
    name, wanted = call.function.text, BUILT_IN[call.function.text]
    if len(found) != wanted or any(argument.name for argument in call.arguments):
        if name in PIVOTS:
            form, takes = f"{name}(high, 3, 3)", "a series and the bars on its left and on its right"
            lack = f"there {'is' if len(found) == 1 else 'are'} {len(found)}"
            return typing.tell(WrongArguments(span=call.span, name=name, wanted=takes, found=lack, form=form))
        form = f"{name}({', '.join(['close', 'open'][:wanted])})"
        lack = f"there {'is' if len(found) == 1 else 'are'} {len(found)}"
        takes = "one value" if wanted == 1 else "two values"
        return typing.tell(WrongArguments(span=call.span, name=name, wanted=takes, found=lack, form=form))
    values = [argument.value for argument in call.arguments]
    if name in PIVOTS:
        check_sides(call, typing)
        return want_number(values[0], found[0], typing)
    types = [want_number(value, kind, typing) for value, kind in zip(values, found, strict=True)]
    if wanted == 1:
        return types[0]
    if name == "midpoint":
        for value, argument, kind in zip(values, "ab", types, strict=True):
            if not isinstance(kind, Price) and kind != UNKNOWN:
                return typing.tell(
                    WrongArgumentKind(
                        span=value.span,
                        name=name,
                        argument=argument,
                        wanted="a price",
                        found=article(kind),
                        advice="pass a price such as `high`",
                    )
                )
    told = len(typing.problems)
    compare(call, (values[0], types[0]), (values[1], types[1]), typing)
    if len(typing.problems) > told:
        return UNKNOWN
    one, other = held_together((values[0], types[0]), (values[1], types[1]), typing)
    return other if fits(one, other) else one


def _type_of_member(node: Member, typing: Typing) -> Type:
    """`macd(close).signal`, also through a binding of the call."""
    base = node.base
    if isinstance(base, Name) and isinstance(typing.resolved.declared.get(base.text), Sequence | SequenceStep):
        return _type_of_seen(base.text, node, typing)
    type_of(base, typing)
    if isinstance(base, Name) and base.text in typing.blamed:
        return UNKNOWN
    called = typing.resolved.binding(base.text) if isinstance(base, Name) else base
    if not isinstance(called, Call) and typing.types[base] == UNKNOWN:
        return UNKNOWN
    if not isinstance(called, Call):
        name = typing.text(base)
        return typing.tell(
            UnknownOutput(
                span=node.member.span,
                function=name,
                name=node.member.text,
                known="a call's outputs, `macd(close, 12, 26, 9).signal`",
            )
        )
    # The arguments were typed with the call, and what is wrong with it was told there.
    unheard = Typing(source=typing.source, resolved=typing.resolved, addressed=typing.addressed, types=typing.types)
    outputs = dict(_outputs_of(called, unheard))
    if node.member.text in outputs or not outputs:
        return outputs.get(node.member.text, UNKNOWN)
    name = node.member.text
    known = ", ".join(f"`{output}`" for output in outputs)
    sure = certain(name, outputs) or ""
    function, meant = called.function.text, OUTPUTS_FROM_ELSEWHERE.get(name, "")
    phrase = f"`{meant}`, which is the same under another name" if meant in outputs else ""
    if of := OUTPUTS_OF_THEIR_OWN.get((function, name)):
        phrase = f"`{of}({', '.join(typing.text(argument.value) for argument in called.arguments)})`"
    return typing.tell(
        UnknownOutput(span=node.member.span, function=function, name=name, known=known, sure=sure, phrase=phrase)
    )


def _type_of_seen(name: str, node: Member, typing: Typing) -> Type:
    """`sweep.low`, the extremes of a sequence, and `gap.close`, a column on the bar of a step."""
    known = ("low", "high") if typing.resolved.sequence(name) is not None else COLUMNS
    if node.member.text in known:
        return type_of_word(node.member.text, typing.header_at(node))
    listed, asked = ", ".join(f"`{word}`" for word in known), node.member.text
    step = isinstance(typing.resolved.declared.get(asked), SequenceStep)
    phrase = f"a step by its own name, `{asked}.high`" if step else ""
    return typing.tell(UnknownOutput(span=node.member.span, function=name, name=asked, known=listed, phrase=phrase))


# ── windows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _type_of_over(node: Over, typing: Typing) -> Type:
    call = node.call
    if isinstance(node.window, FirstOfSession):
        type_of(node.window.duration, typing)
    if isinstance(node.window, ClockRange):
        type_of(node.window.range.low, typing)
        type_of(node.window.range.high, typing)
    if call.function.text not in AGGREGATES or len(call.arguments) != 1 or call.arguments[0].name is not None:
        return typing.tell(NotAnAggregate(span=call.span, name=call.function.text))
    series = call.arguments[0].value
    found = type_of(series, typing)
    if call.function.text == "count":
        want_condition(series, found, typing)
        return COUNT
    return want_number(series, found, typing)
