"""Conflicts: two rules whose guards together refuse every opening order, though neither does so alone.

Before the first order nothing but money and nights can change, so it is enough to look at first orders: of every value
that decides in either rule, on either side, at every amount of money that decides and at a very large one, on the first
days. A pair that lets none of them through lets nobody trade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.kit.cases import Case, cases_of
from stratc.compiler.judge.kit.diagnostics import RefuseEverything
from stratc.compiler.judge.kit.explore import World, first_orders, world_of
from stratc.compiler.judge.kit.reading import plain_machine
from stratc.compiler.judge.kit.stories import story
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.scenario_ending import scene_of, stand
from stratc.compiler.judge.scenario_run import Stage, opening

NIGHTS = 2
VERY_LARGE = Fraction(10**9)
MACHINES_MAX = 24


def conflicts(rules: Sequence[RuleFile]) -> Iterator[tuple[RuleFile, RefuseEverything]]:
    """Each conflict with the rule that it is told of: the first of the two."""
    guarded = [rule for rule in rules if not rule.problems and _guard(rule) is not None]
    for one, two in combinations(guarded, 2):
        where = next((case for case, *pair in _meetings(one, two) if _refuse_together(case, *pair)), None)
        guard = _guard(one)
        if where is not None and guard is not None:
            yield one, RefuseEverything(span=guard.span, other=two.id, where=_told(where))


def _guard(rule: RuleFile) -> tree.Guard | None:
    return next((each for each in rule.statements if isinstance(each, tree.Guard)), None)


def _meetings(one: RuleFile, two: RuleFile) -> Iterator[tuple[Case, Observer, Observer]]:
    """Cases in which both rules stand, each pair of machines once."""
    seen = set()
    for case in cases_of((one, two)):
        facts = dict(case.facts)
        first, second = (stand(rule, facts, case.day, case.instruments).observer for rule in (one, two))
        if first is not None and second is not None and (first.guards and second.guards):
            key = (plain_machine(first), plain_machine(second))
            if key not in seen:
                seen.add(key)
                yield case, first, second
        if len(seen) >= MACHINES_MAX:
            return


def _refuse_together(case: Case, one: Observer, two: Observer) -> bool:
    world = world_of(one, two, case)
    alone = [_refuse((each,), world) for each in (one, two)]
    return not any(alone) and _refuse((one, two), world)


def _refuse(observers: Sequence[Observer], world: World) -> bool:
    """Whether every first order is denied by one of the observers."""
    return all(
        any(_denies(each, world, equity, number, nights) for each in observers)
        for equity in (*world.equities, VERY_LARGE)
        for nights in range(NIGHTS)
        for number in range(len(first_orders(world)))
    )


def _denies(observer: Observer, world: World, equity: Fraction, number: int, nights: int) -> bool:
    given = story((("equity", equity), ("as_of", world.day)), ())
    stage = Stage(observer, opening(given, scene_of(given, world.instruments)))
    stage.machine.start(stage.account)
    for _ in range(nights):
        stage.next_day()
    stage.act(first_orders(world)[number], guarded=True)
    return stage.denied_on is not None


def _told(case: Case) -> str:
    facts = ", ".join(f"{name} is {value}" for name, value in case.facts)
    return f"on {case.day} in {case.instruments[0].symbol}" + (f" where {facts}" if facts else "")


def conflicts_of(rule: RuleFile, found: Sequence[tuple[RuleFile, RefuseEverything]]) -> tuple[RefuseEverything, ...]:
    """Those that are told of one rule."""
    return tuple(problem for each, problem in found if each is rule)
