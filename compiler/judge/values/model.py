"""What of a program and its account is modelled in values: from a `Program` to a `Model`, or the reason why not.

Everything left out is possible: any rule may fire at any moment, an order may fill in part or never, an exit may be
made at any time, a halt may be released at any time. Sizes are bounded by what the program's shape says of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.nodes import (
    AllocateIntent,
    Arithmetic,
    ArithmeticOperator,
    Book,
    BookWord,
    CapKind,
    Compare,
    ComparisonOperator,
    HaltBaseline,
    NodeId,
    OrderKind,
    Program,
)
from stratc.compiler.ir.uses import entries
from stratc.compiler.judge.amounts import lower, upper
from stratc.compiler.judge.sizes import Shape, place
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.dsl.source import Span
from stratc.runtime.executor.terms import Terms
from stratc.runtime.model.instrument import Instrument, InstrumentKind
from stratc.runtime.model.record import record

PLACES_MAX: Final = 3
# Prices of these stay above nought, and holding them neither pays nor costs but what terms say.
KINDS: Final = frozenset({InstrumentKind.EQUITY, InstrumentKind.CRYPTO})
# Orders that are sized by the price at which they were decided and trade where the market is.
AT_THE_MARKET: Final = frozenset({OrderKind.MARKET, OrderKind.NEXT_OPEN, OrderKind.CLOSING_AUCTION})


class NotModelled(Exception):
    """Something without which values say nothing; the text says what."""


class Base(StrEnum):
    """The equity that a halt compares with."""

    LAST_CLOSE = "equity at last close"
    PEAK = "peak equity"
    START = "equity at the start"


@record
class Level:
    """A halt: at this multiple of a base or below entries are refused, and with `flatten` everything is closed.

    `strict`: below it only.
    """

    base: Base
    multiple: Fraction
    flatten: bool
    strict: bool
    text: str


@record
class Model:
    """A program in values. `position` bounds an instrument's exposure at its own opening orders and `gross` that of all
    at every one, as multiples of equity. `prompt`: what flattens trades in the next bar. `waits`: an entry may work for
    more than a bar. `cost` is what trading costs, as a fraction of the value that is traded."""

    places: int
    buys: bool
    shorts: bool
    needs_flat: bool
    position: Fraction
    gross: Fraction | None
    levels: tuple[Level, ...]
    prompt: bool
    waits: bool
    cost: Fraction
    equity: Fraction
    why_sizes: str


def model_of(
    program: Program, shape: Shape, terms: Terms, instruments: Sequence[Instrument], *, one_calendar: bool
) -> Model:
    """The program's values; raises `NotModelled`."""
    for reason in _reasons_against(program, terms, instruments, one_calendar=one_calendar):
        raise NotModelled(reason)
    position = shape.position
    if position is None:
        raise NotModelled("nothing bounds the size of a position")
    keeps = any(cap.kind is CapKind.KEEP_SESSIONS for cap in program.caps)
    return Model(
        places=len(program.instruments),
        buys=shape.buys,
        shorts=shape.shorts,
        needs_flat=shape.needs_flat,
        position=position,
        gross=shape.gross,
        levels=tuple(_levels(program)),
        prompt=not keeps,
        waits=keeps or any(_may_wait(program, order) for order in _orders(program)),
        cost=_cost(terms),
        equity=Fraction(terms.equity),
        why_sizes=shape.why_sizes or f"a position is opened at {float(position):g} times equity at most",
    )


def _reasons_against(
    program: Program, terms: Terms, instruments: Sequence[Instrument], *, one_calendar: bool
) -> Iterator[str]:
    if program.universe or program.shares or program.pairs or program.sleeves:
        yield "places that share an instrument, and members that nobody knows, are not modelled"
    if program.roll or program.leave:
        yield "contracts that roll are not modelled"
    if len(program.instruments) > PLACES_MAX or not one_calendar:
        yield f"more than {PLACES_MAX} instruments, or several calendars, are not modelled"
    if program.flows or terms.flows:
        yield "money that comes and goes is not modelled"
    if any(
        each.kind not in KINDS or each.currency != terms.currency for each in instruments[: len(program.instruments)]
    ):
        yield f"other than shares, funds and coins in {terms.currency} is not modelled"
    if any(order not in AT_THE_MARKET for order in _orders(program)):
        yield "entries at a limit or a stop are not modelled"
    if any(entry.levels for rule in program.rules for entry in entries(rule)):
        yield "ladders are not modelled"
    if terms.margin_rate or (terms.borrow_rate and any(_sells_short(program))):
        yield "interest and the fee for borrowed shares are not modelled"


def _may_wait(program: Program, order: OrderKind) -> bool:
    """Whether an order may work for longer than the next bar."""
    if order is OrderKind.NEXT_OPEN:
        return program.interval_seconds < DAY_SECONDS
    return order is OrderKind.CLOSING_AUCTION


def _orders(program: Program) -> Iterator[OrderKind]:
    for rule in program.rules:
        yield from (entry.order.kind for entry in entries(rule))
        yield from (intent.order.kind for intent in rule.intents if isinstance(intent, AllocateIntent))


def _sells_short(program: Program) -> Iterator[bool]:
    for rule in program.rules:
        yield from (entry.side.value == "sell_short" for entry in entries(rule))
        yield from (intent.ranking is not None for intent in rule.intents if isinstance(intent, AllocateIntent))


def _cost(terms: Terms) -> Fraction:
    """The most that trading costs, of the value traded; what is charged by order or by share has no such bound."""
    fees, slippage = terms.commission, terms.slippage
    by_count = fees.per_order or fees.per_share or fees.per_contract or fees.minimum
    if by_count and fees.maximum_percent is None:
        raise NotModelled("commissions by order or by share are not modelled, unless a percentage limits them")
    if slippage.ticks or slippage.spread_ticks:
        raise NotModelled("slippage in ticks is not modelled")
    rate = fees.maximum_percent if by_count and fees.maximum_percent is not None else fees.percent_of_value
    return Fraction(rate or Decimal(0)) / 100 + Fraction(slippage.bps + slippage.spread_bps) / 10_000


# ── halts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

BASES: Final = {
    HaltBaseline.LAST_CLOSE: Base.LAST_CLOSE,
    HaltBaseline.PEAK: Base.PEAK,
    HaltBaseline.START: Base.START,
}
WORDS: Final = {
    BookWord.EQUITY_AT_LAST_CLOSE: Base.LAST_CLOSE,
    BookWord.PEAK_EQUITY: Base.PEAK,
    BookWord.START_EQUITY: Base.START,
}


def _levels(program: Program) -> Iterator[Level]:
    """Every halt that is a level of equity; of others nothing is taken."""
    for halt in program.halts:
        threshold = upper(program, halt.threshold)
        if threshold is not None and threshold >= 0:
            yield _level(program, halt.span, BASES[halt.baseline], 1 - threshold, flatten=halt.flatten, strict=False)
    for asked in program.halts_when:
        found = _level_asked(program, asked.condition)
        if found is not None:
            base, multiple, strict = found
            yield _level(program, asked.span, base, multiple, flatten=asked.flatten, strict=strict)


def _level(program: Program, span: Span, base: Base, multiple: Fraction, *, flatten: bool, strict: bool) -> Level:
    what = "halt and flatten" if flatten else "halt"
    text = f"`{what}` at {float(multiple):.4g} times {base} ({place(program, span)})"
    return Level(base=base, multiple=multiple, flatten=flatten, strict=strict, text=text)


def _level_asked(program: Program, condition: NodeId) -> tuple[Base, Fraction, bool] | None:
    """`equity < equity at last close * 0.97` as a level; None of every other condition."""
    node = program.nodes[condition]
    match node.operation:
        case Compare(operator=ComparisonOperator.LESS | ComparisonOperator.LESS_EQUAL as operator):
            left, right = node.arguments
        case Compare(operator=ComparisonOperator.GREATER | ComparisonOperator.GREATER_EQUAL as operator):
            right, left = node.arguments
        case _:
            return None
    if program.nodes[left].operation != Book(BookWord.EQUITY):
        return None
    based = _multiple_of_base(program, right)
    strict = operator in {ComparisonOperator.LESS, ComparisonOperator.GREATER}
    return None if based is None else (*based, strict)


def _multiple_of_base(program: Program, node: NodeId) -> tuple[Base, Fraction] | None:
    """A base, or a fixed part of one; of an input's range the smallest part, which halts last."""
    operation, arguments = program.nodes[node].operation, program.nodes[node].arguments
    match operation:
        case Book(word=word) if word in WORDS:
            return WORDS[word], Fraction(1)
        case Arithmetic(operator=ArithmeticOperator.MULTIPLY):
            for base, factor in (arguments, arguments[::-1]):
                found, low = _multiple_of_base(program, base), _lowest(program, factor)
                if found is not None and low is not None:
                    return found[0], found[1] * low
    return None


def _lowest(program: Program, node: NodeId) -> Fraction | None:
    low = lower(program, node)
    return low if low is not None and low >= 0 else None
