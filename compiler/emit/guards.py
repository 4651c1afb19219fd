"""Observers as Cython text: the same machines that `compiler.judge.observe` runs, inside the generated strategy.

Maps observers to a `GuardCode`. Registers are fields, events are straight-line code, money is compared in 128-bit whole
numbers with every rational constant brought to a common denominator: both executions agree to the last quantum.
`guard_K_checked`, `guard_K_denied` and `guard_K_breaches` of observer K may be read from Python after a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from stratc.compiler.emit.guard_code import GuardCode
from stratc.compiler.emit.guard_terms import BEFORE, Terms, whole
from stratc.compiler.ir.observer import (
    AGE_MAX,
    NO_SECOND,
    OF_THE_ACCOUNT,
    EventKind,
    Observer,
    Register,
    RegisterKind,
    Trigger,
    kin_of,
)

PAYMENTS: Final = (EventKind.DEPOSIT, EventKind.WITHDRAWAL)
# `EMPTY` of `compiler.judge.observe` in C.
EMPTY: Final = {
    RegisterKind.BIT: "0",
    RegisterKind.BROKEN: "0",
    RegisterKind.COUNT: "0",
    RegisterKind.RING: "0",
    RegisterKind.TIMES: str(NO_SECOND),
    RegisterKind.AGE: str(AGE_MAX),
    RegisterKind.HIGHEST: "-(<whole>1 << 90)",
}


def write_guards(observers: Sequence[Observer], instruments: int, tripwires: int = 0) -> GuardCode:
    """The code of these observers for a strategy of so many instruments; the last `tripwires` of them never deny."""
    if not observers:
        return GuardCode()
    armed = len(observers) - tripwires
    machines = [_Machine(number, each, instruments, denies=number < armed) for number, each in enumerate(observers)]
    for machine in machines[:armed]:
        machine.kin = tuple(machines[k] for k in kin_of(observers[:armed], machine.number))
    return GuardCode(
        before=tuple(BEFORE.splitlines()),
        fields=tuple(line for each in machines for line in each.fields()),
        prepare=tuple(line for each in machines for line in each.prepare()),
        deny_opening=(*(line for each in machines for line in each.denial()), "return 0"),
        observe_order=_branches(machines, EventKind.ORDER_OPENING, EventKind.ORDER_CLOSING),
        observe_order_done=_branches(machines, EventKind.DONE_OPENING, EventKind.DONE_CLOSING),
        observe_fill=_branches(machines, EventKind.FILL_OPENING, EventKind.FILL_CLOSING),
        observe_locate=_of_kind(machines, EventKind.LOCATE),
        observe_flow=_flows(machines),
        observe_new_day=_new_day(machines),
        observe_mark=_mark(machines),
    )


def _branches(machines: Sequence[_Machine], opening: EventKind, closing: EventKind) -> tuple[str, ...]:
    blocks = {kind: [line for each in machines for line in each.event(kind)] for kind in (opening, closing)}
    return (
        *_declared(machines, opening, closing),
        "if opening:",
        *_indented(blocks[opening]),
        "else:",
        *_indented(blocks[closing]),
    )


def _declared(machines: Sequence[_Machine], *kinds: EventKind) -> list[str]:
    """What the events of these kinds settle before registers change."""
    flags = [f"cdef bint {name}" for each in machines for name in each.flags(*kinds)]
    return flags + [f"cdef whole {name}" for each in machines for name in each.weights(*kinds)]


def _of_kind(machines: Sequence[_Machine], kind: EventKind) -> tuple[str, ...]:
    return (*_declared(machines, kind), *(line for each in machines for line in each.event(kind)), "pass")


def _flows(machines: Sequence[_Machine]) -> tuple[str, ...]:
    paid_in, taken_out = ([line for each in machines for line in each.event(kind)] for kind in PAYMENTS)
    if not paid_in and not taken_out:
        return ("pass",)
    return (*_declared(machines, *PAYMENTS), "if moved > 0:", *_indented(paid_in), "else:", *_indented(taken_out))


def _new_day(machines: Sequence[_Machine]) -> tuple[str, ...]:
    return (*_declared(machines, EventKind.NEW_DAY), *(line for each in machines for line in each.new_day()))


def _mark(machines: Sequence[_Machine]) -> tuple[str, ...]:
    """Marks are told only to those that follow them, as in `compiler.judge.watch`."""
    return _of_kind([each for each in machines if each.observer.follows_marks], EventKind.MARK)


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in (lines or ["pass"])]


class _Machine(Terms):
    """The text of one observer."""

    def __init__(self, number: int, observer: Observer, instruments: int, *, denies: bool) -> None:
        super().__init__(number, observer, instruments)
        self.armed = denies
        self.kin: tuple[_Machine, ...] = ()

    # ── memory ──

    def fields(self) -> Iterator[str]:
        for name in ("checked", "denied", "breaches"):
            yield f"readonly long long guard_{self.number}_{name}"
        yield f"long long guard_{self.number}_day"
        for index, register in enumerate(self.observer.registers):
            yield f"{_kept(register)} {self.name(index)}[{self._cells(register)}]"

    def prepare(self) -> Iterator[str]:
        for name in ("checked", "denied", "breaches"):
            yield f"self.guard_{self.number}_{name} = 0"
        yield f"self.guard_{self.number}_day = -1"
        for index, register in enumerate(self.observer.registers):
            yield from (self._emptied(index, str(first)) for first in self._beginnings(register))

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
        """What a new day does to the registers before its event is read: one business day, or those of the calendar."""
        for index, register in enumerate(self.observer.registers):
            name, passed = f"self.{self.name(index)}", "1"
            if register.calendar:
                passed = f"(book.day_of[i] - self.guard_{self.number}_day)"
            for first in self._beginnings(register):
                if register.kind is RegisterKind.RING:
                    shift = "rule_shift" + whole(register)
                    yield f"{shift}(&{name}[{first}], {register.days}, {passed})"
                elif register.kind is RegisterKind.AGE:
                    aged = f"{name}[{first}] + {passed}"
                    yield f"{name}[{first}] = {aged} if {aged} < {AGE_MAX} else {AGE_MAX}"
                elif register.daily:
                    yield self._emptied(index, str(first))

    def _emptied(self, index: int, first: str, *, reset: bool = False) -> str:
        """A register without an event that it knows of; an age that is reset is nought."""
        register = self.observer.registers[index]
        empty = "0" if reset and register.kind is RegisterKind.AGE else EMPTY[register.kind]
        cells, days = f"self.{self.name(index)}", max(register.days, 1)
        if days == 1:
            return f"{cells}[{first}] = {empty}"
        return f"rule_clear{whole(register)}(&{cells}[{first}], {days}, {empty})"

    def _cells(self, register: Register) -> int:
        return max(register.days, 1) * (self.count if register.per_instrument else 1)

    def _beginnings(self, register: Register) -> list[int]:
        """The first cell of each instrument that the rule is about; of the others nothing is counted."""
        days = max(register.days, 1)
        return [place * days for place in self.observer.instruments] if register.per_instrument else [0]

    # ── events ──

    def flags(self, *kinds: EventKind) -> list[str]:
        """The names of what is settled before registers change."""
        every = [name for kind in kinds for name, _ in self._settled(kind)]
        return list(dict.fromkeys(every))

    def weights(self, *kinds: EventKind) -> list[str]:
        every = [name for kind in kinds for name, _ in self._weighed(kind)]
        return list(dict.fromkeys(every))

    def event(self, kind: EventKind) -> list[str]:
        """Straight-line code for one event of instrument `i`, guarded by whether the rule is about it."""
        lines = [f"{name} = {text}" for name, text in (*self._settled(kind), *self._weighed(kind))]
        for index, register in enumerate(self.observer.registers):
            for at in self._places(register, kind):
                changes = list(self._update(index, register, kind, at))
                marks = bool(changes) and kind is EventKind.MARK and register.per_instrument
                # What has no price yet was not marked.
                lines += [f"if book.mark[{at}] != 0:", *_indented(changes)] if marks else changes
        for index, register in enumerate(self.observer.registers):
            for at in self._places(register, kind):
                lines += self._follow(index, register, kind, at)
        lines += self._tested(kind)
        if not lines or kind in OF_THE_ACCOUNT or len(self.observer.instruments) == self.count:
            return lines
        return [f"if {self._about()}:", *_indented(lines)]

    def _tested(self, kind: EventKind) -> list[str]:
        """The requirements, in the state after the event, on the days on which they are law."""
        lines = []
        for place, each in enumerate(self.observer.requirements):
            if kind in each.trigger.kinds:
                flag = f"asked_{self.number}_{place} and " if each.trigger.where is not None else ""
                lines += [f"if {flag}not ({self.truth(each.condition, kind, 'i')}):", *_indented(self._breached())]
        is_law = self._is_law(kind)
        return [f"if {is_law}:", *_indented(lines)] if lines and is_law else lines

    def _is_law(self, kind: EventKind | None) -> str:
        """Whether the rule is law on the day of an event or of an order that is asked; nothing where it always is."""
        days = self.observer.law_days
        if days is None:
            return ""
        of_account = kind in OF_THE_ACCOUNT and kind is not EventKind.NEW_DAY
        day = f"self.guard_{self.number}_day" if of_account else "book.day_of[i]"
        return f"{days[0]} <= {day} < {days[1]}"

    def _breached(self) -> list[str]:
        """What a breach does: it is counted, and where the rule says so it stops what would open."""
        lines = [f"self.guard_{self.number}_breaches += 1"]
        lines += [line for each in (self, *self.kin) for line in each.broken()]
        if self.armed and self.observer.flattens:
            lines.append("book.standing_down = STAND_FLAT")
        elif self.armed and self.observer.halts:
            lines += ["if book.standing_down == 0:", "    book.standing_down = STAND_DOWN"]
        return lines

    def broken(self) -> list[str]:
        """What a breach leaves behind."""
        kept = [index for index, each in enumerate(self.observer.registers) if each.kind is RegisterKind.BROKEN]
        return [f"self.{self.name(index)}[0] = 1" for index in kept]

    def _follow(self, index: int, register: Register, kind: EventKind, at: str) -> list[str]:
        """Bits that a condition sets, and the highest of terms, in the state after the event."""
        cell = f"self.{self.name(index)}[{self.first(register, at)}]"
        if register.kind is RegisterKind.HIGHEST and register.weight is not None:
            now = self.weight(register, register.weight, kind, at)
            return [f"{cell} = {now} if {now} > {cell} else {cell}"]
        if register.condition is not None:
            return [f"if {self.truth(register.condition, kind, at)}:", f"    {cell} = 1"]
        return []

    def denial(self) -> Iterator[str]:
        if not self.observer.guards or not self.armed:
            return
        is_law = self._is_law(None)
        yield f"if ({self._about()}) and {is_law}:" if is_law else f"if {self._about()}:"
        yield f"    self.guard_{self.number}_checked += 1"
        for each in self.observer.guards:
            yield f"    if {self.truth(each.deny_when, None, 'i')}:"
            yield f"        self.guard_{self.number}_denied += 1"
            yield f"        return {self.number + 1}"

    def _about(self) -> str:
        return " or ".join(f"i == {index}" for index in self.observer.instruments)

    def _places(self, register: Register, kind: EventKind) -> list[str]:
        """The cells that an event reaches: its instrument's, or all where the event has none."""
        if register.per_instrument and kind in OF_THE_ACCOUNT:
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
                        found.append((name, self.truth(trigger.where, kind, at)))
        for place, each in enumerate(self.observer.requirements):
            if kind in each.trigger.kinds and each.trigger.where is not None:
                found.append((f"asked_{self.number}_{place}", self.truth(each.trigger.where, kind, "i")))
        return found

    def _weighed(self, kind: EventKind) -> list[tuple[str, str]]:
        found = []
        for index, register in enumerate(self.observer.registers):
            if register.weight is not None and register.up is not None and kind in register.up.kinds:
                for at in self._places(register, kind):
                    found.append((self._flag("weight", index, at), self.weight(register, register.weight, kind, at)))
        return found

    def _flag(self, label: str, index: int, at: str) -> str:
        return f"{label}_{self.number}_{index}" + ("" if at == "i" else f"_{at}")

    def _update(self, index: int, register: Register, kind: EventKind, at: str) -> Iterator[str]:
        first = self.first(register, at)
        cell = f"self.{self.name(index)}[{first}]"
        if hit := self._hit(register.reset, "reset", index, kind, at):
            yield from _when(hit, [self._emptied(index, first, reset=True)])
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
            case RegisterKind.TIMES:
                return f"rule_note(&{cell}, {register.days}, second_now(book))"
            case RegisterKind.HIGHEST | RegisterKind.BROKEN:
                return "pass"
            case _:
                assert_never(register.kind)

    def _hit(self, trigger: Trigger | None, label: str, index: int, kind: EventKind, at: str) -> str:
        """The flag of a trigger, `1` where it has no condition, nothing where the event is not one of its."""
        if trigger is None or kind not in trigger.kinds:
            return ""
        return "1" if trigger.where is None else self._flag(label, index, at)


def _when(hit: str, lines: list[str]) -> list[str]:
    return lines if hit == "1" else [f"if {hit}:", *_indented(lines)]


def _kept(register: Register) -> str:
    """How wide a cell is: what adds up or keeps a term needs 128 bits."""
    return "long long" if register.weight is None else "whole"
