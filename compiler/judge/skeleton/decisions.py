"""What may be decided at the end of a moment: rules that fire, halts that flatten, caps that reduce.

A rule is one move: its acts in their order, each of them or not, since an entry may be refused and an exit may find
nothing left to close. In which order rules and instruments are tried does not matter here: every order is explored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from stratc.compiler.judge.skeleton.conditions import Conditions
from stratc.compiler.judge.skeleton.outline import (
    Act,
    Allocate,
    Enter,
    Exit,
    ExitKind,
    Firing,
    Moment,
    MoveStop,
    Outline,
)
from stratc.compiler.judge.skeleton.place import World
from stratc.compiler.judge.skeleton.world import Move, Moves, Step


class Decisions:
    """The decisions of one outline."""

    def __init__(self, outline: Outline, moves: Moves) -> None:
        self._outline = outline
        self._moves = moves
        self._conditions = Conditions(outline)
        self._counts_bars = bool(moves.counts_bars)

    def moves(self, world: World) -> Iterator[Move]:
        for i in range(self._outline.places):
            for firing in self._outline.firings:
                yield from self._fire(world, firing, i)
            if self._outline.reduces:
                yield from self._moves.place_exit(world, i, self._market_exit())
            # Only where anything goes at any time: elsewhere bars begin with their phases.
            if self._counts_bars and not self._outline.orderly and not self._outline.one_bar_a_day:
                yield (Step(None, i, 0, self._moves.next_bar(world, i)),)
        if self._outline.flattens:
            yield self._moves.flatten(world, self._market_exit())

    def _market_exit(self) -> ExitKind:
        return next(kind for kind in self._outline.exits if (kind.moment, kind.waits) == (Moment.OPEN, False))

    def _fire(self, world: World, firing: Firing, i: int) -> Iterator[Move]:
        if not self._conditions.may_hold(firing.condition, world.places[i]):
            return
        # The rule's limit is asked once, before what it places.
        may_enter = self._moves.may_enter_again(world, i, firing.limit)
        ways: list[tuple[Move, World]] = [((), world)]
        for act in firing.acts:
            for steps, at in list(ways):
                ways += [((*steps, *more), more[-1].world) for more in self._act(at, act, i, may_enter=may_enter)]
        yield from (steps for steps, _ in ways if steps)

    def _act(self, world: World, act: Act, i: int, *, may_enter: bool) -> Iterator[Move]:
        match act:
            case Enter(instrument=instrument) if instrument not in (None, i):
                return
            case Enter(entry=entry, reverse=reverse):
                if reverse is not None:
                    for sent in self._moves.place_exit(world, i, reverse, against=entry.side):
                        yield sent
                        more = self._moves.place_entry(sent[-1].world, i, entry) if may_enter else ()
                        yield from ((*sent, *steps) for steps in more)
                if may_enter:
                    yield from self._moves.place_entry(world, i, entry)
            case Exit(exit=kind):
                yield from self._moves.place_exit(world, i, kind)
            case MoveStop():
                yield from self._moves.move_stop(world, i)
            case Allocate(entries=entries, exit=kind):
                yield from self._moves.place_exit(world, i, kind)
                for entry in entries:
                    yield from self._moves.place_entry(world, i, entry)
            case _:
                assert_never(act)
