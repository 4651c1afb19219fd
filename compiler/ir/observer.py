"""An observer: one rule on one day for one set of instruments, as a loop-free register machine.

Events come one at a time. At each event the machine first shifts what a new day shifts, then reads every `where` and
every weight in the state before the event, then updates its registers in their order, then tests its requirements in
the state after it. A guard is read before an opening order is sent, in the state as it is. Memory is bounded by
construction: every register is one number, or a ring of a fixed number of days, per account or per instrument.

All arithmetic is linear over whole numbers (money in quanta, counts, quantities in lots, prices in ticks) with rational
constants, so that the exact evaluator in Python and the generated integer code agree to the last unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

from stratc.dsl.source import Span
from stratc.runtime.model.record import record, short_record


class EventKind(StrEnum):
    """What an observer is told. `_opening` and `_closing` say what the order or the fill does to the position."""

    ORDER_OPENING = "order_opening"
    ORDER_CLOSING = "order_closing"
    FILL_OPENING = "fill_opening"
    FILL_CLOSING = "fill_closing"
    DONE_OPENING = "done_opening"
    DONE_CLOSING = "done_closing"
    LOCATE = "locate"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    MARK = "mark"
    NEW_DAY = "new_day"
    RESET = "reset"  # a person releases what a rule has stopped


ORDERS = frozenset({EventKind.ORDER_OPENING, EventKind.ORDER_CLOSING})
FILLS = frozenset({EventKind.FILL_OPENING, EventKind.FILL_CLOSING})
DONE = frozenset({EventKind.DONE_OPENING, EventKind.DONE_CLOSING})
FLOWS = frozenset({EventKind.DEPOSIT, EventKind.WITHDRAWAL})
# What happens to the account as a whole: it reaches the registers of every instrument, and has no instrument itself.
OF_THE_ACCOUNT = frozenset({*FLOWS, EventKind.MARK, EventKind.NEW_DAY, EventKind.RESET})
EVERY_EVENT = frozenset(EventKind)


class Signal(StrEnum):
    """What an observer may ask of the account; money in quanta, quantities in the instrument's smallest step, prices in
    its ticks.

    `…_after`: working openings at their worst case and, where an order is being decided or was just sent, that order
    included. Values and quantities are of one instrument; `EXPOSURE_AFTER` is the larger of its long and short value,
    `LONG_VALUE` and `SHORT_VALUE` are what is held, at the last mark.
    `CALENDAR_DAY` counts the days since 1970 and `SECOND` the seconds; machines ask for them, rules have no word for
    them.
    """

    EQUITY = "equity"
    EQUITY_AT_LAST_CLOSE = "equity_at_last_close"
    CASH = "cash"
    LONG_VALUE_AFTER = "long_value_after"
    SHORT_VALUE_AFTER = "short_value_after"
    EXPOSURE_AFTER = "exposure_after"
    LONG_VALUE = "long_value"
    SHORT_VALUE = "short_value"
    LONG_QUANTITY = "long_quantity"
    SHORT_QUANTITY = "short_quantity"
    LONG_QUANTITY_AFTER = "long_quantity_after"
    SHORT_QUANTITY_AFTER = "short_quantity_after"
    WORKING_BUY_QUANTITY = "working_buy_quantity"
    WORKING_SELL_QUANTITY = "working_sell_quantity"
    PRICE = "price"
    PRICE_AT_LAST_CLOSE = "price_at_last_close"
    ORDER_BUYS = "order.buys"
    ORDER_OUTLIVES_SESSION = "order.outlives_session"
    ORDER_QUANTITY = "order.quantity"
    ORDER_PRICE = "order.price"
    ORDER_VALUE = "order.value"
    ORDER_AT_MARKET = "order.at_market"
    ORDER_MEETS_OWN_ORDER = "order.meets_own_order"
    FILL_BUYS = "fill.buys"
    FILL_QUANTITY = "fill.quantity"
    FILL_PRICE = "fill.price"
    FILL_VALUE = "fill.value"
    FILL_OLDER_TICKETS = "fill.older_tickets"
    FILL_OLDER_SAME_SIZE = "fill.older_same_size"
    FILL_WHOLE_TICKET = "fill.whole_ticket"
    LOCATE_QUANTITY = "locate.quantity"
    DEPOSIT_AMOUNT = "deposit.amount"
    WITHDRAWAL_AMOUNT = "withdrawal.amount"
    CALENDAR_DAY = "calendar day"
    SECOND = "second"


TRUTH_SIGNALS = frozenset(
    {
        Signal.ORDER_BUYS,
        Signal.ORDER_OUTLIVES_SESSION,
        Signal.ORDER_AT_MARKET,
        Signal.ORDER_MEETS_OWN_ORDER,
        Signal.FILL_BUYS,
        Signal.FILL_WHOLE_TICKET,
    }
)
INSTRUMENT_SIGNALS = frozenset(
    {
        Signal.LONG_VALUE_AFTER,
        Signal.SHORT_VALUE_AFTER,
        Signal.EXPOSURE_AFTER,
        Signal.LONG_VALUE,
        Signal.SHORT_VALUE,
        Signal.LONG_QUANTITY,
        Signal.SHORT_QUANTITY,
        Signal.LONG_QUANTITY_AFTER,
        Signal.SHORT_QUANTITY_AFTER,
        Signal.WORKING_BUY_QUANTITY,
        Signal.WORKING_SELL_QUANTITY,
        Signal.PRICE,
        Signal.PRICE_AT_LAST_CLOSE,
    }
)
ORDER_SIGNALS = frozenset(signal for signal in Signal if signal.value.startswith("order."))
FILL_SIGNALS = frozenset(signal for signal in Signal if signal.value.startswith("fill."))
MONEY = frozenset(
    {
        Signal.EQUITY,
        Signal.EQUITY_AT_LAST_CLOSE,
        Signal.CASH,
        Signal.LONG_VALUE_AFTER,
        Signal.SHORT_VALUE_AFTER,
        Signal.EXPOSURE_AFTER,
        Signal.LONG_VALUE,
        Signal.SHORT_VALUE,
        Signal.ORDER_VALUE,
        Signal.FILL_VALUE,
        Signal.DEPOSIT_AMOUNT,
        Signal.WITHDRAWAL_AMOUNT,
    }
)
# Counted in lots and in ticks: a rule's words for them stand for so many units of quantity and of price.
QUANTITIES = frozenset(
    {
        Signal.LONG_QUANTITY,
        Signal.SHORT_QUANTITY,
        Signal.LONG_QUANTITY_AFTER,
        Signal.SHORT_QUANTITY_AFTER,
        Signal.WORKING_BUY_QUANTITY,
        Signal.WORKING_SELL_QUANTITY,
        Signal.ORDER_QUANTITY,
        Signal.FILL_QUANTITY,
        Signal.LOCATE_QUANTITY,
    }
)
PRICES = frozenset({Signal.PRICE, Signal.PRICE_AT_LAST_CLOSE, Signal.ORDER_PRICE, Signal.FILL_PRICE})
# The events at which what stands before the dot is there.
KINDS_OF_SIGNAL: dict[Signal, frozenset[EventKind]] = {
    **dict.fromkeys(ORDER_SIGNALS, ORDERS),
    Signal.ORDER_OUTLIVES_SESSION: ORDERS | DONE,
    **dict.fromkeys(FILL_SIGNALS, FILLS),
    Signal.LOCATE_QUANTITY: frozenset({EventKind.LOCATE}),
    Signal.DEPOSIT_AMOUNT: frozenset({EventKind.DEPOSIT}),
    Signal.WITHDRAWAL_AMOUNT: frozenset({EventKind.WITHDRAWAL}),
}


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@short_record
class Constant:
    """A number or a truth value."""

    value: Fraction | bool


@short_record
class Amount:
    """Money in units of the account's currency; the machine multiplies it by the quanta of a unit."""

    value: Fraction


@short_record
class PerInstrument:
    """A number of each instrument, such as a rate of a table."""

    values: tuple[Fraction, ...]


@short_record
class Read:
    """The value of a register: of the event's instrument where it is kept per instrument; a ring's sum."""

    register: int


@short_record
class Ask:
    """A signal of the account."""

    signal: Signal


class Operator(StrEnum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"  # one of the two never changes
    MINIMUM = "min"
    MAXIMUM = "max"
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    EQUAL = "=="
    NOT_EQUAL = "!="
    AND = "and"
    OR = "or"


COMPARISONS = frozenset(
    {
        Operator.LESS,
        Operator.LESS_EQUAL,
        Operator.GREATER,
        Operator.GREATER_EQUAL,
        Operator.EQUAL,
        Operator.NOT_EQUAL,
    }
)


@short_record
class Combine:
    operator: Operator
    left: Term
    right: Term


@short_record
class Invert:
    operand: Term


@short_record
class Across:
    """The operand of every instrument, added up; a condition counts 1 where it holds."""

    operand: Term


Term = Constant | Amount | PerInstrument | Read | Ask | Combine | Invert | Across


# ── machine ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@short_record
class Trigger:
    """Any of these events, where the condition holds just before it."""

    kinds: frozenset[EventKind]
    where: Term | None


def asks(term: Term) -> bool:
    """Whether a term asks something of the account, and not of registers alone."""
    match term:
        case Ask():
            return True
        case Combine(left=left, right=right):
            return asks(left) or asks(right)
        case Invert(operand=operand) | Across(operand=operand):
            return asks(operand)
        case _:
            return False


class RegisterKind(StrEnum):
    BIT = "bit"
    COUNT = "count"
    RING = "ring"  # one count a day, the last `days` of them
    TIMES = "times"  # the seconds of the last `days` events; it reads how many are less than `seconds` ago
    AGE = "age"  # days since an event, at most AGE_MAX, which also stands for never
    BROKEN = "broken"  # whether a requirement was broken; it is set after they are tested
    HIGHEST = "highest"  # the highest that `weight` has been after an event; HIGHEST_NONE before the first


TRUTH_REGISTERS = frozenset({RegisterKind.BIT, RegisterKind.BROKEN})
AGE_MAX = 1_000_000
HIGHEST_NONE = -(1 << 90)
EPOCH = date(1970, 1, 1)
# A day after every day, in days since 1970.
END_OF_DAYS = 1_000_000
# A second before every second that is told.
NO_SECOND = -(1 << 60)


@record
class Register:
    """One piece of memory and all that changes it, in this order: reset, down, up, condition.

    `up` sets a bit, counts (by `weight`, default 1) or restarts an age; `reset` clears; `down` counts back, not below
    zero; a bit with a `condition` is set as soon as that holds after an event, a highest follows its `weight` after
    every event. `daily`: a new day clears it. `calendar`: its days are those of the calendar, not business days.
    `happening` is the name of the counted event, by which an account's history fills a ring at the start.
    """

    name: str
    kind: RegisterKind
    per_instrument: bool
    days: int
    calendar: bool
    seconds: int
    daily: bool
    up: Trigger | None
    weight: Term | None
    down: Trigger | None
    reset: Trigger | None
    condition: Term | None
    happening: str


@record
class Requirement:
    """At such an event the condition holds in the state after it; exceptions are part of it."""

    trigger: Trigger
    condition: Term
    span: Span


@record
class GuardTest:
    """An opening order is denied where the condition holds before it is sent.

    `after_breach`: it is not one of the rule's guards, but what `on breach halt` or `flatten` does.
    """

    deny_when: Term
    after_breach: bool
    span: Span


@record
class Observer:
    """One rule as a machine. `instruments` are the indices that the rule applies to; events of others do not reach it.

    `changes_on` is the next day after the one it was made for on which a parameter that it reads has another value.
    `flattens`: a breach closes every position, where the observer may act. `law_from` and `law_until` are the days on
    which its rule is the law of a run over several, half-open: on others it remembers, and tests and denies nothing.
    """

    rule: str
    instruments: tuple[int, ...]
    registers: tuple[Register, ...]
    requirements: tuple[Requirement, ...]
    guards: tuple[GuardTest, ...]
    parameters: tuple[str, ...]
    changes_on: date | None
    flattens: bool
    law_from: date | None = None
    law_until: date | None = None

    @property
    def law_days(self) -> tuple[int, int] | None:
        """Its law's first day and the one after the last, counted since 1970; None where it is law on every day."""
        if self.law_from is None and self.law_until is None:
            return None
        first = 0 if self.law_from is None else (self.law_from - EPOCH).days
        return first, END_OF_DAYS if self.law_until is None else (self.law_until - EPOCH).days

    @property
    def halts(self) -> bool:
        """Whether a breach cancels entries and stops new ones."""
        return any(each.after_breach for each in self.guards)

    @property
    def follows_marks(self) -> bool:
        """Whether marks are told to it: where an event of its is a mark, or what a mark may change is remembered."""
        for register in self.registers:
            triggers = (register.up, register.down, register.reset)
            if any(trigger is not None and EventKind.MARK in trigger.kinds for trigger in triggers):
                return True
            if register.kind is RegisterKind.HIGHEST or (register.condition is not None and asks(register.condition)):
                return True
        return any(EventKind.MARK in each.trigger.kinds for each in self.requirements)

    @property
    def memory_bytes(self) -> int:
        """What the registers take where all instruments are those of the rule."""
        return self.bytes_among(len(self.instruments))

    def bytes_among(self, places: int) -> int:
        """What the registers take in generated code, which has a cell for each of so many instruments; what adds up or
        keeps a term is twice as wide."""
        return sum(
            (8 if register.weight is None else 16) * max(register.days, 1) * (places if register.per_instrument else 1)
            for register in self.registers
        )


def kin_of(armed: Sequence[Observer], number: int) -> tuple[int, ...]:
    """The other observers of the same rule, under other laws: what one of them has stopped no other lets go."""
    return tuple(k for k, each in enumerate(armed) if each.rule == armed[number].rule and k != number)
