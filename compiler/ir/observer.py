"""An observer: one rule on one day for one set of instruments, as a loop-free register machine.

Events come one at a time. At each event the machine first shifts what a new day shifts, then reads every `where` and
every weight in the state before the event, then updates its registers in their order, then tests its requirements in
the state after it. A guard is read before an opening order is sent, in the state as it is. Memory is bounded by
construction: every register is one number, or a ring of a fixed number of days, per account or per instrument.

All arithmetic is linear over whole numbers (money in quanta, counts, quantities) with rational constants, so that the
exact evaluator in Python and the generated integer code agree to the last unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from stratc.dsl.source import Span
from stratc.runtime.model.record import record


class EventKind(StrEnum):
    """What an observer is told. `_opening` and `_closing` say what the order or the fill does to the position."""

    ORDER_OPENING = "order_opening"
    ORDER_CLOSING = "order_closing"
    FILL_OPENING = "fill_opening"
    FILL_CLOSING = "fill_closing"
    DONE_OPENING = "done_opening"
    DONE_CLOSING = "done_closing"
    MARK = "mark"
    NEW_DAY = "new_day"


ORDERS = frozenset({EventKind.ORDER_OPENING, EventKind.ORDER_CLOSING})
FILLS = frozenset({EventKind.FILL_OPENING, EventKind.FILL_CLOSING})
DONE = frozenset({EventKind.DONE_OPENING, EventKind.DONE_CLOSING})
EVERY_EVENT = frozenset(EventKind)


class Signal(StrEnum):
    """What an observer may ask of the account; money in quanta, quantities in the instrument's smallest step.

    `…_after`: working openings at their worst case and, where an order is being decided or was just sent, that order
    included. Values and quantities are of one instrument; `EXPOSURE_AFTER` is the larger of its long and short value,
    `LONG_VALUE` and `SHORT_VALUE` are what is held, at the last mark.
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
    ORDER_BUYS = "order.buys"
    ORDER_OUTLIVES_SESSION = "order.outlives_session"
    FILL_OLDER_TICKETS = "fill.older_tickets"
    FILL_OLDER_SAME_SIZE = "fill.older_same_size"
    FILL_WHOLE_TICKET = "fill.whole_ticket"


TRUTH_SIGNALS = frozenset({Signal.ORDER_BUYS, Signal.ORDER_OUTLIVES_SESSION, Signal.FILL_WHOLE_TICKET})
INSTRUMENT_SIGNALS = frozenset(
    {
        Signal.LONG_VALUE_AFTER,
        Signal.SHORT_VALUE_AFTER,
        Signal.EXPOSURE_AFTER,
        Signal.LONG_VALUE,
        Signal.SHORT_VALUE,
        Signal.LONG_QUANTITY,
        Signal.SHORT_QUANTITY,
    }
)
ORDER_SIGNALS = frozenset({Signal.ORDER_BUYS, Signal.ORDER_OUTLIVES_SESSION})
FILL_SIGNALS = frozenset({Signal.FILL_OLDER_TICKETS, Signal.FILL_OLDER_SAME_SIZE, Signal.FILL_WHOLE_TICKET})


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a truth value."""

    value: Fraction | bool


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in units of the account's currency; the machine multiplies it by the quanta of a unit."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class PerInstrument:
    """A number of each instrument, such as a rate of a table."""

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a register: of the event's instrument where it is kept per instrument; a ring's sum."""

    register: int


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Combine:
    operator: Operator
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Invert:
    operand: Term


@dataclass(frozen=True, slots=True)
class Across:
    """The operand of every instrument, added up; a condition counts 1 where it holds."""

    operand: Term


Term = Constant | Amount | PerInstrument | Read | Ask | Combine | Invert | Across


# ── machine ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Trigger:
    """Any of these events, where the condition holds just before it."""

    kinds: frozenset[EventKind]
    where: Term | None


class RegisterKind(StrEnum):
    BIT = "bit"
    COUNT = "count"
    RING = "ring"  # one count a business day, the last `days` of them
    AGE = "age"  # business days since an event, at most AGE_MAX, which also stands for never


AGE_MAX = 1_000_000


@record
class Register:
    """One piece of memory and all that changes it, in this order: reset, down, up, condition.

    `up` sets a bit, counts (by `weight`, default 1) or restarts an age; `reset` clears; `down` counts back, not below
    zero; a bit with a `condition` is set as soon as that holds after an event. `daily`: a new day clears it.
    `happening` is the name of the counted event, by which an account's history fills a ring at the start.
    """

    name: str
    kind: RegisterKind
    per_instrument: bool
    days: int
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
    """An opening order is denied where the condition holds before it is sent."""

    deny_when: Term
    text: str
    span: Span


@record
class Observer:
    """One rule as a machine. `instruments` are the indices that the rule applies to; events of others do not reach it.

    `changes_on` is the next day after the one it was made for on which a parameter that it reads has another value.
    """

    rule: str
    instruments: tuple[int, ...]
    registers: tuple[Register, ...]
    requirements: tuple[Requirement, ...]
    guards: tuple[GuardTest, ...]
    parameters: tuple[str, ...]
    changes_on: date | None

    @property
    def memory_bytes(self) -> int:
        """What the registers take in generated code."""
        places = len(self.instruments)
        cells = (max(register.days, 1) * (places if register.per_instrument else 1) for register in self.registers)
        return 8 * sum(cells)
