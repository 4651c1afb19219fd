"""A rule beside one moment of a model: its registers from view to view, and what would break it there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from stratc.compiler.ir.observer import Observer, RegisterKind
from stratc.compiler.judge.values.reading import Reading, followed
from stratc.compiler.judge.values.step import Moment, View, larger

Expression = Any


class Watched:
    """The rule over one moment: of the fills of a bar `earlier` is the one that raised a register most, and `inside`
    any other. `after` are its registers at the end, `broken` whether any view breaks it."""

    def __init__(self, observer: Observer, moment: Moment) -> None:
        self._observer = observer
        self._moment = moment
        self._indices = followed(observer)
        # Days of the rule may begin when none of the account does, and a person may reset it at any time.
        self._day = z3.Bool(f"{moment.name} day of the rule")
        self._reset = z3.Bool(f"{moment.name} reset")
        registers = dict(zip(self._indices, moment.before.registers, strict=True))
        broken: list[Expression] = []
        for view in moment.views:
            registers = self._followed(view, registers)
            broken += self._breaks(view, registers)
        self.after = tuple(registers[index] for index in self._indices)
        self.broken = z3.Or(broken)

    def _followed(self, view: View, before: dict[int, Expression]) -> dict[int, Expression]:
        """The registers after an event of this view, each one after the one before it."""
        now = dict(before)
        for index in self._indices:
            register = self._observer.registers[index]
            reading = Reading(self._observer, view, now, f"{self._moment.name} {index}")
            clears = self._clears(view, daily=register.daily, resets=register.reset is not None)
            if register.kind is RegisterKind.HIGHEST and register.weight is not None:
                weight = reading.number(register.weight)
                now[index] = z3.If(clears, weight, larger(before[index], weight))
            elif register.condition is not None:
                now[index] = z3.Or(z3.And(before[index], z3.Not(clears)), reading.truth(register.condition))
        return now

    def _clears(self, view: View, *, daily: bool, resets: bool) -> Expression:
        if view.name == "day" and daily:
            return self._day
        return self._reset if view.name == "reset" and resets else z3.Or()

    def _breaks(self, view: View, registers: dict[int, Expression]) -> Iterator[Expression]:
        """A requirement that an event of this view may test, of any of its instruments; whatever it looks for first."""
        for number, requirement in enumerate(self._observer.requirements):
            if not requirement.trigger.kinds & view.kinds:
                continue
            reading = Reading(self._observer, view, registers, f"{self._moment.name} test {number}")
            for instrument in self._observer.instruments:
                yield z3.And(view.happens, z3.Not(reading.of(instrument).truth(requirement.condition)))


def register_state(observer: Observer, name: str) -> tuple[Expression, ...]:
    """Fresh variables for the registers that are followed."""
    return tuple(
        (z3.Real if observer.registers[index].kind is RegisterKind.HIGHEST else z3.Bool)(f"{name} register {index}")
        for index in followed(observer)
    )


def register_start(observer: Observer, registers: tuple[Expression, ...], view: View) -> Iterator[Expression]:
    """Before the first event a highest is below everything, and no bit is set."""
    for index, at in zip(followed(observer), registers, strict=True):
        register = observer.registers[index]
        if register.kind is RegisterKind.HIGHEST and register.weight is not None:
            yield at <= Reading(observer, view, {}, f"start {index}").number(register.weight)
        else:
            yield z3.Not(at)
