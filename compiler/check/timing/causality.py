"""Causality: nothing reads what is not known yet, and no order trades at the price that it is computed from.

The core of the language has no word for the future, so it is enough to refuse a negative or unknown number of bars in a
history, and orders whose words would need a price before it exists. `prove` then holds every value against that: the
youngest bar that it reads is never younger than the bar at whose close it is used.
"""

from __future__ import annotations

from collections.abc import Mapping

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.advice import article
from stratc.compiler.check.checked import Known, Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.check.kinds import type_of
from stratc.compiler.check.orders import entries_of
from stratc.compiler.check.timing.diagnostics import LooksAhead, OffsetNotConstant, OffsetTooFar, SamePrice, WhichOpen
from stratc.compiler.check.timing.known import OFFSET_BARS_MAX
from stratc.dsl.syntax import Allocate, Exit, History, Node, OrderPhrase, OrderWord, Rule, walk
from stratc.dsl.types import BARS, COUNT, SESSIONS, UNKNOWN


def check_history(statement: Node, typing: Typing) -> None:
    """Every `x[n]` below a statement reads a fixed number of bars of the past."""
    for node in walk(statement):
        if isinstance(node, History):
            _check_offset(node, typing)


def _check_offset(node: History, typing: Typing) -> None:
    offset = node.offset
    found, bars = type_of(offset, typing), constant(offset, typing.resolved)
    if found == UNKNOWN:
        return
    if found not in (COUNT, BARS, SESSIONS):
        typing.tell(OffsetNotConstant(span=offset.span, why=f"this is {article(found)}"))
    elif bars is None or reads_input(offset, typing.resolved):
        why = "known only bar by bar" if bars is None else "an input may change from run to run"
        typing.tell(OffsetNotConstant(span=offset.span, why=why))
    elif bars < 0:
        typing.tell(
            LooksAhead(span=offset.span, text=typing.text(node), bars=typing.text(offset).replace("-", "").strip())
        )
    elif bars != bars.to_integral_value():
        typing.tell(OffsetNotConstant(span=offset.span, why="not a whole number"))
    elif bars > OFFSET_BARS_MAX:
        typing.tell(OffsetTooFar(span=offset.span, text=typing.text(node), bars=int(bars), limit=OFFSET_BARS_MAX))


def check_order_times(rule: Rule, typing: Typing) -> None:
    """The order words of a rule's actions against the bars that it decides on."""
    for action in rule.actions:
        if isinstance(action, Exit | Allocate):
            _check_order_word(action.order, typing)
        for entry in entries_of(action):
            _check_order_word(entry.order, typing)


def _check_order_word(order: OrderPhrase | None, typing: Typing) -> None:
    if order is None or not typing.header.interval_seconds:
        return
    if order.word is OrderWord.CLOSING_AUCTION and typing.header.daily:
        typing.tell(SamePrice(span=order.span))
    if order.word is OrderWord.NEXT_OPEN and not typing.header.daily:
        typing.tell(WhichOpen(span=order.span))


def prove(known: Mapping[Node, Known]) -> None:
    """Every value is known when it is used; the opposite cannot be written, so finding it is our mistake."""
    for node, when in known.items():
        if when.lag_bars < 0 or when.bars < 1:
            raise StratcBug(f"a value is read before it is known: {type(node).__name__} at {node.span}")
