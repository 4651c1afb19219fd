"""Observers at work in Python: exact, one event at a time; used for scenarios, the search and interpreted runs.

`Machine` runs one observer against a `Situation`, which answers its signals. `Watch` ties machines to the engine: it
has the methods that the engine asks of rule guards, and tells what was broken, checked and denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol, Self, assert_never

from stratc.compiler.ir.observer import (
    AGE_MAX,
    HIGHEST_NONE,
    NO_SECOND,
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    EventKind,
    GuardTest,
    Invert,
    Observer,
    Operator,
    PerInstrument,
    Read,
    Register,
    RegisterKind,
    Requirement,
    Signal,
    Term,
    Trigger,
)

Value = Fraction | int | bool
NO_INSTRUMENT = -1
# What a register holds before the first event that it knows of.
EMPTY: Final = {
    RegisterKind.BIT: 0,
    RegisterKind.BROKEN: 0,
    RegisterKind.COUNT: 0,
    RegisterKind.RING: 0,
    RegisterKind.TIMES: NO_SECOND,
    RegisterKind.AGE: AGE_MAX,
    RegisterKind.HIGHEST: HIGHEST_NONE,
}


class Situation(Protocol):
    """The account as it stands; money in quanta, of which `quanta` make one unit of the currency."""

    @property
    def quanta(self) -> int: ...

    def signal(self, signal: Signal, instrument: int) -> Value: ...


@dataclass(frozen=True, slots=True)
class _Change:
    """What one event does to one cell, settled before anything changes."""

    register: int
    place: int
    up: bool
    weight: Fraction | int
    down: bool
    reset: bool


class Machine:
    """The state of one observer. Its registers begin empty; `seed` puts in what happened before the run.

    `_day` is the calendar day that it is in, None before its first event; only where some register counts such days.
    `is_law` is said before an event by whoever runs it over days on which its rule is not law.
    """

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self.is_law = True
        self._place = {instrument: place for place, instrument in enumerate(observer.instruments)}
        self._cells = [self._fresh(register) for register in observer.registers]
        self._calendar = any(register.calendar for register in observer.registers)
        self._day: int | None = None

    def seed(self, happening: str, days_ago: int, times: int) -> None:
        """Count an event that happened so many business days before the first day of the run."""
        for register, cells in zip(self.observer.registers, self._cells, strict=True):
            if register.kind is RegisterKind.RING and register.happening == happening and days_ago < register.days:
                cells[0][days_ago] += times

    def copy(self) -> Self:
        """The same state once more."""
        made = copy(self)
        made._cells = [[list(cell) for cell in cells] for cells in self._cells]
        return made

    def key(self) -> tuple[Fraction | int, ...]:
        """All memory, each day of a ring apart: equal for two machines that go on alike."""
        return tuple(value for cells in self._cells for cell in cells for value in cell)

    def start(self, situation: Situation) -> None:
        """The first day begins; an event on it does the same."""
        if self._calendar and self._day is None:
            self._day = int(situation.signal(Signal.CALENDAR_DAY, NO_INSTRUMENT))

    def values(self) -> tuple[Fraction | int, ...]:
        """All registers in order, rings as their sums: what a journal keeps and what two executions are compared by."""
        return tuple(sum(cell) for cells in self._cells for cell in cells)

    def observe(self, kind: EventKind, instrument: int, situation: Situation) -> tuple[Requirement, ...]:
        """Take in one event; the requirements that it breaks, none where the rule is not law."""
        if instrument != NO_INSTRUMENT and instrument not in self._place:
            return ()
        self.start(situation)
        if kind is EventKind.NEW_DAY:
            self._begin_day(situation)
        demanded = self.observer.requirements if self.is_law else ()
        tested = [each for each in demanded if self._hit(each.trigger, kind, instrument, situation)]
        for change in list(self._changes(kind, instrument, situation)):
            self._apply(change)
        self._follow(instrument, situation)
        broken = tuple(each for each in tested if not self._holds(each.condition, instrument, situation))
        if broken:
            self.note_breach()
        return broken

    def denies(self, instrument: int, situation: Situation) -> GuardTest | None:
        """The first guard that refuses the opening order that the situation describes."""
        if instrument not in self._place:
            return None
        return next((each for each in self.observer.guards if self._holds(each.deny_when, instrument, situation)), None)

    def note_breach(self) -> None:
        """What a breach leaves behind."""
        for register, cells in zip(self.observer.registers, self._cells, strict=True):
            if register.kind is RegisterKind.BROKEN:
                cells[0][0] = 1

    # ── registers ──

    def _fresh(self, register: Register) -> list[list[Fraction | int]]:
        empty = EMPTY[register.kind]
        return [[empty] * max(register.days, 1) for _ in range(len(self._place) if register.per_instrument else 1)]

    def _begin_day(self, situation: Situation) -> None:
        """One business day more, and as many days of the calendar as lie between."""
        passed = 1
        if self._day is not None:
            today = int(situation.signal(Signal.CALENDAR_DAY, NO_INSTRUMENT))
            passed, self._day = max(today - self._day, 1), today
        for register, cells in zip(self.observer.registers, self._cells, strict=True):
            days = passed if register.calendar else 1
            for cell in cells:
                if register.kind is RegisterKind.RING:
                    cell[:] = ([0] * days + cell)[: len(cell)]
                elif register.kind is RegisterKind.AGE:
                    cell[0] = min(cell[0] + days, AGE_MAX)
                elif register.daily:
                    cell[0] = EMPTY[register.kind]

    def _changes(self, kind: EventKind, instrument: int, situation: Situation) -> Iterator[_Change]:
        for index, register in enumerate(self.observer.registers):
            for place, seen in self._places(register, instrument):
                if kind is EventKind.MARK and register.per_instrument and not situation.signal(Signal.PRICE, seen):
                    continue  # what has no price yet was not marked
                up = self._hit(register.up, kind, seen, situation)
                down = self._hit(register.down, kind, seen, situation)
                reset = self._hit(register.reset, kind, seen, situation)
                if up or down or reset:
                    yield _Change(index, place, up, self._weight(register, seen, situation) if up else 0, down, reset)

    def _weight(self, register: Register, instrument: int, situation: Situation) -> Fraction | int:
        """What an event counts; of the seconds of events, its own."""
        if register.kind is RegisterKind.TIMES:
            return int(situation.signal(Signal.SECOND, NO_INSTRUMENT))
        return 1 if register.weight is None else self._number(register.weight, instrument, situation)

    def _places(self, register: Register, instrument: int) -> Iterable[tuple[int, int]]:
        """The cells that an event reaches, each with the instrument that its conditions are read for."""
        if not register.per_instrument:
            return ((0, instrument),)
        if instrument == NO_INSTRUMENT:
            return tuple((place, each) for each, place in self._place.items())
        return ((self._place[instrument], instrument),)

    def _apply(self, change: _Change) -> None:
        register = self.observer.registers[change.register]
        cell = self._cells[change.register][change.place]
        if change.reset:
            cell[:] = [EMPTY[register.kind] if register.kind is not RegisterKind.AGE else 0] * len(cell)
        if change.down:
            cell[0] = max(cell[0] - 1, 0)
        if change.up:
            match register.kind:
                case RegisterKind.BIT:
                    cell[0] = 1
                case RegisterKind.AGE:
                    cell[0] = 0
                case RegisterKind.COUNT | RegisterKind.RING:
                    cell[0] += change.weight
                case RegisterKind.TIMES:
                    cell[:] = [change.weight, *cell[:-1]]
                case RegisterKind.HIGHEST | RegisterKind.BROKEN:
                    pass  # nothing counts them up: they follow after every event
                case _:
                    assert_never(register.kind)

    def _follow(self, instrument: int, situation: Situation) -> None:
        """Bits that a condition sets, and the highest of terms, in the state after the event."""
        for index, register in enumerate(self.observer.registers):
            if register.kind is RegisterKind.HIGHEST and register.weight is not None:
                for place, seen in self._places(register, instrument):
                    cell = self._cells[index][place]
                    cell[0] = max(cell[0], self._number(register.weight, seen, situation))
            if register.condition is not None:
                for place, seen in self._places(register, instrument):
                    if self._holds(register.condition, seen, situation):
                        self._cells[index][place][0] = 1

    # ── terms ──

    def _hit(self, trigger: Trigger | None, kind: EventKind, instrument: int, situation: Situation) -> bool:
        if trigger is None or kind not in trigger.kinds:
            return False
        return trigger.where is None or self._holds(trigger.where, instrument, situation)

    def _holds(self, term: Term, instrument: int, situation: Situation) -> bool:
        return bool(self._value(term, instrument, situation))

    def _number(self, term: Term, instrument: int, situation: Situation) -> Fraction | int:
        return self._value(term, instrument, situation)

    def _value(self, term: Term, instrument: int, situation: Situation) -> Value:
        match term:
            case Constant(value=value):
                return value
            case Amount(value=value):
                return value * situation.quanta
            case PerInstrument(values=values):
                return values[instrument]
            case Read(register=index):
                return self._read(index, instrument, situation)
            case Ask(signal=signal):
                return situation.signal(signal, instrument)
            case Combine():
                return self._combine(term, instrument, situation)
            case Invert(operand=operand):
                return not self._holds(operand, instrument, situation)
            case Across(operand=operand):
                return sum(self._number(operand, each, situation) for each in self._place)
            case _:
                assert_never(term)

    def _read(self, index: int, instrument: int, situation: Situation) -> Fraction | int:
        register = self.observer.registers[index]
        cell = self._cells[index][self._place[instrument] if register.per_instrument else 0]
        if register.kind is not RegisterKind.TIMES:
            return sum(cell)
        now = int(situation.signal(Signal.SECOND, NO_INSTRUMENT))
        return sum(1 for second in cell if now - second < register.seconds)

    def _combine(self, term: Combine, instrument: int, situation: Situation) -> Value:
        left = self._value(term.left, instrument, situation)
        if term.operator is Operator.AND:
            return bool(left) and self._holds(term.right, instrument, situation)
        if term.operator is Operator.OR:
            return bool(left) or self._holds(term.right, instrument, situation)
        right = self._value(term.right, instrument, situation)
        return _calculate(term.operator, left, right)


def _calculate(operator: Operator, left: Value, right: Value) -> Value:
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUBTRACT:
            return left - right
        case Operator.MULTIPLY:
            return left * right
        case Operator.MINIMUM:
            return min(left, right)
        case Operator.MAXIMUM:
            return max(left, right)
        case Operator.LESS:
            return left < right
        case Operator.LESS_EQUAL:
            return left <= right
        case Operator.GREATER:
            return left > right
        case Operator.GREATER_EQUAL:
            return left >= right
        case Operator.EQUAL:
            return left == right
        case Operator.NOT_EQUAL:
            return left != right
        case Operator.AND | Operator.OR:
            return bool(left) and bool(right) if operator is Operator.AND else bool(left) or bool(right)
        case _:
            assert_never(operator)
