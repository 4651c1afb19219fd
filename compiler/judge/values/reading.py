"""A rule's conditions over the views of a moment, in z3's terms; what is not modelled may be anything.

Registers that keep a highest, and bits that a condition sets, are followed; of others any number is taken, and so it is
of everything that is asked of an order, a fill or a quantity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, assert_never

import z3

from stratc.compiler.ir.observer import (
    TRUTH_REGISTERS,
    TRUTH_SIGNALS,
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    EventKind,
    Invert,
    Observer,
    Operator,
    PerInstrument,
    Read,
    Register,
    RegisterKind,
    Signal,
    Term,
    Trigger,
)
from stratc.compiler.judge.values.step import View, larger, number

Expression = Any
COMPARED: Final = {
    Operator.LESS: lambda one, two: one < two,
    Operator.LESS_EQUAL: lambda one, two: one <= two,
    Operator.GREATER: lambda one, two: one > two,
    Operator.GREATER_EQUAL: lambda one, two: one >= two,
    Operator.EQUAL: lambda one, two: one == two,
    Operator.NOT_EQUAL: lambda one, two: one != two,
}


class NotLinear(Exception):
    """Two things that change are multiplied."""


def followed(observer: Observer) -> tuple[int, ...]:
    """The registers that are followed, by their indices."""
    return tuple(index for index, register in enumerate(observer.registers) if _is_followed(register))


def _is_followed(register: Register) -> bool:
    """Kept for the account as a whole, and changed by nothing but its own term, a new day, or a person's reset."""
    if register.per_instrument or register.up is not None or register.down is not None or register.calendar:
        return False
    if register.reset is not None and register.reset != Trigger(kinds=frozenset({EventKind.RESET}), where=None):
        return False
    if register.kind is RegisterKind.HIGHEST:
        return register.weight is not None
    return register.kind is RegisterKind.BIT and register.condition is not None


@dataclass(slots=True)
class Reading:
    """An observer's terms at one view, of one of its instruments, with its registers as they are then."""

    observer: Observer
    view: View
    registers: dict[int, Expression]
    name: str
    instrument: int = 0
    unknown: dict[object, Expression] = field(default_factory=dict)

    def of(self, instrument: int) -> Reading:
        return Reading(self.observer, self.view, self.registers, self.name, instrument, self.unknown)

    # ── conditions ──

    def truth(self, term: Term) -> Expression:
        match term:
            case Constant(value=value):
                return z3.BoolVal(bool(value))
            case Invert(operand=operand):
                return z3.Not(self.truth(operand))
            case Combine(operator=Operator.AND, left=left, right=right):
                return z3.And(self.truth(left), self.truth(right))
            case Combine(operator=Operator.OR, left=left, right=right):
                return z3.Or(self.truth(left), self.truth(right))
            case Combine(operator=operator, left=left, right=right) if operator in COMPARED:
                return COMPARED[operator](self.number(left), self.number(right))
            case Read(register=index) if self.observer.registers[index].kind in TRUTH_REGISTERS:
                return self._register(index, z3.Bool)
            case Ask(signal=signal) if signal in TRUTH_SIGNALS:
                return self._anything((signal, self.instrument), z3.Bool)
            case _:
                return self.number(term) != 0

    def _is_condition(self, term: Term) -> bool:
        match term:
            case Constant(value=value):
                return isinstance(value, bool)
            case Invert():
                return True
            case Combine(operator=operator):
                return operator in COMPARED or operator in {Operator.AND, Operator.OR}
            case Read(register=index):
                return self.observer.registers[index].kind in TRUTH_REGISTERS
            case Ask(signal=signal):
                return signal in TRUTH_SIGNALS
            case _:
                return False

    # ── numbers ──

    def number(self, term: Term) -> Expression:
        if self._is_condition(term):
            return z3.If(self.truth(term), number(1), number(0))
        match term:
            case Constant(value=value) | Amount(value=value):
                return number(value)
            case PerInstrument(values=values):
                return number(values[self.instrument])
            case Ask(signal=signal):
                return self._signal(signal)
            case Read(register=index):
                return self._register(index, z3.Real)
            case Across(operand=operand):
                return z3.Sum([self.of(each).number(operand) for each in self.observer.instruments])
            case Combine(operator=operator, left=left, right=right):
                return self._calculate(operator, self.number(left), self.number(right))
            case Invert():
                return number(0)  # a condition, read above
            case _:
                assert_never(term)

    def _calculate(self, operator: Operator, one: Expression, two: Expression) -> Expression:
        match operator:
            case Operator.ADD:
                return one + two
            case Operator.SUBTRACT:
                return one - two
            case Operator.MULTIPLY:
                if not (z3.is_rational_value(z3.simplify(one)) or z3.is_rational_value(z3.simplify(two))):
                    raise NotLinear
                return one * two
            case Operator.MINIMUM:
                return z3.If(one < two, one, two)
            case Operator.MAXIMUM:
                return larger(one, two)
            case _:
                raise ValueError(f"`{operator}` gives no number")

    def _signal(self, signal: Signal) -> Expression:
        view = self.view
        long, short = view.held[self.instrument]
        match signal:
            case Signal.EQUITY:
                return view.equity
            case Signal.EQUITY_AT_LAST_CLOSE:
                return view.close
            case Signal.LONG_VALUE:
                return long
            case Signal.SHORT_VALUE:
                return short
            case Signal.LONG_VALUE_AFTER if view.working is not None:
                return long + view.working[self.instrument][0]
            case Signal.SHORT_VALUE_AFTER if view.working is not None:
                return short + view.working[self.instrument][1]
            case Signal.EXPOSURE_AFTER if view.working is not None:
                buying, selling = view.working[self.instrument]
                return larger(long + buying, short + selling)
            case _:
                return self._anything((signal, self.instrument), z3.Real)

    def _register(self, index: int, make: Any) -> Expression:
        if index in self.registers:
            return self.registers[index]
        return self._anything((index, self.instrument), make)

    def _anything(self, key: object, make: Any) -> Expression:
        """Whatever it may be: one unknown for each thing that is asked here."""
        known = self.unknown.get(key)
        if known is None:
            known = self.unknown[key] = make(f"{self.name} {self.view.name} unknown {len(self.unknown)}")
        return known
