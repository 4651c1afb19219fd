"""Expressions: what is asked of the account, calculated and compared."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.observer import (
    PRICES,
    QUANTITIES,
    Across,
    Ask,
    Combine,
    Constant,
    Invert,
    Operator,
    PerInstrument,
    Signal,
    Term,
    Trigger,
)
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile.names import UNNAMED
from stratc.compiler.judge.compile.setting import Refused
from stratc.compiler.judge.compile.windows import Windows
from stratc.compiler.judge.diagnostics import MoneyAndNumber, NotForRules, ProductOfSignals, UnknownWord, WrongKind
from stratc.compiler.judge.facts import ask, is_about_facts
from stratc.compiler.judge.terms import fold, is_fixed, literal
from stratc.dsl.source import Span

OPERATORS: Final = {"is": Operator.EQUAL, "is not": Operator.NOT_EQUAL}
SIGNALS: Final = {signal.value: signal for signal in Signal if signal not in UNNAMED}


class Terms(Windows):
    """One expression after another; what it remembers is in `windows`, what it names in `names`."""

    def truth(self, expression: tree.Expression) -> Term:
        term = self.term(expression)
        if not self.is_truth(term):
            raise Refused(WrongKind(span=expression.span, found="a number", wanted="a condition"))
        return term

    def number(self, expression: tree.Expression) -> Term:
        term = self.term(expression)
        if self.is_truth(term):
            raise Refused(WrongKind(span=expression.span, found="a condition", wanted="a number"))
        return term

    def term(self, expression: tree.Expression) -> Term:
        if is_about_facts(expression) and expression != _leverage(expression):
            return self._fact(expression)
        match expression:
            case tree.Number(unit=unit) if unit.islower():
                raise Refused(NotForRules(span=expression.span, what=f"a time of `{unit}` but as a window"))
            case tree.Number():
                return literal(expression)
            case tree.Word(text=text, span=span):
                return self._word(text, span)
            case tree.Member(owner="instrument", name="leverage_factor"):
                return PerInstrument(tuple(Fraction(each.leverage_factor) for each in self.setting.instruments))
            case tree.Member(owner=owner, name=name, span=span):
                return self._asked(f"{owner}.{name}", span)
            case tree.AtLastClose(name=name, span=span):
                return self._asked(f"{name}_at_last_close", span)
            case tree.Lookup():
                return self.lookup(expression)
            case tree.Negated(operand=operand):
                return Invert(self.truth(operand))
            case tree.Connected(connective=connective, left=left, right=right):
                return Combine(Operator(connective.value), self.truth(left), self.truth(right))
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
        expression: tree.Count | tree.SumOf | tree.Working | tree.Happened | tree.DaysSince | tree.Highest
        | tree.NumberWhere | tree.Total,
    ) -> Term:  # fmt: skip
        match expression:
            case tree.Count() | tree.SumOf():
                return self.count(expression)
            case tree.Working():
                return self.working(expression)
            case tree.Happened():
                return self.happened(expression)
            case tree.DaysSince():
                return self.days_since(expression)
            case tree.Highest():
                return self.highest(expression)
            case tree.NumberWhere(condition=condition):
                return Across(self.truth(condition))
            case tree.Total(term=term):
                return Across(self.number(term))

    def _fact(self, expression: tree.Expression) -> Term:
        answer = ask(expression, self.setting.facts)
        if answer.holds is None:
            what = f"`{', '.join(sorted(answer.unknown))}` here, which an account may leave out; write `define … where`"
            raise Refused(NotForRules(span=expression.span, what=what))
        return Constant(answer.holds)

    def _word(self, text: str, span: Span) -> Term:
        if text in {"true", "false"}:
            return Constant(text == "true")
        if (parameter := self.parameter(text, span)) is not None:
            return parameter
        if text in SIGNALS:
            return self._asked(text, span)
        found = self.named(text, span)
        if isinstance(found, Trigger):
            raise Refused(WrongKind(span=span, found="an event", wanted="a value"))
        return found

    def _asked(self, name: str, span: Span) -> Term:
        """A signal. Quantities and prices are told in lots and ticks, which a rule never sees."""
        if name not in SIGNALS:
            raise Refused(UnknownWord(span=span, word=name, known=", ".join(f"`{each}`" for each in SIGNALS)))
        signal = SIGNALS[name]
        if signal in QUANTITIES:
            return self._in_units(signal, [each.quantity_step for each in self.setting.instruments])
        if signal in PRICES:
            return self._in_units(signal, [each.tick for each in self.setting.instruments])
        return Ask(signal)

    def _in_units(self, signal: Signal, steps: list[Decimal]) -> Term:
        if all(step == 1 for step in steps):
            return Ask(signal)
        return Combine(Operator.MULTIPLY, PerInstrument(tuple(Fraction(step) for step in steps)), Ask(signal))

    # ── calculating and comparing ──

    def _comparison(self, comparison: tree.Comparison) -> Term:
        operator = OPERATORS.get(comparison.operator) or Operator(comparison.operator)
        left, right = self.compared(comparison)
        self._alike(left, right, comparison.span)
        return Combine(operator, left, right)

    def _alike(self, left: Term, right: Term, span: Span) -> None:
        """Money goes with money; nought goes with both."""
        if {self.is_money(left), self.is_money(right)} >= {True, False}:
            raise Refused(MoneyAndNumber(span=span))

    def _arithmetic(self, arithmetic: tree.Arithmetic) -> Term:
        left, right = self.number(arithmetic.left), self.number(arithmetic.right)
        if arithmetic.operator == "/":
            if not isinstance(right, Constant):
                raise Refused(ProductOfSignals(span=arithmetic.span))
            if not right.value:
                raise Refused(NotForRules(span=arithmetic.span, what="something divided by nought"))
            return fold(Operator.MULTIPLY, left, Constant(1 / Fraction(right.value)))
        if arithmetic.operator != "*":
            self._alike(left, right, arithmetic.span)
        elif not (is_fixed(left) or is_fixed(right)):
            raise Refused(ProductOfSignals(span=arithmetic.span))
        elif self.is_money(left) and self.is_money(right):
            raise Refused(MoneyAndNumber(span=arithmetic.span))
        return fold(Operator(arithmetic.operator), left, right)

    def _call(self, call: tree.Call) -> Term:
        first, *rest = (self.number(argument) for argument in call.arguments)
        if call.name == "abs":
            return fold(Operator.MAXIMUM, first, fold(Operator.SUBTRACT, Constant(Fraction(0)), first))
        operator = Operator.MAXIMUM if call.name == "max" else Operator.MINIMUM
        for each in rest:
            self._alike(first, each, call.span)
            first = fold(operator, first, each)
        return first


def _leverage(expression: tree.Expression) -> tree.Member:
    """The one fact of an instrument that is a number: how many times its underlying a fund moves."""
    return tree.Member(span=expression.span, owner="instrument", name="leverage_factor")
