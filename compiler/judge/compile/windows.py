"""What is counted, and how far back: each count becomes a register whose size is known.

A window of days keeps one count a day. A window of seconds keeps the seconds of its last events, one more than the
number that it is compared with: whatever happened before them cannot change the answer.
"""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from math import floor
from typing import Final

from stratc.compiler.ir.observer import (
    EVERY_EVENT,
    ORDERS,
    Combine,
    Constant,
    EventKind,
    Operator,
    Read,
    RegisterKind,
    Signal,
    Term,
    Trigger,
)
from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.compile.events import DONE_OF, PHRASES
from stratc.compiler.judge.compile.moments import check_asked
from stratc.compiler.judge.compile.names import Names
from stratc.compiler.judge.compile.setting import Refused, Setting
from stratc.compiler.judge.diagnostics import NotForRules, UnboundedCount, WindowSize, WindowWithoutConstant
from stratc.compiler.judge.terms import signals_of, walk
from stratc.dsl.source import Span

DAYS_MAX: Final = 400
SECONDS_MAX: Final = 86_400
EVENTS_MAX: Final = 1_000
# What an order is told with from the guard's question to its end.
STAY_WITH_ORDER: Final = frozenset({Signal.ORDER_OUTLIVES_SESSION})


class Windows(Names):
    """Counts, sums, ages and what has happened. `_events` is how many events a window of seconds holds just now."""

    def __init__(self, statements: tuple[tree.Statement, ...], setting: Setting) -> None:
        super().__init__(statements, setting)
        self._events: int | None = None

    @abstractmethod
    def number(self, expression: tree.Expression) -> Term: ...

    # ── counts ──

    def count(self, count: tree.Count | tree.SumOf) -> Read:
        reach = count.reach
        up = self._counted(count.happening)
        weight = None
        if isinstance(count, tree.SumOf):
            weight = self.number(count.term)
            self._check(weight, up.kinds, count.term.span)
        hint = "_".join(" ".join(count.happening.words).split())
        match reach.kind:
            case tree.ReachKind.EVER:
                raise Refused(UnboundedCount(span=count.span))
            case tree.ReachKind.TODAY:
                return self.keep(RegisterKind.COUNT, up=up, weight=weight, daily=True, hint=f"{hint}_today")
            case tree.ReachKind.SINCE if reach.since is not None:
                reset = self._counted(reach.since)
                daily = reach.today
                return self.keep(
                    RegisterKind.COUNT, up=up, weight=weight, reset=reset, daily=daily, hint=f"{hint}_since"
                )
            case tree.ReachKind.BUSINESS_DAYS:
                words = count.happening.words
                days = self._length(reach, DAYS_MAX)
                return self.keep(
                    RegisterKind.RING,
                    up=up,
                    weight=weight,
                    days=days,
                    hint=f"{hint}_in_{days}_days",
                    happening=words[0] if words not in PHRASES else "",
                )
            case tree.ReachKind.CALENDAR_DAYS:
                days = self._length(reach, DAYS_MAX)
                hint = f"{hint}_in_{days}_calendar_days"
                return self.keep(RegisterKind.RING, up=up, weight=weight, days=days, calendar=True, hint=hint)
            case _:
                return self._in_seconds(count, up, hint)

    def _in_seconds(self, count: tree.Count | tree.SumOf, up: Trigger, hint: str) -> Read:
        if self._events is None or isinstance(count, tree.SumOf):
            raise Refused(WindowWithoutConstant(span=count.span))
        seconds = self._length(count.reach, SECONDS_MAX)
        hint = f"{hint}_in_{seconds}_seconds"
        return self.keep(RegisterKind.TIMES, up=up, days=self._events, seconds=seconds, hint=hint)

    def _length(self, reach: tree.Reach, most: int) -> int:
        """How long a window is: as it is written, or as a whole-numbered parameter has it on the day."""
        length = Fraction(reach.length)
        if reach.named:
            term = self.parameter(reach.named, reach.span)
            if not isinstance(term, Constant):
                raise Refused(
                    WindowSize(span=reach.span, found=f"`{reach.named}`", wanted="a whole-numbered parameter")
                )
            length = Fraction(term.value)
        if length.denominator != 1 or not 1 <= length <= most:
            found = f"`{reach.named}`, which is {length}," if reach.named else str(length)
            raise Refused(WindowSize(span=reach.span, found=found, wanted=f"a whole number from 1 to {most}"))
        return int(length)

    def compared(self, comparison: tree.Comparison) -> tuple[Term, Term]:
        """Both sides of a comparison. What counts seconds in one of them is compared with a number in the other."""
        sides = (comparison.left, comparison.right)
        counting = [side for side in sides if self.counts_seconds(side)]
        if not counting:
            return self.number(comparison.left), self.number(comparison.right)
        plain = [side for side in sides if side not in counting]
        limit = self.number(plain[0]) if len(counting) == 1 else None
        if not isinstance(limit, Constant):
            raise Refused(WindowWithoutConstant(span=comparison.span))
        before = self._events
        self._events = self._room(Fraction(limit.value) - self._beside(counting[0]), comparison.span)
        try:
            return self.number(comparison.left), self.number(comparison.right)
        finally:
            self._events = before

    def _room(self, limit: Fraction, span: Span) -> int:
        """How many events must be kept so that more than `limit` of them are seen."""
        room = max(floor(limit) + 1, 1)
        if room > EVENTS_MAX:
            found, wanted = f"which {floor(limit)} events are looked for", f"one for fewer than {EVENTS_MAX}"
            raise Refused(WindowSize(span=span, found=f"seconds in {found}", wanted=wanted))
        return room

    def _beside(self, side: tree.Expression) -> Fraction:
        """The number that stands beside windows of seconds: these are counted once each and only added up."""
        match side:
            case tree.Count(reach=reach) if reach.kind is tree.ReachKind.DURATION:
                return Fraction(0)
            case tree.Total(term=term):
                if self._beside(term) == 0:
                    return Fraction(0)
            case tree.Word(text=text, span=span) if self.counts_seconds(side):
                define = self.chosen(text, span)
                if define is not None and not isinstance(define.meaning, tree.Event):
                    return self._beside(define.meaning)
            case tree.Arithmetic(operator="+", left=left, right=right):
                return self._beside(left) + self._beside(right)
            case tree.Arithmetic(operator="-", left=left, right=right) if not self.counts_seconds(right):
                return self._beside(left) - self._beside(right)
            case _ if not self.counts_seconds(side):
                term_of = self.number(side)
                if isinstance(term_of, Constant):
                    return Fraction(term_of.value)
        raise Refused(WindowWithoutConstant(span=side.span))

    # ── orders that work, what has happened, ages, the highest ──

    def working(self, working: tree.Working) -> Read:
        up = self.kinds(working.happening)
        if not up.kinds <= ORDERS or (up.where is not None and not _stays(up.where)):
            what = (
                "`not yet done` of anything but orders of both sides, all or those that outlive their session; "
                "`working_sell_quantity` is of one"
            )
            raise Refused(NotForRules(span=working.span, what=what))
        down = Trigger(frozenset(DONE_OF[kind] for kind in up.kinds), up.where)
        return self.keep(RegisterKind.COUNT, up=up, down=down, hint=self.naming or "working_orders")

    def happened(self, happened: tree.Happened) -> Read:
        reset = None if happened.without is None else self._counted(happened.without)
        hint = self.naming or "happened"
        if isinstance(happened.subject, tree.Happening):
            up = self._counted(happened.subject)
            return self.keep(RegisterKind.BIT, up=up, reset=reset, daily=happened.today, hint=hint)
        condition = self.truth(happened.subject)
        self._check(condition, EVERY_EVENT, happened.subject.span)
        return self.keep(RegisterKind.BIT, up=None, reset=reset, daily=happened.today, condition=condition, hint=hint)

    def days_since(self, since: tree.DaysSince) -> Read:
        hint = "calendar_days_since" if since.calendar else "business_days_since"
        return self.keep(RegisterKind.AGE, up=self._counted(since.happening), calendar=since.calendar, hint=hint)

    def highest(self, highest: tree.Highest) -> Term:
        """The highest that was kept, or what the term is now where that is higher."""
        term = self.number(highest.term)
        self._check(term, EVERY_EVENT, highest.term.span)
        since = highest.reach.since
        kept = self.keep(
            RegisterKind.HIGHEST,
            up=None,
            weight=term,
            reset=None if since is None else self._counted(since),
            daily=since is None,
            hint="highest",
        )
        return Combine(Operator.MAXIMUM, kept, term)

    def _counted(self, happening: tree.Happening) -> Trigger:
        """The events that change a register, which can ask their condition there."""
        trigger = self.kinds(happening)
        if trigger.where is not None:
            self._check(trigger.where, trigger.kinds, happening.span)
        return trigger

    def _check(self, term: Term, kinds: frozenset[EventKind], span: Span) -> None:
        check_asked(term, kinds, self.registers, span, everywhere=self.per_instrument)


def _stays(where: Term) -> bool:
    """Whether a condition of an order is the same when the order is sent and when it is done."""
    return not any(isinstance(each, Read) for each in walk(where)) and set(signals_of(where)) <= STAY_WITH_ORDER
