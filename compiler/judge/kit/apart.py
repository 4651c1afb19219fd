"""Telling two versions of a rule apart: the shortest trace that one allows and the other refuses, or how far none was.

Cases in which both come to the same machine need no traces: they are equal on every one. Of the others the scenarios
and their neighbours are tried, then every short trace. What is found is played again from the text of the two versions
before it is shown: a trace that does not replay is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.kit.cases import Case, cases_of
from stratc.compiler.judge.kit.explore import explore
from stratc.compiler.judge.kit.neighbours import in_case, neighbours, plainly_around, with_leverage
from stratc.compiler.judge.kit.reading import demands_alike, guards_alike, plain_machine
from stratc.compiler.judge.kit.shrink import shrink
from stratc.compiler.judge.kit.stories import size_of
from stratc.compiler.judge.kit.twin import parting
from stratc.compiler.judge.kit.wander import wander
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.scenario_ending import (
    Ending,
    Stand,
    day_of,
    ending_of,
    ending_under,
    facts_of,
    instruments_of,
    on_its_day,
    stand,
)
from stratc.compiler.judge.scenario_run import symbols_of
from stratc.compiler.judge.scenario_text import Scenario
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

STATES_MAX: Final = 3_000
ACTIONS_MAX: Final = 30
# How many events of neighbours are played for one pair of machines.
EVENTS_MAX: Final = 60_000
WALKS: Final = 600
SEED: Final = 4


@record
class Effort:
    """How many pairs of machines share what may be spent on telling two versions apart."""

    parts: int


class Likeness(StrEnum):
    """DIFFERENT: a trace tells them apart. SAME: one machine in every case. EXHAUSTED: no trace of the explored kind
    does, of any length. BOUNDED: none of those up to a length. UNREADABLE: one is broken where the other is not."""

    DIFFERENT = "different"
    SAME = "same"
    EXHAUSTED = "exhausted"
    BOUNDED = "bounded"
    UNREADABLE = "unreadable"


@record
class Split:
    """A case in which two versions come to different machines, each as it stands there."""

    case: Case
    one: Stand
    two: Stand


@record
class Apart:
    """`story` ends as `one` says under the first version and as `two` says under the second; `actions` is how far the
    traces were exhausted where there is none."""

    likeness: Likeness
    split: Split | None
    story: Scenario | None
    one: Ending | None
    two: Ending | None
    actions: int


def splits(one: RuleFile, two: RuleFile) -> Iterator[Split]:
    """The cases in which two versions do not come to the same machine.

    Instruments with leverage are told of only where plain ones of the same day and account show nothing.
    """
    shown: set[object] = set()
    for case in cases_of((one, two)):
        leveraged = any(each.leverage_factor != 1 for each in case.instruments)
        if leveraged and (case.day, case.facts) in shown:
            continue
        facts = dict(case.facts)
        first, second = (stand(rule, facts, case.day, case.instruments) for rule in (one, two))
        if first.applies or second.applies:
            machines = [(each.applies, bool(each.problem), plain_machine(each.observer)) for each in (first, second)]
            if machines[0] != machines[1]:
                shown.add((case.day, case.facts))
                yield Split(case=case, one=first, two=second)


def distinct(found: Iterator[Split]) -> Iterator[tuple[Split, ...]]:
    """Cases with the same pair of machines together, in the order in which they were met."""
    groups: dict[object, list[Split]] = {}
    for each in found:
        key = tuple((s.applies, bool(s.problem), plain_machine(s.observer)) for s in (each.one, each.two))
        groups.setdefault(key, []).append(each)
    return (tuple(each) for each in groups.values())


def tell_apart(one: RuleFile, two: RuleFile, *, pairs_max: int) -> Apart:
    """Whether and how two versions differ; of many different pairs of machines the first `pairs_max` are explored."""
    groups = list(distinct(splits(one, two)))
    if not groups:
        return Apart(likeness=Likeness.SAME, split=None, story=None, one=None, two=None, actions=0)
    results = []
    effort = Effort(parts=min(len(groups), pairs_max))
    for group in groups[:pairs_max]:
        found = tell_apart_in(one, two, group[0], effort)
        if found.likeness in {Likeness.DIFFERENT, Likeness.UNREADABLE}:
            return found
        results.append(found)
    whole = len(groups) <= pairs_max and all(each.likeness is Likeness.EXHAUSTED for each in results)
    likeness = Likeness.EXHAUSTED if whole else Likeness.BOUNDED
    return Apart(
        likeness=likeness,
        split=groups[0][0],
        story=None,
        one=None,
        two=None,
        actions=min(each.actions for each in results),
    )


def tell_apart_in(one: RuleFile, two: RuleFile, split: Split, effort: Effort) -> Apart:
    """The same in one case."""
    if bool(split.one.problem) is not bool(split.two.problem):
        return Apart(likeness=Likeness.UNREADABLE, split=split, story=None, one=None, two=None, actions=0)
    duel = Duel(one, two, split.case)
    observers = _observers(split)
    found = next(_near(duel, EVENTS_MAX // effort.parts), None)
    if found is None:
        found = wander(*observers, split.case, walks=WALKS // effort.parts, seed=SEED)
    found = found if found is None or duel.differ(found) else None
    found = None if found is None else shrink(found, duel.differ)
    most = ACTIONS_MAX if found is None else _moves_of(found) - 1
    explored = explore(*observers, split.case, states_max=STATES_MAX // effort.parts, actions_max=most)
    if explored.story is not None and duel.differ(explored.story):
        found = shrink(explored.story, duel.differ)
    if found is None:
        likeness = Likeness.EXHAUSTED if explored.all_of_them else Likeness.BOUNDED
        return Apart(likeness=likeness, split=split, story=None, one=None, two=None, actions=explored.actions)
    return Apart(
        likeness=Likeness.DIFFERENT,
        split=split,
        story=found,
        one=ending_of(one, found),
        two=ending_of(two, found),
        actions=explored.actions,
    )


class Duel:
    """Two versions on the day and for the account of a case; what each comes to for some instruments is kept."""

    def __init__(self, one: RuleFile, two: RuleFile, case: Case) -> None:
        self.rules = (one, two)
        self.case = case
        self._kept: dict[object, tuple[Stand, Stand]] = {}

    def differ(self, story: Scenario) -> bool:
        """Whether one version allows what the other refuses: a breach, or an order that is denied."""
        if not symbols_of(story):
            return False
        instruments = instruments_of(story)
        stands = self.stands(story, instruments)
        one, two = (ending_under(each, story, instruments) for each in stands)
        return refuses(one) != refuses(two)

    def stands(self, story: Scenario, instruments: tuple[Instrument, ...]) -> tuple[Stand, Stand]:
        facts = facts_of(story)
        key = (tuple(facts.values()), day_of(story), instruments)
        if key not in self._kept:
            one, two = (stand(rule, facts, day_of(story), instruments) for rule in self.rules)
            self._kept[key] = (one, two)
        return self._kept[key]

    def parting(self, story: Scenario) -> Scenario | None:
        """The story as far as the two part, in the case's day and account."""
        placed = with_leverage(in_case(story, self.case), self.case)
        if not symbols_of(placed):
            return None
        instruments = instruments_of(placed)
        stands = self.stands(placed, instruments)
        if not any(each.observer for each in stands):
            return None
        one, two = observers_of(*stands)
        for guarded, alike in ((False, demands_alike), (True, guards_alike)):
            if not alike(one, two):
                parted = parting(one, two, placed, instruments, guarded=guarded)
                if parted is not None:
                    return parted
        return None


def refuses(ending: Ending) -> tuple[bool, bool]:
    """Whether a story breaks the rule, and whether an order of it is denied."""
    return ending.violated_on is not None, ending.denied_on is not None


def _observers(split: Split) -> tuple[Observer, Observer]:
    return observers_of(split.one, split.two)


def observers_of(first: Stand, second: Stand) -> tuple[Observer, Observer]:
    """The two machines; one that does not apply demands nothing and refuses nothing."""
    found = [plain_machine(each.observer) for each in (first, second)]
    known = next(each for each in found if each is not None)
    silent = Observer(
        rule="",
        instruments=known.instruments,
        registers=(),
        requirements=(),
        guards=(),
        parameters=(),
        changes_on=None,
        flattens=False,
    )
    one, two = (each if each is not None else silent for each in found)
    return one, two


def _near(duel: Duel, left: int) -> Iterator[Scenario]:
    """The scenarios of both versions and their neighbours, as far as the two part in them; those told of an account
    like the case's first."""
    facts = set(duel.case.facts)
    scenarios = sorted(dated_scenarios(duel.rules), key=lambda each: (-len(facts & set(each.given)), size_of(each)))
    for around in (plainly_around, neighbours):
        for scenario in scenarios:
            for story in around(scenario):
                left -= 6 * size_of(story)
                if left < 0:
                    return
                parted = duel.parting(story)
                if parted is not None and duel.differ(parted):
                    yield parted


def dated_scenarios(rules: Sequence[RuleFile]) -> tuple[Scenario, ...]:
    """The scenarios of all versions with their days written out, each course once."""
    found = [dated for rule in rules for each in rule.scenarios if (dated := on_its_day(rule, each)) is not None]
    return tuple({(each.given, each.days): each for each in found}.values())


def _moves_of(story: Scenario) -> int:
    """Actions and nights, as the exploration counts them."""
    return size_of(story) + max((day.number for day in story.days), default=1) - 1
