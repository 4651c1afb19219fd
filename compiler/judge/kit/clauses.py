"""Clauses and whether they were ever decisive: a clause is, where a scenario would end otherwise without it.

Without a clause means: a demand, an exception, a guard, a span in time or a row of a number taken out; a definition
held at yes and at no, at nought and at a number that nothing reaches; a named event that never happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.kit.mutants import text_of
from stratc.compiler.judge.kit.trying import Told, tells
from stratc.compiler.judge.rulefile import RuleFile
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

UNREACHED: Final = Fraction(10**9)


@record
class Clause:
    """One clause of a rule, what it is called, and the rule without it (several ways, where it has several)."""

    kind: str
    name: str
    span: Span
    without: tuple[RuleFile, ...]


@record
class Covered:
    """A clause and the title of a scenario in which it was decisive; empty where it never was."""

    clause: Clause
    scenario: str


def cover(rule: RuleFile, told: Sequence[Told]) -> tuple[Covered, ...]:
    """Every clause of the rule with a scenario that needs it."""
    return tuple(Covered(clause=clause, scenario=_decided(clause, told)) for clause in clauses(rule))


def _decided(clause: Clause, told: Sequence[Told]) -> str:
    found = (each.scenario.title for each in told for other in clause.without if tells(other, each))
    return next(found, "")


def clauses(rule: RuleFile) -> Iterator[Clause]:
    """The clauses in the order of the text; what is said of a rule (its name, interpretations) is none."""
    for number, statement in enumerate(rule.statements):
        match statement:
            case tree.Table(name=name, rows=rows):
                for place, row in enumerate(rows):
                    said = f"{name}[{row.name}] from {row.since}"
                    held = ((*rows[:place], each, *rows[place + 1 :]) for each in _held_rows(row))
                    instead = ((replace(statement, rows=each),) for each in held)
                    yield _clause(rule, number, "row", said, row.span, *instead)
            case tree.Parameter(dated=dated):
                others = [(replace(statement, dated=each),) for each in _held_rows(dated)]
                yield _clause(rule, number, "row", f"{dated.name} from {dated.since}", statement.span, *others)
            case tree.Define(name=name, facts=facts):
                said = name if facts is None else f"{name} where {text_of(rule, facts.span)}"
                yield _clause(rule, number, "define", said, statement.span, *((each,) for each in _held(statement)))
            case tree.Require():
                yield _clause(rule, number, "require", text_of(rule, statement.span), statement.span, ())
            case tree.ExceptionTo(name=name):
                yield _clause(rule, number, "except", name, statement.span, ())
            case tree.Guard():
                yield _clause(rule, number, "guard", text_of(rule, statement.span), statement.span, ())
            case tree.InForce():
                yield _clause(rule, number, "in force", text_of(rule, statement.span), statement.span, ())
            case tree.Applies():
                yield _clause(rule, number, "applies", text_of(rule, statement.span), statement.span, ())
            case _:
                pass


def _clause(
    rule: RuleFile, number: int, kind: str, name: str, span: Span, *instead: tuple[tree.Statement, ...]
) -> Clause:
    before, after = rule.statements[:number], rule.statements[number + 1 :]
    without = tuple(replace(rule, statements=(*before, *each, *after)) for each in instead)
    return Clause(kind=kind, name=name, span=span, without=without)


def _held_rows(row: tree.Dated) -> Iterator[tree.Dated]:
    """The number at nought and at what nothing reaches."""
    for value in (Fraction(0), UNREACHED):
        yield replace(row, value=replace(row.value, value=value))


def _held(define: tree.Define) -> Iterator[tree.Define]:
    """The definition held still; those of the wrong kind do not compile and decide nothing."""
    span = define.span
    if isinstance(define.meaning, tree.Event):
        never = tree.Word(span=span, text="false")
        yield replace(define, meaning=replace(define.meaning, where=never))
        return
    for text in ("true", "false"):
        yield replace(define, meaning=tree.Word(span=span, text=text))
    for value in (Fraction(0), UNREACHED):
        yield replace(define, meaning=tree.Number(span=span, value=value, unit=""))
