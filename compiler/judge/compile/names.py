"""What a name stands for on the day and for the account of a setting: a parameter, a row of a table, a definition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Final, TypeVar

from stratc.compiler.ir.observer import Amount, Combine, Constant, Operator, PerInstrument, Signal, Term, Trigger
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile.events import PHRASES, trigger_of
from stratc.compiler.judge.compile.memory import Memory
from stratc.compiler.judge.compile.moments import check_asked
from stratc.compiler.judge.compile.setting import Refused, Setting
from stratc.compiler.judge.dated import next_change, value_on
from stratc.compiler.judge.diagnostics import (
    DefinedByItself,
    MoneyAndNumber,
    NotForRules,
    NoValueThen,
    UnknownWord,
    WrongKind,
)
from stratc.compiler.judge.facts import NotAFact, ask, instrument_facts
from stratc.compiler.judge.terms import literal
from stratc.dsl.source import Span

# Every other row of a table: the key of what is not named.
OTHERWISE: Final = "OTHER"
UNNAMED: Final = frozenset({Signal.CALENDAR_DAY, Signal.SECOND})

S = TypeVar("S", bound=tree.Statement)


class Names(Memory, ABC):
    """Looks names up in the statements of the rule's file; each definition is compiled once, where it is first used."""

    def __init__(self, statements: tuple[tree.Statement, ...], setting: Setting) -> None:
        super().__init__()
        self.statements = statements
        self.setting = setting
        self.naming = ""
        self.read: set[str] = set()
        self.changes: list[date] = []
        self._terms: dict[str, Term] = {}
        self._triggers: dict[str, Trigger] = {}
        self._underway: list[str] = []

    @abstractmethod
    def term(self, expression: tree.Expression) -> Term: ...

    @abstractmethod
    def truth(self, expression: tree.Expression) -> Term: ...

    def of(self, kind: type[S]) -> list[S]:
        return [each for each in self.statements if isinstance(each, kind)]

    def holds(self, facts: tree.Expression | None) -> bool:
        if facts is None:
            return True
        try:
            return ask(facts, self.setting.facts).holds is True
        except NotAFact as not_a_fact:
            what = "this where only facts of the account and its broker are asked"
            raise Refused(NotForRules(span=not_a_fact.expression.span, what=what)) from None

    # ── definitions ──

    def chosen(self, name: str, span: Span) -> tree.Define | None:
        """Of several definitions of a name the last whose facts are known to hold."""
        found = [define for define in self.of(tree.Define) if define.name == name]
        holding = [define for define in found if self.holds(define.facts)]
        if found and not holding:
            raise Refused(UnknownWord(span=span, word=name, known="no definition of it holds for this account"))
        return holding[-1] if holding else None

    def named(self, name: str, span: Span) -> Term | Trigger:
        if name in self._terms:
            return self._terms[name]
        if name in self._triggers:
            return self._triggers[name]
        define = self.chosen(name, span)
        if define is None:
            raise Refused(UnknownWord(span=span, word=name, known=self._nearest(name)))
        if name in self._underway:
            raise Refused(DefinedByItself(span=define.span, name=name))
        before = (self.per_instrument, self.naming)
        self._underway.append(name)
        self.per_instrument, self.naming = define.per_instrument, name
        try:
            if isinstance(define.meaning, tree.Event):
                self._triggers[name] = self.trigger(define.meaning)
                return self._triggers[name]
            term = self.term(define.meaning)
            if not self.counts_seconds(define.meaning):
                # How many events a window of seconds holds hangs on what it is compared with, each time anew.
                self._terms[name] = term
            return term
        finally:
            self._underway.pop()
            self.per_instrument, self.naming = before

    def counts_seconds(self, expression: tree.Node) -> bool:
        """Whether a window of seconds is counted in it, or in a definition that it names."""
        return any(
            isinstance(each, tree.Count) and each.reach.kind is tree.ReachKind.DURATION
            for each in self.spelled_out(expression)
        )

    def spelled_out(self, node: tree.Node, names: tuple[str, ...] = ()) -> Iterator[tree.Node]:
        """A node and all its parts, with the meanings of the names in it."""
        yield node
        for field in fields(node):
            value = getattr(node, field.name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, tree.Node):
                    yield from self.spelled_out(part, names)
        if isinstance(node, tree.Word) and node.text not in names:
            define = self.chosen(node.text, node.span)
            if define is not None:
                yield from self.spelled_out(define.meaning, (*names, node.text))

    def _nearest(self, name: str) -> str:
        known = [define.name for define in self.of(tree.Define)]
        known += [parameter.dated.name for parameter in self.of(tree.Parameter)]
        known += [signal.value for signal in Signal if "." not in signal.value and signal not in UNNAMED]
        near = get_close_matches(name, known, n=3)
        return ", ".join(f"`{each}`" for each in (near or sorted(known)))

    # ── numbers with a day ──

    def parameter(self, name: str, span: Span) -> Term | None:
        rows = [each.dated for each in self.of(tree.Parameter) if each.dated.name == name]
        return self._dated(name, rows, span) if rows else None

    def _dated(self, name: str, rows: list[tree.Dated], span: Span) -> Term:
        row = value_on(rows, self.setting.day)
        change = next_change(rows, self.setting.day)
        self.changes.extend([change] if change is not None else [])
        if row is None:
            raise Refused(NoValueThen(span=span, name=name, day=self.setting.day.isoformat()))
        self.read.add(name)
        return literal(row.value)

    def lookup(self, lookup: tree.Lookup) -> Term:
        table = next((each for each in self.of(tree.Table) if each.name == lookup.table), None)
        if table is None:
            raise Refused(UnknownWord(span=lookup.span, word=lookup.table, known="the tables of this file"))
        if not isinstance(lookup.key, tree.Member) or lookup.key.owner != "instrument":
            raise Refused(NotForRules(span=lookup.key.span, what="this as a key; keys are facts of the instrument"))
        values: list[Term | None] = []
        for index, instrument in enumerate(self.setting.instruments):
            key = str(instrument_facts(instrument).get(f"instrument.{lookup.key.name}")).upper()
            rows = [row for row in table.rows if row.name == key]
            begun = value_on(rows, self.setting.day) is not None
            chosen = rows if begun else [row for row in table.rows if row.name == OTHERWISE]
            later = next_change(rows, self.setting.day)
            self.changes.extend([later] if later is not None else [])
            named = f"{lookup.table}[{key}]"
            values.append(self._dated(named, chosen, lookup.span) if index in self.setting.applies else None)
        return _each(values, lookup.span)

    # ── events ──

    def trigger(self, event: tree.Event) -> Trigger:
        base = self.kinds(event.happening)
        if event.where is None:
            return base
        condition = self.truth(event.where)
        check_asked(condition, base.kinds, self.registers, event.where.span, everywhere=True)
        return Trigger(base.kinds, condition if base.where is None else Combine(Operator.AND, base.where, condition))

    def kinds(self, happening: tree.Happening) -> Trigger:
        if happening.words in PHRASES:
            return trigger_of(happening.words)
        found = self.named(happening.words[0], happening.span)
        if isinstance(found, Trigger):
            return found
        raise Refused(WrongKind(span=happening.span, found="a value", wanted="an event"))


def _each(values: list[Term | None], span: Span) -> Term:
    """A number or an amount of each instrument; None where the rule is not about it."""
    written = [value for value in values if value is not None]
    of_money = [isinstance(value, Amount) for value in written]
    numbers = tuple(Fraction(value.value) if isinstance(value, Amount | Constant) else Fraction(0) for value in values)
    if not any(of_money):
        return PerInstrument(numbers)
    if not all(of_money):
        raise Refused(MoneyAndNumber(span=span))
    return Combine(Operator.MULTIPLY, PerInstrument(numbers), Amount(Fraction(1)))
