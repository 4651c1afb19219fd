"""Arguments: what a call gives an indicator, held against what its declaration wants.

Assumes that the arguments are typed. A series has the kind that the declaration wants; a constant is a number in its
bounds that is fixed before the run; what the outputs measure follows from what the inputs do.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.advice import article
from stratc.compiler.check.calls import Bound
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.diagnostics import LengthNotConstant, LengthOutOfRange, WrongArgumentKind
from stratc.compiler.check.mending import bars_instead
from stratc.compiler.check.units import type_of_word, want_number
from stratc.dsl.stdlib.signature import Output, Param, Unit, Wants
from stratc.dsl.syntax import Call, Expression, Name
from stratc.dsl.types import (
    BARS,
    COUNT,
    NUMBER,
    RATIO,
    UNKNOWN,
    Price,
    Quantity,
    Type,
    difference_of,
    is_number,
    multiply,
)

# What an input wants, in words, and something that it may be.
WANTED: Final = {
    Wants.PRICE: ("a price", "close"),
    Wants.QUANTITY: ("a quantity", "volume"),
    Wants.RATIO: ("a ratio", "roc(close, 1)"),
}


def check_inputs(call: Call, bound: Bound, typing: Typing) -> tuple[Type, ...]:
    """The types of the inputs, after every written one was held against what the indicator wants."""
    types: list[Type] = []
    for item, written in bound.inputs:
        if written is None:
            types.append(type_of_word(item.column, typing.header_at(call)))
            continue
        found = want_number(written, typing.types.get(written, UNKNOWN), typing)
        types.append(found)
        if item.wants in WANTED and not _fits(found, item.wants) and not typing.is_blamed(written):
            wanted, such = WANTED[item.wants]
            problem = WrongArgumentKind(
                span=written.span,
                name=call.function.text,
                argument=item.name,
                wanted=wanted,
                found=article(found),
                advice=f"pass {wanted} such as `{such}`",
            )
            typing.tell_clash(problem, written)
    return tuple(types)


def _fits(found: Type, wants: Wants) -> bool:
    match wants:
        case Wants.PRICE:
            return found == UNKNOWN or isinstance(found, Price)
        case Wants.QUANTITY:
            return found == UNKNOWN or isinstance(found, Quantity)
        case Wants.RATIO:
            return found in (UNKNOWN, RATIO) or is_number(found)
        case _:
            return True


def type_of_output(output: Output, inputs: tuple[Type, ...]) -> Type:
    """What an output measures, from what the inputs do."""
    first = inputs[0] if inputs else NUMBER
    match output.unit:
        case Unit.SAME:
            return first
        case Unit.DIFFERENCE:
            return difference_of(first)
        case Unit.RATIO:
            return RATIO
        case Unit.NUMBER:
            return NUMBER
        case Unit.COUNT:
            return COUNT
        case Unit.PRODUCT:
            return multiply(first, difference_of(inputs[1])) or NUMBER


def check_param(call: Call, param: Param, written: Expression, typing: Typing) -> bool:
    """Whether a parameter is a number in its bounds, or an input whose default and range are; told where not."""
    kind = typing.types[written]
    if kind == UNKNOWN:
        return True
    value = constant(written, typing.resolved)
    lack = _why_not_a_param(param, written, kind, value, typing)
    if lack:
        wanted = "a whole number of bars" if param.whole else "a number"
        typing.tell(
            LengthNotConstant(
                span=written.span,
                name=call.function.text,
                argument=param.name,
                wanted=wanted,
                why=lack,
                sample=_sample_of(param, written, typing),
            )
        )
        return False
    for found in _values(written, value, typing):
        if not Decimal(str(param.at_least)) <= found <= Decimal(str(param.at_most)):
            typing.tell(
                LengthOutOfRange(
                    span=written.span,
                    name=call.function.text,
                    argument=param.name,
                    low=f"{param.at_least:g}",
                    high=f"{param.at_most:g}",
                    found=f"{found:f}",
                    sample=_sample_of(param, None, typing),
                )
            )
            return False
    return True


def _sample_of(param: Param, written: Expression | None, typing: Typing) -> str:
    """A value that the parameter may have: the written number without its unit, else a customary one."""
    meant = bars_instead(written, typing) if written is not None else None
    if meant is not None and param.at_least <= meant <= param.at_most:
        return str(meant)
    customary = param.default if param.default is not None else 14.0
    return f"{min(max(customary, param.at_least), param.at_most):g}"


def _why_not_a_param(param: Param, written: Expression, kind: Type, value: Decimal | None, typing: Typing) -> str:
    """What is wrong with an argument that must be fixed before the run; empty where nothing is."""
    allowed = (COUNT, BARS) if param.whole else (COUNT, NUMBER)
    if value is not None and kind not in allowed:
        return f"this is {article(kind)}"
    if value is None:
        return "known only bar by bar"
    if reads_input(written, typing.resolved) and not isinstance(written, Name):
        return "a formula of inputs; pass the input itself"
    if isinstance(written, Name) and reads_input(written, typing.resolved) and not typing.resolved.input(written.text):
        return "a binding of inputs; pass the input itself"
    return "not whole" if param.whole and value != value.to_integral_value() else ""


def _values(written: Expression, value: Decimal | None, typing: Typing) -> tuple[Decimal, ...]:
    """The values that a parameter may have: its own, and the ends of an input's range."""
    stated = typing.resolved.input(written.text) if isinstance(written, Name) else None
    ends = (stated.range.low, stated.range.high) if stated is not None and stated.range is not None else ()
    found = (value, *(constant(end, typing.resolved) for end in ends))
    return tuple(item for item in found if item is not None)
