"""Statements: requirements with their exceptions, guards, and the observer that they make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stratc.compiler.ir.observer import (
    EVERY_EVENT,
    OF_THE_ACCOUNT,
    Combine,
    EventKind,
    GuardTest,
    Observer,
    Operator,
    RegisterKind,
    Requirement,
    Term,
    Trigger,
)
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile.events import OPENING_ORDER
from stratc.compiler.judge.compile.moments import check_asked, of_one_instrument
from stratc.compiler.judge.compile.setting import Refused, Setting
from stratc.compiler.judge.compile.terms import Terms
from stratc.compiler.judge.diagnostics import GuardBlocksExits, NotYet, UnknownAction, WindowWithoutConstant
from stratc.dsl.diagnostic import Problem

STOPPING: Final = frozenset({"halt", "flatten"})
ACTIONS: Final = frozenset({"deny", "warn", "reattribute"}) | STOPPING


def compile_rule(
    rule: str, statements: Iterable[tree.Statement], setting: Setting
) -> tuple[Observer | None, tuple[Problem, ...]]:
    """The observer of a rule's statements, or the problems that stand in its way."""
    return _Rule(tuple(statements), setting).run(rule)


class _Rule(Terms):
    """One rule on its way."""

    def run(self, rule: str) -> tuple[Observer | None, tuple[Problem, ...]]:
        problems: list[Problem] = []
        requirements: list[Requirement] = []
        guards: list[GuardTest] = []
        for statement in self.statements:
            try:
                match statement:
                    case tree.Define():
                        self._check_definition(statement)
                    case tree.Require():
                        requirements.append(self._requirement(statement))
                    case tree.Guard():
                        guards.append(self._guard(statement))
                    case tree.RefusesExits(span=span):
                        problems.append(NotYet(span=span, what="a guard that may refuse exits"))
                    case tree.OnBreach(action=action) if action not in ACTIONS:
                        problems.append(UnknownAction(span=statement.span, action=action))
                    case tree.OnBreach(action=action) if action in STOPPING:
                        guards.append(self._halt(statement))
                    case _:
                        pass
            except Refused as refused:
                problems.append(refused.problem)
        if problems:
            return None, tuple(dict.fromkeys(problems))
        return Observer(
            rule=rule,
            instruments=self.setting.applies,
            registers=tuple(self.registers),
            requirements=tuple(requirements),
            guards=tuple(guards),
            parameters=tuple(sorted(self.read)),
            changes_on=min(self.changes, default=None),
            flattens=any(each.action == "flatten" for each in self.of(tree.OnBreach)),
        ), ()

    def _check_definition(self, define: tree.Define) -> None:
        """A definition is compiled where it is used; here only the one that counts, so that every problem is found.

        What counts seconds is not whole without the comparison that it is used in.
        """
        if self.chosen(define.name, define.span) is not define:
            return
        try:
            self.named(define.name, define.span)
        except Refused as refused:
            if not isinstance(refused.problem, WindowWithoutConstant):
                raise

    def _requirement(self, require: tree.Require) -> Requirement:
        condition = self.truth(require.condition)
        for exception in self.of(tree.ExceptionTo):
            if self.holds(exception.facts):
                condition = Combine(Operator.OR, condition, self.truth(exception.condition))
        trigger = self._tested_at(require, condition)
        check_asked(condition, trigger.kinds, self.registers, require.span)
        if trigger.where is not None:
            check_asked(trigger.where, trigger.kinds, self.registers, require.span)
        return Requirement(trigger=trigger, condition=condition, span=require.span)

    def _tested_at(self, require: tree.Require, condition: Term) -> Trigger:
        """Its event; `never` is tested at every event, of something of an instrument at the instruments' events."""
        if require.event is not None:
            return self.trigger(require.event)
        local = any(of_one_instrument(condition, self.registers))
        return Trigger(EVERY_EVENT - OF_THE_ACCOUNT if local else EVERY_EVENT, None)

    def _guard(self, guard: tree.Guard) -> GuardTest:
        """Read before an opening order; what its event says of the order is part of the test."""
        trigger = self.trigger(guard.event)
        if trigger.kinds != OPENING_ORDER:
            raise Refused(GuardBlocksExits(span=guard.event.span))
        test = self.truth(guard.deny_when)
        denied = test if trigger.where is None else Combine(Operator.AND, trigger.where, test)
        check_asked(denied, OPENING_ORDER, self.registers, guard.deny_when.span)
        return GuardTest(deny_when=denied, after_breach=False, span=guard.deny_when.span)

    def _halt(self, action: tree.OnBreach) -> GuardTest:
        """After a breach nothing opens until a person releases."""
        self.per_instrument = False
        released = Trigger(frozenset({EventKind.RESET}), None)
        broken = self.keep(RegisterKind.BROKEN, up=None, reset=released, hint="broken")
        return GuardTest(deny_when=broken, after_breach=True, span=action.span)
