"""Mutants: a rule with one thing said otherwise, the way a slip or a misreading would say it.

Constants one step up and down, comparisons at their edge and turned round, windows one day longer and shorter, `and`
for `or`, negations dropped, facts turned round; exceptions, guards, demands and definitions by facts dropped; days
moved by one. Each says in words what it changes, so that one that no scenario notices can be put to the author as a
question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.kit.rewriting import Path, bare, parts, put
from stratc.compiler.judge.rulefile import RuleFile
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

EDGE: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
ROUND: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "is": "is not", "is not": "is"}
DAY: Final = timedelta(days=1)
TEXT_MAX: Final = 60


class Change(StrEnum):
    CONSTANT = "constant"
    COMPARISON = "comparison"
    WINDOW = "window"
    CONNECTIVE = "connective"
    NEGATION = "negation"
    FACT = "fact"
    DAY = "day"
    DROPPED = "dropped"
    DEFINITION = "definition"


@record
class Mutant:
    """`old` and `new` say the place before and after; `span` is the place; `rule` is the rule with the change in it."""

    change: Change
    old: str
    new: str
    span: Span
    rule: RuleFile


@record
class _Other:
    """Something else for one node: the node and how before and after are said."""

    change: Change
    new: tree.Node
    before: str
    after: str


def mutants(rule: RuleFile) -> tuple[Mutant, ...]:
    """All mutants of a rule, in the order of its text, no two with the same tree."""
    seen = {bare(rule.statements)}
    found = []
    for mutant in _all(rule):
        tree_of = bare(mutant.rule.statements)
        if tree_of not in seen:
            seen.add(tree_of)
            found.append(mutant)
    return tuple(found)


def _all(rule: RuleFile) -> Iterator[Mutant]:
    for number, statement in enumerate(rule.statements):
        yield from _dropped(rule, number, statement)
        for path, part in parts(statement):
            for other in _others(rule, statement, path, part):
                changed = put(statement, path, other.new) if path else other.new
                yield _mutant(rule, number, (changed,), other.change, part.span, other.before, other.after)


def _mutant(
    rule: RuleFile, number: int, instead: Iterable[tree.Node], change: Change, span: Span, old: str, new: str
) -> Mutant:
    kept = [*rule.statements[:number], *instead, *rule.statements[number + 1 :]]
    statements = tuple(each for each in kept if isinstance(each, tree.Statement))
    return Mutant(change=change, old=old, new=new, span=span, rule=replace(rule, statements=statements))


# ── whole statements ─────────────────────────────────────────────────────────────────────────────────────────────────


def _dropped(rule: RuleFile, number: int, statement: tree.Statement) -> Iterator[Mutant]:
    said = ""
    match statement:
        case tree.Require() | tree.Guard():
            said = f"`{text_of(rule, statement.span)}`"
        case tree.ExceptionTo(name=name):
            said = f"the exception `{name}`"
        case tree.InForce() if len(rule.in_force) > 1:
            said = f"`{text_of(rule, statement.span)}`"
        case tree.Define(name=name, facts=facts) if facts is not None:
            said = f"`{name}` where `{text_of(rule, facts.span)}`"
            yield from _swapped(rule, number, statement)
        case _:
            pass
    if said:
        yield _mutant(rule, number, (), Change.DROPPED, statement.span, said, "nothing in its place")


def _swapped(rule: RuleFile, number: int, define: tree.Define) -> Iterator[Mutant]:
    """The meanings of two definitions of one name, exchanged."""
    for other, sibling in enumerate(rule.statements[:number]):
        if isinstance(sibling, tree.Define) and sibling.name == define.name:
            statements = list(rule.statements)
            statements[other] = replace(sibling, meaning=define.meaning)
            statements[number] = replace(define, meaning=sibling.meaning)
            yield Mutant(
                change=Change.DEFINITION,
                old=f"the definitions of `{define.name}`",
                new="each in the other's place",
                span=define.span,
                rule=replace(rule, statements=tuple(statements)),
            )


# ── one node ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _others(rule: RuleFile, statement: tree.Statement, path: Path, part: tree.Node) -> Iterator[_Other]:
    about_facts = path[:1] in {("where",), ("facts",), ("condition",)} and _is_settled_first(statement, path)
    match part:
        case tree.Dated() | tree.InForce():
            yield from _moved(part)
            if isinstance(part, tree.InForce) and part.where is not None:
                yield _without(rule, part, replace(part, where=None), part.where)
        case tree.Applies(condition=condition) | tree.ExceptionTo(facts=tree.Node() as condition):
            yield _turned(rule, part, condition)
        case tree.Define(facts=tree.Node() as condition):
            yield _turned(rule, part, condition)
        case tree.Number() if not about_facts:
            yield from _numbers(rule, part)
        case tree.Comparison():
            yield from _comparisons(rule, part)
        case tree.Connected(connective=connective):
            other = tree.Connective.OR if connective is tree.Connective.AND else tree.Connective.AND
            said = f"`{text_of(rule, part.span)}`"
            yield _Other(
                change=Change.CONNECTIVE,
                new=replace(part, connective=other),
                before=f"`{connective}`",
                after=f"`{other}` in {said}",
            )
        case tree.Negated(operand=operand):
            yield _Other(
                change=Change.NEGATION,
                new=operand,
                before=f"`{text_of(rule, part.span)}`",
                after=f"`{text_of(rule, operand.span)}`",
            )
        case tree.Word(text="true" | "false" as text):
            other_text = "false" if text == "true" else "true"
            yield _Other(
                change=Change.CONSTANT, new=replace(part, text=other_text), before=f"`{text}`", after=f"`{other_text}`"
            )
        case tree.Reach() | tree.Happened() | tree.Event():
            yield from _windows(rule, part)
        case _:
            pass


def _is_settled_first(statement: tree.Statement, path: Path) -> bool:
    """Whether a condition there is about facts; a demand's `condition` is not, nor is an event's `where`."""
    match statement:
        case tree.InForce() | tree.Applies():
            return True
        case tree.Define() | tree.ExceptionTo():
            return path[:1] == ("facts",)
        case _:
            return False


def _turned(rule: RuleFile, part: tree.Node, condition: tree.Node) -> _Other:
    """A condition over facts, negated as a whole."""
    said = f"`{text_of(rule, condition.span)}`"
    name = "condition" if isinstance(part, tree.Applies) else "facts"
    assert isinstance(condition, tree.Expression)
    negated = tree.Negated(span=condition.span, operand=condition)
    return _Other(
        change=Change.FACT, new=put(part, (name,), negated), before=f"where {said}", after=f"where not {said}"
    )


def _without(rule: RuleFile, part: tree.Node, new: tree.Node, dropped: tree.Node) -> _Other:
    return _Other(change=Change.FACT, new=new, before=f"where `{text_of(rule, dropped.span)}`", after="everywhere")


def _numbers(rule: RuleFile, number: tree.Number) -> Iterator[_Other]:
    if not text_of(rule, number.span)[:1].isdigit():
        # The nought of a minus sign, which nobody wrote.
        return
    for value in (number.value + step_of(number), number.value - step_of(number)):
        if value >= 0:
            new = replace(number, value=value)
            yield _Other(
                change=Change.CONSTANT, new=new, before=f"`{number_text(number)}`", after=f"`{number_text(new)}`"
            )


def _comparisons(rule: RuleFile, part: tree.Comparison) -> Iterator[_Other]:
    for others in (EDGE, ROUND):
        operator = others.get(part.operator)
        if operator is not None:
            sides = f"{text_of(rule, part.left.span)} {{}} {text_of(rule, part.right.span)}"
            yield _Other(
                change=Change.COMPARISON,
                new=replace(part, operator=operator),
                before=f"`{sides.format(part.operator)}`",
                after=f"`{sides.format(operator)}`",
            )


def _moved(part: tree.Dated | tree.InForce) -> Iterator[_Other]:
    """The first and the last day, one day earlier and one later."""
    name = part.name if isinstance(part, tree.Dated) else "in force"
    for step in (-DAY, DAY):
        since = part.since + step
        yield _day(part, replace(part, since=since), f"{name} from {part.since}", since)
        if part.until is not None:
            until = part.until + step
            yield _day(part, replace(part, until=until), f"{name} until {part.until}", until)


def _day(part: tree.Node, new: tree.Node, before: str, day: date) -> _Other:
    del part
    return _Other(change=Change.DAY, new=new, before=before, after=f"{day}")


def _windows(rule: RuleFile, part: tree.Reach | tree.Happened | tree.Event) -> Iterator[_Other]:
    match part:
        case tree.Reach(kind=tree.ReachKind.TODAY):
            longer = replace(part, kind=tree.ReachKind.BUSINESS_DAYS, length=2, today=False)
            yield _Other(change=Change.WINDOW, new=longer, before="today", after="the last 2 business days")
        case tree.Reach(length=length, kind=kind) if length:
            unit = kind.value.replace("_", " ").replace("duration", "seconds")
            for other in (length + 1, length - 1):
                if other:
                    yield _Other(
                        change=Change.WINDOW,
                        new=replace(part, length=other),
                        before=f"a window of {length} {unit}",
                        after=f"{other} {unit}",
                    )
        case tree.Reach(kind=tree.ReachKind.SINCE, today=True):
            ever = replace(part, today=False)
            yield _Other(
                change=Change.WINDOW, new=ever, before=f"`{text_of(rule, part.span)}`", after="without `today`"
            )
        case tree.Happened(today=True):
            ever_happened = replace(part, today=False)
            said = f"`{text_of(rule, part.span)}`"
            yield _Other(change=Change.WINDOW, new=ever_happened, before=said, after="without `today`")
        case tree.Event(where=tree.Node() as where):
            said = f"`{text_of(rule, part.span)}`"
            new = replace(part, where=None)
            yield _Other(
                change=Change.DROPPED, new=new, before=said, after=f"without `where {text_of(rule, where.span)}`"
            )
        case _:
            pass
    if isinstance(part, tree.Happened) and part.without is not None:
        said = f"`{text_of(rule, part.span)}`"
        yield _Other(change=Change.DROPPED, new=replace(part, without=None), before=said, after="without what ends it")


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def step_of(number: tree.Number) -> Fraction:
    """One step of a constant: a percentage point, one unit of money, one of a count."""
    return Fraction(1, 100) if number.unit == "%" else Fraction(1)


def number_text(number: tree.Number) -> str:
    """A number as rules write it: `25_000 USD`, `6%`, `4`."""
    value = number.value * 100 if number.unit == "%" else number.value
    return plain(value) + ("%" if number.unit == "%" else f" {number.unit}" if number.unit else "")


def plain(value: Fraction) -> str:
    """A number without exponent and without noughts that say nothing, thousands apart; cut after eight decimals."""
    if value.denominator == 1:
        return f"{value.numerator:_}"
    text = f"{float(value):.8f}".rstrip("0").rstrip(".")
    return text


def text_of(rule: RuleFile, span: Span) -> str:
    """The text of a place on one line, shortened in the middle where it is long."""
    text = " ".join(rule.source.slice(span).split())
    half = (TEXT_MAX - 3) // 2
    return text if len(text) <= TEXT_MAX else f"{text[:half]} … {text[-half:]}"


def changes_of(found: Sequence[Mutant]) -> dict[Change, int]:
    """How many mutants of each sort there are."""
    return {change: sum(each.change is change for each in found) for change in Change}
