"""Schedules: trees → `Every`, which session and when in it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from stratc.dsl.parsing.expressions import (
    Branch,
    branch,
    leaf,
    read_clock,
    read_expression,
    read_number,
    read_weekday,
    read_zone,
    span_of,
    token_span,
)
from stratc.dsl.parsing.trees import Token
from stratc.dsl.syntax import Every, Holiday, Number, OnSession, OnWeekday
from stratc.dsl.syntax.schedules import ORDINALS


def read_every(tree: Branch, at: int) -> Every:
    """A schedule: its sessions, then the moment in them."""
    first = tree.children[1]
    if isinstance(first, Token):
        every = Every(span=span_of(tree, at), period="week", on=_read_weekday(tree, first, 0, at))
    else:
        every = _read_cycle(first, tree, at)
    for part in tree.children[2:]:
        if isinstance(part, Token) or part.data == "holiday":
            continue
        every = replace(every, on=_read_place(part, at)) if part.data in _PLACES else _with_moment(every, part, at)
    return every


_PLACES = frozenset({"on_first", "on_last", "on_session", "on_weekday"})


def _read_cycle(cycle: Branch, tree: Branch, at: int) -> Every:
    word = cycle.children[0]
    if not isinstance(word, Token):
        return Every(span=span_of(tree, at), period=str(leaf(word, 0)))
    if word.type != "NUMBER":
        return Every(span=span_of(tree, at), period=" ".join(word.split()))
    count = read_number(word, at)
    return Every(span=span_of(tree, at), period=count.unit.removesuffix("s"), count=count)


def _with_moment(every: Every, tree: Branch, at: int) -> Every:
    match tree.data:
        case "before_end":
            return replace(every, before_end=read_expression(branch(tree, 0), at))
        case "after_start":
            return replace(every, after_start=read_expression(branch(tree, 0), at))
        case _:
            zone = read_zone(leaf(tree, 2), at) if len(tree.children) == 3 else None
            return replace(every, at=read_clock(leaf(tree, 1), at), zone=zone)


def _read_place(tree: Branch, at: int) -> OnSession | OnWeekday:
    span, first = span_of(tree, at), leaf(tree, 0)
    match tree.data:
        case "on_first" | "on_last":
            one = Number(span=token_span(first, at), value=Decimal(1))
            return OnSession(span=span, number=one, from_end=tree.data == "on_last")
        case "on_session":
            return OnSession(span=span, number=read_number(leaf(tree, 1), at), from_end=len(tree.children) == 3)
        case _:
            word = first.split()[-1]
            nth = 0 if word == "on" else -1 if word == "last" else ORDINALS.index(word) + 1
            return _read_weekday(tree, leaf(tree, 1), nth, at)


def _read_weekday(tree: Branch, day: Token, nth: int, at: int) -> OnWeekday:
    holidays = [part for part in tree.children if not isinstance(part, Token) and part.data == "holiday"]
    said = Holiday(" ".join(leaf(holidays[0], 0).split())) if holidays else None
    return OnWeekday(span=span_of(tree, at), weekday=read_weekday(day), nth=nth, holiday=said)
