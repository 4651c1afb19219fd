"""Choices in plain English: every path with what leads to it, and that exactly one of them is taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from stratc.compiler.reports.phrases import say
from stratc.dsl.syntax import Cash, Choice, Instrument, Mix, Name, Number, Part, Picked, Rest, Switch


def say_choice(choice: Choice) -> str:
    """`SPY`, or the numbered paths of which exactly one is taken."""
    paths = list(_paths(choice, ()))
    if len(paths) == 1:
        return _mix(paths[0][1])
    told = "; ".join(f"{n}) {_mix(mix)} when {' and '.join(asked)}" for n, (asked, mix) in enumerate(paths, 1))
    return (
        f"what the one of these {len(paths)} paths says that is taken (they exclude each other and leave no case out; "
        f"while a condition on the way is not known nothing is done): {told}"
    )


def _paths(choice: Choice, asked: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mix]]:
    match choice:
        case Mix():
            yield asked, choice
        case Switch(condition=condition):
            said = say(condition)
            yield from _paths(choice.then, (*asked, said))
            yield from _paths(choice.otherwise, (*asked, f"not ({said})"))
        case _:
            assert_never(choice)


def _mix(mix: Mix) -> str:
    shared = "" if len(mix.parts) == 1 or mix.parts[0].share is not None else " in equal parts"
    computed = any(isinstance(part.share, Name) for part in mix.parts)
    bounded = " (a share below 0% is nothing, and none is more than those before it leave)" if computed else ""
    return " and ".join(f"{_share(part)}{_held(part.held)}" for part in mix.parts) + shared + bounded


def _share(part: Part) -> str:
    match part.share:
        case None:
            return ""
        case Rest():
            return "the rest in "
        case Name():
            return f"{say(part.share)} of it in "
        case Number():
            return f"{say(part.share)} "
        case _:
            assert_never(part.share)


def _held(held: Instrument | Cash | Picked | Choice) -> str:
    match held:
        case Instrument(symbol=symbol):
            return symbol
        case Cash():
            return "cash"
        case Picked():
            among = ", ".join(each.symbol for each in held.among)
            end = "lowest" if held.lowest else "highest"
            return f"the {held.count.value:f} of {among} with the {end} {say(held.by).removeprefix('the ')}"
        case Mix() | Switch():
            return f"({say_choice(held)})"
        case _:
            assert_never(held)
