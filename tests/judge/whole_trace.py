"""The meaning of a rule over a whole trace, written once more and without registers: what observers are compared to.

Every count is counted again from the beginning, every `happened` looks back over the trace. It reads the rule's tree,
not the observer. A condition inside `where` and a term inside `sum of` look strictly before their event. `one` is the
instrument that something is kept for, None where it is kept for the account; what has no instrument reaches each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction

from stratc.compiler.ir.observer import AGE_MAX, INSTRUMENT_SIGNALS, PRICES, QUANTITIES, EventKind, Signal
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile import PHRASES, SIDES
from stratc.runtime.model.instrument import Instrument


@dataclass(frozen=True)
class Told:
    """One event of a trace with the account as it stood after it; `day` counts business days."""

    kind: EventKind
    instrument: int
    day: int
    signals: Mapping[tuple[Signal, int], Fraction | int | bool]

    @property
    def calendar(self) -> int:
        return self.signals[Signal.CALENDAR_DAY, -1]

    @property
    def second(self) -> int:
        return self.signals[Signal.SECOND, -1]


@dataclass(frozen=True)
class WholeTrace:
    statements: Sequence[tree.Statement]
    instruments: Sequence[Instrument]
    trace: Sequence[Told]

    def broken(self) -> list[int]:
        """The events, by their places, at which a requirement does not hold."""
        required = [each for each in self.statements if isinstance(each, tree.Require)]
        return [
            at
            for at in range(len(self.trace))
            for each in required
            if self.is_tested(each, at)
            if not any(self.value(condition, at, at, None) for condition in (each.condition, *self.exceptions()))
        ]

    def exceptions(self) -> list[tree.Expression]:
        return [each.condition for each in self.statements if isinstance(each, tree.ExceptionTo)]

    def is_tested(self, require: tree.Require, at: int) -> bool:
        """`never` of something of an instrument is tested at the events of instruments."""
        if require.event is None:
            local = any(self.is_local(each) for each in (require.condition, *self.exceptions()))
            return self.trace[at].instrument >= 0 or not local
        return self.is_event(require.event, at, None)

    def is_local(self, node: tree.Node) -> bool:
        match node:
            case tree.NumberWhere() | tree.Total():
                return False
            case tree.Word(text=text) if (define := self.define(text)) is not None:
                return define.per_instrument
            case tree.Word(text=text):
                return text in {signal.value for signal in INSTRUMENT_SIGNALS}
            case tree.AtLastClose(name=name):
                return name == "price"
            case _:
                parts = (getattr(node, each.name) for each in fields(node))
                return any(self.is_local(part) for part in parts if isinstance(part, tree.Node))

    def define(self, name: str) -> tree.Define | None:
        found = [each for each in self.statements if isinstance(each, tree.Define) and each.name == name]
        return found[-1] if found else None

    # ── events ──

    def is_event(self, event: tree.Event, at: int, one: int | None) -> bool:
        return self.happens(event.happening, at, one) and (
            event.where is None or bool(self.value(event.where, at - 1, at, self.seen(at, one)))
        )

    def happens(self, happening: tree.Happening, at: int, one: int | None) -> bool:
        told = self.trace[at]
        if happening.words in PHRASES:
            if told.kind not in PHRASES[happening.words]:
                return False
            side = SIDES.get(happening.words)
            return side is None or bool(told.signals[side[0], told.instrument]) is side[1]
        define = self.define(happening.words[0])
        assert define is not None
        assert isinstance(define.meaning, tree.Event)
        return self.is_event(define.meaning, at, one)

    def mine(self, k: int, one: int | None) -> bool:
        return one is None or self.trace[k].instrument in (one, -1)

    def seen(self, k: int, one: int | None) -> int | None:
        """The instrument that conditions of an event are read for."""
        return one if self.trace[k].instrument < 0 else self.trace[k].instrument

    # ── values ──

    def value(self, term: tree.Expression, until: int, at: int, one: int | None):
        """A term after the events up to `until`, asked at event `at`; `one` is the instrument that is looked at."""
        match term:
            case tree.Number(value=value):
                return value
            case tree.Word(text=text):
                return self.word(text, until, at, one)
            case tree.AtLastClose(name=name):
                return self.signal(Signal(f"{name}_at_last_close"), at, one)
            case tree.Member(owner=owner, name=name):
                return self.signal(Signal(f"{owner}.{name}"), at, one)
            case tree.Lookup(table=table):
                return self.row(table, at, one)
            case tree.Negated(operand=operand):
                return not self.value(operand, until, at, one)
            case tree.Connected(connective=connective, left=left, right=right):
                pair = (self.value(left, until, at, one), self.value(right, until, at, one))
                return all(pair) if connective is tree.Connective.AND else any(pair)
            case tree.Comparison(operator=operator, left=left, right=right):
                return compare(operator, self.value(left, until, at, one), self.value(right, until, at, one))
            case tree.Arithmetic(operator=operator, left=left, right=right):
                return calculate(operator, self.value(left, until, at, one), self.value(right, until, at, one))
            case tree.Call(name=name, arguments=arguments):
                return {"min": min, "max": max, "abs": lambda each: abs(each[0])}[name](
                    [self.value(each, until, at, one) for each in arguments]
                )
            case _:
                return self.remembered(term, until, at, one)

    def remembered(self, term: tree.Expression, until: int, at: int, one: int | None):
        match term:
            case tree.Count(happening=happening, reach=reach):
                return sum(self.reached(happening, reach, until, at, one))
            case tree.SumOf(term=summed, happening=happening, reach=reach):
                flags = self.reached(happening, reach, until, at, one)
                return sum(self.value(summed, k - 1, k, self.seen(k, one)) for k, hit in enumerate(flags) if hit)
            case tree.Working(happening=happening):
                return self.working(happening, until, one)
            case tree.Happened(subject=subject, today=today, without=without):
                return self.happened(subject, today, without, until, at, one)
            case tree.DaysSince(happening=happening, calendar=calendar):
                return self.days_since(happening, calendar, until, at, one)
            case tree.Highest(term=followed, reach=reach):
                return self.highest(followed, reach, until, at, one)
            case tree.NumberWhere(condition=condition):
                return sum(bool(self.value(condition, until, at, each)) for each in range(len(self.instruments)))
            case tree.Total(term=summed):
                return sum(self.value(summed, until, at, each) for each in range(len(self.instruments)))
        raise AssertionError(term)

    def word(self, text: str, until: int, at: int, one: int | None):
        if text in {"true", "false"}:
            return text == "true"
        if text in {signal.value for signal in Signal}:
            return self.signal(Signal(text), at, one)
        parameter = self.parameter(text)
        if parameter is not None:
            return parameter
        define = self.define(text)
        assert define is not None
        assert not isinstance(define.meaning, tree.Event)
        own = (self.trace[at].instrument if one is None else one) if define.per_instrument else None
        return self.value(define.meaning, until, at, own)

    def signal(self, signal: Signal, at: int, one: int | None):
        """In units of quantity and price, not in lots and ticks."""
        told = self.trace[at]
        instrument = told.instrument if one is None else one
        value = told.signals[signal, instrument]
        if signal in QUANTITIES:
            return value * Fraction(self.instruments[instrument].quantity_step)
        return value * Fraction(self.instruments[instrument].tick) if signal in PRICES else value

    def parameter(self, name: str) -> Fraction | None:
        found = (e.dated.value for e in self.statements if isinstance(e, tree.Parameter) and e.dated.name == name)
        return next((each.value for each in found), None)

    def row(self, name: str, at: int, one: int | None) -> Fraction:
        """The row of an instrument's symbol, else of all others."""
        instrument = self.instruments[self.trace[at].instrument if one is None else one]
        table = next(each for each in self.statements if isinstance(each, tree.Table) and each.name == name)
        rows = {row.name: row.value.value for row in table.rows}
        return rows.get(instrument.symbol, rows["OTHER"])

    # ── looking back ──

    def reached(self, happening: tree.Happening, reach: tree.Reach, until: int, at: int, one: int | None) -> list[bool]:
        """For each event up to `until`: whether it is one of these and within the reach."""
        length = int(self.parameter(reach.named)) if reach.named else reach.length
        flags = []
        for k in range(until + 1):
            after = reach.since is None or not any(
                self.happens(reach.since, later, one) and self.mine(later, one) for later in range(k + 1, until + 1)
            )
            near = self.is_near(reach, length, k, at)
            flags.append(near and after and self.mine(k, one) and self.happens(happening, k, one))
        return flags

    def is_near(self, reach: tree.Reach, length: int, k: int, at: int) -> bool:
        told, now = self.trace[k], self.trace[at]
        match reach.kind:
            case tree.ReachKind.BUSINESS_DAYS:
                return told.day > now.day - length
            case tree.ReachKind.CALENDAR_DAYS:
                return told.calendar > now.calendar - length
            case tree.ReachKind.DURATION:
                return now.second - told.second < length
            case _:
                return told.day == now.day or not (reach.today or reach.kind is tree.ReachKind.TODAY)

    def working(self, happening: tree.Happening, until: int, one: int | None) -> int:
        """Orders less orders done, never below zero."""
        count = 0
        for k in range(until + 1):
            if not self.mine(k, one):
                continue
            if self.happens(happening, k, one):
                count += 1
            elif self.trace[k].kind is EventKind.DONE_OPENING and self.is_of(happening, k):
                count = max(count - 1, 0)
        return count

    def is_of(self, happening: tree.Happening, k: int) -> bool:
        """Whether the order that is done at `k` is one of these: all opening ones, or as a definition has them."""
        define = self.define(happening.words[0])
        if define is None:
            return True
        assert isinstance(define.meaning, tree.Event)
        asked = self.trace[k].signals[Signal.ORDER_OUTLIVES_SESSION, self.trace[k].instrument]
        return define.meaning.where is None or bool(asked) is not isinstance(define.meaning.where, tree.Negated)

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
            if (today and self.trace[k].day != self.trace[at].day) or not self.mine(k, one):
                continue
            if isinstance(subject, tree.Happening):
                hit = self.happens(subject, k, one)
            else:
                hit = bool(self.value(subject, k, k, one))
            ended = without is not None and any(
                self.happens(without, later, one) and self.mine(later, one) for later in range(k + 1, until + 1)
            )
            if hit and not ended:
                return True
        return False

    def days_since(self, happening: tree.Happening, calendar: bool, until: int, at: int, one: int | None) -> int:
        for k in range(until, -1, -1):
            if self.mine(k, one) and self.happens(happening, k, one):
                told, now = self.trace[k], self.trace[at]
                return now.calendar - told.calendar if calendar else now.day - told.day
        return AGE_MAX

    def highest(self, term: tree.Expression, reach: tree.Reach, until: int, at: int, one: int | None):
        """Over the events since the last one that begins anew, that one included, and now."""
        found = [self.value(term, until, at, one)]
        for k in range(until, -1, -1):
            if reach.since is None and self.trace[k].day != self.trace[at].day:
                break
            if self.mine(k, one):
                found.append(self.value(term, k, k, one))
                if reach.since is not None and self.happens(reach.since, k, one):
                    break
        return max(found)


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
