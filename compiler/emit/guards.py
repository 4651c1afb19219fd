"""Observers as Cython text: the same machines that `compiler.judge.observe` runs, inside the generated strategy.

Maps observers to a `GuardCode`. Registers are fields, events are straight-line code, money is compared in 128-bit whole
numbers with every rational constant brought to a common denominator: both executions agree to the last quantum.
`guard_K_checked`, `guard_K_denied` and `guard_K_breaches` of observer K may be read from Python after a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, assert_never

from stratc.compiler.emit.guard_code import GuardCode
from stratc.compiler.ir.observer import (
    AGE_MAX,
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

BEFORE: Final = '''
cdef extern from *:
    """
    typedef __int128 stratc_whole;
    """
    ctypedef long long whole "stratc_whole"

cdef long long rule_draft_value(Book book, long i, long long lots, long long price_ticks) noexcept nogil:
    cdef long long price = price_ticks if price_ticks >= 0 else -price_ticks
    return worth(book, i, lots * price * book.tick_value[i], price)

cdef long long rule_side_value(Book book, long i, long side) noexcept nogil:
    cdef long j
    cdef long long value = 0
    if not book.shares:
        return rule_place_value(book, i, side)
    for j in range(i, book.instruments):
        if book.lead[j] == i:
            value += rule_place_value(book, j, side)
    return value

cdef long long rule_place_value(Book book, long i, long side) noexcept nogil:
    cdef long slot
    cdef long at
    cdef long long lots = side * book.position[i]
    cdef long long price = book.mark[i] if book.mark[i] >= 0 else -book.mark[i]
    cdef long long value = rule_draft_value(book, i, lots, price) if lots > 0 else 0
    for slot in range(book.order_end[i]):
        at = (i * book.slots + slot) * ORDER_WIDTH
        if book.order[at + ORDER_STATUS] != STATUS_WORKING or book.order[at + ORDER_ROLE] != ROLE_ENTRY:
            continue
        if book.order[at + ORDER_SIDE] == side:
            value += rule_draft_value(book, i, book.order[at + ORDER_LOTS], book.order[at + ORDER_PRICE])
    return value
'''
COMPARED: Final = {
    Operator.LESS: "<",
    Operator.LESS_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_EQUAL: ">=",
    Operator.EQUAL: "==",
    Operator.NOT_EQUAL: "!=",
}


@dataclass(frozen=True, slots=True)
class _Number:
    """A whole number in C, and what it must be divided by to be the value."""

    text: str
    over: int


def write_guards(observers: Sequence[Observer], instruments: int, tripwires: int = 0) -> GuardCode:
    """The code of these observers for a strategy of so many instruments; the last `tripwires` of them never deny."""
    if not observers:
        return GuardCode()
    armed = len(observers) - tripwires
    machines = [_Machine(number, each, instruments, denies=number < armed) for number, each in enumerate(observers)]
    return GuardCode(
        before=tuple(BEFORE.splitlines()),
        fields=tuple(line for each in machines for line in each.fields()),
        prepare=tuple(line for each in machines for line in each.prepare()),
        deny_opening=(*(line for each in machines for line in each.denial()), "return 0"),
        observe_order=_branches(machines, EventKind.ORDER_OPENING, EventKind.ORDER_CLOSING),
        observe_order_done=_branches(machines, EventKind.DONE_OPENING, EventKind.DONE_CLOSING),
        observe_fill=_branches(machines, EventKind.FILL_OPENING, EventKind.FILL_CLOSING),
        observe_new_day=_new_day(machines),
        observe_mark=_mark(machines),
    )


def _branches(machines: Sequence[_Machine], opening: EventKind, closing: EventKind) -> tuple[str, ...]:
    blocks = {kind: [line for each in machines for line in each.event(kind)] for kind in (opening, closing)}
    flags = [f"cdef bint {name}" for each in machines for name in each.flags(opening, closing)]
    flags += [f"cdef long long {name}" for each in machines for name in each.weights(opening, closing)]
    return (*flags, "if opening:", *_indented(blocks[opening]), "else:", *_indented(blocks[closing]))


def _new_day(machines: Sequence[_Machine]) -> tuple[str, ...]:
    flags = [f"cdef bint {name}" for each in machines for name in each.flags(EventKind.NEW_DAY)]
    flags += [f"cdef long long {name}" for each in machines for name in each.weights(EventKind.NEW_DAY)]
    return (*flags, *(line for each in machines for line in each.new_day()))


def _mark(machines: Sequence[_Machine]) -> tuple[str, ...]:
    """Marks are told only where some requirement asks for them, as in `compiler.judge.watch`."""
    if not any(each.watches_marks() for each in machines):
        return ("pass",)
    flags = [f"cdef bint {name}" for each in machines for name in each.flags(EventKind.MARK)]
    return (*flags, *(line for each in machines for line in each.event(EventKind.MARK)), "pass")


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in (lines or ["pass"])]


class _Machine:
    """The text of one observer; `number` makes its names its own."""

    def __init__(self, number: int, observer: Observer, instruments: int, *, denies: bool) -> None:
        self.number = number
        self.observer = observer
        self.count = instruments
        self.armed = denies

    # ── memory ──

    def fields(self) -> Iterator[str]:
        for name in ("checked", "denied", "breaches"):
            yield f"readonly long long guard_{self.number}_{name}"
        yield f"long long guard_{self.number}_day"
        for index, register in enumerate(self.observer.registers):
            yield f"long long {self._name(index)}[{self._cells(register)}]"

    def prepare(self) -> Iterator[str]:
        for name in ("checked", "denied", "breaches"):
            yield f"self.guard_{self.number}_{name} = 0"
        yield f"self.guard_{self.number}_day = -1"
        for index, register in enumerate(self.observer.registers):
            start = AGE_MAX if register.kind is RegisterKind.AGE else 0
            days = max(register.days, 1)
            yield from (
                f"self.{self._name(index)}[{first + day}] = {start}"
                for first in self._beginnings(register)
                for day in range(days)
            )

    def new_day(self) -> Iterator[str]:
        """A day begins with the first of the observer's own instruments to reach it; its first one ages nothing."""
        day = f"self.guard_{self.number}_day"
        yield f"if ({self._about()}) and book.day_of[i] > {day}:"
        aging = [*self._shift(), *self.event(EventKind.NEW_DAY)]
        if aging:
            yield f"    if {day} >= 0:"
            yield from (f"        {line}" for line in aging)
        yield f"    {day} = book.day_of[i]"

    def _shift(self) -> Iterator[str]:
        """What a new day does to the registers before its event is read."""
        for index, register in enumerate(self.observer.registers):
            name, days = f"self.{self._name(index)}", max(register.days, 1)
            for first in self._beginnings(register):
                if register.kind is RegisterKind.RING:
                    yield from (f"{name}[{first + day}] = {name}[{first + day - 1}]" for day in range(days - 1, 0, -1))
                    yield f"{name}[{first}] = 0"
                elif register.kind is RegisterKind.AGE:
                    yield f"{name}[{first}] = {name}[{first}] + 1 if {name}[{first}] < {AGE_MAX} else {AGE_MAX}"
                elif register.daily:
                    yield f"{name}[{first}] = 0"

    def _name(self, index: int) -> str:
        return f"guard_{self.number}_{self.observer.registers[index].name}"

    def _cells(self, register: Register) -> int:
        return max(register.days, 1) * (self.count if register.per_instrument else 1)

    def _beginnings(self, register: Register) -> list[int]:
        """The first cell of each instrument that the rule is about; of the others nothing is counted."""
        days = max(register.days, 1)
        return [place * days for place in self.observer.instruments] if register.per_instrument else [0]

    def _first(self, register: Register, at: str) -> str:
        if not register.per_instrument:
            return "0"
        return f"{at} * {register.days}" if register.days > 1 else at

    # ── events ──

    def flags(self, *kinds: EventKind) -> list[str]:
        """The names of what is settled before registers change."""
        every = [name for kind in kinds for name, _ in self._settled(kind)]
        return list(dict.fromkeys(every))

    def weights(self, *kinds: EventKind) -> list[str]:
        every = [name for kind in kinds for name, _ in self._weighed(kind)]
        return list(dict.fromkeys(every))

    def watches_marks(self) -> bool:
        return any(EventKind.MARK in each.trigger.kinds for each in self.observer.requirements)

    def event(self, kind: EventKind) -> list[str]:
        """Straight-line code for one event of instrument `i`, guarded by whether the rule is about it."""
        lines = [f"{name} = {text}" for name, text in (*self._settled(kind), *self._weighed(kind))]
        for index, register in enumerate(self.observer.registers):
            for at in self._places(register, kind):
                lines += self._update(index, register, kind, at)
        for index, register in enumerate(self.observer.registers):
            if register.condition is not None:
                for at in self._places(register, kind):
                    cell = f"self.{self._name(index)}[{self._first(register, at)}]"
                    lines += [f"if {self._truth(register.condition, kind, at)}:", f"    {cell} = 1"]
        for place, each in enumerate(self.observer.requirements):
            if kind in each.trigger.kinds:
                flag = f"asked_{self.number}_{place} and " if each.trigger.where is not None else ""
                lines += [
                    f"if {flag}not ({self._truth(each.condition, kind, 'i')}):",
                    f"    self.guard_{self.number}_breaches += 1",
                ]
        if not lines or kind in {EventKind.NEW_DAY, EventKind.MARK} or len(self.observer.instruments) == self.count:
            return lines
        return [f"if {self._about()}:", *_indented(lines)]

    def denial(self) -> Iterator[str]:
        if not self.observer.guards or not self.armed:
            return
        yield f"if {self._about()}:"
        yield f"    self.guard_{self.number}_checked += 1"
        for each in self.observer.guards:
            yield f"    if {self._truth(each.deny_when, None, 'i')}:"
            yield f"        self.guard_{self.number}_denied += 1"
            yield f"        return {self.number + 1}"

    def _about(self) -> str:
        return " or ".join(f"i == {index}" for index in self.observer.instruments)

    def _places(self, register: Register, kind: EventKind) -> list[str]:
        """The cells that an event reaches: its instrument's, or all where the event has none."""
        if register.per_instrument and kind in {EventKind.NEW_DAY, EventKind.MARK}:
            return [str(index) for index in self.observer.instruments]
        return ["i"]

    def _settled(self, kind: EventKind) -> list[tuple[str, str]]:
        """Conditions of triggers, read before anything changes."""
        found = []
        for index, register in enumerate(self.observer.registers):
            for label, trigger in (("up", register.up), ("down", register.down), ("reset", register.reset)):
                if trigger is not None and kind in trigger.kinds and trigger.where is not None:
                    for at in self._places(register, kind):
                        name = self._flag(label, index, at)
                        found.append((name, self._truth(trigger.where, kind, at)))
        for place, each in enumerate(self.observer.requirements):
            if kind in each.trigger.kinds and each.trigger.where is not None:
                found.append((f"asked_{self.number}_{place}", self._truth(each.trigger.where, kind, "i")))
        return found

    def _weighed(self, kind: EventKind) -> list[tuple[str, str]]:
        found = []
        for index, register in enumerate(self.observer.registers):
            if register.weight is not None and register.up is not None and kind in register.up.kinds:
                for at in self._places(register, kind):
                    weight = self._number(register.weight, kind, at)
                    text = weight.text if weight.over == 1 else f"({weight.text}) // {weight.over}"
                    found.append((self._flag("weight", index, at), f"<long long>({text})"))
        return found

    def _flag(self, label: str, index: int, at: str) -> str:
        return f"{label}_{self.number}_{index}" + ("" if at == "i" else f"_{at}")

    def _update(self, index: int, register: Register, kind: EventKind, at: str) -> Iterator[str]:
        first = self._first(register, at)
        cell = f"self.{self._name(index)}[{first}]"
        days = max(register.days, 1)
        if hit := self._hit(register.reset, "reset", index, kind, at):
            cleared = [f"self.{self._name(index)}[{first} + {day}] = 0" for day in range(days)]
            yield from _when(hit, cleared)
        if hit := self._hit(register.down, "down", index, kind, at):
            yield from _when(hit, [f"{cell} = {cell} - 1 if {cell} > 0 else 0"])
        if hit := self._hit(register.up, "up", index, kind, at):
            yield from _when(hit, [self._raised(register, cell, index, at)])

    def _raised(self, register: Register, cell: str, index: int, at: str) -> str:
        match register.kind:
            case RegisterKind.BIT:
                return f"{cell} = 1"
            case RegisterKind.AGE:
                return f"{cell} = 0"
            case RegisterKind.COUNT | RegisterKind.RING:
                weight = "1" if register.weight is None else self._flag("weight", index, at)
                return f"{cell} += {weight}"
            case _:
                assert_never(register.kind)

    def _hit(self, trigger: Trigger | None, label: str, index: int, kind: EventKind, at: str) -> str:
        """The flag of a trigger, `1` where it has no condition, nothing where the event is not one of its."""
        if trigger is None or kind not in trigger.kinds:
            return ""
        return "1" if trigger.where is None else self._flag(label, index, at)

    # ── terms; `kind` None is the moment before an opening order ──

    def _truth(self, term: Term, kind: EventKind | None, at: str) -> str:
        match term:
            case Constant(value=value):
                return "1" if value else "0"
            case Invert(operand=operand):
                return f"not ({self._truth(operand, kind, at)})"
            case Combine(operator=Operator.AND | Operator.OR as operator, left=left, right=right):
                return f"({self._truth(left, kind, at)} {operator.value} {self._truth(right, kind, at)})"
            case Combine(operator=operator, left=left, right=right):
                one, two = self._number(left, kind, at), self._number(right, kind, at)
                both = lcm(one.over, two.over)
                return f"({_times(one, both)} {COMPARED[operator]} {_times(two, both)})"
            case Read(register=index):
                register = self.observer.registers[index]
                return f"self.{self._name(index)}[{self._first(register, at)}] != 0"
            case Ask(signal=signal) if signal in TRUTH_SIGNALS:
                return self._truth_signal(signal)
            case _:
                raise ValueError(f"{term} is no condition")

    def _truth_signal(self, signal: Signal) -> str:
        if signal is Signal.ORDER_BUYS:
            return "side > 0"
        return "outlives_session" if signal is Signal.ORDER_OUTLIVES_SESSION else "book.fill_whole != 0"

    def _number(self, term: Term, kind: EventKind | None, at: str) -> _Number:
        match term:
            case Constant(value=value):
                return _plain(Fraction(value))
            case Amount(value=value):
                return _Number(f"<whole>{value.numerator} * <whole><long long>book.quanta_per_money", value.denominator)
            case PerInstrument(values=values):
                return self._choice(values, at)
            case Read(register=index):
                register = self.observer.registers[index]
                first = self._first(register, at)
                cells = (f"self.{self._name(index)}[{first} + {day}]" for day in range(max(register.days, 1)))
                return _Number(f"<whole>({' + '.join(cells)})", 1)
            case Ask(signal=signal):
                return _Number(f"<whole>({self._signal(signal, kind, at)})", 1)
            case Across(operand=operand):
                return self._across(operand, kind)
            case Combine(operator=operator, left=left, right=right):
                return _combined(operator, self._number(left, kind, at), self._number(right, kind, at))
            case Invert():
                raise ValueError(f"{term} is no number")
            case _:
                assert_never(term)

    def _choice(self, values: tuple[Fraction, ...], at: str) -> _Number:
        """The value of one instrument, by a chain of conditions where the instrument is known only at run time."""
        if at != "i":
            return _plain(values[int(at)])
        if len({values[index] for index in self.observer.instruments}) == 1:
            return _plain(values[self.observer.instruments[0]])
        over = lcm(*(value.denominator for value in values))
        text = str(values[-1].numerator * (over // values[-1].denominator))
        for index in range(len(values) - 2, -1, -1):
            text = f"({values[index].numerator * (over // values[index].denominator)} if i == {index} else {text})"
        return _Number(f"<whole>{text}", over)

    def _across(self, operand: Term, kind: EventKind | None) -> _Number:
        places = [str(index) for index in self.observer.instruments]
        if _is_truth(operand, self.observer):
            return _Number("<whole>(" + " + ".join(f"({self._truth(operand, kind, at)})" for at in places) + ")", 1)
        parts = [self._number(operand, kind, at) for at in places]
        over = lcm(*(part.over for part in parts))
        return _Number("(" + " + ".join(_times(part, over) for part in parts) + ")", over)

    def _signal(self, signal: Signal, kind: EventKind | None, at: str) -> str:
        match signal:
            case Signal.EQUITY:
                return "book.equity"
            case Signal.EQUITY_AT_LAST_CLOSE:
                return "book.equity_at_last_close"
            case Signal.CASH:
                return "book.money"
            case Signal.LONG_VALUE_AFTER:
                return self._side_value("BUY", kind, at)
            case Signal.SHORT_VALUE_AFTER:
                return self._side_value("SELL", kind, at)
            case Signal.EXPOSURE_AFTER:
                one, two = self._side_value("BUY", kind, at), self._side_value("SELL", kind, at)
                return f"{one} if {one} > {two} else {two}"
            case Signal.LONG_VALUE:
                return self._held_value("", at)
            case Signal.SHORT_VALUE:
                return self._held_value("-", at)
            case Signal.LONG_QUANTITY:
                return f"lots_held(book, {at}) if lots_held(book, {at}) > 0 else 0"
            case Signal.SHORT_QUANTITY:
                return f"-lots_held(book, {at}) if lots_held(book, {at}) < 0 else 0"
            case Signal.FILL_OLDER_TICKETS:
                return "book.fill_older"
            case Signal.FILL_OLDER_SAME_SIZE:
                return "book.fill_older_same_size"
            case Signal.ORDER_BUYS | Signal.ORDER_OUTLIVES_SESSION | Signal.FILL_WHOLE_TICKET:
                return f"1 if {self._truth_signal(signal)} else 0"
            case _:
                assert_never(signal)

    def _held_value(self, sign: str, at: str) -> str:
        """One side of what is held of an instrument, at its mark."""
        held = f"{sign}lots_held(book, {at})"
        return f"rule_draft_value(book, {at}, {held} if {held} > 0 else 0, book.mark[{at}])"

    def _side_value(self, side: str, kind: EventKind | None, at: str) -> str:
        """One side of an instrument; before an order with that order."""
        value = f"rule_side_value(book, {at}, {side})"
        if kind is not None:
            return value
        same = f"side == {side}" if at == "i" else f"side == {side} and i == {at}"
        return f"({value} + (rule_draft_value(book, i, lots, price_ticks) if {same} else 0))"


def _when(hit: str, lines: list[str]) -> list[str]:
    return lines if hit == "1" else [f"if {hit}:", *_indented(lines)]


def _is_truth(term: Term, observer: Observer) -> bool:
    match term:
        case Read(register=index):
            return observer.registers[index].kind is RegisterKind.BIT
        case Combine(operator=operator):
            return operator in COMPARED or operator in {Operator.AND, Operator.OR}
        case Invert():
            return True
        case Ask(signal=signal):
            return signal in TRUTH_SIGNALS
        case Constant(value=value):
            return isinstance(value, bool)
        case _:
            return False


def _plain(value: Fraction) -> _Number:
    return _Number(f"<whole>{value.numerator}", value.denominator)


def _times(number: _Number, over: int) -> str:
    """The number as a whole number of `over`-ths."""
    factor = over // number.over
    return f"({number.text})" if factor == 1 else f"({number.text}) * {factor}"


def _combined(operator: Operator, one: _Number, two: _Number) -> _Number:
    if operator is Operator.MULTIPLY:
        return _Number(f"({one.text}) * ({two.text})", one.over * two.over)
    over = lcm(one.over, two.over)
    left, right = _times(one, over), _times(two, over)
    match operator:
        case Operator.ADD | Operator.SUBTRACT:
            return _Number(f"({left} {operator.value} {right})", over)
        case Operator.MINIMUM:
            return _Number(f"({left} if {left} < {right} else {right})", over)
        case Operator.MAXIMUM:
            return _Number(f"({left} if {left} > {right} else {right})", over)
        case _:
            raise ValueError(f"{operator} gives no number")
