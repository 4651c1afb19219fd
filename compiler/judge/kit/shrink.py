"""Shorter: from a trace that tells two versions apart to one from which nothing can be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from stratc.compiler.judge.kit.neighbours import action_at, places, with_actions
from stratc.compiler.judge.kit.stories import makes_sense
from stratc.compiler.judge.scenario_text import Scenario

Telling = Callable[[Scenario], bool]


def shrink(scenario: Scenario, still: Telling) -> Scenario:
    """The smallest story that steps of leaving out lead to while it still tells; every step makes it smaller."""
    found = scenario
    while True:
        smaller = next((each for each in _smaller(found) if makes_sense(each) and still(each)), None)
        if smaller is None:
            return found
        found = smaller


def _smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Whole days first, then pairs of actions, one action, repetitions, nights, given things that do not matter."""
    for number in range(len(scenario.days)):
        yield replace(scenario, days=scenario.days[:number] + scenario.days[number + 1 :])
    found = list(places(scenario))
    for second in reversed(range(len(found))):
        for first in reversed(range(second)):
            yield with_actions(with_actions(scenario, found[second], ()), found[first], ())
        yield with_actions(scenario, found[second], ())
    for place in found:
        one = action_at(scenario, place)
        for times in dict.fromkeys((1, one.times // 2, one.times - 1)):
            if 0 < times < one.times:
                yield with_actions(scenario, place, (replace(one, times=times),))
        if one.outlives_session:
            yield with_actions(scenario, place, (replace(one, outlives_session=False),))
    for number, day in enumerate(scenario.days):
        before = scenario.days[number - 1].number if number else 0
        if day.number - before > 1:
            later = tuple(replace(each, number=each.number - 1) for each in scenario.days[number:])
            yield replace(scenario, days=(*scenario.days[:number], *later))
    for number, (name, _) in enumerate(scenario.given):
        if name != "as_of":
            yield replace(scenario, given=scenario.given[:number] + scenario.given[number + 1 :])
