"""The state of the skeleton beside a rule's registers, and what may happen in it, step by step.

A `World` is every instrument and what the account's caps remember. A move is one or more events that belong together,
each with the world as the event finds it; a state without events is a move too. Every count stands still at a number
that means that or more.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from stratc.compiler.ir.nodes import BookWord
from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.observe import NO_INSTRUMENT
from stratc.compiler.judge.skeleton.outline import COUNTING, EntryKind, ExitKind, Moment, Outline
from stratc.compiler.judge.skeleton.place import Place, World
from stratc.compiler.judge.skeleton.registers import Unrepresentable

MANY: Final = 2
COUNTED_ORDERS: Final = 4


class Step(NamedTuple):
    """An event as the observers are told, in the world after it; no `kind`: nothing is told."""

    kind: EventKind | None
    instrument: int
    side: int
    world: World


Move = tuple[Step, ...]


class Moves:
    """What may happen in an outline. `counts_orders`: orders and their ends are told, so that each of them counts, up
    to `orders_most` of a kind."""

    def __init__(self, outline: Outline, *, counts_orders: bool, orders_most: int = COUNTED_ORDERS) -> None:
        self._outline = outline
        self.counts_orders = counts_orders
        limits = [limit.count + 1 for limit in outline.limits]
        caps = [outline.entered[0] + 1] if outline.entered is not None else []
        told = [orders_most] if counts_orders else []
        self.entries_most = max([MANY, *limits, *caps, *told])
        self.exits_most = orders_most if counts_orders else 1
        self.counts_bars = bool({BookWord.BARS_HELD, BookWord.BARS_SINCE_EXIT} & dict(outline.counted).keys())
        self._most = {word: outline.most_of(word) for word in COUNTING}

    def first_world(self) -> World:
        outline = self._outline
        place = Place(
            position=0,
            stopped=False,
            armed=False,
            kept=outline.keep,
            sessions=0,
            bars=0,
            sessions_since=min(1, self._most[BookWord.SESSIONS_SINCE_EXIT]),
            bars_since=0,
            entered_today=0,
            entries=(0,) * outline.entry_cells,
            exits=(0,) * outline.exit_cells,
            within=(0,) * len(outline.limits),
        )
        return World(
            places=(place,) * outline.places,
            day_trades=(0,) * (outline.day_trades[1] if outline.day_trades else 0),
            entered=(0,) * (outline.entered[1] if outline.entered else 0),
            halted=False,
        )

    # ── fills ──

    def fills(self, world: World, i: int, moment: frozenset[Moment], *, exits: bool) -> Iterator[Move]:
        """What working orders of an instrument may do in a bar: fill, in part or whole, or end without a fill."""
        place = world.places[i]
        if exits:
            for kind in self._outline.exits:
                at = _ripe(kind)
                if kind.moment in moment and place.exits[at] and place.position and not self._must_keep(place):
                    yield from self._exit_fills(world, i, at)
            return
        for entry in self._outline.entries:
            at = _ripe(entry)
            if entry.moment in moment and place.entries[at]:
                against = place.position == -entry.side
                if not (against and self._must_keep(place)):
                    yield from self._entry_fills(world, i, entry, at, against=against)

    def protections(self, world: World, i: int) -> Iterator[Move]:
        """A stop loss or a target that rests may fill."""
        place = world.places[i]
        if place.position and place.stopped and not self._must_keep(place):
            yield from self._closings(world, i)

    def _exit_fills(self, world: World, i: int, at: int) -> Iterator[Move]:
        for fewer in self._fewer(world.places[i].exits, at, self.exits_most):
            left = world.with_place(i, world.places[i]._replace(exits=fewer))
            for steps in self._closings(left, i):
                yield (*steps, Step(EventKind.DONE_CLOSING, i, 0, steps[-1].world))
        if not self._outline.whole:
            yield from (steps for steps in self._closings(world, i) if steps[-1].world.places[i].position)

    def _entry_fills(self, world: World, i: int, entry: EntryKind, at: int, *, against: bool) -> Iterator[Move]:
        for fewer in self._fewer(world.places[i].entries, at, self.entries_most):
            left = world.with_place(i, world.places[i]._replace(entries=fewer))
            for steps in self._opened(left, i, entry, against=against):
                counted = self._count_filled(steps[-1].world, i, entry)
                yield (*steps, Step(EventKind.DONE_OPENING, i, 0, counted))
        if not self._outline.whole:
            yield from self._opened(world, i, entry, against=against)

    def _opened(self, world: World, i: int, entry: EntryKind, *, against: bool) -> Iterator[Move]:
        """An entry's fill: against a position it closes that first, and may open with the rest."""
        if not against:
            yield (Step(EventKind.FILL_OPENING, i, entry.side, self._open(world, i, entry)),)
            return
        for steps in self._closings(world, i):
            yield steps
            after = steps[-1].world
            if after.places[i].position == 0:
                yield (*steps, Step(EventKind.FILL_OPENING, i, entry.side, self._open(after, i, entry)))

    def _open(self, world: World, i: int, entry: EntryKind) -> World:
        place = world.places[i]
        fresh = place.position == 0
        return world.with_place(
            i,
            place._replace(
                position=entry.side,
                stopped=place.stopped or entry.stopped,
                armed=self._outline.day_trades is not None,
                kept=0,
                sessions=0 if fresh else place.sessions,
                bars=0 if fresh else place.bars,
            ),
        )

    def _closings(self, world: World, i: int) -> Iterator[Move]:
        """A fill that reduces: a part of the position, or all of it, and then no exit has anything left to close."""
        place, side = world.places[i], -world.places[i].position
        ring = world.day_trades
        if place.armed and ring and self._outline.day_trades is not None:
            ring = (min(ring[0] + 1, self._outline.day_trades[0] + 1), *ring[1:])
        left = place._replace(armed=False)
        yield (Step(EventKind.FILL_CLOSING, i, side, world._replace(day_trades=ring).with_place(i, left)),)
        closed = left._replace(
            position=0, stopped=False, kept=self._outline.keep, sessions=0, bars=0, sessions_since=0, bars_since=0
        )
        after = world._replace(day_trades=ring).with_place(i, closed)
        none = after.with_place(i, closed._replace(exits=(0,) * len(closed.exits)))
        ended = self._all_of(closed.exits, self.exits_most)
        yield (
            Step(EventKind.FILL_CLOSING, i, side, after),
            *(Step(EventKind.DONE_CLOSING, i, 0, none) for _ in range(ended)),
            Step(None, i, 0, none),
        )

    def _must_keep(self, place: Place) -> bool:
        return place.kept < self._outline.keep

    def _count_filled(self, world: World, i: int, entry: EntryKind) -> World:
        place, ring = world.places[i], world.entered
        if ring and self._outline.entered is not None:
            ring = (min(ring[0] + 1, self._outline.entered[0] + 1), *ring[1:])
        within = place.within
        if entry.limit >= 0:
            most = self._outline.limits[entry.limit].count
            within = _put(within, entry.limit, min(within[entry.limit] + 1, most))
        today = min(place.entered_today + 1, self._most[BookWord.ENTRIES_TODAY])
        return world._replace(entered=ring).with_place(i, place._replace(within=within, entered_today=today))

    # ── orders ──

    def ends(self, world: World, i: int, *, exits: bool) -> Iterator[Move]:
        """A working order is canceled or expires."""
        place = world.places[i]
        counts = place.exits if exits else place.entries
        kind = EventKind.DONE_CLOSING if exits else EventKind.DONE_OPENING
        for at, count in enumerate(counts):
            if count:
                for fewer in self._fewer(counts, at, self.exits_most if exits else self.entries_most):
                    left = place._replace(exits=fewer) if exits else place._replace(entries=fewer)
                    yield (Step(kind, i, 0, world.with_place(i, left)),)

    def place_exit(self, world: World, i: int, kind: ExitKind, against: int = 0) -> Iterator[Move]:
        """An exit is sent, where there is something to exit that is not on the side of what turns it around."""
        place = world.places[i]
        if place.position and place.position != against:
            more = _put(place.exits, kind.at, min(place.exits[kind.at] + 1, self.exits_most))
            yield (Step(EventKind.ORDER_CLOSING, i, -place.position, world.with_place(i, place._replace(exits=more))),)

    def place_entry(self, world: World, i: int, kind: EntryKind) -> Iterator[Move]:
        """An entry is sent, where no cap that counts surely refuses it."""
        if world.halted or self._is_capped(world, i, kind):
            return
        place = world.places[i]
        more = _put(place.entries, kind.at, min(place.entries[kind.at] + 1, self.entries_most))
        yield (Step(EventKind.ORDER_OPENING, i, kind.side, world.with_place(i, place._replace(entries=more))),)

    def move_stop(self, world: World, i: int) -> Iterator[Move]:
        place = world.places[i]
        if place.position:
            yield (Step(None, i, 0, world.with_place(i, place._replace(stopped=True))),)

    def _is_capped(self, world: World, i: int, kind: EntryKind) -> bool:
        """Whether a cap is surely reached. What works in a `one of` counts for nothing here."""
        if self._outline.entered is not None:
            working = sum(self._working(place, limit=None) for place in world.places)
            if sum(world.entered) + working + (0 if kind.one_of else 1) > self._outline.entered[0]:
                return True
        if self._outline.day_trades is not None:
            reserved = sum(place.armed for place in world.places)
            reserved += sum(any(place.entries) for j, place in enumerate(world.places) if not (kind.one_of and j == i))
            return sum(world.day_trades) + reserved + 1 > self._outline.day_trades[0]
        return False

    def may_enter_again(self, world: World, i: int, limit: int) -> bool:
        """Whether a rule's own limit may still let it enter."""
        if limit < 0:
            return True
        bound = self._outline.limits[limit]
        places = world.places if bound.across else (world.places[i],)
        return sum(place.within[limit] + self._working(place, limit=limit) for place in places) < bound.count

    def _working(self, place: Place, *, limit: int | None) -> int:
        """Working entries that count for certain: all, or those of a rule's limit."""
        return sum(
            sum(place.entries[kind.at : kind.at + (2 if kind.waits else 1)])
            for kind in self._outline.entries
            if not kind.one_of and limit in (None, kind.limit)
        )

    def flatten(self, world: World, kind: ExitKind) -> Move:
        """A halt: entries end, and every position is exited at market, in place of the exits that work."""
        steps: list[Step] = []
        for i in range(len(world.places)):
            place = world.places[i]
            world = world.with_place(i, place._replace(entries=(0,) * len(place.entries)))
            ended = self._all_of(place.entries, self.entries_most)
            steps += [Step(EventKind.DONE_OPENING, i, 0, world) for _ in range(ended)]
            if place.position:
                world = world.with_place(i, world.places[i]._replace(exits=(0,) * len(place.exits)))
                ended = self._all_of(place.exits, self.exits_most)
                steps += [Step(EventKind.DONE_CLOSING, i, 0, world) for _ in range(ended)]
                steps += next(self.place_exit(world, i, kind))
                world = steps[-1].world
        world = world._replace(halted=self._outline.flatten_bars_entries)
        return (*steps, Step(None, 0, 0, world))

    # ── counts ──

    def _fewer(self, counts: tuple[int, ...], at: int, most: int) -> Iterator[tuple[int, ...]]:
        """One less; of a count that stands for more than itself perhaps as many as before."""
        yield _put(counts, at, counts[at] - 1)
        if counts[at] == most:
            yield counts

    def _all_of(self, counts: tuple[int, ...], most: int) -> int:
        """How many end together; where each is told and a count stands for more than itself, nobody can say."""
        if self.counts_orders and any(count >= most for count in counts):
            raise Unrepresentable
        return sum(counts) if self.counts_orders else 0

    # ── time ──

    def next_bar(self, world: World, i: int) -> World:
        place = world.places[i]
        bars = min(place.bars + 1, self._most[BookWord.BARS_HELD]) if place.position else 0
        since = min(place.bars_since + 1, self._most[BookWord.BARS_SINCE_EXIT])
        return world.with_place(i, place._replace(bars=bars, bars_since=since))

    def days(self, world: World) -> Iterator[Move]:
        """A new trading day begins, and with it perhaps a split or a merger of what is held."""
        for day in self.next_days(world):
            if not self._outline.days_alike:
                yield (Step(None, 0, 0, day),)
            begun = Step(EventKind.NEW_DAY, NO_INSTRUMENT, 0, day)
            for first in self.first_bars(day):
                yield (begun, Step(None, 0, 0, first))
                # With several instruments A-corp is always assumed, see `proof`.
                if not self._outline.eventless and self._outline.places == 1:
                    yield from ((begun, *gone) for gone in self.gone_overnight(first, 0))

    def first_bars(self, world: World) -> Iterator[World]:
        """A bar begins: in each of several instruments there may be one or not."""
        if not self.counts_bars:
            yield world
            return
        each = [(self.next_bar(world, i).places[i], place) for i, place in enumerate(world.places)]
        for places in product(*(found if len(each) > 1 else found[:1] for found in each)):
            yield world._replace(places=places)

    def next_days(self, world: World) -> Iterator[World]:
        """The next trading day; a period that does not end with each day may end with this one."""
        rings = world._replace(day_trades=_shifted(world.day_trades), entered=_shifted(world.entered), halted=False)
        lasting = frozenset(n for n, limit in enumerate(self._outline.limits) if not limit.resets)
        for turned in product(*(self._turned(place) for place in world.places)):
            yield rings._replace(places=turned)
            if any(place.within[n] for place in turned for n in lasting):
                begun = (place._replace(within=_without(place.within, lasting)) for place in turned)
                yield rings._replace(places=tuple(begun))

    def _turned(self, place: Place) -> tuple[Place, ...]:
        """An instrument on the next day. One of several may be without a bar on it, and then counts no session."""
        turned = self._of_next_day(place)
        if self._outline.places == 1:
            return (turned,)
        late = turned._replace(
            kept=place.kept if self._outline.keep > 1 else turned.kept,
            sessions=place.sessions,
            sessions_since=place.sessions_since,
        )
        return (turned,) if late == turned else (turned, late)

    def _of_next_day(self, place: Place) -> Place:
        outline = self._outline
        within = tuple(0 if limit.resets else count for limit, count in zip(outline.limits, place.within, strict=True))
        return place._replace(
            armed=False,
            kept=min(place.kept + 1, outline.keep),
            sessions=min(place.sessions + 1, self._most[BookWord.SESSIONS_HELD]) if place.position else 0,
            sessions_since=min(place.sessions_since + 1, self._most[BookWord.SESSIONS_SINCE_EXIT]),
            entered_today=0,
            entries=_ripened(place.entries, outline.entries, self.entries_most),
            exits=_ripened(place.exits, outline.exits, self.exits_most),
            within=within,
        )

    def gone_overnight(self, world: World, i: int) -> Iterator[Move]:
        """A split that leaves less than one share, or a merger: orders end and the position is gone or paid for."""
        place = world.places[i]
        if not place.position:
            return
        freed = place._replace(entries=(0,) * len(place.entries), exits=(0,) * len(place.exits))
        entries, exits = self._all_of(place.entries, self.entries_most), self._all_of(place.exits, self.exits_most)
        closed = freed._replace(
            position=0, stopped=False, kept=self._outline.keep, sessions=0, bars=0, sessions_since=0, bars_since=0
        )
        after = world.with_place(i, closed)
        ended = [Step(EventKind.DONE_OPENING, i, 0, world.with_place(i, freed)) for _ in range(entries)]
        ended += [Step(EventKind.DONE_CLOSING, i, 0, world.with_place(i, freed)) for _ in range(exits)]
        yield (*ended, Step(EventKind.FILL_CLOSING, i, -place.position, after))
        late = [step._replace(world=after) for step in ended]
        yield (*late, Step(None, i, 0, after))


def _put(counts: tuple[int, ...], at: int, value: int) -> tuple[int, ...]:
    return (*counts[:at], value, *counts[at + 1 :])


def _without(counts: tuple[int, ...], those: frozenset[int]) -> tuple[int, ...]:
    return tuple(0 if n in those else count for n, count in enumerate(counts))


def _shifted(ring: tuple[int, ...]) -> tuple[int, ...]:
    return (0, *ring[:-1]) if ring else ring


def _ripe(kind: EntryKind | ExitKind) -> int:
    """The place of the orders of a kind that may trade today."""
    return kind.at + (1 if kind.waits else 0)


def _ripened(
    counts: tuple[int, ...], kinds: tuple[EntryKind, ...] | tuple[ExitKind, ...], most: int
) -> tuple[int, ...]:
    found = list(counts)
    for kind in kinds:
        if kind.waits:
            found[kind.at + 1] = min(found[kind.at + 1] + found[kind.at], most)
            found[kind.at] = 0
    return tuple(found)
