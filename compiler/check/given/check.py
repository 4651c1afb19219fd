"""Given: whether what a line sets in a block has the unit of the block's input, and lies in its range.

A number stands in the place of the input's default; an input of the text that uses the block stands in the place of the
input itself, with all that it may be set to.
"""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.given.diagnostics import GivenInAnotherUnit, GivenOutsideRange
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.limits import in_base, same_step
from stratc.compiler.resolve.symbols import Given
from stratc.dsl.syntax import Expression, Input, Name
from stratc.dsl.types import UNKNOWN, PriceDiff, comparable


def as_declared(stated: Input, typing: Typing) -> Input:
    """An input as its block declares it, where a line has set it, which is checked too; itself everywhere else."""
    for given in typing.resolved.blocks.given:
        if given.setting.value == stated.default:
            check_given(given, typing)
            return given.wanted
    return stated


def check_given(given: Given, typing: Typing) -> None:
    value, wanted = given.setting.value, given.wanted
    found, kind = type_of(value, typing), type_of(wanted.default, typing)
    if UNKNOWN in (found, kind):
        return
    written = _written(value, typing)
    steps = isinstance(kind, PriceDiff) and not same_step(written, wanted.default)
    if not comparable(found, kind) or steps:
        typing.tell(
            GivenInAnotherUnit(
                span=value.span,
                name=given.setting.name.text,
                wanted=article(kind),
                found=article(found),
                sample=typing.text(wanted.default),
                declared=wanted.name.span,
            )
        )
        # What reads the input is right where this is mended.
        typing.types[value] = kind
    else:
        _check_range(given, typing)


def _written(value: Expression, typing: Typing) -> Expression:
    """The number that stands for what is passed: an input's default, or itself."""
    stated = typing.resolved.input(value.text) if isinstance(value, Name) else None
    return value if stated is None else stated.default


def _check_range(given: Given, typing: Typing) -> None:
    allowed, value = given.wanted.range, given.setting.value
    if allowed is None:
        return
    low, high = in_base(allowed.low, typing), in_base(allowed.high, typing)
    for part in _what_it_may_be(value, typing):
        found: Decimal | None = in_base(part, typing)
        if low is not None and high is not None and found is not None and not low <= found <= high:
            typing.tell(
                GivenOutsideRange(
                    span=value.span,
                    name=given.setting.name.text,
                    low=typing.text(allowed.low),
                    high=typing.text(allowed.high),
                    may_be="may be set to" if isinstance(value, Name) else "is",
                    found=typing.text(part),
                    declared=given.wanted.name.span,
                )
            )
            return


def _what_it_may_be(value: Expression, typing: Typing) -> tuple[Expression, ...]:
    stated = typing.resolved.input(value.text) if isinstance(value, Name) else None
    if stated is None:
        return (value,)
    return (stated.default, stated.range.low, stated.range.high) if stated.range is not None else (stated.default,)
