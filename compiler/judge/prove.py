"""Proofs by syntax and intervals (T0): a rule's observer read over what the program's shape allows.

Numbers are intervals in multiples of equity at the moment of an order, conditions are true, false or unknown, and a
register that nothing can ever count up stays at zero. A requirement is proved where its event cannot happen or its
condition is true whatever happens. Everything unknown stays unknown: the result is a proof or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, assert_never

from stratc.compiler.ir.observer import (
    EVERY_EVENT,
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    EventKind,
    Invert,
    Observer,
    Operator,
    PerInstrument,
    Read,
    Register,
    RegisterKind,
    Signal,
    Term,
    Trigger,
)
from stratc.compiler.judge.intervals import ANY, COUNT, Interval, calculate, compare
from stratc.compiler.judge.sizes import Shape
from stratc.runtime.model.record import record

# A bound that is reached to the last half percent is broken by the spread: it is not called proved.
SLACK_MIN: Final = Fraction(1005, 1000)
SLACK_MAX: Final = Fraction(1000)
MONEY_ASSUMPTIONS: Final = ("A-excl", "A-time", "A-corp", "A-num")
ORDER_ASSUMPTIONS: Final = ("A-excl", "A-cal", "A-corp", "A-oms", "A-whole")
OPENINGS: Final = frozenset({EventKind.ORDER_OPENING, EventKind.FILL_OPENING, EventKind.DONE_OPENING})


@record
class Proof:
    """Why no run breaks the rule, what it takes for granted, and the gap between order and fill that it bears."""

    because: str
    assumptions: tuple[str, ...]
    gap: Fraction | None


@dataclass(frozen=True, slots=True)
class _Case:
    """Which sides of an instrument a position may have; a net position has one."""

    long: bool
    short: bool


def prove(observer: Observer, shape: Shape, *, day_trades_before: int | None) -> Proof | None:
    """A proof that no run of a program of this shape breaks the rule, rule guards off.

    `day_trades_before` are those that the broker counts already, which the program's own cap does not see; None where
    the account does not say: then that there are none is an assumption.
    """
    shape = _after(shape, day_trades_before or 0)
    reader = _Reader(observer, shape, Fraction(1), set())
    if not reader.holds():
        return None
    slack = _slack(observer, shape)
    if slack is not None and slack < SLACK_MIN:
        return None
    used = reader.used
    assumptions = dict.fromkeys(MONEY_ASSUMPTIONS if "sizes" in used else ORDER_ASSUMPTIONS)
    if "day_trades" in used and day_trades_before is None:
        assumptions["A-start"] = None
    because = [text for key, text in _reasons(shape) if key in used and text]
    if slack is not None and slack < SLACK_MAX:
        because.append(f"a gap of {float(slack - 1):.0%} between order and fill is borne")
    return Proof(
        because="; ".join(because) or "its event cannot happen in this program",
        assumptions=tuple(sorted(assumptions)),
        gap=None if slack is None or slack >= SLACK_MAX else slack - 1,
    )


def _after(shape: Shape, day_trades_before: int) -> Shape:
    """The shape with the day trades that were made before it began."""
    if shape.day_trades is None:
        return shape
    return replace(shape, day_trades=(shape.day_trades[0] + day_trades_before, shape.day_trades[1]))


def _reasons(shape: Shape) -> tuple[tuple[str, str], ...]:
    return (
        ("no_same_day_close", shape.why_no_same_day_close),
        ("day_trades", shape.why_day_trades),
        ("sizes", shape.why_sizes),
        ("sides", shape.why_sides),
        ("one_leg", shape.why_one_leg),
    )


def _slack(observer: Observer, shape: Shape) -> Fraction | None:
    """How many times larger every position could be; None where sizes do not matter."""
    if "sizes" not in _used(observer, shape, Fraction(1)):
        return None
    low, high = Fraction(1), SLACK_MAX
    if _Reader(observer, shape, high, set()).holds():
        return SLACK_MAX
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if _Reader(observer, shape, middle, set()).holds() else (low, middle)
    return Fraction(int(low * 1000), 1000)


def _used(observer: Observer, shape: Shape, scale: Fraction) -> set[str]:
    reader = _Reader(observer, shape, scale, set())
    reader.holds()
    return reader.used


@dataclass(slots=True)
class _Reader:
    """One reading of an observer; `scale` enlarges every position, `used` collects the facts that were needed."""

    observer: Observer
    shape: Shape
    scale: Fraction
    used: set[str]
    _underway: set[int] = field(default_factory=set)
    _moves: bool = False

    def holds(self) -> bool:
        return all(self._requirement(each.trigger, each.condition) for each in self.observer.requirements)

    def _requirement(self, trigger: Trigger, condition: Term) -> bool:
        if self._never(trigger):
            return True
        return all(self._truth(condition, trigger.kinds, case, place) is True for case, place in self._cases())

    def _cases(self) -> Iterator[tuple[_Case, int]]:
        """Every instrument with every side that its net position may have."""
        for place in self.observer.instruments:
            yield _Case(long=True, short=False), place
            yield _Case(long=False, short=True), place

    def _never(self, trigger: Trigger | None) -> bool:
        if trigger is None:
            return True
        if not (self.shape.buys or self.shape.shorts) and trigger.kinds <= OPENINGS | {EventKind.FILL_CLOSING}:
            self.used.add("sides")
            return True
        if trigger.where is None:
            return False
        where = trigger.where
        return all(self._truth(where, trigger.kinds, case, place) is False for case, place in self._cases())

    # ── conditions ──

    def _truth(self, term: Term, kinds: frozenset[EventKind], case: _Case, place: int) -> bool | None:
        match term:
            case Constant(value=value):
                return bool(value)
            case Invert(operand=operand):
                inner = self._truth(operand, kinds, case, place)
                return None if inner is None else not inner
            case Combine(operator=Operator.AND | Operator.OR as operator):
                return self._connect(operator, term, kinds, case, place)
            case Combine(operator=operator, left=left, right=right):
                return self._compare(operator, left, right, kinds, case, place)
            case Read(register=register):
                return self._bit(register, kinds, case, place)
            case Ask(signal=Signal.ORDER_BUYS | Signal.FILL_BUYS) if kinds <= OPENINGS:
                return self._buys()
            case _:
                return None

    def _compare(
        self, operator: Operator, left: Term, right: Term, kinds: frozenset[EventKind], case: _Case, place: int
    ) -> bool | None:
        """What is bought is a share of equity when it is ordered; between orders the market decides what it is."""
        before, self._moves = self._moves, not kinds <= {EventKind.ORDER_OPENING}
        try:
            one, two = (self._number(each, case, place) for each in (left, right))
        finally:
            self._moves = before
        return compare(operator, one, two)

    def _buys(self) -> bool | None:
        """What opens is bought where the program never sells short, and sold where it never buys."""
        if self.shape.buys and self.shape.shorts:
            return None
        self.used.add("sides")
        return self.shape.buys

    def _connect(
        self, operator: Operator, term: Combine, kinds: frozenset[EventKind], case: _Case, place: int
    ) -> bool | None:
        decisive = operator is Operator.OR
        left = self._truth(term.left, kinds, case, place)
        if left is decisive:
            return decisive
        right = self._truth(term.right, kinds, case, place)
        if right is decisive:
            return decisive
        return None if left is None or right is None else not decisive

    def _bit(self, index: int, kinds: frozenset[EventKind], case: _Case, place: int) -> bool | None:
        register = self.observer.registers[index]
        if register.kind is not RegisterKind.BIT or index in self._underway:
            return None
        if self._is_of_today(register) and kinds <= {EventKind.FILL_CLOSING}:
            if self.shape.no_same_day_close:
                self.used.add("no_same_day_close")
                return False
            return None
        self._underway.add(index)
        try:
            if register.condition is not None:
                # It is read after every event, whatever the event is at which the bit is asked.
                return False if self._truth(register.condition, EVERY_EVENT, case, place) is False else None
            return False if self._never(register.up) else None
        finally:
            self._underway.discard(index)

    def _is_of_today(self, register: Register) -> bool:
        """A bit that says of an instrument: opened today. Of the account it may be another one that was."""
        opened = frozenset({EventKind.FILL_OPENING})
        return register.per_instrument and register.daily and register.up is not None and register.up.kinds == opened

    # ── numbers ──

    def _number(self, term: Term, case: _Case, place: int) -> Interval:
        match term:
            case Constant(value=value):
                return Interval(Fraction(value), Fraction(value))
            case Amount(value=value):
                return Interval(Fraction(0), Fraction(0)) if value == 0 else COUNT if value > 0 else ANY
            case PerInstrument(values=values):
                return Interval(values[place], values[place])
            case Ask(signal=signal):
                return self._signal(signal, case)
            case Read(register=register):
                return self._count(register)
            case Across(operand=operand):
                return self._across(operand)
            case Combine(operator=operator, left=left, right=right):
                return calculate(operator, self._number(left, case, place), self._number(right, case, place))
            case Invert():
                return ANY
            case _:
                assert_never(term)

    def _signal(self, signal: Signal, case: _Case) -> Interval:
        match signal:
            case Signal.EQUITY:
                return ANY if self._moves else Interval(Fraction(1), Fraction(1))
            case Signal.LONG_VALUE_AFTER | Signal.SHORT_VALUE_AFTER:
                return self._side_value(case, long=signal is Signal.LONG_VALUE_AFTER)
            case Signal.EXPOSURE_AFTER:
                return self._size()
            case Signal.LONG_QUANTITY | Signal.SHORT_QUANTITY:
                possible = case.long if signal is Signal.LONG_QUANTITY else case.short
                self.used.update(() if possible else {"sides"})
                return COUNT if possible else Interval(Fraction(0), Fraction(0))
            case Signal.LONG_QUANTITY_AFTER | Signal.SHORT_QUANTITY_AFTER:
                possible = self._may_have(case, long=signal is Signal.LONG_QUANTITY_AFTER)
                return COUNT if possible else Interval(Fraction(0), Fraction(0))
            case Signal.FILL_OLDER_TICKETS | Signal.FILL_OLDER_SAME_SIZE if self.shape.one_leg:
                self.used.add("one_leg")
                return Interval(Fraction(0), Fraction(0))
            case _:
                return ANY

    def _side_value(self, case: _Case, *, long: bool) -> Interval:
        return self._size() if self._may_have(case, long=long) else Interval(Fraction(0), Fraction(0))

    def _may_have(self, case: _Case, *, long: bool) -> bool:
        """Whether a position or a working opening may be on that side."""
        wanted = self.shape.buys if long else self.shape.shorts
        possible = wanted and ((case.long if long else case.short) or not self.shape.one_sided)
        self.used.update(() if possible else {"sides"})
        return possible

    def _size(self) -> Interval:
        self.used.add("sizes")
        bound = None if self._moves else self.shape.per_instrument
        return COUNT if bound is None else Interval(Fraction(0), bound * self.scale)

    def _count(self, index: int) -> Interval:
        """A counter that nothing counts up stays at zero; day trades stay within the program's own cap.

        The highest that a term has been, and a sum of terms, may be any number.
        """
        register = self.observer.registers[index]
        if register.kind in {RegisterKind.HIGHEST, RegisterKind.BROKEN}:
            return ANY
        if register.kind is RegisterKind.AGE or index in self._underway:
            return COUNT if register.weight is None else ANY
        self._underway.add(index)
        try:
            if self._never(register.up):
                return Interval(Fraction(0), Fraction(0))
        finally:
            self._underway.discard(index)
        cap = self.shape.day_trades
        # The engine reserves one day trade an instrument, which is enough where entries ask for flat.
        counted = register.happening == "day_trade" and self.shape.needs_flat and not register.calendar
        if cap is not None and counted and register.days <= cap[1]:
            self.used.add("day_trades")
            return Interval(Fraction(0), Fraction(cap[0]))
        return COUNT if register.weight is None else ANY

    def _across(self, operand: Term) -> Interval:
        """The sum over instruments, bounded instrument by instrument and, where all grows with size, by the gross."""
        each = [self._widest(operand, place) for place in self.observer.instruments]
        unbounded = self.shape.open_ended or any(one.high is None or one.low is None for one in each)
        if unbounded and self.shape.gross is None:
            return ANY
        total = self._gross_bound(operand)
        separate = (
            None
            if self.shape.open_ended or any(one.high is None for one in each)
            else sum((one.high or Fraction(0) for one in each), Fraction(0))
        )
        bounds = [bound for bound in (total, separate) if bound is not None]
        return Interval(Fraction(0) if all(one.low == 0 for one in each) else None, min(bounds, default=None))

    def _widest(self, operand: Term, place: int) -> Interval:
        cases = (_Case(long=True, short=False), _Case(long=False, short=True))
        both = [self._number(operand, case, place) for case in cases]
        lows, highs = [one.low for one in both], [one.high for one in both]
        low = None if any(each is None for each in lows) else min(each for each in lows if each is not None)
        high = None if any(each is None for each in highs) else max(each for each in highs if each is not None)
        return Interval(low, high)

    def _gross_bound(self, operand: Term) -> Fraction | None:
        """The gross bound times the largest rate, for operands that are values times rates."""
        if self._moves or self.shape.gross is None or not is_homogeneous(operand):
            return None
        self.used.add("sizes")
        saved = self.shape
        rates = []
        for place in self.observer.instruments:
            unit = _Reader(self.observer, _sized(saved), Fraction(1), set())
            rates.append(unit._widest(operand, place).high)
        known = [rate for rate in rates if rate is not None]
        return max(known) * saved.gross * self.scale if saved.gross is not None and len(known) == len(rates) else None


def _sized(shape: Shape) -> Shape:
    """The same shape with positions of exactly one times equity, to read rates off."""
    return replace(shape, per_instrument=Fraction(1), gross=None)


def is_homogeneous(term: Term) -> bool:
    """Whether a term doubles when all values double: sums and extremes of values times numbers."""
    match term:
        case Ask(signal=signal):
            return signal in {Signal.LONG_VALUE_AFTER, Signal.SHORT_VALUE_AFTER, Signal.EXPOSURE_AFTER}
        case Combine(operator=Operator.MULTIPLY, left=left, right=right):
            fixed = (Constant, PerInstrument)
            return (isinstance(left, fixed) and is_homogeneous(right)) or (
                isinstance(right, fixed) and is_homogeneous(left)
            )
        case Combine(operator=Operator.ADD | Operator.MAXIMUM | Operator.MINIMUM, left=left, right=right):
            return is_homogeneous(left) and is_homogeneous(right)
        case _:
            return False
