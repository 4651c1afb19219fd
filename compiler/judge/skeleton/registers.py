"""An observer's registers as part of a finite state: exact as far as anything compares, and no further.

The same steps as `observe.Machine`, event for event, but every answer that nobody knows is given both ways. A count
stands still at the number that decides what it is compared with, and then means that or more; a ring of days
is exact day by day. A register that is not understood may be anything at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from math import ceil, floor, inf
from typing import Final, Protocol

from stratc.compiler.ir.observer import (
    COMPARISONS,
    FILL_SIGNALS,
    INSTRUMENT_SIGNALS,
    Combine,
    Constant,
    EventKind,
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
from stratc.compiler.judge.observe import NO_INSTRUMENT
from stratc.compiler.judge.skeleton.account import AccountSide
from stratc.compiler.judge.skeleton.bounded import (
    ANYTHING,
    EITHER,
    NO,
    YES,
    Bounds,
    Cells,
    Reading,
    ReadNumber,
    ReadTruth,
)
from stratc.compiler.judge.terms import signals_of, walk

ANY_NUMBER: Final = -1  # in a cell: nothing is known of it
COMPARED_MAX: Final = 64
MODELLED: Final = frozenset(
    {
        EventKind.ORDER_OPENING,
        EventKind.ORDER_CLOSING,
        EventKind.FILL_OPENING,
        EventKind.FILL_CLOSING,
        EventKind.DONE_OPENING,
        EventKind.DONE_CLOSING,
        EventKind.NEW_DAY,
    }
)
# What may happen at any time: marks, and what people do.
AT_ANY_TIME: Final = frozenset(
    {EventKind.MARK, EventKind.LOCATE, EventKind.DEPOSIT, EventKind.WITHDRAWAL, EventKind.RESET}
)
KINDS: Final = frozenset({RegisterKind.BIT, RegisterKind.COUNT, RegisterKind.RING, RegisterKind.AGE})
# What this file knows of registers; what is added to them makes a rule one that the skeleton proves nothing of.
KNOWN_FIELDS: Final = frozenset(
    {
        "name",
        "kind",
        "per_instrument",
        "days",
        "calendar",
        "seconds",
        "daily",
        "up",
        "weight",
        "down",
        "reset",
        "condition",
        "happening",
    }
)
PLAIN, TESTED, BROKEN = 0, 1, 2


class Unrepresentable(Exception):
    """Internal: the skeleton cannot say this without leaving something out; nothing is proved then."""


class Listener(Protocol):
    """What the skeleton tells its events to: a start, and for each event the states that may come of it."""

    start: Cells
    alphabet: frozenset[EventKind]

    def step(
        self, cells: Cells, kind: EventKind, instrument: int, account: AccountSide
    ) -> tuple[tuple[Cells, int], ...]: ...


@dataclass(slots=True)
class _Choices:
    """One way through what is not known: answers given before are given again, new ones are no first, then yes."""

    script: list[bool]
    at: int = 0

    def decide(self, truth: int) -> bool:
        if truth != EITHER:
            return truth == YES
        if self.at == len(self.script):
            self.script.append(False)
        self.at += 1
        return self.script[self.at - 1]

    def turn(self) -> bool:
        """The next way; false where all were gone."""
        del self.script[self.at :]
        while self.script and self.script[-1]:
            self.script.pop()
        if not self.script:
            return False
        self.script[-1] = True
        self.at = 0
        return True


@dataclass(frozen=True, slots=True)
class _Trigger:
    kinds: frozenset[EventKind]
    where: ReadTruth | None


@dataclass(frozen=True, slots=True)
class _Register:
    """A register with its place among the cells, read for; `most` stands for itself and more."""

    kind: RegisterKind
    first: int
    days: int
    places: int
    most: int
    daily: bool
    up: _Trigger | None
    down: _Trigger | None
    reset: _Trigger | None
    weight: ReadNumber | None
    condition: ReadTruth | None

    @property
    def per_instrument(self) -> bool:
        return self.places > 0


class Registers:
    """What the requirements of an observer rest on, as functions from cells to cells.

    `working_most` is how many orders work at most, where that is known: what counts back is exact up to it. Raises
    `Unrepresentable` where an event is asked for that the skeleton does not tell.
    """

    def __init__(self, observer: Observer, *, guards: bool = False, working_most: int = 0) -> None:
        self.observer = observer
        self._place = {instrument: place for place, instrument in enumerate(observer.instruments)}
        self.reading = Reading(self._cell_bounds, observer.instruments)
        terms = [each.condition for each in observer.requirements]
        terms += [each.trigger.where for each in observer.requirements if each.trigger.where is not None]
        terms += [each.deny_when for each in observer.guards] if guards else []
        self._cone = _cone(observer, terms)
        triggers = [each.trigger for each in observer.requirements]
        for index in self._cone:
            triggers += _triggers(observer.registers[index])
        if any(not trigger.kinds <= MODELLED | AT_ANY_TIME for trigger in triggers) or not _is_known(
            observer, self._cone
        ):
            raise Unrepresentable
        asked = {each for term in _terms(observer, self._cone, terms) for each in signals_of(term)}
        self.triggers = tuple(triggers)
        self.asks = bool(asked & (INSTRUMENT_SIGNALS | FILL_SIGNALS | {Signal.ORDER_BUYS}))
        self._most = _saturation(observer, self._cone, terms)
        for index in self._cone:
            if observer.registers[index].down is not None:
                self._most[index] = max(self._most[index], working_most + 1)
        self._first: dict[int, int] = {}
        self.start = self._lay_out()
        self._registers = [self._register(index) for index in self._cone]
        self._tests = [
            (self._trigger(each.trigger), self.reading.truth(each.condition)) for each in observer.requirements
        ]
        self._guards = [self.reading.truth(each.deny_when) for each in observer.guards] if guards else []
        self.alphabet = frozenset(kind for trigger in triggers for kind in trigger.kinds) | {EventKind.NEW_DAY}
        if any(self._latches_on_account(index) for index in self._cone):
            self.alphabet = MODELLED | AT_ANY_TIME
        self._told: dict[tuple[Cells, EventKind, int, AccountSide], tuple[tuple[Cells, int], ...]] = {}

    # ── what is asked of it ──

    def unstated(self, happening: str) -> Cells:
        """The start of which nothing is known but how often this happened; nothing at all where it is empty."""
        found = [ANY_NUMBER] * len(self.start)
        for index, register in zip(self._cone, self._registers, strict=True):
            if happening and self.observer.registers[index].happening == happening:
                for at in self._starts(register):
                    found[at : at + register.days] = self.start[at : at + register.days]
        return tuple(found)

    def seeded(self, happening: str, days_ago: int, times: int, cells: Cells) -> Cells:
        """Cells after an event that happened so many business days before the first day."""
        found = list(cells)
        for index, register in zip(self._cone, self._registers, strict=True):
            named = self.observer.registers[index].happening == happening
            if register.kind is RegisterKind.RING and named and days_ago < register.days:
                at = register.first + days_ago
                found[at] = min(found[at] + times, register.most)
                _forget(found, at - days_ago, register)
        return tuple(found)

    def columns(self, cells: Cells) -> tuple[tuple[int, ...], ...]:
        """What is kept of each instrument, in the order of the observer's."""
        own = [each for each in self._registers if each.per_instrument]
        return tuple(
            tuple(value for each in own for value in cells[each.first + place * each.days :][: each.days])
            for place in range(len(self._place))
        )

    def rearranged(self, cells: Cells, order: tuple[int, ...]) -> Cells:
        """The same with the instruments' places changed: the n-th is the one that stood at `order[n]`."""
        found = list(cells)
        for each in self._registers:
            if each.per_instrument:
                for place, other in enumerate(order):
                    at, its = each.first + place * each.days, each.first + other * each.days
                    found[at : at + each.days] = cells[its : its + each.days]
        return tuple(found)

    def may_allow(self, cells: Cells, instrument: int, account: AccountSide) -> bool:
        """Whether an opening order may pass the guards."""
        return all(guard(cells, instrument, account) & NO for guard in self._guards)

    def step(
        self, cells: Cells, kind: EventKind, instrument: int, account: AccountSide
    ) -> tuple[tuple[Cells, int], ...]:
        """What may come of an event: the cells after it, and whether a requirement was tested or may be broken."""
        key = (cells, kind, instrument, account)
        known = self._told.get(key)
        if known is None:
            known = self._told[key] = tuple(self._outcomes(cells, kind, instrument, account))
        return known

    # ── one event ──

    def _outcomes(
        self, cells: Cells, kind: EventKind, instrument: int, account: AccountSide
    ) -> Iterable[tuple[Cells, int]]:
        if instrument != NO_INSTRUMENT and instrument not in self._place:
            return ((cells, PLAIN),)
        choices = _Choices(script=[])
        found = {self._one_way(cells, kind, instrument, account, choices)}
        while choices.turn():
            found.add(self._one_way(cells, kind, instrument, account, choices))
        return sorted(found)

    def _one_way(
        self, cells: Cells, kind: EventKind, instrument: int, account: AccountSide, choices: _Choices
    ) -> tuple[Cells, int]:
        before = self._next_day(cells) if kind is EventKind.NEW_DAY else cells
        tested = [
            condition
            for trigger, condition in self._tests
            if _hits(trigger, kind, before, instrument, account, choices)
        ]
        after = list(before)
        for change in list(self._changes(before, kind, instrument, account, choices)):
            change(after)
        self._latch(after, instrument, account, choices)
        for register in self._registers:
            if register.kind is RegisterKind.RING:
                for at in self._starts(register):
                    _forget(after, at, register)
        now = tuple(after)
        if any(condition(now, instrument, account) & NO for condition in tested):
            return now, BROKEN
        return now, TESTED if tested else PLAIN

    def _next_day(self, cells: Cells) -> Cells:
        found = list(cells)
        for register in self._registers:
            for at in self._starts(register):
                if register.kind is RegisterKind.RING:
                    found[at : at + register.days] = [0, *cells[at : at + register.days - 1]]
                elif register.kind is RegisterKind.AGE:
                    found[at] = ANY_NUMBER if cells[at] == ANY_NUMBER else min(cells[at] + 1, register.most)
                elif register.daily:
                    found[at] = 0
        return tuple(found)

    def _changes(
        self, cells: Cells, kind: EventKind, instrument: int, account: AccountSide, choices: _Choices
    ) -> Iterator[Callable[[list[int]], None]]:
        for register in self._registers:
            for at, seen in self._reached_places(register, instrument):
                up, down, reset = (
                    each is not None and _hits(each, kind, cells, seen, account, choices)
                    for each in (register.up, register.down, register.reset)
                )
                if not (up or down or reset):
                    continue
                weight = _weight(register, cells, seen, account) if up else 0
                yield partial(_change, register, at, weight, choices, up=up, down=down, reset=reset)

    def _latch(self, cells: list[int], instrument: int, account: AccountSide, choices: _Choices) -> None:
        for register in self._registers:
            if register.condition is not None:
                for at, seen in self._reached_places(register, instrument):
                    if cells[at] != 1 and choices.decide(register.condition(tuple(cells), seen, account)):
                        cells[at] = 1

    def _starts(self, register: _Register) -> range:
        return range(register.first, register.first + register.days * max(register.places, 1), register.days)

    def _reached_places(self, register: _Register, instrument: int) -> Iterable[tuple[int, int]]:
        if not register.per_instrument:
            return ((register.first, instrument),)
        if instrument == NO_INSTRUMENT:
            return tuple((register.first + place * register.days, each) for each, place in self._place.items())
        return ((register.first + self._place[instrument] * register.days, instrument),)

    # ── from the observer to functions ──

    def _lay_out(self) -> Cells:
        cells: list[int] = []
        for index in self._cone:
            register = self.observer.registers[index]
            self._first[index] = len(cells)
            start = self._most[index] if register.kind is RegisterKind.AGE else 0
            places = len(self._place) if register.per_instrument else 1
            cells += [start] * (max(register.days, 1) * places)
        return tuple(cells)

    def _register(self, index: int) -> _Register:
        register = self.observer.registers[index]
        return _Register(
            kind=register.kind,
            first=self._first[index],
            days=max(register.days, 1),
            places=len(self._place) if register.per_instrument else 0,
            most=self._most[index],
            daily=register.daily,
            up=None if register.up is None else self._trigger(register.up),
            down=None if register.down is None else self._trigger(register.down),
            reset=None if register.reset is None else self._trigger(register.reset),
            weight=None if register.weight is None else self.reading.number(register.weight),
            condition=None if register.condition is None else self.reading.truth(register.condition),
        )

    def _trigger(self, trigger: Trigger) -> _Trigger:
        where = None if trigger.where is None else self.reading.truth(trigger.where)
        return _Trigger(kinds=trigger.kinds, where=where)

    def _latches_on_account(self, index: int) -> bool:
        condition = self.observer.registers[index].condition
        return condition is not None and any(True for _ in signals_of(condition))

    def _cell_bounds(self, index: int) -> ReadNumber:
        """The reader of a register: of a ring its sum, of one that is kept per instrument that of the instrument."""
        register, most, first = self.observer.registers[index], self._most[index], self._first[index]
        days, place = max(register.days, 1), self._place
        exact = register.kind is RegisterKind.BIT
        summed = register.kind is RegisterKind.RING
        above: float | int = 1 if exact else inf

        def bounds(at: int, cells: Cells) -> Bounds:
            low = 0
            high: float | int = 0
            for value in cells[at : at + days]:
                if value == ANY_NUMBER:
                    return (0, 1) if exact else ANYTHING
                low += value
                high += value if exact or value < most else above
            return low, inf if summed and low >= most else high

        if register.per_instrument:
            return lambda cells, i, account: bounds(first + place[i] * days, cells) if i in place else ANYTHING
        return lambda cells, i, account: bounds(first, cells)


def _forget(cells: list[int], first: int, register: _Register) -> None:
    """Of a ring whose newest days come to what decides already, the older ones no more: they leave it before those."""
    left = register.most
    for at in range(first, first + register.days):
        if cells[at] == ANY_NUMBER:
            return
        cells[at] = min(cells[at], left)
        left -= cells[at]


def _hits(
    trigger: _Trigger, kind: EventKind, cells: Cells, instrument: int, account: AccountSide, choices: _Choices
) -> bool:
    if kind not in trigger.kinds:
        return False
    return trigger.where is None or choices.decide(trigger.where(cells, instrument, account))


def _weight(register: _Register, cells: Cells, instrument: int, account: AccountSide) -> int:
    if register.weight is None:
        return 1
    low, high = register.weight(cells, instrument, account)
    if low == high:
        return int(low) if low >= 0 and low == int(low) else ANY_NUMBER
    # A weight beyond what is told apart fills the cell, whatever it is.
    return register.most if low >= register.most else ANY_NUMBER


def _change(
    register: _Register,
    at: int,
    weight: int,
    choices: _Choices,
    cells: list[int],
    *,
    up: bool,
    down: bool,
    reset: bool,
) -> None:
    if reset:
        cells[at : at + register.days] = [0] * register.days
    if down and cells[at] != ANY_NUMBER:
        stays = cells[at] == register.most and register.kind is not RegisterKind.BIT and choices.decide(EITHER)
        cells[at] = cells[at] if stays else max(cells[at] - 1, 0)
    if not up:
        return
    if register.kind is RegisterKind.BIT:
        cells[at] = 1
    elif register.kind is RegisterKind.AGE:
        cells[at] = 0
    elif ANY_NUMBER in (cells[at], weight):
        cells[at] = ANY_NUMBER
    else:
        cells[at] = min(cells[at] + weight, register.most)


# ── what the requirements rest on ────────────────────────────────────────────────────────────────────────────────────


def _triggers(register: Register) -> list[Trigger]:
    return [each for each in (register.up, register.down, register.reset) if each is not None]


def _terms_of(register: Register) -> list[Term]:
    terms = [each.where for each in _triggers(register) if each.where is not None]
    return terms + [each for each in (register.weight, register.condition) if each is not None]


def _terms(observer: Observer, cone: Iterable[int], terms: Iterable[Term]) -> list[Term]:
    return [*terms, *(term for index in cone for term in _terms_of(observer.registers[index]))]


def _reads(term: Term) -> set[int]:
    return {each.register for each in walk(term) if isinstance(each, Read)}


def _cone(observer: Observer, terms: Iterable[Term]) -> tuple[int, ...]:
    """The registers that these terms read, and what those read, in the observer's order."""
    found: set[int] = set()
    waiting = [index for term in terms for index in _reads(term)]
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += [each for term in _terms_of(observer.registers[index]) for each in _reads(term)]
    return tuple(sorted(found))


def _is_known(observer: Observer, cone: Iterable[int]) -> bool:
    known = {each.name for each in fields(Register)} <= KNOWN_FIELDS
    registers = [observer.registers[index] for index in cone]
    return known and all(each.kind in KINDS and not each.calendar and not each.seconds for each in registers)


def _saturation(observer: Observer, cone: tuple[int, ...], terms: list[Term]) -> dict[int, int]:
    """The number that decides every comparison of a register; a weight tells apart what its sum does."""
    most = dict.fromkeys(cone, 1)
    for term in _terms(observer, cone, terms):
        for part in walk(term):
            if isinstance(part, Combine) and part.operator in COMPARISONS:
                decisive = min(_decisive(part), COMPARED_MAX)
                for index in _reads(part):
                    most[index] = max(most[index], decisive)
    for index in sorted(cone, reverse=True):
        weight = observer.registers[index].weight
        for each in _reads(weight) if weight is not None else ():
            most[each] = max(most[each], most[index])
    return most


def _decisive(compared: Combine) -> int:
    """The smallest number from which on all numbers answer a comparison alike; a guess is as sound, only coarser."""
    beyond = 0 if compared.operator in {Operator.GREATER_EQUAL, Operator.LESS} else 1
    left, right = _offset(compared.left), _offset(compared.right)
    if left is None or right is None:
        return floor(sum(_largest(each) for each in walk(compared))) + 1
    return max(ceil(abs(right - left)) + beyond, 1)


def _offset(term: Term) -> float | None:
    """The number in a sum; None where there is more than sums."""
    match term:
        case Constant(value=value):
            return float(value)
        case Combine(operator=Operator.ADD | Operator.SUBTRACT as operator, left=left, right=right):
            one, two = _offset(left), _offset(right)
            if one is None or two is None:
                return None
            return one + two if operator is Operator.ADD else one - two
        case Combine() | PerInstrument():
            return None
        case _:
            return 0.0


def _largest(term: Term) -> float:
    match term:
        case Constant(value=value):
            return abs(float(value))
        case PerInstrument(values=values):
            return max((abs(float(value)) for value in values), default=0.0)
        case _:
            return 0.0
