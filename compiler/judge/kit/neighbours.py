"""Neighbours of scenarios: the same stories with one thing changed.

An author's scenarios already lie where the rule decides; a version that differs is mostly told apart a step away from
one of them. That reaches traces that are too long to be met breadth first (four of sixty-seven).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from stratc.compiler.judge.facts import FACT_NAMES
from stratc.compiler.judge.kit.cases import Case
from stratc.compiler.judge.kit.stories import makes_sense
from stratc.compiler.judge.scenario_ending import LEVERAGE
from stratc.compiler.judge.scenario_text import Action, Day, Scenario, Verb
from stratc.runtime.model.record import record

MIRROR = {Verb.BUY: Verb.SHORT, Verb.SHORT: Verb.BUY}


@record
class Place:
    """An action of a scenario: its day and its place in the day, counted from nought."""

    day: int
    number: int


def neighbours(scenario: Scenario) -> Iterator[Scenario]:
    """Every story that makes sense and differs in one action."""
    bare = replace(scenario, title="", expects=())
    yield from (each for each in _around(bare) if makes_sense(each))


def plainly_around(scenario: Scenario) -> Iterator[Scenario]:
    """The story itself, and with other money or other days: few, and what mostly decides."""
    bare = replace(scenario, title="", expects=())
    yield bare
    others = (*_other_money(bare), *_other_days(bare), *_with_a_night(bare))
    yield from (each for each in others if makes_sense(each))


def in_case(scenario: Scenario, case: Case) -> Scenario:
    """The story told of the case's day and account; its money, instruments and their leverage stay."""
    own = tuple((name, value) for name, value in scenario.given if is_of_story(name))
    return replace(scenario, given=(*own, *case.facts, ("as_of", case.day)))


def with_leverage(scenario: Scenario, case: Case) -> Scenario:
    """The story with the leverage of the case's instruments, where they have one."""
    factor = next((each.leverage_factor for each in case.instruments if each.leverage_factor != 1), None)
    if factor is None:
        return scenario
    kept = tuple((name, value) for name, value in scenario.given if name != LEVERAGE)
    return replace(scenario, given=(*kept, (LEVERAGE, Fraction(factor))))


def is_of_story(name: str) -> bool:
    """Whether what is given belongs to the story and not to the account and the day that it is told of."""
    return name.startswith("instrument.") or (name not in FACT_NAMES and name != "as_of")


def _around(scenario: Scenario) -> Iterator[Scenario]:
    for place in places(scenario):
        one = action_at(scenario, place)
        for others in _other_actions(one):
            yield with_actions(scenario, place, others)


def _other_money(scenario: Scenario) -> Iterator[Scenario]:
    """One unit more and one less to begin with."""
    for number, (name, value) in enumerate(scenario.given):
        if isinstance(value, Fraction):
            for other in (value + 1, value - 1):
                given = (*scenario.given[:number], (name, other), *scenario.given[number + 1 :])
                yield replace(scenario, given=given)


def _other_days(scenario: Scenario) -> Iterator[Scenario]:
    """A day and all after it moved by one."""
    for number in range(len(scenario.days)):
        for step in (1, -1):
            later = (replace(day, number=day.number + step) for day in scenario.days[number:])
            yield replace(scenario, days=(*scenario.days[:number], *later))


def _with_a_night(scenario: Scenario) -> Iterator[Scenario]:
    """A day in two, with a night between two of its actions; what comes later comes a day later."""
    for number, day in enumerate(scenario.days):
        later = tuple(replace(each, number=each.number + 1) for each in scenario.days[number + 1 :])
        for place in range(1, len(day.actions)):
            first = Day(number=day.number, actions=day.actions[:place])
            second = Day(number=day.number + 1, actions=day.actions[place:])
            yield replace(scenario, days=(*scenario.days[:number], first, second, *later))


def _other_actions(one: Action) -> Iterator[tuple[Action, ...]]:
    """What may stand for an action: nothing, it twice, once more or less, another side, another size, only sent."""
    yield ()
    if one.times > 1:
        yield (replace(one, times=one.times - 1),)
    yield (replace(one, times=one.times + 1),)
    if one.verb in MIRROR:
        yield (replace(one, verb=MIRROR[one.verb]),)
        yield (replace(one, works=not one.works),)
        yield (replace(one, outlives_session=not one.outlives_session),)
    if one.quantity:
        for quantity in (one.quantity + 1, one.quantity - 1, one.quantity * 2, one.quantity / 2):
            if quantity > 0 and quantity.denominator in {1, 2}:
                yield (replace(one, quantity=quantity),)
    if one.price and one.verb in {Verb.DEPOSIT, Verb.WITHDRAW, Verb.MARK}:
        yield (replace(one, price=one.price + 1),)
        yield (replace(one, price=one.price - 1),) if one.price > 1 else ()


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def places(scenario: Scenario) -> Iterator[Place]:
    for day, each in enumerate(scenario.days):
        yield from (Place(day=day, number=number) for number in range(len(each.actions)))


def action_at(scenario: Scenario, place: Place) -> Action:
    return scenario.days[place.day].actions[place.number]


def with_actions(scenario: Scenario, place: Place, instead: tuple[Action, ...]) -> Scenario:
    """The story with other actions in one place; a day without any is left out."""
    day = scenario.days[place.day]
    actions = (*day.actions[: place.number], *instead, *day.actions[place.number + 1 :])
    changed = (Day(number=day.number, actions=actions),) if actions else ()
    return replace(scenario, days=(*scenario.days[: place.day], *changed, *scenario.days[place.day + 1 :]))
