"""Mutation: which mutants of a rule its scenarios notice, and what those that live on could be asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from fractions import Fraction

from stratc.compiler.judge.kit.apart import Apart, Likeness, tell_apart
from stratc.compiler.judge.kit.mutants import Mutant, mutants
from stratc.compiler.judge.kit.trying import Told, notices, other_ending
from stratc.compiler.judge.rulefile import RuleFile
from stratc.runtime.model.record import record

PAIRS_MAX = 4


class Fate(StrEnum):
    """KILLED: a scenario notices it. SURVIVED: none does, and a trace shows that it is another rule. EQUIVALENT: no
    trace within the bounds of the exploration tells it from the rule. VOID: it is no rule, so nothing is learned."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    VOID = "void"


@record
class Tried:
    """A mutant and what became of it: the title of the scenario that notices it, or how far it is told apart."""

    mutant: Mutant
    fate: Fate
    scenario: str
    apart: Apart | None


Advance = Callable[[], None]


def try_mutants(rule: RuleFile, told: Sequence[Told], advance: Advance) -> Iterator[Tried]:
    """Every mutant of the rule in the order of its text."""
    for mutant in mutants(rule):
        advance()
        yield try_mutant(rule, mutant, told)


def try_mutant(rule: RuleFile, mutant: Mutant, told: Sequence[Told]) -> Tried:
    if is_void(mutant, told):
        return Tried(mutant=mutant, fate=Fate.VOID, scenario="", apart=None)
    noticed = next((each.scenario.title for each in told if notices(mutant.rule, each)), None)
    if noticed is not None:
        return Tried(mutant=mutant, fate=Fate.KILLED, scenario=noticed, apart=None)
    apart = tell_apart(rule, mutant.rule, pairs_max=PAIRS_MAX)
    alike = apart.likeness in {Likeness.SAME, Likeness.EXHAUSTED, Likeness.BOUNDED}
    return Tried(mutant=mutant, fate=Fate.EQUIVALENT if alike else Fate.SURVIVED, scenario="", apart=apart)


def is_void(mutant: Mutant, told: Sequence[Told]) -> bool:
    """Whether the mutant cannot be read in any scenario in which the rule can: then it is no other rule, but none."""
    readable = [each for each in told if each.machine is not None]
    endings = [other_ending(mutant.rule, each) for each in readable]
    return bool(endings) and all(ending.problem for ending in endings)


def score(tried: Sequence[Tried]) -> Fraction | None:
    """The part of the mutants that are other rules which scenarios notice; None where there are none."""
    killed = sum(each.fate is Fate.KILLED for each in tried)
    counted = killed + sum(each.fate is Fate.SURVIVED for each in tried)
    return Fraction(killed, counted) if counted else None
