"""The most general client: every state that hostile orders, fills, closes and nights can lead a guarded rule to.

Breadth first over the observer's registers and a world with one instrument, at most one working opening and one round
trip's worth of position; day-trade counts beyond what decides anything are taken as alike, so that the states end.
"""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from fractions import Fraction

from stratc.compiler.ir.observer import Observer, RegisterKind
from stratc.compiler.judge.observe import Machine
from tests.judge.traces import World, play

STEPS = ("order", "order overnight", "fill", "close", "cancel", "poor day", "rich day")
START = World(equity=Fraction(30_000), last_close=Fraction(30_000))
COUNT_MAX = 4
STATES_MAX = 60_000
State = tuple[Machine, World]


def explore(observer: Observer, start: World) -> list[str] | None:
    """The steps to the first breach, or None when every state was seen and none breaks the rule."""
    first: State = (Machine(observer), deepcopy(start))
    seen = {key(*first)}
    waiting: deque[tuple[State, list[str]]] = deque([(first, [])])
    while waiting:
        (machine, world), path = waiting.popleft()
        for step in STEPS:
            if step.startswith("order") and (world.working[0] or world.position[0] > 2):
                continue
            after, moved = copy_of(machine), deepcopy(world)
            events = play([(step, 0)], moved, lambda world, i, after=after: after.denies(i, world) is None)
            broken = [after.observe(kind, i, moved) for kind, i in events]
            if any(broken):
                return [*path, step]
            saturate(after)
            found = key(after, moved)
            if found not in seen:
                seen.add(found)
                assert len(seen) <= STATES_MAX, "the states do not end"
                waiting.append(((after, moved), [*path, step]))
    return None


def key(machine: Machine, world: World) -> tuple[object, ...]:
    cells = tuple(value for register in machine._cells for cell in register for value in cell)
    return cells, world.position[0], tuple(world.working[0]), world.last_close


def copy_of(machine: Machine) -> Machine:
    made = Machine(machine.observer)
    made._cells = [[list(cell) for cell in register] for register in machine._cells]
    return made


def saturate(machine: Machine) -> None:
    """Four day trades on one day are as good as more: they designate and they outlast the window alike."""
    for register, cells in zip(machine.observer.registers, machine._cells, strict=True):
        if register.kind is RegisterKind.RING:
            for cell in cells:
                cell[:] = [min(value, COUNT_MAX) for value in cell]
