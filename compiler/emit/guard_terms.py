"""Terms of observers as Cython text, each a whole number and what it must be divided by.

Every rational constant is brought to a common denominator and compared in 128-bit whole numbers, so that generated code
and `compiler.judge.observe` agree to the last unit. `BEFORE` is what the text calls; the engine answers the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, assert_never

from stratc.compiler.ir.observer import (
    TRUTH_REGISTERS,
    TRUTH_SIGNALS,
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
)

# Sums of so many cells are written out.
WRITTEN_OUT_MAX: Final = 8
BEFORE: Final = '''
cdef extern from *:
    """
    typedef __int128 stratc_whole;
    """
    ctypedef long long whole "stratc_whole"

cdef void rule_shift(long long* cells, long n, long long days) noexcept nogil:
    cdef long k
    for k in range(n - 1, -1, -1):
        cells[k] = cells[k - days] if k >= days else 0

cdef void rule_shift_whole(whole* cells, long n, long long days) noexcept nogil:
    cdef long k
    for k in range(n - 1, -1, -1):
        cells[k] = cells[k - days] if k >= days else 0

cdef void rule_clear(long long* cells, long n, long long empty) noexcept nogil:
    cdef long k
    for k in range(n):
        cells[k] = empty

cdef void rule_clear_whole(whole* cells, long n, whole empty) noexcept nogil:
    cdef long k
    for k in range(n):
        cells[k] = empty

cdef long long rule_sum(long long* cells, long n) noexcept nogil:
    cdef long k
    cdef long long found = 0
    for k in range(n):
        found += cells[k]
    return found

cdef whole rule_sum_whole(whole* cells, long n) noexcept nogil:
    cdef long k
    cdef whole found = 0
    for k in range(n):
        found += cells[k]
    return found

cdef void rule_note(long long* cells, long n, long long second) noexcept nogil:
    cdef long k
    for k in range(n - 1, 0, -1):
        cells[k] = cells[k - 1]
    cells[0] = second

cdef long rule_recent(long long* cells, long n, long long now, long long seconds) noexcept nogil:
    cdef long k
    for k in range(n):
        if now - cells[k] >= seconds:
            return k
    return n
'''
# What events say of themselves, in the names of their methods' headings.
OF_EVENTS: Final = {
    Signal.ORDER_QUANTITY: "lots",
    Signal.ORDER_PRICE: "price_ticks",
    Signal.ORDER_VALUE: "lots_worth(book, i, lots, price_ticks)",
    Signal.FILL_QUANTITY: "lots",
    Signal.FILL_PRICE: "price_ticks",
    Signal.FILL_VALUE: "lots_worth(book, i, lots, price_ticks)",
    Signal.FILL_OLDER_TICKETS: "book.fill_older",
    Signal.FILL_OLDER_SAME_SIZE: "book.fill_older_same_size",
    Signal.LOCATE_QUANTITY: "lots",
    Signal.DEPOSIT_AMOUNT: "moved",
    Signal.WITHDRAWAL_AMOUNT: "-moved",
}
COMPARED: Final = {
    Operator.LESS: "<",
    Operator.LESS_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_EQUAL: ">=",
    Operator.EQUAL: "==",
    Operator.NOT_EQUAL: "!=",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number in C, and what it must be divided by to be the value."""

    text: str
    over: int


class Terms:
    """The text of the terms of one observer; `number` makes its names its own, `count` is how many instruments run."""

    def __init__(self, number: int, observer: Observer, instruments: int) -> None:
        self.number = number
        self.observer = observer
        self.count = instruments

    # ── registers ──

    def name(self, index: int) -> str:
        return f"guard_{self.number}_{self.observer.registers[index].name}"

    def first(self, register: Register, at: str) -> str:
        """The first cell of an instrument."""
        if not register.per_instrument:
            return "0"
        return f"{at} * {register.days}" if register.days > 1 else at

    # ── terms; `kind` None is the moment before an opening order ──

    def truth(self, term: Term, kind: EventKind | None, at: str) -> str:
        match term:
            case Constant(value=value):
                return "1" if value else "0"
            case Invert(operand=operand):
                return f"not ({self.truth(operand, kind, at)})"
            case Combine(operator=Operator.AND | Operator.OR as operator, left=left, right=right):
                return f"({self.truth(left, kind, at)} {operator.value} {self.truth(right, kind, at)})"
            case Combine(operator=operator, left=left, right=right):
                one, two = self.amount(left, kind, at), self.amount(right, kind, at)
                both = lcm(one.over, two.over)
                return f"({_times(one, both)} {COMPARED[operator]} {_times(two, both)})"
            case Read(register=index):
                register = self.observer.registers[index]
                return f"self.{self.name(index)}[{self.first(register, at)}] != 0"
            case Ask(signal=signal) if signal in TRUTH_SIGNALS:
                return self._truth_signal(signal)
            case _:
                raise ValueError(f"{term} is no condition")

    def _truth_signal(self, signal: Signal) -> str:
        match signal:
            case Signal.ORDER_BUYS | Signal.FILL_BUYS:
                return "side > 0"
            case Signal.ORDER_OUTLIVES_SESSION:
                return "outlives_session"
            case Signal.ORDER_AT_MARKET:
                return "draft_is_at_market(book)"
            case Signal.ORDER_MEETS_OWN_ORDER:
                return "draft_meets(book, i, side)"
            case _:
                return "book.fill_whole != 0"

    def amount(self, term: Term, kind: EventKind | None, at: str) -> Number:
        match term:
            case Constant(value=value):
                return _plain(Fraction(value))
            case Amount(value=value):
                return Number(f"<whole>{value.numerator} * <whole><long long>book.quanta_per_money", value.denominator)
            case PerInstrument(values=values):
                return self._choice(values, at)
            case Read(register=index):
                return self._read(index, at)
            case Ask(signal=signal):
                return Number(f"<whole>({self._signal(signal, kind, at)})", 1)
            case Across(operand=operand):
                return self._across(operand, kind)
            case Combine(operator=operator, left=left, right=right):
                return _combined(operator, self.amount(left, kind, at), self.amount(right, kind, at))
            case Invert():
                raise ValueError(f"{term} is no number")
            case _:
                assert_never(term)

    def _read(self, index: int, at: str) -> Number:
        register = self.observer.registers[index]
        cells, first, days = f"self.{self.name(index)}", self.first(register, at), max(register.days, 1)
        if register.kind is RegisterKind.TIMES:
            return Number(f"<whole>rule_recent(&{cells}[{first}], {days}, second_now(book), {register.seconds})", 1)
        over = self.weight_over(register)
        if days > WRITTEN_OUT_MAX:
            return Number(f"<whole>rule_sum{whole(register)}(&{cells}[{first}], {days})", over)
        return Number(f"<whole>({' + '.join(f'{cells}[{first} + {day}]' for day in range(days))})", over)

    def weight_over(self, register: Register) -> int:
        """A register that adds up or keeps a term holds it in parts of so many to one."""
        if register.weight is None:
            return 1
        places = ("i", *(str(index) for index in self.observer.instruments))
        return lcm(*(self.amount(register.weight, EventKind.MARK, at).over for at in places))

    def weight(self, register: Register, term: Term, kind: EventKind, at: str) -> str:
        """What an event at an instrument adds, in the parts that the register is held in."""
        return _times(self.amount(term, kind, at), self.weight_over(register))

    def _choice(self, values: tuple[Fraction, ...], at: str) -> Number:
        """The value of one instrument, by a chain of conditions where the instrument is known only at run time."""
        if at != "i":
            return _plain(values[int(at)])
        if len({values[index] for index in self.observer.instruments}) == 1:
            return _plain(values[self.observer.instruments[0]])
        over = lcm(*(value.denominator for value in values))
        text = str(values[-1].numerator * (over // values[-1].denominator))
        for index in range(len(values) - 2, -1, -1):
            text = f"({values[index].numerator * (over // values[index].denominator)} if i == {index} else {text})"
        return Number(f"<whole>{text}", over)

    def _across(self, operand: Term, kind: EventKind | None) -> Number:
        places = [str(index) for index in self.observer.instruments]
        if is_truth(operand, self.observer):
            return Number("<whole>(" + " + ".join(f"({self.truth(operand, kind, at)})" for at in places) + ")", 1)
        parts = [self.amount(operand, kind, at) for at in places]
        over = lcm(*(part.over for part in parts))
        return Number("(" + " + ".join(_times(part, over) for part in parts) + ")", over)

    def _signal(self, signal: Signal, kind: EventKind | None, at: str) -> str:
        match signal:
            case Signal.EQUITY:
                return "book.equity"
            case Signal.EQUITY_AT_LAST_CLOSE:
                return "book.equity_at_last_close"
            case Signal.CASH:
                return "book.money"
            case Signal.LONG_VALUE_AFTER:
                return self._side_value("BUY", kind, at)
            case Signal.SHORT_VALUE_AFTER:
                return self._side_value("SELL", kind, at)
            case Signal.EXPOSURE_AFTER:
                one, two = self._side_value("BUY", kind, at), self._side_value("SELL", kind, at)
                return f"{one} if {one} > {two} else {two}"
            case Signal.LONG_VALUE:
                return self._held_value("", at)
            case Signal.SHORT_VALUE:
                return self._held_value("-", at)
            case Signal.LONG_QUANTITY:
                return f"lots_held(book, {at}) if lots_held(book, {at}) > 0 else 0"
            case Signal.SHORT_QUANTITY:
                return f"-lots_held(book, {at}) if lots_held(book, {at}) < 0 else 0"
            case Signal.LONG_QUANTITY_AFTER:
                return self._side_lots("BUY", kind, at)
            case Signal.SHORT_QUANTITY_AFTER:
                return self._side_lots("SELL", kind, at)
            case Signal.WORKING_BUY_QUANTITY:
                return f"working_lots(book, {at}, BUY)"
            case Signal.WORKING_SELL_QUANTITY:
                return f"working_lots(book, {at}, SELL)"
            case Signal.PRICE:
                return f"book.mark[{at}]"
            case Signal.PRICE_AT_LAST_CLOSE:
                return f"book.prior_close[{at}]"
            case Signal.CALENDAR_DAY | Signal.SECOND:
                raise ValueError(f"rules have no word for `{signal}`")
            case _ if signal in TRUTH_SIGNALS:
                return f"1 if {self._truth_signal(signal)} else 0"
            case _:
                return OF_EVENTS[signal]

    def _held_value(self, sign: str, at: str) -> str:
        """One side of what is held of an instrument, at its mark."""
        held = f"{sign}lots_held(book, {at})"
        return f"lots_worth(book, {at}, {held} if {held} > 0 else 0, book.mark[{at}])"

    def _side_lots(self, side: str, kind: EventKind | None, at: str) -> str:
        lots = f"side_lots(book, {at}, {side})"
        return lots if kind is not None else f"({lots} + (lots if {self._is_drafted(side, at)} else 0))"

    def _is_drafted(self, side: str, at: str) -> str:
        return f"side == {side}" if at == "i" else f"side == {side} and i == {at}"

    def _side_value(self, side: str, kind: EventKind | None, at: str) -> str:
        """One side of an instrument; before an order with that order."""
        value = f"side_value(book, {at}, {side})"
        if kind is not None:
            return value
        return f"({value} + (lots_worth(book, i, lots, price_ticks) if {self._is_drafted(side, at)} else 0))"


def whole(register: Register) -> str:
    """What functions of registers that keep terms are called after."""
    return "" if register.weight is None else "_whole"


def is_truth(term: Term, observer: Observer) -> bool:
    match term:
        case Read(register=index):
            return observer.registers[index].kind in TRUTH_REGISTERS
        case Combine(operator=operator):
            return operator in COMPARED or operator in {Operator.AND, Operator.OR}
        case Invert():
            return True
        case Ask(signal=signal):
            return signal in TRUTH_SIGNALS
        case Constant(value=value):
            return isinstance(value, bool)
        case _:
            return False


def _plain(value: Fraction) -> Number:
    return Number(f"<whole>{value.numerator}", value.denominator)


def _times(number: Number, over: int) -> str:
    """The number as a whole number of `over`-ths."""
    factor = over // number.over
    return f"({number.text})" if factor == 1 else f"({number.text}) * {factor}"


def _combined(operator: Operator, one: Number, two: Number) -> Number:
    if operator is Operator.MULTIPLY:
        return Number(f"({one.text}) * ({two.text})", one.over * two.over)
    over = lcm(one.over, two.over)
    left, right = _times(one, over), _times(two, over)
    match operator:
        case Operator.ADD | Operator.SUBTRACT:
            return Number(f"({left} {operator.value} {right})", over)
        case Operator.MINIMUM:
            return Number(f"({left} if {left} < {right} else {right})", over)
        case Operator.MAXIMUM:
            return Number(f"({left} if {left} > {right} else {right})", over)
        case _:
            raise ValueError(f"{operator} gives no number")
