"""What observers look at: their events, their signals and the numbers that they compare with.

From it follows what a trace has to be made of to tell two observers apart: a rule that never asks for money is not told
apart by prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.observer import (
    MONEY,
    Across,
    Amount,
    Constant,
    EventKind,
    Observer,
    PerInstrument,
    RegisterKind,
    Signal,
    Term,
    Trigger,
)
from stratc.compiler.judge.terms import signals_of, walk
from stratc.dsl.source import NOWHERE
from stratc.runtime.model.record import record

ACCOUNT: Final = frozenset({Signal.EQUITY, Signal.EQUITY_AT_LAST_CLOSE, Signal.CASH})
VALUES: Final = MONEY - ACCOUNT


@record
class Interest:
    """Events and signals that matter, amounts of money and rates that are compared with, and whether several
    instruments and several days make a difference."""

    kinds: frozenset[EventKind]
    signals: frozenset[Signal]
    amounts: tuple[Fraction, ...]
    rates: tuple[Fraction, ...]
    instruments_max: int
    days: bool


def interest_of(observers: Sequence[Observer]) -> Interest:
    terms = [part for observer in observers for term in _terms(observer) for part in walk(term)]
    triggers = [trigger for observer in observers for trigger in _triggers(observer)]
    signals = frozenset(signal for term in terms for signal in signals_of(term))
    numbers = {number for term in terms for number in _numbers(term)}
    several = any(isinstance(term, Across) for term in terms)
    several = several or any(register.per_instrument for each in observers for register in each.registers)
    remembered = max(len(each.registers) for each in observers)
    return Interest(
        kinds=frozenset(kind for trigger in triggers for kind in trigger.kinds),
        signals=signals,
        amounts=tuple(sorted({term.value for term in terms if isinstance(term, Amount) and term.value > 0})),
        rates=tuple(sorted(number for number in numbers if 0 < number <= 1)) if signals & VALUES else (),
        instruments_max=(3 if remembered <= 2 else 2) if several else 1,
        days=any(_is_dated(each) for each in observers),
    )


def _is_dated(observer: Observer) -> bool:
    """Whether a new day changes anything."""
    return Signal.EQUITY_AT_LAST_CLOSE in {s for t in _terms(observer) for s in signals_of(t)} or any(
        register.days or register.daily or EventKind.NEW_DAY in (register.up.kinds if register.up else ())
        for register in observer.registers
    )


def _numbers(term: Term) -> Iterator[Fraction]:
    match term:
        case Constant(value=Fraction() as value):
            yield value
        case PerInstrument(values=values):
            yield from values
        case _:
            pass


def _triggers(observer: Observer) -> Iterator[Trigger]:
    for register in observer.registers:
        yield from (each for each in (register.up, register.down, register.reset) if each is not None)
    yield from (each.trigger for each in observer.requirements)


def _terms(observer: Observer) -> Iterator[Term]:
    yield from (each.where for each in _triggers(observer) if each.where is not None)
    for register in observer.registers:
        yield from (each for each in (register.weight, register.condition) if each is not None)
    yield from (each.condition for each in observer.requirements)
    yield from (each.deny_when for each in observer.guards)


def plain_machine(observer: Observer | None) -> Observer | None:
    """The observer without what does not change what it does: names, places, and when a parameter changes next."""
    if observer is None:
        return None
    return replace(
        observer,
        rule="",
        registers=tuple(replace(each, name="", happening="") for each in observer.registers),
        requirements=tuple(replace(each, span=NOWHERE) for each in observer.requirements),
        guards=tuple(replace(each, span=NOWHERE) for each in observer.guards),
        parameters=(),
        changes_on=None,
    )


def demands_alike(one: Observer, two: Observer) -> bool:
    """Whether two plain machines demand the same with the same memory: then they differ in guards alone."""
    return (one.registers, one.requirements) == (two.registers, two.requirements)


def guards_alike(one: Observer, two: Observer) -> bool:
    told = any(register.kind is RegisterKind.BROKEN for each in (one, two) for register in each.registers)
    # A guard that asks whether the rule was broken hangs on what the rule demands.
    same = not told or one.requirements == two.requirements
    return same and (one.registers, one.guards) == (two.registers, two.guards)
