"""Every state that a skeleton and a rule's registers reach, moment by moment, or the shortest way to a breach.

A moment: every instrument may have a bar in which its orders do what they may; halts; the mark; then every rule in the
order of the text, for every instrument, does what it may. Between two moments a new day may begin. Rules act as the
interpreter carries them out (`interpret.decisions`) and orders as the venue fills them (`engine.venue`), each of them or
not: an entry may always be refused, and an order may always wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.observe import NO_INSTRUMENT
from stratc.compiler.judge.skeleton.account import UNASKED, AccountSide, Holding
from stratc.compiler.judge.skeleton.bounded import Cells
from stratc.compiler.judge.skeleton.conditions import Conditions
from stratc.compiler.judge.skeleton.outline import (
    Act,
    Allocate,
    Enter,
    Exit,
    ExitKind,
    Firing,
    MoveStop,
    Outline,
    Trades,
)
from stratc.compiler.judge.skeleton.place import World
from stratc.compiler.judge.skeleton.registers import BROKEN, Listener
from stratc.compiler.judge.skeleton.world import Move, Moves, Step

STATES_MAX: Final = 50_000
EVERY: Final = frozenset(Trades)
# In which order orders trade in a bar: exits before entries, what the open takes, what lies inside, the close.
PHASES: Final = (
    (frozenset({Trades.OPEN, Trades.INSIDE}), True),
    (frozenset({Trades.OPEN, Trades.INSIDE}), False),
    (frozenset({Trades.INSIDE}), True),
    (frozenset({Trades.INSIDE}), False),
    (frozenset({Trades.CLOSE}), True),
    (frozenset({Trades.CLOSE}), False),
)
ORDER_KINDS: Final = frozenset(
    {EventKind.ORDER_OPENING, EventKind.ORDER_CLOSING, EventKind.DONE_OPENING, EventKind.DONE_CLOSING}
)


class Told(NamedTuple):
    """An event that a listener listens to, and the account as it may ask it then."""

    kind: EventKind
    instrument: int
    side: int
    account: AccountSide


class Change(NamedTuple):
    """A move as its listener sees it: what it is told, and the world afterwards."""

    told: tuple[Told, ...]
    world: World


@dataclass(frozen=True, slots=True)
class Path:
    """How a state was reached: what was told last, and the path before."""

    before: Path | None
    told: tuple[Told, ...]

    def events(self) -> list[Told]:
        found: list[tuple[Told, ...]] = []
        at: Path | None = self
        while at is not None:
            found.append(at.told)
            at = at.before
        return [told for part in reversed(found) for told in part]


# Registers by world: many states share their world, and what may happen in it is worked out once.
States = dict[World, dict[Cells, Path | None]]
MovesOf = Callable[[World], Iterable[Move]]


class _Breach(Exception):
    """Internal: a step breaks the rule."""

    def __init__(self, path: Path) -> None:
        super().__init__("a breach")
        self.path = path


class _TooMany(Exception):
    """Internal: more states than are looked at."""


@dataclass(frozen=True, slots=True)
class Explored:
    """What came of it: how many states stand between two moments, and the shortest events to a breach.

    `complete` is false where there were too many. Without a breach and complete, there is none.
    """

    states: int
    complete: bool
    breach: tuple[Told, ...] | None


@dataclass(slots=True)
class Explorer:
    """One outline beside one listener. `work_max` bounds the steps that are taken."""

    outline: Outline
    listener: Listener
    asks: bool
    work_max: int
    work: int = 0
    moves: Moves = field(init=False)
    conditions: Conditions = field(init=False)
    known: dict[tuple[object, World], list[Change]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moves = Moves(self.outline, counts_orders=bool(self.listener.alphabet & ORDER_KINDS))
        self.conditions = Conditions(self.outline)

    def explore(self, starts: Iterable[Cells]) -> Explored:
        """From the first day of an account that is flat, over all days there are."""
        seen: dict[World, set[Cells]] = {}
        try:
            waiting = self._new(self.moment({self.moves.first_world(): dict.fromkeys(starts)}), seen)
            while waiting:
                waiting = self._new(self.after(waiting), seen)
        except _Breach as breach:
            return Explored(states=_count(seen), complete=True, breach=tuple(breach.path.events()))
        except _TooMany:
            return Explored(states=_count(seen), complete=False, breach=None)
        return Explored(states=_count(seen), complete=True, breach=None)

    def _new(self, found: States, seen: dict[World, set[Cells]]) -> States:
        fresh: States = {}
        for world, group in found.items():
            known = seen.setdefault(world, set())
            if new := {cells: path for cells, path in group.items() if cells not in known}:
                fresh[world] = new
                known.update(new)
        if _count(seen) > STATES_MAX:
            raise _TooMany
        return fresh

    def after(self, states: States) -> States:
        """The states one moment later."""
        tomorrow = self.moment(self.new_day(states))
        return tomorrow if self.outline.one_bar_a_day else _both(self.moment(states), tomorrow)

    # ── a day, a moment, a bar ──

    def new_day(self, states: States) -> States:
        found = self._moved(states, "day", self._turns)
        if self.outline.eventless or self.outline.places > 1:
            return found
        return _both(found, self._moved(found, "gone", lambda world: self.moves.gone_overnight(world, 0)))

    def _turns(self, world: World) -> Iterator[Move]:
        for day in self.moves.next_days(world):
            yield (Step(EventKind.NEW_DAY, NO_INSTRUMENT, 0, day),)

    def moment(self, states: States) -> States:
        for i in range(self.outline.places):
            states = self.bar(states, i)
        states = self._halted(states)
        if EventKind.MARK in self.listener.alphabet:
            # The engine tells of marks only where some rule in force asks for them.
            states = _both(states, self._moved(states, "mark", _mark))
            for i in range(self.outline.places):
                states = self._canceled(states, i)
            states = self._halted(states)
        for number, firing in enumerate(self.outline.firings):
            allocated = next((act for act in firing.acts if isinstance(act, Allocate)), None)
            if allocated is not None:
                states = _both(states, self._allocated(states, allocated))
                continue
            for i in range(self.outline.places):
                states = self.fire(states, number, firing, i)
        if self.outline.reduces:
            for i in range(self.outline.places):
                states = self._sent(self._canceled(states, i), i, self._market_exit())
        return states

    def _halted(self, states: States) -> States:
        if not self.outline.flattens:
            return states
        kind = self._market_exit()
        return _both(states, self._moved(states, "halt", lambda world: (self.moves.flatten(world, kind),)))

    def _canceled(self, states: States, i: int) -> States:
        return self._closure(states, ("ends", i), lambda world: self._ends(world, i))

    def _market_exit(self) -> ExitKind:
        return next(kind for kind in self.outline.exits if (kind.trades, kind.waits) == (Trades.OPEN, False))

    def bar(self, states: States, i: int) -> States:
        """What one instrument's orders may do in a bar, and what may have ended by its close."""
        later = self._moved(states, ("bar", i), lambda world: ((Step(None, i, 0, self.moves.next_bar(world, i)),),))
        # Of several instruments one may have no bar at this moment, and counts none.
        states = _both(states, later) if self.outline.places > 1 else later
        if not self.outline.orderly:
            return self._closure(states, ("any", i), lambda world: self._anything(world, i))
        for phase, (trades, exits) in enumerate(PHASES):
            states = self._closure(
                states, (phase, i), lambda world, t=trades, e=exits: self._in_phase(world, i, t, exits=e)
            )
        return states

    def _anything(self, world: World, i: int) -> Iterator[Move]:
        yield from self.moves.fills(world, i, EVERY, exits=True)
        yield from self.moves.fills(world, i, EVERY, exits=False)
        yield from self.moves.protections(world, i)
        yield from self._ends(world, i)

    def _in_phase(self, world: World, i: int, trades: frozenset[Trades], *, exits: bool) -> Iterator[Move]:
        """Stop losses and targets trade once the open is over: after the entries there, and with those inside."""
        yield from self.moves.fills(world, i, trades, exits=exits)
        if not exits:
            yield from self.moves.protections(world, i)
        yield from self._ends(world, i)

    def _ends(self, world: World, i: int) -> Iterator[Move]:
        """Orders end. Where nobody counts them, an exit that works on only lets more happen."""
        if self.moves.counts_orders:
            yield from self.moves.ends(world, i, exits=True)
        yield from self.moves.ends(world, i, exits=False)

    # ── rules ──

    def fire(self, states: States, number: int, firing: Firing, i: int) -> States:
        """The states in which the rule did not fire for the instrument, and those in which it did."""
        # The rule's limit is asked once, before what it places.
        entering: States = {}
        denied: States = {}
        for world, group in states.items():
            if self.conditions.may_hold(firing.condition, world.places[i]):
                may_enter = self.moves.may_enter_again(world, i, firing.limit)
                (entering if may_enter else denied)[world] = group
        for act in firing.acts:
            entering = self._act(entering, act, i, denied=False)
            denied = self._act(denied, act, i, denied=True)
        return _both(_both(states, denied), entering)

    def _act(self, states: States, act: Act, i: int, *, denied: bool) -> States:
        match act:
            case Enter(entry=entry, reverse=reverse, instrument=instrument):
                if instrument not in (None, i):
                    return states
                if reverse is not None:
                    states = self._sent(states, i, reverse, against=entry.side)
                return states if denied else self._entered(states, i, act)
            case Exit(exit=kind):
                return self._sent(states, i, kind)
            case MoveStop():
                return _both(states, self._moved(states, ("stop", i), lambda world: self.moves.move_stop(world, i)))
            case Allocate():
                raise AssertionError("an allocation is carried out once for all instruments")

    def _allocated(self, states: States, act: Allocate) -> States:
        """What is beyond its target is sold, instrument by instrument, and then what is short of it is bought."""
        for i in range(self.outline.places):
            states = self._sent(self._canceled(states, i), i, act.exit)
        for i in range(self.outline.places):
            for entry in act.entries:
                states = self._entered(states, i, Enter(entry=entry, reverse=None, instrument=None))
        return states

    def _entered(self, states: States, i: int, act: Enter) -> States:
        sent = self._moved(
            states, ("enter", i, act.entry.at), lambda world: self.moves.place_entry(world, i, act.entry)
        )
        # An entry of two that belong together is taken back where the other is denied.
        return _both(states, sent) if act.instrument is None else self._canceled(_both(states, sent), i)

    def _sent(self, states: States, i: int, kind: ExitKind, *, against: int = 0) -> States:
        """An exit may be sent, in place of some that rest."""
        if self.moves.counts_orders:
            states = self._closure(states, ("exits end", i), lambda world: self.moves.ends(world, i, exits=True))
        label = ("exit", i, kind.at, against)
        return _both(states, self._moved(states, label, lambda world: self.moves.place_exit(world, i, kind, against)))

    # ── steps ──

    def _closure(self, states: States, label: object, moves: MovesOf) -> States:
        """The states and all that any number of moves makes of them."""
        found = {world: dict(group) for world, group in states.items()}
        waiting = states
        while waiting:
            moved = self._moved(waiting, label, moves)
            waiting = {}
            for world, group in moved.items():
                known = found.setdefault(world, {})
                if new := {cells: path for cells, path in group.items() if cells not in known}:
                    known |= new
                    waiting[world] = new
        return found

    def _moved(self, states: States, label: object, moves: MovesOf) -> States:
        """What one move makes of the states; `label` names the moves, which are remembered by world."""
        found: States = {}
        for world, group in states.items():
            changes = self.known.get((label, world))
            if changes is None:
                changes = self.known[label, world] = [self._change(move) for move in moves(world)]
            self.work += len(changes) * len(group) + 1
            for told, after in changes:
                into = found.setdefault(after, {})
                if not told:
                    for cells, path in group.items():
                        into.setdefault(cells, path)
                    continue
                for cells, path in group.items():
                    self._tell(cells, Path(before=path, told=told), into)
        if self.work > self.work_max:
            raise _TooMany
        return {world: group for world, group in found.items() if group}

    def _tell(self, cells: Cells, path: Path, into: dict[Cells, Path | None]) -> None:
        """The move's events, told one after the other."""
        ways = [cells]
        for told in path.told:
            outcomes = [
                outcome for way in ways for outcome in self.listener.step(way, told.kind, told.instrument, told.account)
            ]
            if any(outcome == BROKEN for _, outcome in outcomes):
                raise _Breach(path)
            ways = [after for after, _ in outcomes]
        for way in ways:
            into.setdefault(way, path)

    def _change(self, move: Move) -> Change:
        heard = self.listener.alphabet
        told = tuple(
            Told(step.kind, step.instrument, step.side, self.account(step))
            for step in move
            if step.kind is not None and step.kind in heard
        )
        return Change(told=told, world=move[-1].world)

    def account(self, step: Step) -> AccountSide:
        """The account as a listener may ask it at a step."""
        if not self.asks:
            return UNASKED
        holdings = []
        for place in step.world.places:
            sides = {
                kind.side for kind in self.outline.entries if any(place.entries[kind.at : kind.at + 1 + kind.waits])
            }
            holdings.append(Holding(position=place.position, buys=1 in sides, shorts=-1 in sides))
        return AccountSide(holdings=tuple(holdings), side=step.side, outlives=None, answers=())


def _mark(world: World) -> Iterator[Move]:
    yield (Step(EventKind.MARK, NO_INSTRUMENT, 0, world),)


def _both(one: States, two: States) -> States:
    found = dict(one)
    for world, group in two.items():
        found[world] = found[world] | group if world in found else group
    return found


def _count(seen: dict[World, set[Cells]]) -> int:
    return sum(len(cells) for cells in seen.values())
