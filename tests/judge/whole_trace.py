"""The meaning of a rule over a whole trace, written once more and without registers: what observers are compared to.

Every count is counted again from the beginning, every `happened` looks back over the trace. It reads the rule's tree,
not the observer. A condition inside `where` and a term inside `sum of` look strictly before their event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stratc.compiler.ir.observer import EventKind, Signal
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile import PHRASES


@dataclass(frozen=True)
class Told:
    """One event of a trace with the account as it stood after it."""

    kind: EventKind
    instrument: int
    day: int
    signals: Mapping[tuple[Signal, int], Fraction | int | bool]


@dataclass(frozen=True)
class WholeTrace:
    statements: Sequence[tree.Statement]
    instruments: tuple[int, ...]
    trace: Sequence[Told]

    def broken(self) -> list[int]:
        """The events, by their places, at which a requirement does not hold."""
        required = [each for each in self.statements if isinstance(each, tree.Require)]
        return [
            at
            for at in range(len(self.trace))
            for each in required
            if self.is_tested(each, at) and not self.value(each.condition, at, at, None)
        ]

    def is_tested(self, require: tree.Require, at: int) -> bool:
        """`never` of something of an instrument is tested at the events of instruments."""
        if require.event is None:
            return self.trace[at].instrument >= 0
        return self.is_event(require.event, at)

    def define(self, name: str) -> tree.Define | None:
        found = [each for each in self.statements if isinstance(each, tree.Define) and each.name == name]
        return found[-1] if found else None

    def is_event(self, event: tree.Event, at: int) -> bool:
        where = event.where is None or self.value(event.where, at - 1, at, None)
        return self.happens(event.happening, at) and bool(where)

    def happens(self, happening: tree.Happening, at: int) -> bool:
        if happening.words in PHRASES:
            return self.trace[at].kind in PHRASES[happening.words]
        define = self.define(happening.words[0])
        assert define is not None
        assert isinstance(define.meaning, tree.Event)
        return self.is_event(define.meaning, at)

    def value(self, term: tree.Expression, until: int, at: int, one: int | None):
        """A term after the events up to `until`, asked at event `at`; `one` is the instrument that is looked at."""
        match term:
            case tree.Number(value=value):
                return value
            case tree.Word(text=text):
                return self.word(text, until, at, one)
            case tree.AtLastClose(name=name):
                return self.trace[at].signals[Signal(f"{name}_at_last_close"), -1]
            case tree.Negated(operand=operand):
                return not self.value(operand, until, at, one)
            case tree.Connected(connective=connective, left=left, right=right):
                pair = (self.value(left, until, at, one), self.value(right, until, at, one))
                return all(pair) if connective is tree.Connective.AND else any(pair)
            case tree.Comparison(operator=operator, left=left, right=right):
                return compare(operator, self.value(left, until, at, one), self.value(right, until, at, one))
            case tree.Arithmetic(operator=operator, left=left, right=right):
                return calculate(operator, self.value(left, until, at, one), self.value(right, until, at, one))
            case tree.Count(happening=happening, reach=reach):
                return sum(self.reached(happening, reach, until, at, one))
            case tree.SumOf(term=summed, happening=happening, reach=reach):
                flags = self.reached(happening, reach, until, at, one)
                return sum(self.value(summed, k - 1, k, None) for k, hit in enumerate(flags) if hit)
            case tree.Working(happening=happening):
                return self.working(happening, until)
            case tree.Happened(subject=subject, today=today, without=without):
                return self.happened(subject, today, without, until, at, one)
            case tree.NumberWhere(condition=condition):
                return sum(bool(self.value(condition, until, at, each)) for each in self.instruments)
            case tree.Total(term=summed):
                return sum(self.value(summed, until, at, each) for each in self.instruments)
        raise AssertionError(term)

    def word(self, text: str, until: int, at: int, one: int | None):
        if text in {"true", "false"}:
            return text == "true"
        if text in {signal.value for signal in Signal}:
            return self.trace[at].signals[Signal(text), self.trace[at].instrument if one is None else one]
        parameter = next(
            (e.dated for e in self.statements if isinstance(e, tree.Parameter) and e.dated.name == text), None
        )
        if parameter is not None:
            return parameter.value.value
        define = self.define(text)
        assert define is not None
        assert not isinstance(define.meaning, tree.Event)
        own = (self.trace[at].instrument if one is None else one) if define.per_instrument else None
        return self.value(define.meaning, until, at, own)

    def mine(self, k: int, one: int | None) -> bool:
        return one is None or self.trace[k].instrument == one

    def reached(self, happening: tree.Happening, reach: tree.Reach, until: int, at: int, one: int | None) -> list[bool]:
        """For each event up to `until`: whether it is one of these and within the reach."""
        today = self.trace[at].day
        days = reach.length if reach.kind is tree.ReachKind.BUSINESS_DAYS else 1
        bounded = reach.kind is tree.ReachKind.BUSINESS_DAYS or reach.today or reach.kind is tree.ReachKind.TODAY
        flags = []
        for k in range(until + 1):
            recent = not bounded or self.trace[k].day > today - days
            after = reach.since is None or not any(
                self.happens(reach.since, later) and self.mine(later, one) for later in range(k + 1, until + 1)
            )
            flags.append(recent and after and self.mine(k, one) and self.happens(happening, k))
        return flags

    def working(self, happening: tree.Happening, until: int) -> int:
        """Orders less orders done, never below zero."""
        count = 0
        for k in range(until + 1):
            if self.happens(happening, k):
                count += 1
            elif self.trace[k].kind is EventKind.DONE_OPENING:
                count = max(count - 1, 0)
        return count

    def happened(
        self,
        subject: tree.Happening | tree.Expression,
        today: bool,
        without: tree.Happening | None,
        until: int,
        at: int,
        one: int | None,
    ) -> bool:
        for k in range(until + 1):
            if today and self.trace[k].day != self.trace[at].day:
                continue
            if isinstance(subject, tree.Happening):
                hit = self.happens(subject, k) and self.mine(k, one)
            else:
                hit = bool(self.value(subject, k, k, one))
            ended = without is not None and any(
                self.happens(without, later) and self.mine(later, one) for later in range(k + 1, until + 1)
            )
            if hit and not ended:
                return True
        return False


def compare(operator: str, left: Fraction | int, right: Fraction | int) -> bool:
    return {
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
        "is": left == right,
        "is not": left != right,
    }[operator]


def calculate(operator: str, left: Fraction | int, right: Fraction | int) -> Fraction | int:
    return {"+": left + right, "-": left - right, "*": left * right}[operator]
