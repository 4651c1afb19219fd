"""Calls: which argument of a call is which input or parameter of the indicator.

One reading of a call for the checker and the lowering: inputs that are a column of the bar are not written; the others
come first, then the parameters, each in the order of the declaration or by its name.
"""

from __future__ import annotations

from stratc.dsl.stdlib.signature import Indicator, Input, Param
from stratc.dsl.syntax import Argument, Call, Expression
from stratc.runtime.model.record import record


@record
class Bound:
    """The arguments of a call in the order of the declaration; None for a column, or a parameter's default."""

    inputs: tuple[tuple[Input, Expression | None], ...]
    params: tuple[tuple[Param, Expression | None], ...]


def bind(call: Call, indicator: Indicator) -> Bound | str:
    """The arguments of a call by their places, or what is wrong with them in words."""
    slots = [*(item.name for item in indicator.inputs if not item.column), *(item.name for item in indicator.params)]
    given = _assign(call.arguments, slots)
    if isinstance(given, str):
        return given
    missing = [item.name for item in indicator.inputs if not item.column and item.name not in given] + [
        item.name for item in indicator.params if item.default is None and item.name not in given
    ]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        return f"{names} {'is' if len(missing) == 1 else 'are'} missing"
    return Bound(
        inputs=tuple((item, None if item.column else given[item.name]) for item in indicator.inputs),
        params=tuple((item, given.get(item.name)) for item in indicator.params),
    )


def _assign(arguments: tuple[Argument, ...], slots: list[str]) -> dict[str, Expression] | str:
    given: dict[str, Expression] = {}
    for place, argument in enumerate(arguments):
        if argument.name is not None:
            name = argument.name.text
            if name not in slots:
                return f"there is no `{name}`"
        elif place < len(slots):
            name = slots[place]
        else:
            return f"there are {len(arguments)} arguments"
        if name in given:
            return f"`{name}` is given twice"
        given[name] = argument.value
    return given


def described(indicator: Indicator) -> str:
    """The arguments that a call of the indicator writes, in words: `series, length`."""
    words = [item.name for item in indicator.inputs if not item.column]
    words += [item.name if item.default is None else f"{item.name} = {item.default:g}" for item in indicator.params]
    return f"({', '.join(words)})" if words else "no arguments"
