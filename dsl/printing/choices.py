"""Choices → text: on one line where nothing nests, else a path a line, nested ones indented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from stratc.dsl.printing.expressions import SUM, print_expression
from stratc.dsl.syntax import Cash, Choice, Instrument, Mix, Part, Picked, Rest, Switch

STEP: Final = "  "


def is_nested(choice: Choice) -> bool:
    """Whether one `if` stands below another."""
    return isinstance(choice, Switch) and (isinstance(choice.then, Switch) or isinstance(choice.otherwise, Switch))


def print_flat(choice: Choice) -> str:
    """The whole choice on one line."""
    match choice:
        case Switch():
            condition = print_expression(choice.condition)
            return f"if {condition} then {print_flat(choice.then)} else {print_flat(choice.otherwise)}"
        case Mix(parts=parts):
            return " and ".join(_print_part(part) for part in parts)
        case _:
            assert_never(choice)


def choice_lines(choice: Choice, indent: str) -> list[str]:
    """A path a line: what follows a condition stands behind it, or below it where it branches again."""
    return [f"{indent}{line}" for line in _lines(choice)]


def _lines(choice: Choice) -> Iterator[str]:
    if isinstance(choice, Mix):
        yield print_flat(choice)
        return
    condition = print_expression(choice.condition)
    if isinstance(choice.then, Mix):
        yield f"if {condition} then {print_flat(choice.then)}"
    else:
        yield f"if {condition} then"
        yield from (f"{STEP}{line}" for line in _lines(choice.then))
    first, *rest = _lines(choice.otherwise)
    yield f"else {first}"
    yield from rest


def _print_part(part: Part) -> str:
    match part.share:
        case None:
            return _print_held(part.held)
        case Rest():
            return f"rest {_print_held(part.held)}"
        case share:
            return f"{print_expression(share)} {_print_held(part.held)}"


def _print_held(held: Instrument | Cash | Picked | Choice) -> str:
    match held:
        case Instrument(symbol=symbol):
            return symbol
        case Cash():
            return "cash"
        case Picked():
            return print_picked(held)
        case Mix() | Switch():
            return f"({print_flat(held)})"
        case _:
            assert_never(held)


def print_picked(picked: Picked) -> str:
    among = ", ".join(each.symbol for each in picked.among)
    end = "bottom" if picked.lowest else "top"
    return f"{end} {print_expression(picked.count)} of {among} by {print_expression(picked.by, SUM)}"
