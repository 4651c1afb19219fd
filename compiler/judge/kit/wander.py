"""Wandering: long traces at random, for what lies deeper than every short trace reaches.

Seeded, so that the same two versions are always told apart by the same trace. What is found is shortened afterwards.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.kit.cases import Case
from stratc.compiler.judge.kit.explore import Path, beginning, moves_of, told_as, world_of
from stratc.compiler.judge.kit.reading import demands_alike, guards_alike
from stratc.compiler.judge.scenario_text import Action, Scenario, Verb

ACTIONS_MAX: Final = 36
# How much rather the plain things happen: an order that fills, an exit, a night.
WEIGHTS: Final = {Verb.BUY: 3, Verb.EXIT: 4}
NIGHT_WEIGHT: Final = 3


class Dice:
    """Numbers without an order to them, the same for the same seed (a linear congruence, Knuth's MMIX)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % limit


def wander(one: Observer, two: Observer, case: Case, *, walks: int, seed: int) -> Scenario | None:
    """A trace on which the two part, if one of so many walks meets one."""
    dice = Dice(seed)
    world = world_of(one, two, case)
    sides = [guarded for guarded, alike in ((False, demands_alike), (True, guards_alike)) if not alike(one, two)]
    for number in range(walks):
        guarded = sides[number % len(sides)]
        equity = world.equities[dice.below(len(world.equities))]
        stage = beginning(one, two, world, equity, guarded=guarded)
        path: Path = ()
        while len(path) < ACTIONS_MAX and not stage.ended:
            choices = [each for each in moves_of(stage, path, world) for _ in range(_weight(each))]
            move = choices[dice.below(len(choices))]
            path = (*path, move)
            stage.move(move)
            if stage.parted:
                return told_as(case, equity, path)
    return None


def _weight(move: Action | None) -> int:
    if move is None:
        return NIGHT_WEIGHT
    return 1 if move.works or move.outlives_session else WEIGHTS.get(move.verb, 1)
