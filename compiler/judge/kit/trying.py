"""A rule's scenarios, played once, and whether another version of the rule would end one of them otherwise."""

from __future__ import annotations

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.kit.reading import plain_machine
from stratc.compiler.judge.kit.stories import size_of
from stratc.compiler.judge.pack import differs
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.scenario_ending import (
    Ending,
    NoInstrument,
    day_of,
    ending_under,
    facts_of,
    instruments_of,
    on_its_day,
    stand,
)
from stratc.compiler.judge.scenario_text import Scenario
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record


@record
class Told:
    """A scenario with its day, the machine that its rule comes to in it, and how it ends there."""

    scenario: Scenario
    instruments: tuple[Instrument, ...]
    applies: bool
    machine: Observer | None
    ending: Ending


def tell(rule: RuleFile) -> tuple[Told, ...]:
    """The scenarios of a rule, the short ones first: what is found out by one of them is found out sooner."""
    found = []
    for scenario in rule.scenarios:
        dated = on_its_day(rule, scenario)
        if dated is not None:
            try:
                instruments = instruments_of(dated)
            except NoInstrument:
                continue
            stands = stand(rule, facts_of(dated), day_of(dated), instruments)
            ending = ending_under(stands, dated, instruments)
            found.append(
                Told(
                    scenario=dated,
                    instruments=instruments,
                    applies=stands.applies,
                    machine=plain_machine(stands.observer),
                    ending=ending,
                )
            )
    return tuple(sorted(found, key=lambda each: size_of(each.scenario)))


def other_ending(rule: RuleFile, told: Told) -> Ending:
    """How the scenario ends under another version; the same machine is not played again."""
    scenario = told.scenario
    stands = stand(rule, facts_of(scenario), day_of(scenario), told.instruments)
    if (stands.applies, plain_machine(stands.observer)) == (told.applies, told.machine) and not stands.problem:
        return told.ending
    return ending_under(stands, scenario, told.instruments)


def tells(rule: RuleFile, told: Told) -> bool:
    """Whether the scenario ends otherwise under another version that can be read there."""
    ending = other_ending(rule, told)
    return not ending.problem and ending != told.ending


def notices(rule: RuleFile, told: Told) -> bool:
    """Whether what the scenario expects fails under another version."""
    return bool(differs(told.scenario, other_ending(rule, told), day_of(told.scenario)))
