"""Every world that can come of one, breadth first, each once; the first wrong, with the shortest way to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

from msgspec.structs import replace

from tests.orders.oracle import wrongs
from tests.orders.world import Budget, World, is_at_rest, key_of, next_worlds

LABELS_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """How much was seen. `whole` where nothing was left out for the limit."""

    worlds: int
    steps: int
    at_rest: int
    deepest: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    what: str
    way: tuple[str, ...]

    def __str__(self) -> str:
        return "\n  ".join([self.what, *self.way[:LABELS_SHOWN]])


def explore(first: World, worlds_max: int) -> Explored:
    """Raises `Wrong` where something is."""
    mark = blake2b(key_of(first), digest_size=12).digest()
    came_from: dict[bytes, tuple[bytes, str] | None] = {mark: None}
    waiting = deque([(first, mark, 0)])
    steps = at_rest = deepest = 0
    whole = True
    while waiting:
        world, mark, depth = waiting.popleft()
        deepest = max(deepest, depth)
        at_rest += is_at_rest(world)
        moved = False
        for label, after in next_worlds(world):
            moved = True
            steps += 1
            for what in wrongs(world, after):
                raise Wrong(what, (*_way(came_from, mark), label))
            after_mark = blake2b(key_of(after), digest_size=12).digest()
            if after_mark in came_from:
                continue
            if len(came_from) >= worlds_max:
                whole = False
                continue
            came_from[after_mark] = (mark, label)
            waiting.append((after, after_mark, depth + 1))
        if not moved and not is_at_rest(world):
            raise Wrong("nothing can happen any more, and it is not at rest", _way(came_from, mark))
    return Explored(worlds=len(came_from), steps=steps, at_rest=at_rest, deepest=deepest, whole=whole)


def _way(came_from: dict[bytes, tuple[bytes, str] | None], mark: bytes) -> tuple[str, ...]:
    labels: list[str] = []
    while (before := came_from[mark]) is not None:
        mark, label = before
        labels.append(label)
    return tuple(reversed(labels))


STEPS_WITH_FAULTS = 40
STEPS_TO_REST_MAX = 400


def walk(first: World, seed: int) -> tuple[str, ...]:
    """One way through the worlds by chance, and then, without further faults, on until it comes to rest."""
    chance = Random(seed)
    world, way = first, []
    for number in range(STEPS_WITH_FAULTS + STEPS_TO_REST_MAX):
        if number == STEPS_WITH_FAULTS:
            world = replace(world, budget=Budget(faults=0, fills=0))
        choices = list(next_worlds(world))
        if number >= STEPS_WITH_FAULTS and is_at_rest(world):
            return tuple(way)
        if not choices:
            if is_at_rest(world):
                return tuple(way)
            raise Wrong("nothing can happen any more, and it is not at rest", tuple(way))
        label, after = chance.choice(choices)
        way.append(label)
        for what in wrongs(world, after):
            raise Wrong(what, tuple(way))
        world = after
    raise Wrong("it does not come to rest", tuple(way))
