"""Lark trees of `allocate` → drafts, and drafts → nodes: receivers first, then the parts in any order, each once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stratc.dsl.diagnostic import Problem
from stratc.dsl.diagnostics import BelongsToEntry, SaidTwice
from stratc.dsl.parsing.choices import one_part, read_choice, read_picked
from stratc.dsl.parsing.expressions import (
    Branch,
    branch,
    items_of,
    leaf,
    read_expression,
    read_number,
    span_of,
    token_span,
)
from stratc.dsl.parsing.orders import read_order
from stratc.dsl.parsing.trees import Token
from stratc.dsl.syntax import Allocate, Choice, DriftBand, Expression, Locate, Node, OrderPhrase, Ranking
from stratc.runtime.model.record import record


@record
class Weights(Node):
    """`equally`, or `by 1 / volatility`."""

    value: Expression | None


@record
class NewCash(Node):
    """`new cash to the most underweight`."""


RANKED: Final = ("to_ranked", "to_sides")

AllocationPart = OrderPhrase | Weights | DriftBand | NewCash | Locate


@record
class AllocateDraft(Node):
    """`whole` has its amount and receivers; `parts` are what follows, in the order of the text."""

    whole: Allocate
    weighed: bool
    parts: tuple[Node, ...]


def read_allocation(tree: Branch, at: int) -> AllocateDraft:
    span = span_of(tree, at)
    receivers = branch(tree, 2)
    whole = Allocate(
        span=span,
        amount=read_expression(branch(tree, 1), at),
        each=receivers.data == "to_each",
        ranking=_read_ranking(receivers, at) if receivers.data in RANKED else None,
        where=_read_where(receivers, at),
        weights=read_expression(branch(receivers, 1), at) if receivers.data == "to_all_by" else None,
        band=None,
        order=None,
        choice=_read_choice(receivers, at),
    )
    shares = tree.children[-1]
    parts = items_of(shares) if not isinstance(shares, Token) and shares.data == "shares" else ()
    return AllocateDraft(
        span=span,
        whole=whole,
        weighed=receivers.data not in RANKED,
        parts=tuple(_read_part(item, at) for item in parts),
    )


def _read_ranking(receivers: Branch, at: int) -> Ranking:
    sides = receivers.data == "to_sides"
    by = read_expression(branch(receivers, 7 if sides else 3), at)
    first = leaf(receivers, 0)
    return Ranking(
        span=token_span(first, at).to(by.span),
        count=read_number(leaf(receivers, 1), at),
        by=by,
        lowest=first.type == "TO_BOTTOM",
        shorts=read_number(leaf(receivers, 5), at) if sides else None,
    )


def _read_choice(receivers: Branch, at: int) -> Choice | None:
    match receivers.data:
        case "to_choice":
            return read_choice(branch(receivers, 1), at)
        case "to_picked":
            return one_part(read_picked(receivers, at))
        case _:
            return None


def _read_where(receivers: Branch, at: int) -> Expression | None:
    last = receivers.children[-1]
    words = [child.type for child in receivers.children if isinstance(child, Token)]
    return read_expression(last, at) if "WHERE" in words and not isinstance(last, Token) else None


def _read_part(tree: Branch, at: int) -> AllocationPart:
    span = span_of(tree, at)
    match tree.data:
        case "order":
            return read_order(tree, at)
        case "equally":
            return Weights(span=span, value=None)
        case "weights":
            return Weights(span=span, value=read_expression(branch(tree, 1), at))
        case "new_cash":
            return NewCash(span=span)
        case "after_locate":
            return Locate(span=span)
        case _:
            return DriftBand(
                span=span, width=read_expression(branch(tree, 1), at), of_target=tree.data == "band_of_target"
            )


def compose_allocation(draft: AllocateDraft) -> tuple[Allocate, tuple[Problem, ...]]:
    """The allocation of a draft; a part that is said twice is told, and the first one stands."""
    found, weighed, problems = draft.whole, draft.weighed, list[Problem]()
    for part in draft.parts:
        match part:
            case Weights() if weighed:
                problems.append(SaidTwice(span=part.span, what="how it is shared"))
            case Weights(value=value):
                found, weighed = replace(found, weights=value), True
            case DriftBand() if found.band is None:
                found = replace(found, band=part)
            case OrderPhrase() if found.order is None:
                found = replace(found, order=part)
            case NewCash() if not found.new_cash:
                found = replace(found, new_cash=True)
            case NewCash():
                problems.append(SaidTwice(span=part.span, what="what becomes of new cash"))
            case Locate() if found.locate is None:
                found = replace(found, locate=part)
            case Locate():
                problems.append(SaidTwice(span=part.span, what="`after locate`"))
            case DriftBand():
                problems.append(SaidTwice(span=part.span, what="the band"))
            case OrderPhrase():
                problems.append(SaidTwice(span=part.span, what="the order type"))
            case _:
                problems.append(BelongsToEntry(span=part.span, what="an allocation"))
    return replace(found, span=draft.span), tuple(problems)
