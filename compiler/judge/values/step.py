"""One moment of a model in z3's terms: what may be after it, and at which points of it a rule looks.

A moment is a bar of every instrument. A new day may begin; orders fill at prices of the bar, each of them within the
gap of the close before; the mark; halts; decisions. Positions are values at the last mark, and every part of one moves
by an amount that is bounded by its own value, so that nothing is ever multiplied but by constants.

Parts of one position move apart here, though the market moves them together; exits and entries fill where they like;
all of that is more than can happen, and never less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import z3

from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.values.model import Base, Level, Model

Expression = Any
AT_RESET: Final = frozenset({EventKind.RESET})
AT_NEW_DAY: Final = frozenset({EventKind.NEW_DAY})
INSIDE: Final = frozenset(
    {
        EventKind.FILL_OPENING,
        EventKind.FILL_CLOSING,
        EventKind.DONE_OPENING,
        EventKind.DONE_CLOSING,
        EventKind.LOCATE,
    }
)
AT_MARK: Final = frozenset({EventKind.MARK})
ORDERED: Final = frozenset({EventKind.ORDER_OPENING})
DECIDING: Final = frozenset(
    {
        EventKind.ORDER_CLOSING,
        EventKind.DONE_OPENING,
        EventKind.DONE_CLOSING,
        EventKind.LOCATE,
    }
)


def number(value: Fraction | int) -> Expression:
    return z3.RealVal(str(Fraction(value)))


@dataclass(frozen=True, slots=True)
class Side:
    """What is held on one side of an instrument, and what works to open more of it; both at the last mark."""

    held: Expression
    working: Expression


@dataclass(frozen=True, slots=True)
class Place:
    """One instrument: `leaving` while an order works that closes all of it."""

    long: Side
    short: Side
    leaving: Expression

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.long, self.short


@dataclass(frozen=True, slots=True)
class State:
    """What is kept from one moment to the next; registers as the rule's machine keeps them."""

    equity: Expression
    close: Expression
    peak: Expression
    places: tuple[Place, ...]
    registers: tuple[Expression, ...]

    @property
    def held(self) -> Expression:
        return z3.Sum([side.held for each in self.places for side in each.sides])

    @property
    def working(self) -> Expression:
        return z3.Sum([side.working for each in self.places for side in each.sides])


@dataclass(frozen=True, slots=True)
class View:
    """What a rule sees at one point of a moment. `working` is None where it may be anything; `happens` says whether
    there is such a point."""

    name: str
    kinds: frozenset[EventKind]
    equity: Expression
    close: Expression
    held: tuple[tuple[Expression, Expression], ...]
    working: tuple[tuple[Expression, Expression], ...] | None
    happens: Expression = True


@dataclass(frozen=True, slots=True)
class _Part:
    """What one side of an instrument does in a moment: after it, what it gained, and how much of it traded."""

    held: Expression
    working: Expression
    gain: Expression
    closed: Expression
    bought: Expression


@dataclass(slots=True)
class Moment:
    """The constraints of one moment between two states, and its views in the order of time.

    `earlier` and `inside` are any two fills of it, the one not after the other. `news` is whether a day begins.
    """

    model: Model
    gap: Fraction
    before: State
    after: State
    name: str
    constraints: list[Expression] = field(default_factory=list)
    news: Expression = None
    views: list[View] = field(default_factory=list)
    parts: list[tuple[_Part, _Part]] = field(default_factory=list)

    def __post_init__(self) -> None:
        before = self.before
        self.news = z3.Bool(f"{self.name} day")
        close = z3.If(self.news, before.equity, before.close)
        self.parts = [
            (
                self._part(f"{self.name} {i} long", place.long, place.leaving, direction=1),
                self._part(f"{self.name} {i} short", place.short, place.leaving, direction=-1),
            )
            for i, place in enumerate(before.places)
        ]
        equity = before.equity + z3.Sum([part.gain for parts in self.parts for part in parts])
        now = tuple((place.long.held, place.short.held) for place in before.places)
        marked = tuple((one.held, two.held) for one, two in self.parts)
        self.views = [
            View("reset", AT_RESET, before.equity, before.close, now, None),
            View("day", AT_NEW_DAY, before.equity, close, now, None),
            self._within("earlier", close),
            self._within("inside", close),
            View("mark", AT_MARK, equity, close, marked, None),
        ]
        self.constraints += [self.after.equity == equity, self.after.close == close]
        self.constraints.append(self.after.peak == larger(equity, before.peak))
        self._decide(equity, close)

    # ── fills and moves ──

    def _any(self, name: str, most: Expression) -> Expression:
        """Any value from nought to a bound."""
        value = z3.Real(name)
        self.constraints += [value >= 0, value <= most]
        return value

    def _moved(self, name: str, of: Expression, times: int = 1) -> Expression:
        """Any move of a value within the gap, so many times."""
        move = z3.Real(name)
        bound = number(self.gap * times) * of
        self.constraints += [move >= -bound, move <= bound]
        return move

    def _fee(self, name: str, traded: Expression) -> Expression:
        most = self.model.cost * (1 + self.gap) ** 2
        return self._any(name, number(most) * traded) if most else number(0)

    def _part(self, name: str, side: Side, leaving: Expression, *, direction: int) -> _Part:
        kept = self._any(f"{name} kept", side.held)
        bought = self._any(f"{name} bought", side.working)
        stays = self._any(f"{name} stays", bought)
        if self.model.prompt:
            self.constraints.append(z3.Implies(leaving, kept == 0))
        closed, again = side.held - kept, bought - stays
        on, new = self._moved(f"{name} move", kept), self._moved(f"{name} move of new", stays)
        gain = direction * (on + new)
        gain += self._moved(f"{name} exit", closed) + self._moved(f"{name} entry", stays)
        gain += self._moved(f"{name} round", again, 2)
        gain -= self._fee(f"{name} fee", closed + bought + again)
        working = number(0)
        if self.model.waits:
            left = side.working - bought
            working = self._any(f"{name} rest", left + self._moved(f"{name} move of rest", left))
        return _Part(held=kept + on + stays + new, working=working, gain=gain, closed=closed, bought=bought)

    def _within(self, name: str, close: Expression) -> View:
        """A fill: every instrument is before its bar, in it or after it."""
        equity, held = self.before.equity, []
        for i, (place, parts) in enumerate(zip(self.before.places, self.parts, strict=True)):
            begun, over = z3.Bool(f"{self.name} {name} {i} begun"), z3.Bool(f"{self.name} {name} {i} over")
            sides = []
            for way, side, part in zip(("long", "short"), place.sides, parts, strict=True):
                worth, gain = self._middle(f"{self.name} {name} {i} {way}", side, part)
                equity += z3.If(over, part.gain, z3.If(begun, gain, 0))
                sides.append(z3.If(over, part.held, z3.If(begun, worth, side.held)))
            held.append((sides[0], sides[1]))
        return View(name, INSIDE, equity, close, tuple(held), None)

    def _middle(self, name: str, side: Side, part: _Part) -> tuple[Expression, Expression]:
        """What is held between fills, at the last mark, and gained: so much was closed, so much opened and is held, so
        much opened and closed again."""
        closed = self._any(f"{name} closed", part.closed)
        opened = self._any(f"{name} opened", part.bought)
        again = self._any(f"{name} again", part.bought - opened)
        gain = self._moved(f"{name} closed at", closed) + self._moved(f"{name} opened at", opened)
        gain += self._moved(f"{name} again at", again, 2)
        gain -= self._fee(f"{name} fee", closed + opened + 2 * again)
        return side.held - closed + opened, gain

    # ── halts and decisions ──

    def _decide(self, equity: Expression, close: Expression) -> None:
        trips = [(level, self.tripped(level, equity, close)) for level in self.model.levels]
        halted = z3.Or([trip for _, trip in trips])
        flattened = z3.Or([trip for level, trip in trips if level.flatten])
        exposures, opened, held, working = [], [], [], []
        for i, (parts, after) in enumerate(zip(self.parts, self.after.places, strict=True)):
            new = tuple(
                self._ordered(f"{self.name} {i} {way}", halted, may=may)
                for way, may in (("long", self.model.buys), ("short", self.model.shorts))
            )
            ordered = tuple(part.working + more for part, more in zip(parts, new, strict=True))
            for part, all_, side in zip(parts, ordered, after.sides, strict=True):
                self.constraints += [side.held == part.held, side.working == z3.If(halted, 0, all_)]
            self.constraints.append(after.leaving == z3.And(flattened, after.long.held + after.short.held > 0))
            exposure = larger(parts[0].held + ordered[0], parts[1].held + ordered[1])
            opens = z3.Or([each > 0 for each in new])
            self._size(opens, exposure, equity, parts, new)
            exposures.append(exposure)
            opened.append(opens)
            held.append((parts[0].held, parts[1].held))
            working.append((ordered[0], ordered[1]))
        if self.model.gross is not None:
            within = z3.Sum(exposures) <= number(self.model.gross) * equity
            self.constraints.append(z3.Implies(z3.Or(opened), within))
        self._see_orders(equity, close, tuple(held), working, z3.Or(opened))

    def _ordered(self, name: str, halted: Expression, *, may: bool) -> Expression:
        new = z3.Real(f"{name} order")
        self.constraints += [new >= 0, z3.Implies(halted, new == 0), *([] if may else [new == 0])]
        return new

    def _size(
        self,
        opens: Expression,
        exposure: Expression,
        equity: Expression,
        parts: tuple[_Part, _Part],
        new: tuple[Expression, ...],
    ) -> None:
        """What the program's shape says of an opening order."""
        self.constraints.append(z3.Implies(opens, exposure <= number(self.model.position) * equity))
        if self.model.needs_flat:
            flat = [each == 0 for part in parts for each in (part.held, part.working)]
            self.constraints.append(z3.Implies(opens, z3.And(*flat, z3.Or([each == 0 for each in new]))))

    def _see_orders(
        self,
        equity: Expression,
        close: Expression,
        held: tuple[tuple[Expression, Expression], ...],
        ordering: list[tuple[Expression, Expression]],
        opened: Expression,
    ) -> None:
        """One order after another: some of what will work is there."""
        working = tuple(
            (self._any(f"{self.name} {i} buying", one), self._any(f"{self.name} {i} selling", two))
            for i, (one, two) in enumerate(ordering)
        )
        self.views.append(View("decisions", DECIDING, equity, close, held, working))
        self.views.append(View("orders", ORDERED, equity, close, held, working, happens=opened))

    def tripped(self, level: Level, equity: Expression, close: Expression) -> Expression:
        floor = number(level.multiple) * based(self.model, level.base, close, self.after.peak)
        return equity < floor if level.strict else equity <= floor


def larger(one: Expression, two: Expression) -> Expression:
    return z3.If(one > two, one, two)


def based(model: Model, base: Base, close: Expression, peak: Expression) -> Expression:
    match base:
        case Base.LAST_CLOSE:
            return close
        case Base.PEAK:
            return peak
        case Base.START:
            return number(model.equity)


def state(model: Model, name: str, registers: tuple[Expression, ...]) -> State:
    """A state of fresh variables."""
    return State(
        equity=z3.Real(f"{name} equity"),
        close=z3.Real(f"{name} close"),
        peak=z3.Real(f"{name} peak"),
        places=tuple(
            Place(
                long=Side(z3.Real(f"{name} {i} long"), z3.Real(f"{name} {i} buying")),
                short=Side(z3.Real(f"{name} {i} short"), z3.Real(f"{name} {i} selling")),
                leaving=z3.Bool(f"{name} {i} leaving"),
            )
            for i in range(model.places)
        ),
        registers=registers,
    )


def sane(at: State) -> Iterator[Expression]:
    """What is so of every state by what it means."""
    for each in at.places:
        for side in each.sides:
            yield side.held >= 0
            yield side.working >= 0


def beginning(model: Model, at: State) -> Iterator[Expression]:
    """The account before its first bar, with nothing held."""
    equity = number(model.equity)
    yield z3.And(at.equity == equity, at.close == equity, at.peak == equity)
    for each in at.places:
        yield z3.Not(each.leaving)
        for side in each.sides:
            yield z3.And(side.held == 0, side.working == 0)
