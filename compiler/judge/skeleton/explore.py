"""Every state that a skeleton and a rule's registers reach, or the shortest way to a breach: breadth first, one move at
a time.

A state stands in a phase, which says what may happen next. Where bars are shorter than days and orders may be late, one
phase is enough: anything at any time. Where a day has one bar, its fills come before its decisions. Where the engine's
order within a bar is taken for granted, each instrument goes through its phases in turn, then come the decisions.
Rules act as the interpreter carries them out (`interpret.decisions`), orders as the venue fills them (`engine.venue`),
each of them or not: an entry may always be refused, and an order may always wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stratc.compiler.ir.observer import OF_THE_ACCOUNT, EventKind
from stratc.compiler.judge.observe import NO_INSTRUMENT
from stratc.compiler.judge.skeleton.account import UNASKED, AccountSide, Holding
from stratc.compiler.judge.skeleton.bounded import Cells
from stratc.compiler.judge.skeleton.decisions import Decisions
from stratc.compiler.judge.skeleton.outline import Moment, Outline
from stratc.compiler.judge.skeleton.place import World
from stratc.compiler.judge.skeleton.registers import AT_ANY_TIME, BROKEN, TESTED, Listener
from stratc.compiler.judge.skeleton.world import COUNTED_ORDERS, Move, Moves, Step

STATES_MAX: Final = 50_000
# What it takes to work a change out, in changes that are made once they are known.
PER_CHANGE: Final = 8
EVERY: Final = frozenset(Moment)
# In which order the orders of an instrument trade in a bar: exits before entries, what the open takes, what lies
# inside, the close. Stop losses and targets trade once the open is over.
IN_A_BAR: Final = (
    (frozenset({Moment.OPEN, Moment.INSIDE}), True),
    (frozenset({Moment.OPEN, Moment.INSIDE}), False),
    (frozenset({Moment.INSIDE}), True),
    (frozenset({Moment.INSIDE}), False),
    (frozenset({Moment.CLOSE}), True),
    (frozenset({Moment.CLOSE}), False),
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
    """A move as its listener sees it: what it is told, and where it leads."""

    told: tuple[Told, ...]
    phase: int
    world: World


@dataclass(frozen=True, slots=True)
class Path:
    """How a state was reached: what was told last, and the path before."""

    before: Path | None
    told: tuple[Told, ...]

    def events(self) -> tuple[Told, ...]:
        found: list[tuple[Told, ...]] = []
        at: Path | None = self
        while at is not None:
            found.append(at.told)
            at = at.before
        return tuple(told for part in reversed(found) for told in part)


@dataclass(frozen=True, slots=True)
class Phase:
    """What may happen: in the bar of an instrument (-1: of any) these orders; decisions; a new bar or day after it."""

    instrument: int
    moment: frozenset[Moment]
    exits: bool
    entries: bool
    decides: bool
    following: tuple[int, ...]
    turns_day: bool


@dataclass(frozen=True, slots=True)
class Explored:
    """How many states were seen, whether anything that the rule tests happened, and the shortest events to a breach.

    `complete` is false where there were too many. Complete and without a breach: there is none.
    """

    states: int
    complete: bool
    tested: bool
    breach: tuple[Told, ...] | None


# Many states share their phase and world, and what may happen there is worked out once: cells by where they stand.
Standing = tuple[int, World]
Layer = dict[Standing, dict[Cells, Path | None]]


@dataclass(slots=True)
class Explorer:
    """One outline beside one listener. `work_max` bounds how often a change is made or worked out, `states_max` how
    many states are kept."""

    outline: Outline
    listener: Listener
    asks: bool
    work_max: int
    orders_most: int = COUNTED_ORDERS
    states_max: int = STATES_MAX
    work: int = 0
    tested: bool = False
    moves: Moves = field(init=False)
    decisions: Decisions = field(init=False)
    phases: tuple[Phase, ...] = field(init=False)
    known: dict[Standing, list[Change]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts_orders = bool(self.listener.alphabet & ORDER_KINDS)
        self.moves = Moves(self.outline, counts_orders=counts_orders, orders_most=self.orders_most)
        self.decisions = Decisions(self.outline, self.moves)
        self.phases = phases_of(self.outline)

    def explore(self, starts: Iterable[Cells]) -> Explored:
        """From the first day of an account that is flat, over all days there are."""
        seen: dict[Standing, set[Cells]] = {}
        layer: Layer = {(0, world): dict.fromkeys(starts) for world in self.moves.first_bars(self.moves.first_world())}
        states = 0
        while layer:
            fresh = {where: new for where, group in layer.items() if (new := _unseen(group, seen, where))}
            states += sum(len(group) for group in fresh.values())
            if states > self.states_max or self.work > self.work_max:
                return Explored(states=states, complete=False, tested=self.tested, breach=None)
            layer = {}
            for where, group in fresh.items():
                if self.work > self.work_max:
                    break
                breach = self._leave(where, group, layer)
                if breach is not None:
                    return Explored(states=states, complete=True, tested=True, breach=breach.events())
        return Explored(states=states, complete=self.work <= self.work_max, tested=self.tested, breach=None)

    def _leave(self, where: Standing, group: dict[Cells, Path | None], layer: Layer) -> Path | None:
        """All moves from where these cells stand, into the next layer; the path of one that breaks the rule."""
        changes = self.changes(*where)
        self.work += len(changes) * len(group)
        for told, phase, world in changes:
            into = layer.setdefault((phase, world), {})
            if not told:
                for cells, path in group.items():
                    into.setdefault(cells, path)
                continue
            for cells, path in group.items():
                way = Path(before=path, told=told)
                after = self._tell(cells, told)
                if after is None:
                    return way
                for each in after:
                    into.setdefault(each, way)
        return None

    def _tell(self, cells: Cells, told: tuple[Told, ...]) -> list[Cells] | None:
        """The cells after a move's events, told one after the other; None where one may break the rule."""
        ways = [cells]
        for each in told:
            after: list[Cells] = []
            for way in ways:
                for found, outcome in self.listener.step(way, each.kind, each.instrument, each.account):
                    if outcome == BROKEN:
                        return None
                    self.tested = self.tested or outcome == TESTED
                    after.append(found)
            ways = after
        return ways

    # ── moves ──

    def changes(self, number: int, world: World) -> list[Change]:
        found = self.known.get((number, world))
        if found is None:
            found = self.known[number, world] = list(dict.fromkeys(self._changes(number, world)))
            self.work += PER_CHANGE * len(found)
        return found

    def _changes(self, number: int, world: World) -> Iterator[Change]:
        phase = self.phases[number]
        for move in self._moves(phase, world):
            yield self._change(move, number)
        for following in phase.following:
            for begun in (world,) if following else self.moves.first_bars(world):
                yield Change(told=(), phase=following, world=begun)
        if phase.turns_day:
            for move in self.moves.days(world):
                yield self._change(move, 0)

    def _moves(self, phase: Phase, world: World) -> Iterator[Move]:
        for i in range(self.outline.places) if phase.instrument < 0 else (phase.instrument,):
            if phase.exits:
                yield from self.moves.fills(world, i, phase.moment, exits=True)
            if phase.entries:
                yield from self.moves.fills(world, i, phase.moment, exits=False)
                yield from self.moves.protections(world, i)
            yield from self.moves.ends(world, i, exits=False)
            # Where nobody counts them, an exit that works on only lets more happen.
            if self.moves.counts_orders:
                yield from self.moves.ends(world, i, exits=True)
        if phase.decides:
            yield from self.decisions.moves(world)
        yield from self._at_any_time(world)

    def _at_any_time(self, world: World) -> Iterator[Move]:
        """Marks, of which the engine tells only where some rule asks for them, and what people do."""
        for kind in sorted(self.listener.alphabet & AT_ANY_TIME):
            places = range(self.outline.places) if kind not in OF_THE_ACCOUNT else (NO_INSTRUMENT,)
            for i in places:
                yield (Step(kind, i, 0, world),)

    def _change(self, move: Move, phase: int) -> Change:
        heard = self.listener.alphabet
        told = tuple(
            Told(step.kind, step.instrument, step.side, self.account(step.world, step.side))
            for step in move
            if step.kind is not None and step.kind in heard
        )
        return Change(told=told, phase=phase, world=move[-1].world)

    def account(self, world: World, side: int) -> AccountSide:
        """The account as a listener may ask it."""
        if not self.asks:
            return UNASKED[side]
        holdings = []
        for place in world.places:
            sides = {
                kind.side for kind in self.outline.entries if any(place.entries[kind.at : kind.at + 1 + kind.waits])
            }
            holdings.append(Holding(position=place.position, buys=1 in sides, shorts=-1 in sides))
        return AccountSide(holdings=tuple(holdings), side=side, outlives=None, answers=())


def phases_of(outline: Outline) -> tuple[Phase, ...]:
    """The phases of a day, the first of which a day begins with."""
    if outline.orderly:
        return _orderly(outline)
    if not outline.one_bar_a_day:
        whole = Phase(instrument=-1, moment=EVERY, exits=True, entries=True, decides=True, following=(), turns_day=True)
        return (whole,)
    bar = Phase(instrument=-1, moment=EVERY, exits=True, entries=True, decides=False, following=(1,), turns_day=False)
    return (bar, _deciding(()))


def _orderly(outline: Outline) -> tuple[Phase, ...]:
    phases: list[Phase] = []
    for i in range(outline.places):
        for moment, exits in IN_A_BAR:
            following = (len(phases) + 1,)
            phases.append(
                Phase(
                    instrument=i,
                    moment=moment,
                    exits=exits,
                    entries=not exits,
                    decides=False,
                    following=following,
                    turns_day=False,
                )
            )
    return (*phases, _deciding(() if outline.one_bar_a_day else (0,)))


def _deciding(following: tuple[int, ...]) -> Phase:
    return Phase(
        instrument=-1,
        moment=frozenset(),
        exits=False,
        entries=False,
        decides=True,
        following=following,
        turns_day=True,
    )


def _unseen(
    group: dict[Cells, Path | None], seen: dict[Standing, set[Cells]], where: Standing
) -> dict[Cells, Path | None]:
    known = seen.setdefault(where, set())
    fresh = {cells: path for cells, path in group.items() if cells not in known}
    known.update(fresh)
    return fresh
