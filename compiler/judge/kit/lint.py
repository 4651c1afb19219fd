"""Slips of a rule that can be read: no scenarios, numbers without a source, clauses that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.facts import NotAFact, ask
from stratc.compiler.judge.kit.cases import fact_choices
from stratc.compiler.judge.kit.diagnostics import (
    NeverDecides,
    NeverLifts,
    NoScenario,
    NumberWithoutSource,
    RestsOnMemory,
)
from stratc.compiler.judge.kit.rewriting import parts
from stratc.compiler.judge.memory import MEMORY, is_confirmed
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.scenario_text import Expected
from stratc.dsl.diagnostic import Problem

CONFIDENCES = frozenset({"V", "V2", "S", "M", "D"})


def lint(rule: RuleFile) -> tuple[Problem, ...]:
    """The findings in the order of the questions."""
    return (*_scenarios(rule), *_sources(rule), *_memory(rule), *_exceptions(rule), *_definitions(rule))


def _scenarios(rule: RuleFile) -> Iterator[Problem]:
    wanted = {expectation.what for scenario in rule.scenarios for expectation in scenario.expects}
    for what, lacking in ((Expected.OK, "keeps"), (Expected.VIOLATED, "breaks")):
        if what not in wanted:
            name = next((each for each in rule.statements if isinstance(each, tree.RuleName)), None)
            if name is not None:
                yield NoScenario(span=name.span, rule=rule.id, lacking=lacking)


def _sources(rule: RuleFile) -> Iterator[Problem]:
    for dated in dated_of(rule):
        lacking = ["a citation"] if not dated.citation.strip() else []
        lacking += ["the day on which it was read there"] if dated.retrieved is None else []
        lacking += [] if dated.confidence in CONFIDENCES else [f"a confidence that is known, not `{dated.confidence}`"]
        if lacking:
            yield NumberWithoutSource(
                span=dated.span, name=dated.name, since=dated.since.isoformat(), lacking=", ".join(lacking)
            )


def _memory(rule: RuleFile) -> Iterator[Problem]:
    for dated in dated_of(rule):
        if dated.confidence == MEMORY and not is_confirmed(rule, dated):
            yield RestsOnMemory(span=dated.span, name=dated.name, since=dated.since.isoformat())


def dated_of(rule: RuleFile) -> Iterator[tree.Dated]:
    """Every legal number of the rule: parameters and rows of tables."""
    return (part for each in rule.statements for _, part in parts(each) if isinstance(part, tree.Dated))


def named_numbers(rule: RuleFile) -> Iterator[tuple[str, tree.Dated]]:
    """Every legal number by its name, which is that of its table and its key for a row."""
    tables = {id(row): each.name for each in rule.statements if isinstance(each, tree.Table) for row in each.rows}
    for dated in dated_of(rule):
        table = tables.get(id(dated))
        yield dated.name if table is None else f"{table} of {dated.name}", dated


def _exceptions(rule: RuleFile) -> Iterator[Problem]:
    for each in rule.statements:
        if isinstance(each, tree.ExceptionTo):
            if each.facts is not None and not _may_hold(each.facts, rule):
                yield NeverLifts(span=each.span, name=each.name, why="no account has the facts that it asks for")
            elif isinstance(each.condition, tree.Word) and each.condition.text == "false":
                yield NeverLifts(span=each.span, name=each.name, why="its condition is never true")


def _may_hold(facts: tree.Expression, rule: RuleFile) -> bool:
    """Whether some account makes a condition over facts true."""
    try:
        return any(ask(facts, dict(choice)).holds is True for choice in fact_choices((rule,)))
    except NotAFact:
        # What asks more than facts is another problem, and told as such.
        return True


def _definitions(rule: RuleFile) -> Iterator[Problem]:
    defines = [each for each in rule.statements if isinstance(each, tree.Define)]
    used = _words(rule.statements)
    for number, define in enumerate(defines):
        later = [each for each in defines[number + 1 :] if each.name == define.name]
        if define.name not in used:
            yield NeverDecides(span=define.span, name=define.name, why="nothing uses it")
        elif any(each.facts is None for each in later):
            yield NeverDecides(span=define.span, name=define.name, why="a later one without facts always counts")
        elif define.facts is not None and not _may_hold(define.facts, rule):
            yield NeverDecides(span=define.span, name=define.name, why="no account has the facts that it asks for")


def _words(statements: Sequence[tree.Statement]) -> frozenset[str]:
    """Every name that is used as a value or as an event."""
    found: set[str] = set()
    for statement in statements:
        for _, part in parts(statement):
            match part:
                case tree.Word(text=text):
                    found.add(text)
                case tree.Happening(words=words):
                    found.update(words)
                case _:
                    pass
    return frozenset(found)
