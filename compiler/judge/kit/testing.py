"""Testing a pack: its scenarios, the clauses that none of them needs, the mutants that none of them notices, its slips.

A pack passes where every scenario ends as it says, no rule has a problem or an error among its findings, and its
scenarios notice as many mutants as are asked for. What cannot be told from the rule within the bounds of the
exploration is shown and not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from stratc.compiler.judge.kit.apart import Likeness
from stratc.compiler.judge.kit.clauses import Covered, cover
from stratc.compiler.judge.kit.conflicts import conflicts, conflicts_of
from stratc.compiler.judge.kit.lint import lint
from stratc.compiler.judge.kit.mutants import Mutant, mutants
from stratc.compiler.judge.kit.mutation import Fate, Tried, score, try_mutant
from stratc.compiler.judge.kit.stories import expected_of, story_text
from stratc.compiler.judge.kit.trying import tell
from stratc.compiler.judge.pack import Pack, ScenarioResult, run_scenario
from stratc.compiler.judge.rulefile import RuleFile
from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

# Told how much is done and how much there is.
Advance = Callable[[int, int], None]


@record
class RuleReport:
    """What testing found of one rule."""

    rule: RuleFile
    scenarios: tuple[ScenarioResult, ...]
    covered: tuple[Covered, ...]
    tried: tuple[Tried, ...]
    findings: tuple[Problem, ...]

    @property
    def uncovered(self) -> tuple[Covered, ...]:
        return tuple(each for each in self.covered if not each.scenario)

    @property
    def has_errors(self) -> bool:
        return any(each.severity is Severity.ERROR for each in self.findings)

    def of(self, fate: Fate) -> tuple[Tried, ...]:
        return tuple(each for each in self.tried if each.fate is fate)


@record
class PackReport:
    """What testing found of a pack; `score` is None where nothing was mutated."""

    pack: Pack
    rules: tuple[RuleReport, ...]

    @property
    def tried(self) -> tuple[Tried, ...]:
        return tuple(each for rule in self.rules for each in rule.tried)

    @property
    def score(self) -> Fraction | None:
        return score(self.tried)

    def passes(self, threshold: Fraction) -> bool:
        """Whether there are rules, every scenario passed, nothing is wrong, and enough mutants were noticed."""
        scenarios = all(each.passed for rule in self.rules for each in rule.scenarios)
        errors = any(rule.has_errors for rule in self.rules)
        return bool(self.rules) and scenarios and not errors and (self.score is None or self.score >= threshold)


def report_on(pack: Pack, advance: Advance, *, mutating: bool) -> PackReport:
    """The whole test of a pack. Without `mutating` only scenarios, clauses and findings."""
    found = {rule.id: mutants(rule) if mutating and not rule.problems else () for rule in pack.rules}
    total = sum(len(each) for each in found.values())
    together = tuple(conflicts(pack.rules))
    done = 0
    reports = []
    for rule in pack.rules:
        told = conflicts_of(rule, together)
        reports.append(_report(rule, found[rule.id], told, partial(_advance, advance, done, total)))
        done += len(found[rule.id])
    return PackReport(pack=pack, rules=tuple(reports))


def _advance(advance: Advance, before: int, total: int, number: int) -> None:
    advance(before + number, total)


def _report(
    rule: RuleFile, found: Sequence[Mutant], told_of: Sequence[Problem], advance: Callable[[int], None]
) -> RuleReport:
    scenarios = tuple(run_scenario(rule, scenario) for scenario in rule.scenarios)
    sound = not rule.problems and all(each.passed for each in scenarios)
    told = tell(rule) if sound else ()
    tried = []
    # Of a rule whose scenarios fail nothing can be learned from what else makes them fail.
    for number, mutant in enumerate(found if sound else ()):
        advance(number)
        tried.append(try_mutant(rule, mutant, told))
    return RuleReport(
        rule=rule,
        scenarios=scenarios,
        covered=cover(rule, told) if sound else (),
        tried=tuple(tried),
        findings=(*rule.problems, *lint(rule), *told_of),
    )


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def question(rule: RuleFile, tried: Tried) -> str:
    """A mutant that lives on, as a question to the author, with a scenario that would settle it."""
    line, _ = rule.source.position(tried.mutant.span.start)
    asked = f"line {line}: your scenarios do not distinguish {tried.mutant.old} from {tried.mutant.new}"
    apart = tried.apart
    if apart is None or apart.story is None or apart.one is None:
        when = f" on {apart.split.case.day}" if apart is not None and apart.split is not None else ""
        return f"{asked}; with it the rule cannot be read{when}, where it can be read now"
    told = apart.one
    said = "the rule does not apply" if not told.applies else " and ".join(_said(told.violated_on, told.denied_on))
    text = story_text(apart.story, _title(tried), expected_of(told))
    return f"{asked}: here {said}; is that meant?\n{text}"


def _said(violated_on: int | None, denied_on: int | None) -> tuple[str, str]:
    broken = "nothing breaks it" if violated_on is None else f"it is broken on day {violated_on}"
    denied = "no order is denied" if denied_on is None else f"an order is denied on day {denied_on}"
    return broken, denied


def _title(tried: Tried) -> str:
    return f"{tried.mutant.old}, not {tried.mutant.new}".replace('"', "'").replace("`", "")


def bounds_said(tried: Tried) -> str:
    """How far a mutant was not told from the rule."""
    apart = tried.apart
    match None if apart is None else apart.likeness:
        case Likeness.SAME:
            return "the same machine on every day, for every account and instrument"
        case Likeness.EXHAUSTED:
            return "no trace of any length tells it from the rule"
        case _:
            most = 0 if apart is None else apart.actions
            return f"no trace of up to {most} actions does, no walk and no neighbour of a scenario"
