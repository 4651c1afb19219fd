"""From the statements of a rule to its observer, for one day, one account and a tuple of instruments.

Facts are settled here: what a definition or an exception asks of the account decides which of them count, so that the
machine holds none. Parameters take their value of the day. What would need unbounded memory, a product of two things
that change, or a guard that could stop an exit is refused with the place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Final, TypeVar

from stratc.compiler.ir.observer import (
    COMPARISONS,
    DONE,
    EVERY_EVENT,
    FILL_SIGNALS,
    FILLS,
    INSTRUMENT_SIGNALS,
    ORDER_SIGNALS,
    ORDERS,
    TRUTH_SIGNALS,
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    EventKind,
    GuardTest,
    Invert,
    Observer,
    Operator,
    PerInstrument,
    Read,
    Register,
    RegisterKind,
    Requirement,
    Signal,
    Term,
    Trigger,
)
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.dated import next_change, value_on
from stratc.compiler.judge.diagnostics import (
    DefinedByItself,
    GuardBlocksExits,
    NotForRules,
    NotYet,
    NoValueThen,
    ProductOfSignals,
    UnboundedCount,
    UnknownWord,
    WindowWithoutConstant,
    WrongKind,
)
from stratc.compiler.judge.facts import Facts, NotAFact, ask, instrument_facts, is_about_facts
from stratc.compiler.judge.terms import fold, is_fixed, signals_of, walk
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import Span
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

PHRASES: Final = {
    ("order",): ORDERS,
    ("opening", "order"): frozenset({EventKind.ORDER_OPENING}),
    ("closing", "order"): frozenset({EventKind.ORDER_CLOSING}),
    ("fill",): FILLS,
    ("opening", "fill"): frozenset({EventKind.FILL_OPENING}),
    ("closing", "fill"): frozenset({EventKind.FILL_CLOSING}),
    ("order done",): DONE,
    ("opening", "order done"): frozenset({EventKind.DONE_OPENING}),
    ("closing", "order done"): frozenset({EventKind.DONE_CLOSING}),
    ("mark",): frozenset({EventKind.MARK}),
    ("new day",): frozenset({EventKind.NEW_DAY}),
}
DONE_OF: Final = {
    EventKind.ORDER_OPENING: EventKind.DONE_OPENING,
    EventKind.ORDER_CLOSING: EventKind.DONE_CLOSING,
}
OPERATORS: Final = {"is": Operator.EQUAL, "is not": Operator.NOT_EQUAL}
# Every other row of a table: the key of what is not named.
OTHERWISE: Final = "OTHER"

S = TypeVar("S", bound=tree.Statement)


class Refused(Exception):
    """Internal: the first problem of a statement; collected where statements are compiled."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


@record
class Setting:
    """What a rule is compiled for. `applies` are the indices of the instruments that the rule is about."""

    facts: Facts
    day: date
    instruments: tuple[Instrument, ...]
    applies: tuple[int, ...]


def compile_rule(
    rule: str, statements: Iterable[tree.Statement], setting: Setting
) -> tuple[Observer | None, tuple[Problem, ...]]:
    """The observer of a rule's statements, or the problems that stand in its way."""
    return _Compiler(tuple(statements), setting).run(rule)


class _Compiler:
    """One rule on its way. Registers come into being where they are first needed, each after what it reads."""

    def __init__(self, statements: tuple[tree.Statement, ...], setting: Setting) -> None:
        self._statements = statements
        self._setting = setting
        self._registers: list[Register] = []
        self._terms: dict[str, Term] = {}
        self._triggers: dict[str, Trigger] = {}
        self._underway: list[str] = []
        self._per_instrument = False
        self._naming = ""
        self._read: set[str] = set()
        self._changes: list[date] = []

    def run(self, rule: str) -> tuple[Observer | None, tuple[Problem, ...]]:
        problems: list[Problem] = []
        requirements: list[Requirement] = []
        guards: list[GuardTest] = []
        for statement in self._statements:
            try:
                match statement:
                    case tree.Define():
                        self._check_definition(statement)
                    case tree.Require():
                        requirements.append(self._requirement(statement))
                    case tree.Guard():
                        guards.append(self._guard(statement))
                    case _:
                        pass
            except Refused as refused:
                problems.append(refused.problem)
        if problems:
            return None, tuple(dict.fromkeys(problems))
        return Observer(
            rule=rule,
            instruments=self._setting.applies,
            registers=tuple(self._registers),
            requirements=tuple(requirements),
            guards=tuple(guards),
            parameters=tuple(sorted(self._read)),
            changes_on=min(self._changes, default=None),
        ), ()

    # ── statements ──

    def _check_definition(self, define: tree.Define) -> None:
        """A definition is compiled where it is used; here only the one that counts, so that every problem is found."""
        if self._chosen(define.name, define.span) is define:
            self._named(define.name, define.span)

    def _requirement(self, require: tree.Require) -> Requirement:
        condition = self._truth(require.condition)
        for exception in self._of(tree.ExceptionTo):
            if self._holds(exception.facts):
                condition = Combine(Operator.OR, condition, self._truth(exception.condition))
        asked = set(signals_of(condition))
        if require.event is not None:
            trigger = self._trigger(require.event)
        else:
            local = asked & INSTRUMENT_SIGNALS or self._reads_instrument(condition)
            trigger = Trigger(EVERY_EVENT - {EventKind.NEW_DAY, EventKind.MARK} if local else EVERY_EVENT, None)
        if Signal.ORDER_OUTLIVES_SESSION in asked:
            raise Refused(NotForRules(span=require.span, what="how long an order lives but in a guard"))
        if asked & ORDER_SIGNALS and not trigger.kinds <= ORDERS:
            raise Refused(NotForRules(span=require.span, what="what an order is like where there is no order"))
        if asked & FILL_SIGNALS and not trigger.kinds <= FILLS:
            raise Refused(NotForRules(span=require.span, what="what a fill is like where there is no fill"))
        return Requirement(trigger=trigger, condition=condition, span=require.span)

    def _guard(self, guard: tree.Guard) -> GuardTest:
        if guard.event.happening.words != ("opening", "order") or guard.event.where is not None:
            raise Refused(GuardBlocksExits(span=guard.event.span))
        return GuardTest(deny_when=self._truth(guard.deny_when), text="", span=guard.deny_when.span)

    # ── names ──

    def _of(self, kind: type[S]) -> list[S]:
        return [each for each in self._statements if isinstance(each, kind)]

    def _holds(self, facts: tree.Expression | None) -> bool:
        if facts is None:
            return True
        try:
            return ask(facts, self._setting.facts).holds is True
        except NotAFact as not_a_fact:
            what = "this where only facts of the account and its broker are asked"
            raise Refused(NotForRules(span=not_a_fact.expression.span, what=what)) from None

    def _chosen(self, name: str, span: Span) -> tree.Define | None:
        """Of several definitions of a name the last whose facts are known to hold."""
        found = [define for define in self._of(tree.Define) if define.name == name]
        holding = [define for define in found if self._holds(define.facts)]
        if found and not holding:
            raise Refused(UnknownWord(span=span, word=name, known="no definition of it holds for this account"))
        return holding[-1] if holding else None

    def _named(self, name: str, span: Span) -> Term | Trigger:
        if name in self._terms:
            return self._terms[name]
        if name in self._triggers:
            return self._triggers[name]
        define = self._chosen(name, span)
        if define is None:
            raise Refused(UnknownWord(span=span, word=name, known=self._nearest(name)))
        if name in self._underway:
            raise Refused(DefinedByItself(span=define.span, name=name))
        before = (self._per_instrument, self._naming)
        self._underway.append(name)
        self._per_instrument, self._naming = define.per_instrument, name
        try:
            if isinstance(define.meaning, tree.Event):
                self._triggers[name] = self._trigger(define.meaning)
                return self._triggers[name]
            self._terms[name] = self._term(define.meaning)
            return self._terms[name]
        finally:
            self._underway.pop()
            self._per_instrument, self._naming = before

    def _nearest(self, name: str) -> str:
        known = [define.name for define in self._of(tree.Define)]
        known += [parameter.dated.name for parameter in self._of(tree.Parameter)]
        known += [signal.value for signal in Signal if "." not in signal.value]
        near = get_close_matches(name, known, n=3)
        return ", ".join(f"`{each}`" for each in (near or sorted(known)))

    def _parameter(self, name: str, span: Span) -> Term | None:
        rows = [each.dated for each in self._of(tree.Parameter) if each.dated.name == name]
        return self._dated(name, rows, span) if rows else None

    def _dated(self, name: str, rows: list[tree.Dated], span: Span) -> Term:
        row = value_on(rows, self._setting.day)
        change = next_change(rows, self._setting.day)
        self._changes.extend([change] if change is not None else [])
        if row is None:
            raise Refused(NoValueThen(span=span, name=name, day=self._setting.day.isoformat()))
        self._read.add(name)
        return _literal(row.value)

    def _lookup(self, lookup: tree.Lookup) -> Term:
        table = next((each for each in self._of(tree.Table) if each.name == lookup.table), None)
        if table is None:
            raise Refused(UnknownWord(span=lookup.span, word=lookup.table, known="the tables of this file"))
        if not isinstance(lookup.key, tree.Member) or lookup.key.owner != "instrument":
            raise Refused(NotForRules(span=lookup.key.span, what="this as a key; keys are facts of the instrument"))
        values = []
        for index, instrument in enumerate(self._setting.instruments):
            key = str(instrument_facts(instrument).get(f"instrument.{lookup.key.name}")).upper()
            rows = [row for row in table.rows if row.name == key]
            begun = value_on(rows, self._setting.day) is not None
            chosen = rows if begun else [row for row in table.rows if row.name == OTHERWISE]
            later = next_change(rows, self._setting.day)
            self._changes.extend([later] if later is not None else [])
            named = f"{lookup.table}[{key}]"
            value = self._dated(named, chosen, lookup.span) if index in self._setting.applies else None
            values.append(value.value if isinstance(value, Constant) else Fraction(0))
        return PerInstrument(tuple(Fraction(value) for value in values))

    # ── events ──

    def _trigger(self, event: tree.Event) -> Trigger:
        base = self._kinds(event.happening)
        if event.where is None:
            return base
        condition = self._truth(event.where)
        return Trigger(base.kinds, condition if base.where is None else Combine(Operator.AND, base.where, condition))

    def _kinds(self, happening: tree.Happening) -> Trigger:
        if happening.words in PHRASES:
            return Trigger(PHRASES[happening.words], None)
        found = self._named(happening.words[0], happening.span)
        if isinstance(found, Trigger):
            return found
        raise Refused(WrongKind(span=happening.span, found="a value", wanted="an event"))

    # ── registers ──

    def _keep(
        self,
        kind: RegisterKind,
        *,
        up: Trigger | None,
        hint: str,
        days: int = 0,
        daily: bool = False,
        weight: Term | None = None,
        down: Trigger | None = None,
        reset: Trigger | None = None,
        condition: Term | None = None,
        happening: str = "",
    ) -> Read:
        """The register of this behaviour, the one there is or a new one."""
        wanted = Register(
            name="",
            kind=kind,
            per_instrument=self._per_instrument,
            days=days,
            daily=daily,
            up=up,
            weight=weight,
            down=down,
            reset=reset,
            condition=condition,
            happening=happening,
        )
        for index, register in enumerate(self._registers):
            if wanted == replace(register, name=""):
                return Read(index)
        taken = {register.name for register in self._registers}
        name = hint if hint not in taken else f"{hint}_{len(self._registers)}"
        self._registers.append(replace(wanted, name=name))
        return Read(len(self._registers) - 1)

    def _count(self, count: tree.Count | tree.SumOf) -> Read:
        reach = count.reach
        up = self._kinds(count.happening)
        weight = self._number(count.term) if isinstance(count, tree.SumOf) else None
        hint = "_".join(" ".join(count.happening.words).split())
        match reach.kind:
            case tree.ReachKind.EVER:
                raise Refused(UnboundedCount(span=count.span))
            case tree.ReachKind.TODAY:
                return self._keep(RegisterKind.COUNT, up=up, weight=weight, daily=True, hint=f"{hint}_today")
            case tree.ReachKind.SINCE if reach.since is not None:
                reset = self._kinds(reach.since)
                daily = reach.today
                return self._keep(
                    RegisterKind.COUNT, up=up, weight=weight, reset=reset, daily=daily, hint=f"{hint}_since"
                )
            case tree.ReachKind.BUSINESS_DAYS:
                words = count.happening.words
                happening = words[0] if words not in PHRASES else ""
                return self._keep(
                    RegisterKind.RING,
                    up=up,
                    weight=weight,
                    days=reach.length,
                    hint=f"{hint}_in_{reach.length}_days",
                    happening=happening,
                )
            case tree.ReachKind.CALENDAR_DAYS:
                raise Refused(NotYet(span=reach.span, what="a window of calendar days"))
            case _:
                raise Refused(WindowWithoutConstant(span=count.span))

    def _working(self, working: tree.Working) -> Read:
        up = self._kinds(working.happening)
        if not up.kinds <= ORDERS or up.where is not None:
            raise Refused(NotForRules(span=working.span, what="`not yet done` of anything but orders"))
        down = Trigger(frozenset(DONE_OF[kind] for kind in up.kinds), None)
        return self._keep(RegisterKind.COUNT, up=up, down=down, hint="working_orders")

    def _happened(self, happened: tree.Happened) -> Read:
        reset = None if happened.without is None else self._kinds(happened.without)
        hint = self._naming or "happened"
        if isinstance(happened.subject, tree.Happening):
            up = self._kinds(happened.subject)
            return self._keep(RegisterKind.BIT, up=up, reset=reset, daily=happened.today, hint=hint)
        condition = self._truth(happened.subject)
        return self._keep(RegisterKind.BIT, up=None, reset=reset, daily=happened.today, condition=condition, hint=hint)

    def _reads_instrument(self, term: Term) -> bool:
        return any(isinstance(each, Read) and self._registers[each.register].per_instrument for each in walk(term))

    # ── terms ──

    def _truth(self, expression: tree.Expression) -> Term:
        term = self._term(expression)
        if not self._is_truth(term):
            raise Refused(WrongKind(span=expression.span, found="a number", wanted="a condition"))
        return term

    def _number(self, expression: tree.Expression) -> Term:
        term = self._term(expression)
        if self._is_truth(term):
            raise Refused(WrongKind(span=expression.span, found="a condition", wanted="a number"))
        return term

    def _is_truth(self, term: Term) -> bool:
        match term:
            case Constant(value=value):
                return isinstance(value, bool)
            case Read(register=register):
                return self._registers[register].kind is RegisterKind.BIT
            case Ask(signal=signal):
                return signal in TRUTH_SIGNALS
            case Combine(operator=operator):
                return operator in COMPARISONS or operator in {Operator.AND, Operator.OR}
            case Invert():
                return True
            case _:
                return False

    def _term(self, expression: tree.Expression) -> Term:
        if is_about_facts(expression) and expression != _leverage(expression):
            return self._fact(expression)
        match expression:
            case tree.Number():
                return _literal(expression)
            case tree.Word(text=text, span=span):
                return self._word(text, span)
            case tree.Member(owner="instrument", name="leverage_factor"):
                return PerInstrument(tuple(Fraction(each.leverage_factor) for each in self._setting.instruments))
            case tree.Member(owner=owner, name=name, span=span):
                return _signal(f"{owner}.{name}", span)
            case tree.AtLastClose(name=name, span=span):
                return _signal(f"{name}_at_last_close", span)
            case tree.Lookup():
                return self._lookup(expression)
            case tree.Negated(operand=operand):
                return Invert(self._truth(operand))
            case tree.Connected(connective=connective, left=left, right=right):
                return Combine(Operator(connective.value), self._truth(left), self._truth(right))
            case tree.Comparison():
                return self._comparison(expression)
            case tree.Arithmetic():
                return self._arithmetic(expression)
            case tree.Call():
                return self._call(expression)
            case tree.Quoted(span=span) | tree.KindOf(span=span):
                raise Refused(NotForRules(span=span, what="this where only facts of the account are asked"))
            case _:
                return self._remembered(expression)

    def _remembered(
        self,
        expression: tree.Count | tree.SumOf | tree.Working | tree.Happened | tree.BusinessDaysSince
        | tree.NumberWhere | tree.Total,
    ) -> Term:  # fmt: skip
        match expression:
            case tree.Count() | tree.SumOf():
                return self._count(expression)
            case tree.Working():
                return self._working(expression)
            case tree.Happened():
                return self._happened(expression)
            case tree.BusinessDaysSince(happening=happening):
                return self._keep(RegisterKind.AGE, up=self._kinds(happening), hint="business_days_since")
            case tree.NumberWhere(condition=condition):
                return Across(self._truth(condition))
            case tree.Total(term=term):
                return Across(self._number(term))

    def _fact(self, expression: tree.Expression) -> Term:
        answer = ask(expression, self._setting.facts)
        if answer.holds is None:
            what = f"`{', '.join(sorted(answer.unknown))}` here, which an account may leave out; write `define … where`"
            raise Refused(NotForRules(span=expression.span, what=what))
        return Constant(answer.holds)

    def _word(self, text: str, span: Span) -> Term:
        if text in {"true", "false"}:
            return Constant(text == "true")
        if (parameter := self._parameter(text, span)) is not None:
            return parameter
        if text in {signal.value for signal in Signal}:
            return Ask(Signal(text))
        found = self._named(text, span)
        if isinstance(found, Trigger):
            raise Refused(WrongKind(span=span, found="an event", wanted="a value"))
        return found

    def _comparison(self, comparison: tree.Comparison) -> Term:
        for side, other in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
            if isinstance(side, tree.Count) and side.reach.kind is tree.ReachKind.DURATION and _is_plain(other):
                raise Refused(NotYet(span=side.reach.span, what="a window of seconds"))
        operator = OPERATORS.get(comparison.operator) or Operator(comparison.operator)
        return Combine(operator, self._number(comparison.left), self._number(comparison.right))

    def _arithmetic(self, arithmetic: tree.Arithmetic) -> Term:
        left, right = self._number(arithmetic.left), self._number(arithmetic.right)
        if arithmetic.operator == "/":
            if not isinstance(right, Constant) or not right.value:
                raise Refused(ProductOfSignals(span=arithmetic.span))
            return fold(Operator.MULTIPLY, left, Constant(1 / Fraction(right.value)))
        if arithmetic.operator == "*" and not (is_fixed(left) or is_fixed(right)):
            raise Refused(ProductOfSignals(span=arithmetic.span))
        return fold(Operator(arithmetic.operator), left, right)

    def _call(self, call: tree.Call) -> Term:
        first, *rest = (self._number(argument) for argument in call.arguments)
        if call.name == "abs":
            return fold(Operator.MAXIMUM, first, fold(Operator.SUBTRACT, Constant(Fraction(0)), first))
        operator = Operator.MAXIMUM if call.name == "max" else Operator.MINIMUM
        for each in rest:
            first = fold(operator, first, each)
        return first


# ── small things ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _leverage(expression: tree.Expression) -> tree.Member:
    """The one fact of an instrument that is a number: how many times its underlying a fund moves."""
    return tree.Member(span=expression.span, owner="instrument", name="leverage_factor")


def _literal(number: tree.Number) -> Term:
    """Money is an amount, everything else a plain number."""
    return Amount(number.value) if len(number.unit) == 3 and number.unit.isupper() else Constant(number.value)


def _signal(name: str, span: Span) -> Ask:
    if name not in {signal.value for signal in Signal}:
        raise Refused(UnknownWord(span=span, word=name, known=", ".join(f"`{signal}`" for signal in Signal)))
    return Ask(Signal(name))


def _is_plain(expression: tree.Expression) -> bool:
    return isinstance(expression, tree.Number | tree.Word)
